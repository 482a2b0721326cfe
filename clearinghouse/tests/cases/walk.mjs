// Works a case in Chromium: script is switched off, and everything is reached by Tab, Space and Enter. Every page on the way
// is checked with axe in the light and in the dark scheme.
//   node walk.mjs TOOLS PICTURES INVESTIGATOR COMMANDER OTHER-AGENCY ANALYST PROVIDER
import { execFileSync } from "node:child_process";
import { choose, fill, keyboard, mark, press, reads, taken } from "../common/keyboard.mjs";
import { must, opened } from "../common/walk.mjs";

const [tools, pictures, investigatorLink, commanderLink, otherLink, analystLink, providerLink] = process.argv.slice(2);
const window = await opened(tools, pictures, "cases");
const { person, check, checked } = await keyboard(window);

// 1. From the inbox to a report, and from it to a case.
const ann = await person(investigatorLink);
await press(ann, /^\d+$/);
const report = new URL(ann.url()).pathname.split("/").pop();
await reads(ann, "Your agency's work on it", "the report shows the agency's own work");
await press(ann, "Open a case with it");
await check(ann, "open");
await fill(ann, "Title", "Dull case");
await fill(ann, "What it is about", "Dull words\nin two lines");
await press(ann, "Open the case");
const caseUrl = ann.url();
must(/\/agency\/cases\/\d+$/.test(caseUrl), `a case was opened: ${caseUrl}`);
await reads(ann, report, "the report is in its case");

// 2. A task, a note, a subject, an exhibit with its custody; a member.
await press(ann, "Add a task");
await fill(ann, "What is to be done", "Ask the court");
await choose(ann, "Whose task it is", "Robin");
await fill(ann, "Text", "Before Friday");
await press(ann, "Write it down");
await press(ann, "Add a note");
await fill(ann, "Text", "First words");
await press(ann, "Write it down");
await press(ann, "Add a subject");
await fill(ann, "Who", "Example Person");
await choose(ann, "Criminal justice information", "CJI");
await press(ann, "Write it down");
await reads(ann, "Data from an FBI CJIS system", "the label in words");
await press(ann, "Add an exhibit");
await fill(ann, "Label", "Telephone");
await press(ann, "Write it down");
await press(ann, "Record what happened to Telephone");
await choose(ann, "What happened", "examined");
await fill(ann, "By whom, to whom, where, why", "By the laboratory");
await press(ann, "Record it");
await reads(ann, "examined, By the laboratory", "the chain of custody");
await press(ann, "Take somebody in, or out");
await choose(ann, "Who", "Alex");
await fill(ann, "Why they need to know", "Charges");
await press(ann, "Take them in");
await reads(ann, "Charges", "why somebody needs to know");
await check(ann, "case");

// 2a. What is labelled stands on no paper with the case, and leaves as its own sheet once everything is on record.
const onPaper = async (page) => {
  await page.emulateMedia({ media: "print" });
  const text = await page.locator("main").innerText();
  await page.emulateMedia({ media: "screen" });
  return text;
};
const paper = await onPaper(ann);
must(paper.includes("Telephone") && !paper.includes("Example Person"), "a labelled entry is printed with its case");
must(paper.includes("It is not printed with the case"), "its place on paper says why");
await press(ann, "Change or pass on Example Person");
must(!(await onPaper(ann)).includes("Example Person"), "nor is its own page printed");
await reads(ann, "Labelled CJI. Nobody takes the label away.", "the label stays");
await check(ann, "cji");
await fill(ann, "Who of it asked", "Sam Placeholder, records desk");
await fill(ann, "Who gets it from them", "Alex Specimen");
await fill(ann, "Why", "Bail hearing");
await press(ann, "Record it and take the sheet");
await reads(ann, "Choose the agency that gets it.", "nothing leaves without a receiver");
must((await ann.getByLabel("Why").inputValue()) === "Bail hearing", "what was written is kept");
await choose(ann, "Agency that gets it", "Minnesota");
const sheet = await taken(ann, "Record it and take the sheet");
must(/^case-\d+-CJI-[0-9a-f]+\.pdf$/.test(sheet.suggestedFilename()), `a sheet is taken: ${sheet.suggestedFilename()}`);
const printed = execFileSync("pdftotext", ["-layout", await sheet.path(), "-"], { encoding: "utf8" });
const onSheet = ["CJI: CRIMINAL JUSTICE INFORMATION", "Example Person", "Sam Placeholder, records desk", "Alex Specimen", "Bail hearing", "Robin Sample"];
for (const words of onSheet) must(printed.includes(words), `the sheet does not say ${words}: ${printed}`);
await ann.goto(ann.url().replace(/\/pass-on$/, ""));
await reads(ann, "Sam Placeholder, records desk Alex Specimen Bail hearing", "who asked, who gets it, and why");
await check(ann, "cji-passed");
await ann.goto(caseUrl);

