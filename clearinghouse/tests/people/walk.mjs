// Walks how people come, change and go, in Chromium with virtual keys. Every page on the way is checked with axe in the
// light and in the dark scheme, and nothing may be refused by the content policy.
//   node walk.mjs TOOLS PICTURES ENROL-ADDRESS-OF-A-FOUNDER COMMANDER INVESTIGATOR SUPERVISOR COUNSEL PROVIDER-ADMIN
import { choose, cookie, enter as through, fill, go, must, opened, plug, press, reads } from "../common/walk.mjs";

const [tools, pictures, enrolAddress, commanderLink, investigatorLink, supervisorLink, counselLink, senderLink] =
  process.argv.slice(2);
const { person, check, end } = await opened(tools, pictures, "people");
const enter = async (link) => through(await person(), link);

async function see(who, path, words, name) {
  await go(who, path);
  await reads(who, words, path);
  await check(who, name);
}

// 1. A founder of a real house sets up a key and signs in at the desk.
const founder = await person();
await plug(founder);
await founder.page.goto(enrolAddress);
await fill(founder, "What do you call this key?", "Grey key");
await press(founder, "Enrol this key");
await reads(founder, "Your key is enrolled", "the founder's key");
await go(founder, "/desk/sign-in");
await press(founder, "I understand: sign in with my key");
await founder.page.waitForURL("**/desk");
await check(founder, "desk");
await see(founder, "/admin", "Models of keys", "admin");

// 2. A form meets a locked screen: nothing of it is lost.
await go(founder, "/admin/people");
await reads(founder, "Invite somebody to the clearinghouse", "the form");
await fill(founder, "Name", 'Robin "Dull" <b>Colleague</b>');
await fill(founder, "Mail address at work", "robin@house.example");
await fill(founder, "Second channel", "+1 202-555-0142");
await choose(founder, "Role", "analyst");
const before = await cookie(founder);
const elsewhere = await founder.context.newPage();
await elsewhere.goto(new URL("/desk", founder.page.url()).href);
await elsewhere.getByRole("button", { name: "Lock", exact: true }).click();
await elsewhere.getByText("It opens when you show that it is you").waitFor();
await elsewhere.close();
await press(founder, "Invite");
await reads(founder, "Nothing of your form is lost", "the lock keeps the form");
await check(founder, "kept");
await press(founder, "Check my key");
await reads(founder, "It is you: go on", "the form comes back");
await reads(founder, 'Robin "Dull" <b>Colleague</b>', "every word of it");
await check(founder, "go-on");
must((await cookie(founder)) !== before, "the secret is new");
await press(founder, "Go on");
await reads(founder, "Give them this address, which is shown this once", "it was sent once more");
await check(founder, "invited");

// 3. In the demo: an agency's administrator and what they keep.
const chief = await enter(commanderLink);
await see(chief, "/agency/people", "Who works here", "agency-people");
await see(chief, "/agency/people/due", "Within three days", "agency-due");
await see(chief, "/agency/keys", "Keys", "agency-keys");
await see(chief, "/agency/reminders", "Reminders", "agency-reminders");
await go(chief, "/agency/inbox");
const report = await chief.page.locator('main a[href^="/agency/reports/"]').first().getAttribute("href");
await go(chief, report);
// With every part of it open, the form of a certificate too.
await chief.page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
await check(chief, "agency-report");
await see(chief, `${report}/keeping`, "Destroy", "agency-keeping");

// Invited with two codes, which only the demo shows.
await go(chief, "/agency/people");
await fill(chief, "Name", "Kim Newcomer");
await fill(chief, "Mail address at work", "kim@agency.example");
await fill(chief, "Second channel", "+1 202-555-0143");
await choose(chief, "Role", "investigator");
await press(chief, "Invite");
await reads(chief, "Give them this address", "invited");
const joinPath = await chief.page.locator(".usa-alert code").first().innerText();
must(joinPath.startsWith("/agency/join/"), `an officer joins at the agencies' door: ${joinPath}`);
await press(chief, "Draw both codes");
await reads(chief, "Codes drawn", "codes");
const [mail, second] = await chief.page.locator(".usa-alert code").allInnerTexts();
await check(chief, "agency-codes");
const kim = await person();
await kim.page.goto(new URL(joinPath.replace("/agency/", "/provider/"), chief.page.url()).href);
await reads(kim, "This address opens nothing", "another door knows nothing of it");
await kim.page.goto(new URL(joinPath, chief.page.url()).href);
await check(kim, "join");
await fill(kim, "Code from the mail", mail);
await fill(kim, "Code from the other channel", second);
await press(kim, "Confirm");
await reads(kim, "Both codes were right", "both codes");

