// A commander's night, with the keyboard alone: how the agency is called, a call that comes by mail, the report given to
// somebody, a case from its opening to its end. Every page on the way is checked with axe in the light and in the dark scheme.
import { choose, fill, mark, press, reads, to } from "../common/keyboard.mjs";
import { must } from "../common/walk.mjs";
import { day } from "./shift.mjs";

const { window, files, send, person, written, called, at } = await day("commander");
const who = await person("commander");
const { page } = who;
const check = (name) => window.check(who, name);
const MAILBOX = "casey@agency.example";
const SECRET = "zqcanary";

// 1. How the agency is called: a mailbox, the ladder, a system.
await written(page, MAILBOX);
await fill(page, "Your mailbox", "casey%other@agency.example");
await press(page, "Save");
await reads(page, "Nothing was changed", "what a mail server might understand in two ways is refused");
await page.goto(at("/agency/notify"));
await reads(page, "Nobody's turn is written down", "there is no ladder yet");
await fill(page, "Place", "0");
await press(page, "Write it down");
await reads(page, "A place from 1 to", "a place that there is not");
for (const [place, name] of [["1", "Casey"], ["2", "Jordan"]]) {
  await fill(page, "Place", place);
  await choose(page, "Who", name);
  await press(page, "Write it down");
}
await reads(page, "Casey Placeholder 10 minutes", "the commander is called first");
await reads(page, "has no mailbox here", "whoever cannot be written to is marked");
await fill(page, "Address", "https://127.0.0.1/hook");
await press(page, "Add it");
await reads(page, "Nothing was changed", "nobody makes the house call itself");
await fill(page, "Address", "https://hooks.agency.example/clearinghouse");
await press(page, "Add it");
await reads(page, "Its secret is shown this once", "the secret of a webhook");
const secret = await page.locator(".usa-alert code").innerText();
await check("notify-secret");
await press(page, "Draw another secret");
await reads(page, "the one before it is good for a day", "another secret");
must((await page.locator(".usa-alert code").innerText()) !== secret, "another one is another one");
await page.goto(at("/agency/notify"));
must(!(await page.content()).includes(secret), "a secret is shown once");
await reads(page, "a code for their mailbox", "which messages were sent");
await check("notify");
await fill(page, "Make its calls again since (UTC)", "01012026");
await press(page, "Make them again");
await reads(page, "No call is remembered since then", "it was not called yet");
await check("notify-again");
await press(page, "Take it away");
await reads(page, "No webhook is there", "the webhook is gone");
await press(page, /^Take Jordan Makebelieve off place 2/);
await press(page, "Sign out");

// 2. A child is in danger: a message, the door, and "I have it".
const report = await send({ name: SECRET, files, hurry: "A meeting is planned for today." });
await called(who, MAILBOX, [report, SECRET, "immediate", "Los Angeles"]);
await reads(page, `Report ${report} came`, "what the message is about is on top");
await check("called");
await press(page, "I have it");
must(!(await page.getByText("Somebody is being called").count()), "nobody is called any more");

// 3. The report is given to somebody, with the agency's own priority.
await page.goto(at(`/agency/reports/${report}`));
await press(page, "Say how far you are, or assign it");
await choose(page, "Assigned to", "Robin");
await choose(page, "Your agency's own priority", "urgent");
await fill(page, "Unit", "Night desk");
await press(page, "Change it");
await reads(page, "Assigned, Robin Sample", "the investigator has it");
await check("assigned");

// 4. A case with it, shared with whoever needs it, to its end.
await page.goto(at(`/agency/reports/${report}`));
await press(page, "Open a case with it");
await fill(page, "Title", "Meeting at noon");
await press(page, "Open the case");
const number = new URL(page.url()).pathname.split("/").pop();
await press(page, "Take somebody in, or out");
await choose(page, "Who", "Robin");
await fill(page, "Why they need to know", "Has the report");
await press(page, "Take them in");
await press(page, "Let everybody of the agency read it");
await reads(page, "everybody of your agency reads it", "the case is shared inside the agency");
await mark(page, "Child identified or made safe");
await press(page, "Record the outcome");
await press(page, "Close the case");
await reads(page, "closed: Done", "the case is closed");
await check("closed");
await press(page, "Cases");
await to(page, /Closed/i, (one) => one.tag === "A");
await page.keyboard.press("Enter");
await page.waitForURL(/closed=yes/);
await reads(page, `Meeting at noon`, `case ${number} is among the closed ones`);
await page.goto(at("/agency/inbox?status=closed"));
await reads(page, String(report), "its report is closed with it");

await window.end();