// 3. Two officers write the same note: the second sees both texts, and nothing is lost.
await press(ann, /^Change the note of/);
const casey = await person(commanderLink);
await casey.goto(caseUrl);
await press(casey, /^Change the note of/);
await fill(casey, "Text", "Words of the commander");
await press(casey, "Save");
await fill(ann, "Text", "Words of the investigator");
await press(ann, "Save");
await reads(ann, "Words of the commander", "the text that stands");
must((await ann.getByLabel("Text", { exact: true }).inputValue()) === "Words of the investigator", "the own text is in the form");
await check(ann, "overtaken");
await press(ann, "Save");
await reads(ann, "Words of the investigator", "both are kept, the later one is shown");

// 4. Legal process.
await press(ann, "Record a subpoena");
await fill(ann, "Issued by", "Example county");
await fill(ann, "Number of the subpoena", "7");
await fill(ann, "To whom, for what", "Example provider, subscriber records");
await press(ann, "Record the subpoena");
await reads(ann, "subscriber records", "a subpoena is on record");
await press(ann, "Take back subpoena 7");
await reads(ann, "revoked", "and taken back");

// A way past the fresh check of the route for legal process: its slash in another spelling.
const past = await ann.request.post(`${caseUrl}/process%2Frecord`, { form: { csrf: "x" }, headers: { origin: new URL(caseUrl).origin } });
must(past.status() === 404, `a slash in another spelling was answered with ${past.status()}`);

// 5. What came of it, in two steps; then the case is closed and opened again.
await mark(ann, "Child identified or made safe");
await press(ann, "Record the outcome");
await reads(ann, "Child identified or made safe", "the outcome of the report");
await press(ann, "Close the case");
await reads(ann, "closed: Done", "a coded reason");
await check(ann, "closed");
await ann.goto(new URL("/agency/cases?closed=yes", caseUrl).href);
await reads(ann, "Dull case", "the list of closed cases");
await check(ann, "list");
await ann.goto(caseUrl);
await press(ann, "Open the case again");
await reads(ann, "opened again", "it is open");

// 6. The page of the report says what came of it.
await ann.goto(new URL(`/agency/reports/${report}`, caseUrl).href);
await reads(ann, "Outcome: Child identified or made safe", "the report shows what came of it");
await check(ann, "report");

// 7. Nobody else is there: another agency, and what is no case.
const kit = await person(otherLink);
await kit.goto(caseUrl);
await reads(kit, "There is no such page", "another agency's case does not exist");
await kit.goto(new URL("/agency/cases/x", caseUrl).href);
await reads(kit, "There is no such page", "nor does what is no number");

// 8. Deconfliction: whom others call.
await casey.goto(new URL("/agency/deconfliction", caseUrl).href);
await fill(casey, "Desk", "Duty desk");
await fill(casey, "Telephone", "202-555-0101");
await press(casey, "Save");
must((await casey.getByLabel("Desk").inputValue()) === "Duty desk", "the contact is kept");
await check(casey, "deconfliction");
const events = await casey.locator("tbody th a").count();
if (events > 0) {
  const link = await casey.locator("tbody th a").first().innerText();
  await press(casey, link);
  await reads(casey, "Whom to call", "an event says whom to call");
  await press(casey, "I handle it here");
  await press(casey, "Say so to the other side");
  await reads(casey, "proposed by you", "a side proposed something");
  await check(casey, "event");
}

// 9. The clearinghouse sees the code and no more; the sender sees no small number.
const ira = await person(analystLink);
await press(ira, "Outcomes of a report");
await fill(ira, "Number of the report", report);
await press(ira, "Show");
await reads(ira, "Child identified or made safe", "the code");
await check(ira, "outcomes");
const morgan = await person(providerLink);
await morgan.goto(new URL("/provider/quality", providerLink).href);
await reads(morgan, "No outcome was said often enough", "a sender sees no small number");
await check(morgan, "sender");

console.log(`${checked.size} pages checked, ${events} events`);
await window.end();