// 4. The clearinghouse: proof, and two people.
const first = await enter(supervisorLink);
const other = await enter(counselLink);
await see(first, "/admin/people", "Kim Newcomer", "admin-people");
await first.page.getByRole("link", { name: "Kim Newcomer" }).click();
await fill(first, "Kind of document", "passport, seen in person");
await fill(first, "Who saw it", "Dull Sponsor");
await fill(first, "SHA-256 of the record that the agency keeps", "ab".repeat(32));
await fill(first, "Day of the last training", new Date(Date.now() - 86_400_000).toISOString().slice(0, 10));
await check(first, "admin-invitation");
await press(first, "Record, and ask a second person");
await reads(first, "To let a person in", "asked");
await other.page.goto(first.page.url());
await check(other, "admin-approval");
await press(other, "Agree");
await reads(other, "They set up their key with this ticket", "let in");
const [ticket, kimId] = await other.page.locator(".usa-alert code").allInnerTexts();
await plug(kim);
await kim.page.goto(new URL(`/agency/enrol/${ticket}`, chief.page.url()).href);
await fill(kim, "What do you call this key?", "Issued key");
await press(kim, "Enrol this key");
await reads(kim, "Your key is enrolled", "the newcomer's key");
await go(kim, "/agency/sign-in");
await press(kim, "I understand: sign in with my key");
await kim.page.waitForURL("**/agency/inbox");

// 5. Another role: asked by their commander, agreed to by the house; every session ends.
await see(chief, `/agency/people/${kimId}`, "Every key is lost", "agency-person");
await choose(chief, "New role", "prosecutor");
await press(chief, "Ask for it");
await reads(chief, "A second person, of the clearinghouse, agrees or refuses", "asked by the commander");
await go(first, "/desk");
await reads(first, "change a person's role", "waits on the desk");
await first.page.getByRole("link", { name: "change a person's role" }).first().click();
await press(first, "Agree");
await reads(first, "done", "the role changed");
await go(kim, "/agency/inbox");
must(new URL(kim.page.url()).pathname === "/agency/sign-in", "their sessions ended");

// 6. Every key is lost: proofed anew, asked here, agreed to there; the old key opens nothing.
await go(chief, `/agency/people/${kimId}`);
await fill(chief, "Kind of document", "passport, seen in person");
await fill(chief, "Who saw it", "Dull Sponsor");
await fill(chief, "SHA-256 of the record that is kept of it", "cd".repeat(32));
await fill(chief, "Day on which it was seen", new Date(Date.now() - 86_400_000).toISOString().slice(0, 10));
await press(chief, "Ask to let them in again");
await reads(chief, "A second person, of the clearinghouse, agrees or refuses", "recovery asked");
await go(other, "/desk");
await other.page.getByRole("link", { name: "let a person in again" }).first().click();
await press(other, "Agree");
await reads(other, "Every key that they had is gone", "recovered");
await check(other, "admin-recovered");
const [again] = await other.page.locator(".usa-alert code").allInnerTexts();
await go(kim, "/agency/sign-in");
await press(kim, "I understand: sign in with my key");
await reads(kim, "This key is not enrolled here", "the lost key");
const back = await person();
await plug(back);
await back.page.goto(new URL(`/agency/enrol/${again}`, chief.page.url()).href);
await fill(back, "What do you call this key?", "New key");
await press(back, "Enrol this key");
await reads(back, "Your key is enrolled", "the new key");
await go(back, "/agency/sign-in");
await press(back, "I understand: sign in with my key");
await back.page.waitForURL("**/agency/inbox");

