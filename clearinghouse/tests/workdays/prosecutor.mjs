// A prosecutor's day, with the keyboard alone: called to the inbox by mail, let into a case by its investigator, who closes it;
// then what a court needs: the record of the report with its certificate, and the package. That is where their work ends.
import { readFileSync } from "node:fs";
import { choose, fill, mark, press, reads, taken, to } from "../common/keyboard.mjs";
import { must } from "../common/walk.mjs";
import { day, enter } from "./shift.mjs";

const { ready, window, files, send, person, written, called, at } = await day("prosecutor");
const who = await person("prosecutor");
const { page } = who;
const check = (name) => window.check(who, name);
const MAILBOX = "alex@agency.example";
const SECRET = "zqcanary";

// 1. A message that something came, and what a prosecutor finds behind it.
await written(page, MAILBOX, true);
await press(page, "Sign out");
const report = await send({ name: SECRET, files });
await called(who, MAILBOX, [report, SECRET]);
const rooms = await page.locator("nav[aria-label] a").allInnerTexts();
for (const none of ["Seized sets", "People", "Keys", "Media"]) must(!rooms.includes(none), `${none} is no room of theirs: ${rooms}`);
await press(page, "Inbox");
await press(page, String(report));
await page.goto(at("/agency/inbox/assignment"));
await reads(page, "Your commander and your supervisors change units and rules", "who assigns");

// 2. An investigator works the case, lets the prosecutor in, and closes it with what came of it.
const robin = (await window.person()).page;
await enter(robin, ready.sign_in.investigator);
await robin.goto(at(`/agency/reports/${report}`));
await press(robin, "Open a case with it");
await fill(robin, "Title", "Charges are prepared");
await press(robin, "Open the case");
const url = robin.url().split("#")[0];
await page.goto(url);
await reads(page, "There is no such page", "a case is there for its members");
await press(robin, "Take somebody in, or out");
await choose(robin, "Who", "Alex");
await choose(robin, "May", "read");
await fill(robin, "Why they need to know", "Charges");
await press(robin, "Take them in");
await mark(robin, "Arrest");
await press(robin, "Record the outcome");
await press(robin, "Close the case");
await reads(robin, "closed: Done", "the investigator is done");

// 3. The closed case: read, and nothing in it to change.
await press(page, "Cases");
await page.goto(at("/agency/cases?closed=yes"));
await reads(page, "Charges are prepared", "the case is among the closed ones");
await press(page, url.split("/").pop());
await reads(page, "closed: Done", "the prosecutor sees how it ended");
await reads(page, "Arrest", "and what came of it");
for (const not of ["Open the case again", "Record a warrant", "Add a note"]) {
  must(!(await page.getByText(not).count()), `whoever reads a closed case does not find "${not}"`);
}
await check("closed-case");

// 4. For the court: the certificate as it is signed and as it is checked, then the package.
await press(page, String(report));
await press(page, "Certificate for a court");
await fill(page, "Name of whoever will sign", "Dull Custodian");
await fill(page, "Role and office", "Custodian of records, Example Task Force");
await check("report");
const paper = await taken(page, "Make the certificate");
must(readFileSync(await paper.path()).subarray(0, 5).toString() === "%PDF-", "the certificate is to be signed by hand");
await choose(page, "Form", "JSON");
const sheet = readFileSync(await (await taken(page, "Make the certificate")).path(), "utf8");
must(sheet.includes(String(report)) && sheet.includes("Dull Custodian"), "the same to be checked by a program");
const copy = await taken(page, "Download package");
must(readFileSync(await copy.path()).subarray(0, 2).toString() === "PK", "the package is an archive");

// 5. Appointments at which the defence looks at files are the prosecutor's to keep.
await press(page, "Viewing appointments of this report");
await fill(page, "Government place or court", "Example courthouse, room 2");
await to(page, "Day", (focus) => focus.tag === "INPUT");
await page.keyboard.type("12312031");
await fill(page, "From", "09:30");
await fill(page, "Until", "11:00");
await fill(page, "Everybody present, one a line, each with their part", "Dull Counsel, for the defence");
await choose(page, "Supervised by", "Robin");
await to(page, "File 1", (focus) => focus.type === "checkbox");
await page.keyboard.press("Space");
await press(page, "Record the appointment");
await reads(page, "Supervised by Robin Sample", "the appointment is on record");
await check("viewings");
await robin.goto(page.url());
await reads(robin, "There is no such page", "and nobody else's");

await window.end();
