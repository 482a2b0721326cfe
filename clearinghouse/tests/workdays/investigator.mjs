// An investigator's day, with the keyboard alone: something new comes by mail; the inbox in an order and with columns of their
// own; a report taken, a case with a warrant, the package, a search for words of one's own, an outcome, the end of the case.
import { choose, fill, mark, press, reads, taken, to } from "../common/keyboard.mjs";
import { must } from "../common/walk.mjs";
import { day } from "./shift.mjs";

const { window, files, send, person, written, called, at } = await day("investigator");
const who = await person("investigator");
const { page } = who;
const check = (name) => window.check(who, name);
const MAILBOX = "robin@agency.example";
const SECRET = "zqcanary";

// 1. Somebody who is no commander says where they are written to, and keeps nothing of the agency's.
await written(page, MAILBOX, true);
must(!(await page.getByText("Write a turn down").count()), "the ladder is not theirs to keep");
must(!(await page.getByText("Add a webhook").count()), "nor are webhooks");
await check("notify");
await press(page, "Sign out");

// 2. Something new came. The message leads to the door and on.
const report = await send({ name: SECRET, files });
await called(who, MAILBOX, [report, SECRET, "Los Angeles"]);
await send({ name: "another" });
await press(page, "Inbox");

// 3. The inbox as one likes it: an order, columns, and what is nobody's.
await press(page, "Filters, order and columns");
await choose(page, "Order", "Oldest");
await choose(page, "Assigned to", "Nobody");
for (const label of ["Incident", "Due", "Sender", "Files", "Place", "Basis"]) {
  await to(page, label, (one) => one.type === "checkbox");
  await page.keyboard.press("Space");
}
await press(page, "Show");
const heads = (await page.locator("thead th").allInnerTexts()).map((text) => text.trim()).filter(Boolean);
for (const shown of ["Received", "Place", "Basis"]) must(heads.some((head) => head.includes(shown)), `${shown} is a column: ${heads}`);
for (const gone of ["Incident", "Due", "Sender", "Files"]) must(!heads.some((head) => head.includes(gone)), `${gone} is none: ${heads}`);
const numbers = await page.locator("tbody th a").allInnerTexts();
must(numbers.join() === [...numbers].sort((one, two) => one - two).join(), `the oldest first: ${numbers}`);
await check("columns");
await press(page, "Keep this view, or remove one");
await fill(page, "Name of the view", "Nobody's, oldest first");
must(!(await page.getByText("Everybody of the agency finds it").count()), "only whoever assigns gives views to everybody");
await press(page, "Keep the view");

// 4. The report is read and taken.
await press(page, String(report));
await reads(page, "You open this report for the first time", "what is new");
await press(page, "Say how far you are, or assign it");
const holders = await page.locator("#set-holder option").allInnerTexts();
must(holders.join() === "Stays as it is,Me,Nobody", `an investigator takes and gives back: ${holders}`);
await choose(page, "Assigned to", "Me");
await choose(page, "Status", "In work");
await press(page, "Change it");
await reads(page, "In work, Robin Sample", "it is theirs");

// 5. A case: words of one's own, a warrant that opens one file, the package.
await page.goto(at(`/agency/reports/${report}`));
await press(page, "Open a case with it");
await fill(page, "Title", "Dull case");
await press(page, "Open the case");
const number = new URL(page.url()).pathname.split("/").pop();
await press(page, "Add a note");
await fill(page, "Text", "Seen beside the harbourcrane at noon");
await press(page, "Write it down");
await press(page, "Record a warrant");
await fill(page, "Court", "Example county");
await fill(page, "Number of the warrant", "26-0017");
await fill(page, "What it covers, in its own words", "The second file");
// The field of a day is filled as its own keyboard does it: month, day, year.
await fill(page, "Last day on which it may be used", "");
await page.keyboard.type("12312031");
await fill(page, "Files that it names", `${report}: 2`);
await press(page, "Record the warrant");
await reads(page, "26-0017", "the warrant is on record");
await reads(page, `Report ${report}, file 2`, "and names one file");
await check("case");
await page.goto(at(`/agency/reports/${report}/files/2`));
await reads(page, "26-0017", "the file says what opens it");
await check("file");
await page.goto(at(`/agency/reports/${report}`));
const copy = await taken(page, "Download package");
must(copy.suggestedFilename().startsWith(String(report)), `the package is called ${copy.suggestedFilename()}`);

// 6. What one wrote oneself is found again; what reports say is found whole only.
await press(page, "Inbox");
await fill(page, "Search", "harbourcrane");
await press(page, "Search");
await reads(page, `Case ${number}: Dull case`, "the case with one's own words");
await check("found-words");
await fill(page, "Search", SECRET);
await press(page, "Search");
await reads(page, String(report), "a whole screen name finds its report");
await fill(page, "Search", SECRET.slice(0, 4));
await press(page, "Search");
must(!(await page.locator("tbody th a").count()), "a part of it finds nothing");

// 7. What came of it, and the end.
await page.goto(at(`/agency/cases/${number}`));
await mark(page, "Arrest");
await press(page, "Record the outcome");
await reads(page, "Arrest", "the outcome");
await press(page, "Close the case");
await reads(page, "closed: Done", "the case is closed");
await page.goto(at(`/agency/reports/${report}/standing`));
await reads(page, "Closed", "and its report with it");
await check("standing");
await window.end();
