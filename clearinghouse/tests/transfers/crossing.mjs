// What crosses between two agencies and between two officers, as each of them sees it: an outcome and a transfer, two answers to
// one offer, two settlements of one event, and an agency that is revoked in the middle of a download. Script is switched off,
// everything is reached by Tab, Space and Enter, and every page is checked with axe in both schemes.
//   node crossing.mjs TOOLS PICTURES READY-LINE-OF-THE-DEMO ADDRESS-IN-THE-FIRST-AGENCY ADDRESS-IN-THE-SECOND NOISE
import { readFileSync } from "node:fs";
import { get } from "node:http";
import { choose, fill, keyboard, mark, press, reads, taken } from "../common/keyboard.mjs";
import { delivered, provider } from "../common/provider.mjs";
import { must, opened } from "../common/walk.mjs";

const [tools, pictures, given, here, there, noise] = process.argv.slice(2);
const ready = JSON.parse(given);
const window = await opened(tools, pictures, "crossing");
const { person, check, checked } = await keyboard(window);
const at = (path) => new URL(path, ready.ispws).href;
const FIRST = "icac-us-ca-los-angeles";
/** A house under load is given this long to see that two reports are about one person. */
const [TRIES, BETWEEN_TRIES_MS] = [240, 500];
/** Files of the large report, and their length. */
const [FILES, FILE_BYTES] = [200, 100_000];
const main = async (who) => (await who.locator("main").innerText()).replace(/\s+/g, " ");
const page = (who, report) => who.goto(at(`/agency/reports/${report}`));

let sent = 0;

async function send(more) {
  sent += 1;
  const report = await provider(ready).report({ ip: here, name: `invented_${sent}`, ...more });
  if (!more.ip) await delivered(ready, FIRST, report);
  return report;
}

/** Offers a report to another agency; the address of the offer. */
async function offer(who, report, words = "", other = "Minnesota") {
  await who.goto(at(`/agency/reports/${report}/hand-on`));
  await choose(who, "To", other);
  await choose(who, "Why", "The reported person");
  await fill(who, "Offence, for G2-iv", "PC 311.11");
  await fill(who, "Words to the other agency", words);
  await press(who, "Hand it on");
  await reads(who, "waits for an answer", "it is offered");
  return who.url();
}

async function outcome(who, which) {
  await press(who, "Record what came of it");
  await mark(who, which);
  await press(who, "Record the outcome");
}

const robin = await person(ready.sign_in.investigator);
const casey = await person(ready.sign_in.commander);
const kit = await person(ready.sign_in.small_agency);
const drew = await person(ready.sign_in.small_agency_commander);

// 1. An outcome between an offer and its answer: it is the first agency's word, and the other one takes the report all the same.
const one = await send({});
const first = await offer(robin, one, "He lives in your town");
await page(casey, one);
await outcome(casey, "Arrest");
await reads(casey, "Outcome: Arrest", "an offer keeps nobody from saying what came of it");
await kit.goto(first);
await press(kit, "Take the report");
await press(kit, "Open the report");
await reads(kit, "Your agency holds it.", "it was taken");
must(!(await main(kit)).includes("Arrest"), "what came of it at one agency is not told to the other");
await page(casey, one);
for (const words of ["Outcome: Arrest", "held elsewhere", "Closed: Done"]) await reads(casey, words, "the outcome stands, and so does its reason");
await check(casey, "outcome-first");

// 2. The other agency takes a report between an officer's page and their outcome.
const two = await send({});
const second = await offer(robin, two);
await page(casey, two);
await kit.goto(second);
await press(kit, "Take the report");
await outcome(casey, "Unfounded");
await reads(casey, "The outcome is recorded", "a fact is a fact");
await reads(casey, "Minnesota holds this report now", "and its officer is told who has it");
await check(casey, "outcome-second");
await page(casey, two);
await reads(casey, "Outcome: Unfounded", "the outcome is theirs");
await reads(casey, "Closed: Belongs to another agency", "the report is closed as another agency's");

// 3. Taken back while the other agency reads the offer; and taken while the first wants it back.
const three = await send({});
const third = await offer(robin, three, "For whoever knows the school");
await kit.goto(third);
await drew.goto(third);
await press(robin, "Take the offer back");
await reads(robin, "taken back", "it is theirs again");
await press(kit, "Take the report");
await reads(kit, "Somebody answered it, took it back, or its time is over", "whoever takes it is told");
await check(kit, "taken-back");
await mark(drew, "Too little to begin with");
await fill(drew, "Words to the other agency", "Which school?");
await press(drew, "Decline");
await reads(drew, "You had written: Which school?", "and whoever says no loses no word");
await page(kit, three);
await reads(kit, "There is no such page", "nothing was made available");
const fourth = await offer(robin, three);
const late = await robin.context().newPage();
await late.goto(fourth);
await kit.goto(fourth);
await press(kit, "Take the report");
await press(late, "Take the offer back");
await reads(late, "Somebody answered it", "what was taken is not taken back");
await reads(late, "taken", "and the page says so");

