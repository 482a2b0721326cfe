// What agencies give back and nobody is left for, from both sides: an agency says that a report is not its own, the desk says
// where it goes, and what comes of that at the agencies: people who are called anew, words that are kept, reports that stay
// closed. Script is switched off, everything is reached by Tab, Space and Enter, and every page is checked with axe.
import { choose, fill, keyboard, mark, press, reads } from "../common/keyboard.mjs";
import { link } from "../common/mailbox.mjs";
import { delivered } from "../common/provider.mjs";
import { must } from "../common/walk.mjs";
import { day } from "../workdays/shift.mjs";

const { ready, window, send, written, letter, at } = await day("returned");
const { person, check, checked } = await keyboard(window);
const [CASEY, DREW, NOOR] = ["casey@agency.example", "drew@small.example", "noor@clearinghouse.example"];
const HURRY = "A meeting is planned for today.";
/** No table of places has it. */
const NOWHERE = "2001:db8:ffff::17";
const page = (who, report) => who.goto(at(`/agency/reports/${report}`));
const main = async (who) => (await who.locator("main").innerText()).replace(/\s+/g, " ");

/** A commander hears of a report by mail, and says that they have it. */
async function called(who, mailbox, report) {
  await who.goto(link(await letter(mailbox), [report, HURRY, "immediate"]));
  await reads(who, `Report ${report} came`, "whoever is called sees what for");
  await press(who, "I have it");
}

/** Somebody of the desk says where they are written to, and shows by the code that came there that it is theirs. */
async function written_at_desk(who, mailbox) {
  await who.goto(at("/desk/calls"));
  await reads(who, "Nobody of us can be called now", "an empty ladder is said");
  await check(who, "calls-nobody");
  await fill(who, "Your mailbox", mailbox);
  await press(who, "Save");
  const code = await letter(mailbox);
  must(link(code, []).endsWith("/desk/calls"), "a message leads to the desk");
  await fill(who, "The code from the message", /^[A-Z]{8}$/m.exec(code)[0]);
  await press(who, "Confirm");
  must(!(await main(who)).includes("Nobody of us can be called"), "without a ladder supervisors are called");
}

/** Somebody comes in anew: where a report goes is said with a fresh key only. */
async function anew(who, word) {
  await who.goto(ready.sign_in[word]);
  await press(who, "I understand: enter");
}

/** Somebody says of a report that it is not their agency's. */
async function giveBack(who, report, because, words) {
  await page(who, report);
  await press(who, "Not ours, because");
  await mark(who, because);
  await fill(who, "Words to the clearinghouse", words);
  await press(who, "It is not ours");
  await reads(who, "The clearinghouse has to say where it goes; until then it stays with you.", "nobody is left, so it waits");
}

/** The desk opens a report that waits, from its first page on. */
async function opens(who, report) {
  await who.goto(at("/desk"));
  await press(who, "Reports that agencies gave back");
  await press(who, String(report));
}

async function decides(who, where, reason) {
  await choose(who, "Send it to", where);
  await fill(who, "Reason", reason);
  await press(who, "Decide");
}

// 1. Two agencies with people; those that take what nobody else can may not receive any more, and one of them holds a report.
const casey = await person(ready.sign_in.commander);
await written(casey, CASEY);
const drew = await person(ready.sign_in.small_agency_commander);
await written(drew, DREW);
const lost = await send({ ip: NOWHERE, name: "nowhere" });
await delivered(ready, "us-fbi", lost);
const noor = await person(ready.sign_in.supervisor);
for (const agency of ["us-fbi", "us-hsi"]) {
  await noor.goto(at(`/admin/agencies/${agency}`));
  await press(noor, "End it now");
  await reads(noor, "Put out, with its people and systems", "it is let in no longer");
}
await noor.goto(at("/desk"));
await reads(noor, "Nobody of us can be called now", "the desk's first page says so");
await written_at_desk(noor, NOOR);
await choose(noor, "Who", "Noor");
await press(noor, "Write it down");
await reads(noor, "Take Noor", "the ladder has a place");
await check(noor, "calls");

// 2. An agency gives back what is immediate. While it waits for the desk it is nobody else's, and nobody is called for it.
const one = await send({ name: "first", hurry: HURRY });
await called(casey, CASEY, one);
const robin = await person(ready.sign_in.investigator);
const stale = await robin.context().newPage();
await stale.goto(at(`/agency/reports/${one}/hand-on`));
await giveBack(robin, one, "We do not work such matters", "Ask whoever knows the game");
must(!(await main(robin)).includes("Hand it on"), "what waits for the desk is offered to nobody");
await check(robin, "waits");
await choose(stale, "To", "Minnesota");
await choose(stale, "Why", "They have the people");
await fill(stale, "Offence, for G2-iv", "PC 311.11");
await fill(stale, "Words to the other agency", "You know the game");
await press(stale, "Hand it on");
await reads(stale, "gave it back, since you opened the page", "whoever had the form open is told");
await reads(stale, "You know the game", "and their words are kept");
await check(stale, "waits-stale");
await casey.goto(at("/agency/inbox"));
must(!(await main(casey)).includes("Somebody is being called"), "nobody is called for what waits for the desk");

