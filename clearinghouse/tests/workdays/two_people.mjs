// An agency of two people, with the keyboard alone and with script switched off: a call by mail to whoever leads it, exigent
// circumstances that one says and the other confirms, a file that opens, an outcome, the end of the case.
import { choose, fill, keyboard, mark, press, reads } from "../common/keyboard.mjs";
import { link } from "../common/mailbox.mjs";
import { must } from "../common/walk.mjs";
import { day, enter } from "./shift.mjs";

const { ready, window, files, send, written, letter, at } = await day("two");
const { person, check, checked } = await keyboard(window);
const MAILBOX = "drew@small.example";
const SECRET = "zqcanary";

// 1. No ladder is written down: the commander is called.
const drew = await person(ready.sign_in.small_agency_commander);
await written(drew, MAILBOX);
await press(drew, "Sign out");
const report = await send({ name: SECRET, files, hurry: "A meeting is planned for today." });
const address = link(await letter(MAILBOX), [report, SECRET, "Minn", "immediate"]);
await drew.goto(address);
must(new URL(drew.url()).pathname === "/agency/sign-in", "whoever is out comes to the door");
await check(drew, "door");
// Keys need script, which is off here: the demo's own link stands in for the key.
await enter(drew, ready.sign_in.small_agency_commander);
await drew.goto(address);
await reads(drew, `Report ${report} came`, "what the message is about");
await press(drew, "I have it");
await check(drew, "notify");

// 2. The commander gives it to the other one, who opens a case and says why there is no time.
await drew.goto(at(`/agency/reports/${report}/standing`));
await choose(drew, "Assigned to", "Kit");
await press(drew, "Change it");
await reads(drew, "Assigned, Kit Testcase", "the other one has it");
const kit = await person(ready.sign_in.small_agency);
await press(kit, String(report));
await press(kit, "Open a case with it");
await fill(kit, "Title", "Meeting today");
await press(kit, "Open the case");
const url = kit.url();
await press(kit, "Record exigent circumstances");
await fill(kit, "Supervisor who answers for it", "Drew Notreal");
await fill(kit, "Why there is no time to ask a court", "A child is to be met within the hour");
await fill(kit, "Files that it names", `${report}: 2`);
await press(kit, "Record the exigent circumstances");
await reads(kit, "waits for a second person", "it waits for the second person");
must(!(await kit.getByText("Confirm as the second person").count()), "nobody confirms their own word");
await kit.goto(at(`/agency/reports/${report}/files/2`));
must(!(await kit.getByText("Show it grey").count()), "and nothing is open before");
await check(kit, "file-shut");
await drew.goto(url);
await press(drew, "Confirm as the second person");
await reads(drew, "State holds", "two people said it");
await reads(drew, "Confirmed by a second person", "and the page says so");
await check(drew, "confirmed");
await kit.goto(at(`/agency/reports/${report}/files/2`));
await reads(kit, "Confirmed by Drew Notreal", "the file says who opened it");
must((await kit.getByText("Show it grey").count()) === 1, "and it can be looked at now");
await check(kit, "file-open");

// 3. What came of it, and the end.
await kit.goto(url);
await mark(kit, "Child identified or made safe");
await press(kit, "Record the outcome");
await press(kit, "Close the case");
await reads(kit, "closed: Done", "the case is closed");
await check(kit, "closed");
await drew.goto(at("/agency/inbox"));
await reads(drew, "No report matches", "nothing is open any more");
await drew.goto(at(`/agency/reports/${report}`));
await reads(drew, "Outcome: Child identified or made safe", "the other one sees what came of it");

console.log(`${checked.size} pages checked`);
await window.end();
