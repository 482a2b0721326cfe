// Enrols keys, signs in and out, locks and unlocks, in Chromium with its virtual authenticators. Every page on the way is
// checked with axe in the light and in the dark scheme, and nothing may be refused by the content policy.
//   node walk.mjs TOOLS PICTURES ENROL-ADDRESS-OF-A-PROVIDERS-ADMIN LINK-OF-A-COMMANDER-OF-A-DEMO
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [tools, pictures, enrolAddress, demoLink] = process.argv.slice(2);
const require = createRequire(join(tools, "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const wrong = [];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });

/** A window of its own, with a place to plug keys in. */
async function person() {
  const context = await browser.newContext({ viewport: { width: 1100, height: 800 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.on("console", (message) => {
    const expected = /status of (403|404|409|422)/.test(message.text());
    if (message.type() === "error" && !expected) wrong.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`${page.url()}: ${error}`));
  const cdp = await context.newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  return { context, page, cdp };
}

/** Plugs a key in. */
async function plug(who, more = {}) {
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

/** Pulls a key out, and answers what is on it. */
async function pull(who, authenticatorId) {
  const { credentials } = await who.cdp.send("WebAuthn.getCredentials", { authenticatorId });
  await who.cdp.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId });
  return credentials;
}

/** Checks the page in both schemes, in a world of its own. The session that holds the keys is used for it: another one
 * that ends would pull them out. */
async function check({ page, cdp }, name) {
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    const { frameTree } = await cdp.send("Page.getFrameTree");
    const world = await cdp.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
    const run = async (expression) => {
      const asked = { expression, contextId: world.executionContextId, awaitPromise: true, returnByValue: true };
      const answer = await cdp.send("Runtime.evaluate", asked);
      if (answer.exceptionDetails) throw new Error(`${name}: ${JSON.stringify(answer.exceptionDetails)}`);
      return answer.result.value;
    };
    await run(`${axe}; 0`);
    const found = await run(
      "axe.run(document).then((all) => all.violations.map((one) => one.id + ': ' + one.help + ' ' + one.nodes.slice(0, 3).map((node) => node.html).join(' ')))",
    );
    for (const one of found) wrong.push(`${name} (${scheme}): ${one}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.screenshot({ path: join(pictures, `sign-in-${name}.png`), type: "png", fullPage: true });
}

function must(holds, says) {
  if (!holds) throw new Error(says);
}

async function reads(who, words, says) {
  await who.page.getByText(words).first().waitFor({ timeout: 60_000 }).catch(async () => {
    throw new Error(`${says}: no "${words}" on ${who.page.url()}:\n${await who.page.innerText("main")}`);
  });
}

const press = (who, label) => who.page.getByRole("button", { name: label, exact: true }).click();
const cookie = async (who) => (await who.context.cookies()).find((one) => one.name === "__Host-s")?.value;

async function enrol(who, name) {
  await who.page.getByLabel("What do you call this key?").fill(name);
  await press(who, "Enrol this key");
}

// 1. The first key of a provider's administrator, in a house that is no demo.
const site = new URL(enrolAddress).origin;
const admin = await person();
let first = await plug(admin);
await admin.page.goto(enrolAddress);
await check(admin, "enrol");
await enrol(admin, "Black key on my ring");
await reads(admin, "Your key is enrolled", "the first key");
await admin.page.goto(enrolAddress);
await reads(admin, "This link does not open anything", "a ticket opens once");

// 2. In with it, and only with it.
await admin.page.goto(`${site}/provider/reports`);
await reads(admin, "Restricted system", "a stranger meets the banner");
await check(admin, "sign-in");
let sent = null;
admin.page.on("request", (request) => {
  if (request.method() === "POST" && request.url().endsWith("/provider/sign-in")) sent = request.postData();
});
await press(admin, "I understand: sign in with my key");
await admin.page.waitForURL(`${site}/provider`);
const inside = await cookie(admin);
must(inside, "there is a session");

// 3. The same answer once more opens nothing.
const again = await admin.page.evaluate(async (body) => {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await fetch("/provider/sign-in", { method: "POST", headers, body, redirect: "manual" });
  return { status: answer.status, text: await answer.text() };
}, sent);
must(again.status === 403 && again.text.includes("was used already"), `a replay was answered with ${again.status}`);
must((await cookie(admin)) === inside, "a replay changed the session");

// 4. The page of one's own keys asks for a second one.
await admin.page.goto(`${site}/provider/me`);
await reads(admin, "You should have two keys", "one key is too few");
await check(admin, "mine");
const kept = await pull(admin, first);
let second = await plug(admin);
await admin.page.getByRole("link", { name: "Enrol another key" }).click();
await check(admin, "another");
await enrol(admin, "Grey key in the safe");
await reads(admin, "The key is enrolled", "the second key");
must(!(await admin.page.getByText("You should have two keys").count()), "two keys are enough");

// 5. Locked by hand: nothing is shown until a key answers, under a new secret.
await press(admin, "Lock");
await reads(admin, "It opens when you show that it is you", "the lock");
await check(admin, "locked");
await admin.page.goto(`${site}/provider/reports`);
must(new URL(admin.page.url()).pathname === "/provider/verify", "a locked session leads to the lock");
await press(admin, "Check my key");
await admin.page.waitForURL(`${site}/provider/reports`);
const renewed = await cookie(admin);
must(renewed && renewed !== inside, "a verification gives a new secret");
const old = await browser.newContext();
await old.addCookies([{ name: "__Host-s", value: inside, url: site.replace("http:", "https:"), secure: true }]);
const stale = await old.newPage();
await stale.goto(`${site}/provider/reports`);
must(new URL(stale.url()).pathname === "/provider/sign-in", "the old secret opens nothing");

// 6. A key that is removed opens no more.
await admin.page.goto(`${site}/provider/me`);
await press(admin, "Remove Black key on my ring");
await reads(admin, "The key was removed", "the removal");
await reads(admin, "Your last key stays", "the last key stays");
await press(admin, "Sign out");
await admin.page.waitForURL(`${site}/provider/sign-in`);
must(!(await cookie(admin)), "the cookie went");
await pull(admin, second).then((credentials) => (second = credentials));
first = await plug(admin);
for (const credential of kept) await admin.cdp.send("WebAuthn.addCredential", { authenticatorId: first, credential });
await admin.page.goto(`${site}/provider/sign-in`);
await press(admin, "I understand: sign in with my key");
await reads(admin, "This key is not enrolled here", "the removed key");
await check(admin, "refused");
await pull(admin, first);

// 7. A forged key: the name of the true one, with a secret of its own.
const forger = await person();
const forged = await plug(forger);
await forger.page.goto(`${site}/provider/sign-in`);
await forger.cdp.send("WebAuthn.addCredential", {
  authenticatorId: forged,
  credential: { ...second[0], privateKey: kept[0].privateKey, signCount: 900 },
});
await press(forger, "I understand: sign in with my key");
await reads(forger, "proves nothing here", "the forged key");

// 8. An agency: keys that can be copied are refused, others are not. In the demo, whose links stay.
const officer = await person();
await officer.page.goto(demoLink);
await press(officer, "I understand: enter");
await officer.page.waitForURL("**/agency/inbox");
const desk = new URL(officer.page.url()).origin;
let key = await plug(officer, { defaultBackupEligibility: true, defaultBackupState: true });
await officer.page.goto(`${desk}/agency/me/keys`);
await enrol(officer, "My telephone");
await reads(officer, "can be copied to other devices", "a key that can be copied");
await check(officer, "syncable");
await pull(officer, key);
key = await plug(officer);
await officer.page.goto(`${desk}/agency/me/keys`);
await enrol(officer, "Issued key");
await reads(officer, "The key is enrolled", "a key that cannot");
await press(officer, "Sign out everywhere");
await officer.page.waitForURL(`${desk}/agency/sign-in`);
await press(officer, "I understand: sign in with my key");
await officer.page.waitForURL(`${desk}/agency/inbox`);
// Its key opens the agencies' door only.
await officer.page.goto(`${desk}/provider/sign-in`);
await press(officer, "I understand: sign in with my key");
await reads(officer, "This key is not enrolled here", "an officer's key at the providers' door");

await browser.close();
if (wrong.length) {
  console.log(wrong.join("\n"));
  process.exit(1);
}
console.log("ok");
