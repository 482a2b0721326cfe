// Walks the portal in Chromium: every page is checked with axe, in the light and in the dark scheme, and nothing may be
// refused by the content policy.
//   node walk.mjs TOOLS PICTURES LINK-OF-AN-ADMIN LINK-OF-ANOTHER
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [tools, pictures, adminLink, otherLink] = process.argv.slice(2);
const require = createRequire(join(tools, "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const wrong = [];
const checked = new Set();

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });

async function visitor(scheme, width) {
  const context = await browser.newContext({
    colorScheme: scheme,
    viewport: { width, height: 800 },
    deviceScaleFactor: 1,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.on("console", (message) => {
    // A form that was sent back answers with 422, which the browser notes too.
    const expected = /status of (403|404|409|422)/.test(message.text());
    if (message.type() === "error" && !expected) wrong.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`${page.url()}: ${error}`));
  return page;
}

/** Checks the page in both schemes. axe runs in a world of its own, so the page's content policy stays as it is. */
async function check(page, name) {
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    const session = await page.context().newCDPSession(page);
    const { frameTree } = await session.send("Page.getFrameTree");
    const world = await session.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
    const run = async (expression) => {
      const answer = await session.send("Runtime.evaluate", {
        expression,
        contextId: world.executionContextId,
        awaitPromise: true,
        returnByValue: true,
      });
      if (answer.exceptionDetails) throw new Error(`${name}: ${JSON.stringify(answer.exceptionDetails)}`);
      return answer.result.value;
    };
    await run(`${axe}; 0`);
    const found = await run("axe.run(document).then((all) => all.violations.map((one) => ({ id: one.id, help: one.help, nodes: one.nodes.slice(0, 3).map((node) => node.html + ' ' + node.failureSummary) })))");
    for (const one of found) wrong.push(`${name} (${scheme}): ${one.id}: ${one.help}\n    ${one.nodes.join("\n    ")}`);
    await session.detach();
  }
  await page.emulateMedia({ colorScheme: "light" });
  checked.add(name);
}

/** What the book shows. */
const shown = ["door", "overview", "reports", "report-filed", "quality", "credentials", "form-mistake", "form-files", "profile-returned"];

async function picture(page, name) {
  if (!shown.includes(name)) return;
  await page.screenshot({ path: join(pictures, `portal-${name}.png`), type: "png" });
}

async function room(page, path, name) {
  await page.goto(new URL(path, adminLink).href);
  await check(page, name);
  await picture(page, name);
}

async function enter(page, link, name) {
  await page.goto(link);
  if (name) {
    await check(page, name);
    await picture(page, name);
  }
  await page.getByRole("button", { name: "I understand: enter" }).click();
  await page.getByRole("heading", { level: 1 }).waitFor();
}

const page = await visitor("light", 1100);
await page.goto(new URL("/provider/sign-in", adminLink).href);
await check(page, "sign-in");
await room(page, "/provider/help/api", "help-outside");
await enter(page, adminLink, "door");
await check(page, "overview");
await picture(page, "overview");
for (const [path, name] of [
  ["/provider/reports", "reports"],
  ["/provider/reports?state=expired", "reports-none"],
  ["/provider/quality", "quality"],
  ["/provider/credentials", "credentials"],
  ["/provider/contacts", "contacts"],
  ["/provider/profile", "profile"],
  ["/provider/help", "help"],
  ["/provider/help/api", "api"],
  ["/provider/help/schema", "schema"],
  ["/provider/forms", "forms"],
  ["/provider/nowhere", "nowhere"],
]) {
  await room(page, path, name);
}
await page.goto(new URL("/provider/reports", adminLink).href);
await page.locator("tbody th a").first().click();
await check(page, "report");
await picture(page, "report");

await page.goto(new URL("/provider/credentials", adminLink).href);
await page.getByRole("button", { name: "Make a credential" }).click();
await check(page, "credential-made");

await page.goto(new URL("/provider/contacts", adminLink).href);
await page.getByLabel("Fax").fill("none");
await page.getByRole("button", { name: "Record and confirm" }).click();
await check(page, "contacts-recorded");

// A report by hand, first with a mistake, with the keyboard where a person would use it.
await page.goto(new URL("/provider/forms", adminLink).href);
await page.getByRole("button", { name: "Begin a report" }).click();
await page.getByLabel("Online enticement").check();
await page.getByRole("button", { name: "Keep and go on" }).click();
await check(page, "form-mistake");
await picture(page, "form-mistake");
await page.getByRole("link", { name: /When did it happen/ }).click();
await page.getByLabel("Day").fill("2026-02-03");
await page.getByLabel("Time", { exact: true }).fill("14:05");
await page.getByLabel("Time zone").selectOption("-05:00");
await page.getByLabel("In a chat or instant message.").check();
await check(page, "form-what");
await picture(page, "form-what");
await page.getByRole("button", { name: "Keep and go on" }).click();
await check(page, "form-where");
await page.getByLabel("Chat client").fill("Harbor Chat");
await page.getByRole("button", { name: "Keep and go on" }).click();
await check(page, "form-account");
await page.getByLabel("Screen name").fill("invented_user");
await page.getByRole("button", { name: "Keep and go on" }).click();
await check(page, "form-child");
await page.getByRole("button", { name: "Keep and go on" }).click();
await check(page, "form-reporter");
await page.getByRole("button", { name: "Keep and go on" }).click();
await check(page, "form-check");
await picture(page, "form-check");
await page.getByRole("button", { name: "Open the report and go on to files" }).click();
await check(page, "form-files-none");
await page.getByLabel("A file").setInputFiles({ name: "invented.txt", mimeType: "text/plain", buffer: Buffer.from("invented bytes") });
await page.getByRole("button", { name: "Send the file" }).click();
await check(page, "form-file-questions");
await picture(page, "form-file-questions");
await page.getByRole("group", { name: "Did a person at your company view the whole file?" }).getByLabel("Yes").check();
await page.getByRole("button", { name: "Keep the answers" }).click();
await check(page, "form-files");
await picture(page, "form-files");
await page.goto(new URL("/provider/forms", adminLink).href);
await check(page, "forms-waiting");
await picture(page, "forms-waiting");
await page.getByRole("link", { name: /Go on with form/ }).click();
await page.getByRole("link", { name: "Go on to file it" }).click();
await check(page, "form-finish");
await picture(page, "form-finish");
await page.getByRole("button", { name: "File this report" }).click();
await check(page, "report-filed");
await picture(page, "report-filed");

// A profile that was sent back: what must be mended stands above it.
const other = await visitor("light", 1100);
await enter(other, otherLink);
await other.goto(new URL("/provider/profile", otherLink).href);
await other.getByText("Say which moment the incident time is.").waitFor();
await check(other, "profile-returned");
await picture(other, "profile-returned");

// Narrow, as on a telephone: nothing may be wider than the window.
const narrow = await visitor("light", 360);
await enter(narrow, otherLink);
for (const path of ["/provider", "/provider/reports", "/provider/quality", "/provider/contacts", "/provider/forms", "/provider/help/api"]) {
  await narrow.goto(new URL(path, otherLink).href);
  const width = await narrow.evaluate(() => document.documentElement.scrollWidth);
  if (width > 360) wrong.push(`${path}: ${width} wide on a window of 360`);
}

await browser.close();
if (wrong.length > 0) {
  console.error(wrong.join("\n"));
  process.exit(1);
}
console.log(`${checked.size} pages checked\nok`);
