// Walks every page of every face in Chromium, signed in as each person of the demo: whatever a page leads to is opened,
// nothing may be refused by the content policy or break in the console, nothing may be wider than the window, and the
// first page of each kind is checked with axe in the light and in the dark scheme, and pictured.
//   node walk.mjs TOOLS PICTURES SIGN-IN-LINKS-AS-JSON
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [tools, pictures, given] = process.argv.slice(2);
const links = JSON.parse(given);
const require = createRequire(join(tools, "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const wrong = [];
const checked = new Map();
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });

/** An address without the names of its things: pages of one kind are checked once. */
function kind(path) {
  const named = path.split("?")[0].split("/").map((part) => (/^\d+$|^[0-9a-f-]{12,}$|^demo-/.test(part) ? "-" : part));
  return named.join("/").replace(/(\/admin\/agencies)\/[^/]+/, "$1/-");
}

async function visitor() {
  const context = await browser.newContext({ viewport: { width: 1100, height: 800 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.on("console", (message) => {
    const expected = /status of (403|404|409|422)/.test(message.text());
    if (message.type() === "error" && !expected) wrong.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`${page.url()}: ${error}`));
  page.on("requestfailed", (request) => {
    // Whoever leaves a page before its letters came has not met a fault.
    const left = request.failure()?.errorText === "net::ERR_ABORTED";
    if (!left && request.resourceType() !== "document") wrong.push(`${page.url()}: ${request.url()} failed`);
  });
  page.cdp = await context.newCDPSession(page);
  return page;
}

/** Checks the page in both schemes, in a world of its own, so that the content policy stays as it is. */
async function check(page, name) {
  if (checked.has(name)) return;
  checked.set(name, page.url());
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    const { frameTree } = await page.cdp.send("Page.getFrameTree");
    const world = await page.cdp.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
    const run = async (expression) => {
      const asked = { expression, contextId: world.executionContextId, awaitPromise: true, returnByValue: true };
      const answer = await page.cdp.send("Runtime.evaluate", asked);
      if (answer.exceptionDetails) throw new Error(`${name}: ${JSON.stringify(answer.exceptionDetails)}`);
      return answer.result.value;
    };
    await run(`${axe}; 0`);
    const found = await run(
      "axe.run(document).then((all) => all.violations.map((one) => one.id + ': ' + one.help + ' ' + one.nodes.slice(0, 3).map((node) => node.html + ' ' + node.failureSummary).join(' ')))",
    );
    for (const one of found) wrong.push(`${page.url()} (${scheme}): ${one}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  if (width > 1100) wrong.push(`${page.url()}: ${width} wide on a window of 1100`);
  const file = name.replace(/[^a-z0-9-]+/g, "_").replace(/^_|_$/g, "") || "home";
  await page.screenshot({ path: join(pictures, `face-${file}.png`), type: "png", fullPage: true });
}

/** Opens a page; one that is answered with a fault of ours is wrong. */
async function open(page, url, who) {
  const answer = await page.goto(url).catch((fault) => {
    if (!/ERR_ABORTED|Download/.test(String(fault))) wrong.push(`${who} at ${url}: ${fault}`);
    return null;
  });
  if (answer && answer.status() >= 400) wrong.push(`${who} is led to ${url}, which is answered with ${answer.status()}`);
  return answer && (answer.headers()["content-type"] ?? "").startsWith("text/html");
}

/** Everything that the page leads to. */
const led = (page) =>
  page.$$eval("a[href]", (all) => all.map((one) => one.href).filter((href) => href.startsWith(location.origin)));

/** Opens every kind of page that somebody is led to. */
async function walk(page, who) {
  const known = new Set();
  const waiting = [page.url(), ...(await led(page))];
  while (waiting.length) {
    const url = waiting.shift().split("#")[0];
    const path = new URL(url).pathname;
    const name = kind(path);
    if (known.has(name) || /\/downloads\/|\/receipt\.|certificate\.(pdf|json)$/.test(path)) continue;
    known.add(name);
    if (!(await open(page, url, who))) continue;
    await check(page, name);
    waiting.push(...(await led(page)));
  }
  return known.size;
}

async function send(page, url, fill, label) {
  page.setDefaultTimeout(10_000);
  await page.goto(url);
  await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
  await fill();
  await page.getByRole("button", { name: label }).first().click();
  await page.getByRole("heading", { level: 1 }).waitFor();
}

/** Something in every room: what nobody did shows nothing. */
const first = {
  async commander(page, site) {
    await send(page, `${site}/agency/people`, async () => {
      await page.locator("input[name=name]").fill("Robin Invented");
      await page.locator("input[name=mail]").fill("robin@agency.example");
      await page.locator("input[name=second]").fill("202-555-0188");
      await page.locator("select[name=role]").selectOption({ index: 1 });
    }, "Invite");
    await check(page, "/agency/people invited");
  },
  async investigator(page, site) {
    await page.goto(`${site}/agency/inbox`);
    const report = await page.locator("a[href^='/agency/reports/']").first().getAttribute("href");
    await send(page, `${site}${report}/keeping`, async () => {
      await page.locator("#hold-reason").fill("An invented trial is coming.");
    }, "Place the hold");
    await check(page, "/agency/reports keeping held");
    await send(page, `${site}${report}/keeping`, async () => {
      await page.locator("input[type=checkbox][name=file]").first().check();
      await page.locator("#destroy-reason").fill("An invented reason.");
    }, "Notify the clearinghouse");
    await check(page, "/agency/reports keeping asked");
  },
};

// Outside.
const site = new URL(Object.values(links)[0]).origin;
const stranger = await visitor();
for (const face of ["provider", "agency", "desk"]) {
  await open(stranger, `${site}/${face}/sign-in`, "a stranger");
  await check(stranger, `/${face}/sign-in`);
  await open(stranger, `${site}/${face}`, "a stranger");
}
await stranger.goto(`${site}/agency/enter/no-such-link`);
await stranger.getByRole("button", { name: "I understand: enter" }).click();
await check(stranger, "link refused");

// Inside, as everybody. Whoever makes something comes first.
const order = ["commander", "investigator", ...Object.keys(links).filter((word) => !(word in first))];
let opened = 0;
for (const word of order) {
  const page = await visitor();
  await page.goto(links[word]);
  await check(page, `enter ${new URL(links[word]).pathname.split("/")[1]}`);
  await page.getByRole("button", { name: "I understand: enter" }).click();
  await page.getByRole("heading", { level: 1 }).waitFor();
  await first[word]?.(page, site);
  await page.goto(`${site}/${new URL(links[word]).pathname.split("/")[1]}`);
  opened += await walk(page, word);
  // A face may answer an address that leads nowhere with nothing at all, which a browser calls a fault.
  const face = new URL(links[word]).pathname.split("/")[1];
  const gone = await page.goto(`${site}/${face}/nowhere/at/all`).catch(() => null);
  if (gone?.status() === 404 && (await page.locator("h1").count())) await check(page, `nowhere ${face}`);
  await page.context().close();
}

await browser.close();
if (wrong.length) {
  console.log([...new Set(wrong)].join("\n"));
  process.exit(1);
}
console.log(`${opened} pages opened, ${checked.size} kinds checked\nok`);