// 4. Two officers of the other agency answer one offer; and one of the first gives back what a colleague has offered.
const four = await send({});
const back = await casey.context().newPage();
await page(back, four);
const fifth = await offer(robin, four);
await kit.goto(fifth);
await drew.goto(fifth);
await press(back, "Not ours, because");
await mark(back, "We do not work such matters");
await fill(back, "Words to the clearinghouse", "Ask the school board");
await press(back, "It is not ours");
await reads(back, "offered it to another agency", "an offer is answered first");
must((await back.getByLabel("Words to the clearinghouse").inputValue()) === "Ask the school board", "the words are in the form");
must((await back.getByLabel("Words to the other agency").inputValue()) === "", "and in no form that others read");
await check(back, "offered-meanwhile");
await press(kit, "Take the report");
await mark(drew, "We have nobody for it in time");
await fill(drew, "Words to the other agency", "Not this week");
await press(drew, "Decline");
await reads(drew, "You had written: Not this week", "of two answers the first counts, and no word is lost");
await check(drew, "answered");
await page(drew, four);
await reads(drew, "Your agency holds it.", "it is the agency's");
// The form that was open all the while: somebody else holds the report by now.
await press(back, "It is not ours");
await reads(back, "Another agency holds it.", "they are told");
await reads(back, "Minnesota", "who holds it");
await reads(back, "Ask the school board", "and the words are still there");
await check(back, "elsewhere");

// 5. Both sides of a deconfliction propose at once.
await send({ name: "same_somebody" });
await send({ name: "same_somebody", ip: there });
await drew.goto(at("/agency/deconfliction"));
for (let tries = 0; tries < TRIES && !(await drew.locator("tbody th a").count()); tries += 1) {
  await new Promise((done) => setTimeout(done, BETWEEN_TRIES_MS));
  await drew.reload();
}
await press(drew, "Los Angeles Regional");
await casey.goto(drew.url());
await choose(casey, "How your side wants to settle it", "not the same");
await press(casey, "Say so to the other side");
await reads(casey, "proposed by you", "one side proposes");
await press(drew, "Say so to the other side");
await reads(drew, "changed it since you opened the page", "the other one sees it first");
await reads(drew, "proposed by them", "and what it is");
await check(drew, "both-propose");

// 6. An agency is revoked in the middle of a download: by its system and by a person. What came is not whole, and says so.
const files = Array.from({ length: FILES }, (_, number) => ({ bytes: readFileSync(noise), name: `noise-${number}.bin`, viewed: true }));
const large = await send({ files });
const { base, token } = ready.agency_api.find(({ agency }) => agency === FIRST);
const system = await new Promise((begun, failed) => {
  get(`${base}/reports/${large}/package?sealed=no`, { headers: { authorization: `Bearer ${token}` } }, begun).on("error", failed);
});
must(system.statusCode === 200, `a package begins: ${system.statusCode}`);
await new Promise((came) => system.once("readable", came));
// Whoever takes a copy or hands a report on has shown lately that it is them. A slow line has a person's download last.
const ann = await person(ready.sign_in.investigator);
const line = await ann.context().newCDPSession(ann);
const slow = (downloadThroughput) => line.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput, uploadThroughput: -1 });
await line.send("Network.enable");
await page(ann, large);
await slow(FILE_BYTES);
const download = await taken(ann, "Download package");
const kim = await person(ready.sign_in.small_agency);
const offered = await offer(kim, one, "", "Los Angeles");
const noor = await person(ready.sign_in.supervisor);
await noor.goto(at(`/admin/agencies/${FIRST}`));
await press(noor, "End it now");
await reads(noor, "Put out, with its people and systems", "it is let in no longer");
await slow(-1);
must((await download.failure()) !== null, "a person's copy ended as if it were whole");
let came = 0;
const broke = await new Promise((ended) => {
  system.on("data", (piece) => (came += piece.length));
  system.on("end", () => ended(false));
  system.on("error", () => ended(true));
  system.on("aborted", () => ended(true));
});
must(broke, `a package of ${came} bytes ended as if it were whole`);
must(came < FILES * FILE_BYTES, `everything had come: ${came} bytes`);
await page(ann, large);
must(new URL(ann.url()).pathname === "/agency/sign-in", `whoever is out is at the door: ${ann.url()}`);
await check(ann, "door");

// 7. What was offered to it goes back to whoever offered it; the desk and an auditor see what happened.
await kim.goto(offered);
await press(kim, "Take the offer back");
await page(kim, one);
await reads(kim, "Your agency holds it.", "nothing lies with an agency that is out");
await kim.goto(at(`/agency/reports/${one}/hand-on`));
must(!(await kim.locator("select").first().innerText()).includes("Los Angeles Regional"), "and nothing is offered to it");
const jo = await person(ready.sign_in.auditor);
await jo.goto(at("/oversight/ledger"));
await choose(jo, "Kind of event", "download-cut");
await press(jo, "Search");
await reads(jo, String(large), "a leaf says which download was cut");
await check(jo, "leaf");
await noor.goto(at("/desk/returned"));
await reads(noor, "Los Angeles Regional holds", "and what it held waits for the desk");
await check(noor, "left-behind");

console.log(`${checked.size} pages checked, ${came} bytes had come`);
await window.end();