// 3. The desk: whoever's turn it is hears by mail that something waits, and has it. An analyst and a supervisor have the same
// page open. It stays, with a reason.
const ira = await person(ready.sign_in.analyst);
await reads(ira, "Somebody is being called", "everybody at the desk sees that it waits");
await check(ira, "desk-called");
await noor.goto(link(await letter(NOOR), [one, HURRY, "immediate"]));
await reads(noor, `Report ${one} came`, "whoever is called at the desk sees what for");
await press(noor, "I have it");
must(!(await main(noor)).includes("Somebody is being called"), "nobody else is called");
await ira.goto(at("/desk"));
await reads(ira, "wait for somebody to say where they go: 1", "the desk says that something waits");
await check(ira, "desk");
await press(ira, "Given back by agencies");
await reads(ira, "We do not work such matters", "the desk sees why");
await check(ira, "list");
await opens(ira, one);
await reads(ira, "Ask whoever knows the game", "and reads the agency's words");
await check(ira, "one");
await opens(noor, one);
await decides(ira, "It stays", " ");
await reads(ira, "Choose where it goes, and give a reason", "nothing is decided without a reason");
must((await ira.getByLabel("Send it to").inputValue()) === "stays", "what was chosen is still chosen");
await check(ira, "refused");
await decides(ira, "It stays", "The account was used in your county.");
await reads(ira, "stays where it was", "it is decided");
await check(ira, "stays");
await decides(noor, "Minnesota", "Minnesota knows the game");
await reads(noor, "Somebody decided it meanwhile", "of two the second is told");
await reads(noor, "The account was used in your county.", "what the first decided");
await reads(noor, "You had written: Minnesota knows the game", "and loses no word");
await check(noor, "too-late");

// 4. At the agency: new again, with the desk's reason, and its people are called anew.
await page(robin, one);
await reads(robin, "The clearinghouse answered that it stays with you. Its reason: The account was used in your county.", "why");
await reads(robin, "Your agency holds it.", "it is theirs again");
await robin.goto(at("/agency/inbox?status=new"));
await reads(robin, String(one), "and new again");
await reads(robin, "Somebody is being called", "for which somebody is called");
await called(casey, CASEY, one);
await page(casey, one);
await check(casey, "again");

// 5. The desk sends the next one to another agency, while an officer of the first is about to say what came of it.
const two = await send({ name: "second", hurry: HURRY });
await called(casey, CASEY, two);
await giveBack(robin, two, "Nothing in it is in our area", "He moved away");
await page(casey, two);
await page(drew, two);
await reads(drew, "There is no such page", "nobody else has it before the desk said so");
await anew(ira, "analyst");
await opens(ira, two);
await decides(ira, "Minnesota", "He lives there now.");
await reads(ira, "sent on by the desk", "it went on");
await check(ira, "sent-on");
await press(casey, "Record what came of it");
await mark(casey, "Too little to go on");
await press(casey, "Record the outcome");
await reads(casey, "The outcome is recorded", "a fact is a fact");
await reads(casey, "Minnesota holds this report now", "and its officer is told who has the report");
await check(casey, "outcome");
await page(casey, two);
for (const words of ["held elsewhere", "Minnesota has it instead. Its reason: He lives there now.", "Outcome: Too little to go on"]) await reads(casey, words, "the first agency's page");
must(!(await main(casey)).includes("Hand it on"), "what others hold is not theirs to hand on");
await check(casey, "went");
await called(drew, DREW, two);
await page(drew, two);
await reads(drew, "Your agency holds it.", "the other agency has it");
for (const words of ["He moved away", "Too little to go on", "He lives there now."]) must(!(await main(drew)).includes(words), `"${words}" is between the first agency and the clearinghouse`);
await check(drew, "came");

// 6. What the agency closed while the desk thought about it stays closed, and wakes nobody.
const three = await send({ name: "third", hurry: HURRY });
await called(casey, CASEY, three);
await giveBack(robin, three, "Nothing in it is in our area", "Perhaps abroad");
await robin.goto(at(`/agency/reports/${three}/standing`));
await choose(robin, "Status", "Closed: Nothing");
await press(robin, "Change it");
await anew(ira, "analyst");
await opens(ira, three);
await decides(ira, "It stays", "Nobody else can be found.");
await page(robin, three);
await reads(robin, "Closed: Nothing unlawful found", "its people's own word stands");
await reads(robin, "Its reason: Nobody else can be found.", "and they are answered");
await casey.goto(at("/agency/inbox"));
must(!(await main(casey)).includes("Somebody is being called"), "nobody is called for what is closed");

// 7. What an agency holds that is let in no longer: it is taken from there, and the desk finds somebody for it.
await anew(noor, "supervisor");
await noor.goto(at("/desk/returned"));
await reads(noor, "Federal Bureau of Investigation holds 1 open report.", "what was left behind is counted");
await press(noor, "Send on what Federal Bureau of Investigation holds");
await reads(noor, "None went on to another agency", "nobody is left for it either");
await reads(noor, "The agency may not receive any more", "so it waits here");
must(!(await main(noor)).includes("Send on what"), "and is not there to be sent on again");
await check(noor, "left");
await press(noor, String(lost));
await decides(noor, "Los Angeles", "Nearest to what little there is.");
await reads(noor, "sent on by the desk", "somebody has it");
await page(robin, lost);
await reads(robin, "Your agency holds it.", "and it is theirs");
const { base, token } = ready.agency_api.find(({ agency }) => agency === "us-fbi");
const shut = await fetch(`${base}/feed`, { headers: { authorization: `Bearer ${token}` } });
must(shut.status === 401, `the token of an agency that is out opens nothing: ${shut.status}`);

console.log(`${checked.size} pages checked`);
await window.end();
