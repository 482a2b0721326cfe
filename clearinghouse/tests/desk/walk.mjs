// Walks the desk in Chromium as everybody who works at it. Every page on the way is checked with axe in the light and in the
// dark scheme, and nothing may be refused by the content policy.
//   node walk.mjs TOOLS PICTURES LINKS-OF-A-DEMO-AS-JSON
import { choose, enter, fill, go, must, opened, press, reads } from "../common/walk.mjs";

const [tools, pictures, signIn] = process.argv.slice(2);
const links = JSON.parse(signIn);
const { person, check, end } = await opened(tools, pictures, "desk", /status of 415|ERR_BLOCKED_BY_ORB/);
const inside = async (word) => enter(await person(), links[word]);

/** The day so many days from now. */
const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Another person agrees to what this one has just asked for. */
async function agreed(first, second) {
  await first.page.waitForURL(/\/admin\/approvals\//);
  await second.page.goto(first.page.url());
  await press(second, "Agree");
  await reads(second, "done", "what two people agreed on is done");
}

const [counsel, supervisor, analyst, auditor, commander] = [
  await inside("counsel"),
  await inside("supervisor"),
  await inside("analyst"),
  await inside("auditor"),
  await inside("commander"),
];

/** Counsel asks for a relaxation of so many days. */
async function asksToRelax(days) {
  await fill(counsel, "Name", "own-people-unanswered");
  await fill(counsel, "What it lets happen, in a sentence", "Our own people may see what its sender did not answer for");
  await fill(counsel, "Memorandum of counsel", "memorandum 26-7");
  await choose(counsel, "Which files", "unanswered");
  await fill(counsel, "Agencies", "clearinghouse");
  await fill(counsel, "First day (UTC)", day(0));
  await fill(counsel, "First day on which it is over (UTC)", day(days));
  await fill(counsel, "Why it is asked for", "a walk");
  await press(counsel, "Ask");
}

// 1. Rules: which are in force; a relaxation is asked for by counsel, agreed to by the supervisor, and holds.
await go(auditor, "/admin/rules");
await reads(auditor, "the beginning of the house", "the first set");
await check(auditor, "rules");
await go(supervisor, "/admin/rules/relaxations");
await reads(supervisor, "the strictest reading holds everywhere", "there is no relaxation");
must(!(await supervisor.page.getByRole("button", { name: "Ask", exact: true }).count()), "counsel alone asks");
await go(counsel, "/admin/rules/relaxations");
await asksToRelax(0);
await reads(counsel, "Its end has passed", "a relaxation that is over");
await check(counsel, "relaxation-refused");
await asksToRelax(30);
await counsel.page.waitForURL(/\/admin\/approvals\//);
await supervisor.page.goto(counsel.page.url());
await check(supervisor, "relaxation-to-decide");
await supervisor.page.getByRole("link", { name: /See line by line/ }).click();
await reads(supervisor, "gate/own-people-unanswered.toml, added", "the difference");
await check(supervisor, "rules-difference");
await agreed(counsel, supervisor);
for (let tries = 0; tries < 90; tries += 1) {
  await go(auditor, "/admin/rules/relaxations");
  if (await auditor.page.getByText("own-people-unanswered").count()) break;
  await auditor.page.waitForTimeout(1000);
}
await reads(auditor, "own-people-unanswered", "the relaxation is in force");
await check(auditor, "relaxations");

// 2. Media permission: nobody grants it to themselves; the analyst has none yet.
// The desk reaches every report, whichever agency has it; a demo numbers its reports from here.
const viewed = [];
for (let number = 1_000_001; number < 1_000_040 && viewed.length < 12; number += 1) {
  const answer = await go(analyst, `/desk/reports/${number}/files`);
  if (answer.status() !== 200) continue;
  const rows = await analyst.page.locator("table").first().locator("tbody tr").allInnerTexts();
  rows.forEach((row, at) => /ESP_VIEWED/.test(row) && viewed.push([String(number), at + 1]));
}
must(viewed.length, "a report of the demo has a file that its sender viewed");
let [report, file] = viewed[0];
await go(analyst, `/desk/reports/${report}/files`);
await check(analyst, "files");
await go(analyst, `/desk/reports/${report}/files/${file}`);
await reads(analyst, "You have no media permission", "no permission yet");
await go(supervisor, "/admin/media");
await fill(supervisor, "Why this person must see media", "compares series");
await press(supervisor, "Grant media permission");
await reads(supervisor, "1 of 6", "the count");
await check(supervisor, "media");

// 3. A look: grey and blurred first, then clear, then closed.
// What the analyst may has changed, so their sessions lock until they show that it is still them.
await go(analyst, "/desk/files");
await press(analyst, "Demo: go on without a key");
await reads(analyst, "Number of the report", "back at the desk");
await check(analyst, "files-find");
await fill(analyst, "Number of the report", report);
await press(analyst, "Show its files");
await analyst.page.getByRole("link", { name: `File ${file}`, exact: true }).click();
await check(analyst, "file");
const width = () => analyst.page.locator("#picture img").evaluate((img) => img.decode().then(() => img.naturalWidth));
// Not every file is a picture that is ever drawn.
let drawn = 0;
for ([report, file] of viewed) {
  await go(analyst, `/desk/reports/${report}/files/${file}`);
  await press(analyst, "Show it grey and blurred");
  drawn = await width().catch(() => 0);
  if (drawn) break;
}
must(drawn, "a grey picture is drawn");
await check(analyst, "look-grey");
await press(analyst, "Show it clear");
must((await width()) > 0, "a clear picture is drawn");
await press(analyst, "Close it");
await press(analyst, "Show it grey and blurred");
await reads(analyst, "was seen before", "the same bytes need a reason");
await check(analyst, "seen-before");

// 4. Counsel's ground for exactly one file that is shut to an agency.
await go(supervisor, `/desk/reports/${report}/files`);
await fill(supervisor, "Files", "999");
await fill(supervisor, "Memorandum", "memorandum 26-8");
await fill(supervisor, "First day on which it is over (UTC)", day(7));
await press(supervisor, "Ask");
await reads(supervisor, "Name files of this report by their numbers", "no such file");
await fill(supervisor, "Files", String(file));
await fill(supervisor, "Memorandum", "memorandum 26-8");
await fill(supervisor, "First day on which it is over (UTC)", day(7));
await press(supervisor, "Ask");
await agreed(supervisor, counsel);
await go(analyst, `/desk/reports/${report}/files`);
await reads(analyst, "memorandum 26-8", "the memorandum stands there");
await check(analyst, "counsel");

// 5. A vendor receives nothing before it has shown everything.
await go(counsel, "/admin/vendors");
await fill(counsel, "Name in addresses", "vault-hosting");
await fill(counsel, "What it is called", "Vault Hosting");
await fill(counsel, "What it does for the house", "stores sealed bytes");
await check(counsel, "vendors");
await press(counsel, "Put it on the register");
await reads(counsel, "receives nothing", "a vendor that has shown nothing");
await fill(counsel, "Where it is", "binder 7");
await fill(counsel, "SHA-256 of the document", "ab".repeat(32));
await fill(counsel, "Counts from (UTC)", day(0));
await fill(counsel, "Is over on (UTC)", day(300));
await press(counsel, "Record it");
await reads(counsel, "counts", "a document that counts");
await fill(counsel, "Name", "A. Person");
await fill(counsel, "Cleared until (UTC)", day(300));
await press(counsel, "List this person");
await reads(counsel, "Take A. Person off the list", "a person on the list");
await fill(counsel, "Since (UTC)", day(-1));
await press(counsel, "Record what it holds");
await reads(counsel, "everything that the house keeps", "what a vendor holds");
await check(counsel, "vendor");

// 6. A provider is switched off, everywhere and now, and on again.
await go(supervisor, "/admin/providers");
await reads(supervisor, "is put on the register by the operator", "who may send");
await check(supervisor, "providers");
await supervisor.page.getByRole("table").getByRole("link").first().click();
await reads(supervisor, "It was never switched off", "a provider");
await choose(supervisor, "Reason", "wrong-hands");
await check(supervisor, "provider");
await press(supervisor, "Switch it off now");
await reads(supervisor, "Credentials that were not revoked work as before", "it is off");
await check(supervisor, "provider-off");
await choose(supervisor, "Reason", "mistake");
await press(supervisor, "Switch it on again");
await reads(supervisor, "The law still asks it to report", "it is on again");
await check(supervisor, "provider-on-again");

// 7. What managers are told.
await go(commander, "/agency/managers");
await reads(commander, "No file was seen on exigent circumstances", "nothing to tell");
await check(commander, "managers");

// 8. What is for others is not there.
for (const [who, path] of [
  [analyst, "/admin/rules"],
  [analyst, "/admin/vendors"],
  [analyst, "/admin/providers"],
  [auditor, "/desk/files"],
  [auditor, `/desk/reports/${report}/files`],
  [counsel, "/admin/media"],
]) {
  const answer = await go(who, path);
  must(answer.status() === 404, `${path} was answered with ${answer.status()}`);
}

await end();
