// What every walk through the pages shares: windows of people with their virtual keys, the check of a page with axe in the
// light and in the dark scheme, and what went wrong on the way.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** Opens Chromium. `tools` holds playwright and axe; pictures are named after `name`. What a browser calls a fault and this
 * walk provokes is `provoked` besides refusals. */
export async function opened(tools, pictures, name, provoked = /(?!)/) {
  const require = createRequire(join(tools, "package.json"));
  const { chromium } = require("playwright-core");
  const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
  const wrong = [];
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });

  /** A window of its own, with a place to plug keys in. */
  async function person(more = {}) {
    const context = await browser.newContext({ viewport: { width: 1100, height: 800 }, reducedMotion: "reduce", ...more });
    const page = await context.newPage();
    page.on("console", (message) => {
      const expected = /status of (403|404|409|422)/.test(message.text()) || provoked.test(message.text());
      if (message.type() === "error" && !expected) wrong.push(`${page.url()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => wrong.push(`${page.url()}: ${error}`));
    const cdp = await context.newCDPSession(page);
    await cdp.send("WebAuthn.enable");
    return { context, page, cdp };
  }

  /** Checks the page in both schemes, in a world of its own. The session that holds the keys is used for it: another one
   * that ends would pull them out. */
  async function check({ page, cdp }, what) {
    for (const scheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: scheme });
      const { frameTree } = await cdp.send("Page.getFrameTree");
      const world = await cdp.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
      const run = async (expression) => {
        const asked = { expression, contextId: world.executionContextId, awaitPromise: true, returnByValue: true };
        const answer = await cdp.send("Runtime.evaluate", asked);
        if (answer.exceptionDetails) throw new Error(`${what}: ${JSON.stringify(answer.exceptionDetails)}`);
        return answer.result.value;
      };
      await run(`${axe}; 0`);
      const found = await run(
        "axe.run(document).then((all) => all.violations.map((one) => one.id + ': ' + one.help + ' ' + one.nodes.slice(0, 3).map((node) => node.html + ' ' + node.failureSummary).join(' ')))",
      );
      for (const one of found) wrong.push(`${what} at ${page.url()} (${scheme}): ${one}`);
    }
    await page.emulateMedia({ colorScheme: "light" });
    await page.screenshot({ path: join(pictures, `${name}-${what}.png`), type: "png", fullPage: true });
  }

  /** Ends the walk: everything that went wrong, or "ok". */
  async function end() {
    await browser.close();
    console.log(wrong.length ? [...new Set(wrong)].join("\n") : "ok");
    if (wrong.length) process.exit(1);
  }

  return { browser, wrong, person, check, end };
}

/** Plugs a key in, of which `more` may say another kind. */
export async function plug(who, more = {}) {
  const options = {
    protocol: "ctap2",
    transport: "usb",
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
    ...more,
  };
  return (await who.cdp.send("WebAuthn.addVirtualAuthenticator", { options })).authenticatorId;
}

export function must(holds, says) {
  if (!holds) throw new Error(says);
}

/** Waits until the page says so. */
export async function reads(who, words, says) {
  await who.page.getByText(words).first().waitFor({ timeout: 60_000 }).catch(async () => {
    throw new Error(`${says}: no "${words}" on ${who.page.url()}:\n${await who.page.innerText("main")}`);
  });
}

export const press = (who, label) => who.page.getByRole("button", { name: label, exact: true }).first().click();
export const fill = (who, label, value) => who.page.getByLabel(label, { exact: true }).first().fill(value);
export const choose = (who, label, value) => who.page.getByLabel(label, { exact: true }).first().selectOption(value);
export const cookie = async (who) => (await who.context.cookies()).find((one) => one.name === "__Host-s")?.value;

/** Goes to a page of the same house. */
export const go = (who, path) => who.page.goto(new URL(path, who.page.url()).href);

/** Comes in by a link of the demo. */
export async function enter(who, link) {
  await who.page.goto(link);
  await press(who, "I understand: enter");
  await who.page.waitForURL((url) => !url.pathname.includes("/enter"));
  return who;
}
