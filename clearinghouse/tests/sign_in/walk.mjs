// Enrols keys, signs in and out, locks and unlocks, in Chromium with its virtual authenticators. Every page on the way is
// checked with axe in the light and in the dark scheme, and nothing may be refused by the content policy.
//   node walk.mjs TOOLS PICTURES ENROL-ADDRESS-OF-A-PROVIDERS-ADMIN LINK-OF-A-COMMANDER-OF-A-DEMO
import { cookie, enter, must, opened, plug, press, reads } from "../common/walk.mjs";

const [tools, pictures, enrolAddress, demoLink] = process.argv.slice(2);
const { browser, person, check, end } = await opened(tools, pictures, "sign-in");

/** Pulls a key out, and answers what is on it. */
async function pull(who, authenticatorId) {
  const { credentials } = await who.cdp.send("WebAuthn.getCredentials", { authenticatorId });
  await who.cdp.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId });
  return credentials;
}

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
await admin.page.waitForURL(`${site}/provider/reports`);
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
const officer = await enter(await person(), demoLink);
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

await end();