// 7. Only listed models: a key of no listed model is refused, with what is taken.
await go(first, "/admin/key-models?agency=icac-us-ca-los-angeles");
await check(first, "admin-key-models");
await fill(first, "AAGUID", "2fc0579f-8113-47ea-b116-bb5a8db9202a");
await fill(first, "Name of the model", "Issued key, second series");
await press(first, "Accept this model");
await reads(first, "The model is on the list", "the list");
await check(first, "admin-key-models-one");
await go(back, "/agency/me/keys");
await back.cdp.send("WebAuthn.disable");
await back.cdp.send("WebAuthn.enable");
await plug(back);
await fill(back, "What do you call this key?", "My own");
await press(back, "Enrol this key");
await reads(back, "Issued key, second series", "what is taken");
await check(back, "refused-model");
await press(first, "Take it off");
await reads(first, "The model is off the list", "off again");

// 8. Agencies: prepared words, asked, agreed; and the end of it.
await see(first, "/admin/agencies", "In good standing", "admin-agencies");
const words = "fact=investigates&evidence=file-17&sha256=" + "ef".repeat(32) + "&until=2030-12-31";
await go(first, `/admin/agencies/icac-us-mn?${words}`);
must((await first.page.getByLabel("Qualifying fact", { exact: true }).inputValue()) === "investigates", "prepared");
await check(first, "admin-agency");
await press(first, "Ask");
await reads(first, "To qualify an agency", "qualification asked");
await other.page.goto(first.page.url());
await press(other, "Agree");
await reads(other, "done", "qualified");
await go(first, "/admin/agencies/icac-us-mn");
await reads(first, "file-17", "the evidence");
await press(first, "End it now");
await reads(first, "its fact is over: receives nothing", "the end");
await see(first, "/admin/people/due", "Within three days", "admin-due");
await see(first, "/admin/agency-keys", "Waiting", "admin-agency-keys");
await see(first, "/admin/approvals", "Approvals", "admin-approvals");
await see(first, "/oversight/destructions", "Destructions", "oversight-destructions");
await see(first, "/oversight/retention", "Retention", "oversight-retention");

// 9. A provider's administrator keeps their own people; a reporter is in once both codes came back.
const sender = await enter(senderLink);
await see(sender, "/provider/people", "Your company's people here", "provider-people");
await see(sender, "/provider/requests", "Requests to destroy", "provider-requests");
await go(sender, "/provider/people");
await fill(sender, "Name", "Pat Reporter");
await fill(sender, "Mail address at work", "pat@harbor.example");
await fill(sender, "Second channel", "+1 202-555-0144");
await choose(sender, "Role", "provider-reporter");
await press(sender, "Invite");
const theirs = await sender.page.locator(".usa-alert code").first().innerText();
await press(sender, "Draw both codes");
const codes = await sender.page.locator(".usa-alert code").allInnerTexts();
const pat = await person();
await plug(pat);
await pat.page.goto(new URL(theirs, sender.page.url()).href);
await fill(pat, "Code from the mail", codes[0]);
await fill(pat, "Code from the other channel", codes[1]);
await press(pat, "Confirm");
await fill(pat, "What do you call this key?", "Work key");
await press(pat, "Enrol this key");
await reads(pat, "Your key is enrolled", "a reporter's key");
await go(pat, "/provider/sign-in");
await press(pat, "I understand: sign in with my key");
await pat.page.waitForURL("**/provider");
await go(pat, "/provider/people");
await reads(pat, "There is no such page", "a reporter keeps nobody");
await go(sender, "/provider/people");
await sender.page.getByRole("link", { name: "Pat Reporter" }).click();
await check(sender, "provider-person");
await choose(sender, "Why", "terminated");
await press(sender, "Disable everywhere now");
await reads(sender, "switched off", "off");
await go(pat, "/provider/reports");
must(new URL(pat.page.url()).pathname === "/provider/sign-in", "out with the next request");

// 10. A permission that changes locks the screen of whom it concerns, who shows that it is them.
const officer = await enter(investigatorLink);
await see(chief, "/agency/media", "Who may see media", "agency-media");
await press(chief, "Take back from Robin Sample");
await chief.page.waitForURL("**/agency/media");
await go(officer, "/agency/inbox");
must(new URL(officer.page.url()).pathname === "/agency/verify", "their screen is locked");
await press(officer, "Demo: go on without a key");
await officer.page.waitForURL("**/agency/inbox");

await end();
