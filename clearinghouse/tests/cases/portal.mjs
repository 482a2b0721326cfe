// The portal from both sides in Chromium: script is switched off, and everything is reached by Tab, Space and Enter. Whom to
// call, what to read, what to ask; then what somebody is told before they look, and what they are spared. Every page on the way
// is checked with axe in the light and in the dark scheme.
//   node portal.mjs TOOLS PICTURES INVESTIGATOR COMMANDER OTHER-AGENCY ANALYST SUPERVISOR DOCUMENT
import { choose, fill, keyboard, press, reads, taken, to } from "../common/keyboard.mjs";
import { must, opened } from "../common/walk.mjs";

const [tools, pictures, investigator, commander, other, analyst, supervisor, paper] = process.argv.slice(2);
const walk = await opened(tools, pictures, "portal", /ERR_BLOCKED_BY_ORB|status of 415/);
const { person, check, checked } = await keyboard(walk);
const at = (path) => new URL(path, investigator).href;

// 1. A commander says whom others call; an agency far away finds it.
const casey = await person(commander);
await press(casey, "Portal");
await reads(casey, "The directory has no contact of yours", "nobody said whom to call");
await check(casey, "first");
await press(casey, "Directory");
await fill(casey, "Desk", "Duty desk of the walk");
await fill(casey, "Telephone", "202-555-0142");
await fill(casey, "When somebody answers", "day and night");
await press(casey, "Add");
await reads(casey, "202-555-0142", "the contact stands");
await press(casey, "It still holds");
await reads(casey, "Last confirmed", "it was confirmed");
await press(casey, "Change Duty desk of the walk");
await choose(casey, "What they are called about", "Legal");
await press(casey, "Save");
await reads(casey, "Legal process: Duty desk of the walk", "it was changed");
await check(casey, "directory-kept");
const kit = await person(other);
await press(kit, "Portal");
await press(kit, "Directory");
await fill(kit, "Agency, state, desk or duty", "legal walk");
await press(kit, "Search");
await reads(kit, "202-555-0142", "another agency knows whom to call");
must(!(await kit.getByText("It still holds").count()), "and says nothing of what is not its own");
await check(kit, "directory");

// 2. A supervisor puts a document in; an officer takes it.
const sam = await person(supervisor);
await press(sam, "Portal");
await press(sam, "Library");
await choose(sam, "Where it stands", "Training");
await fill(sam, "Title", "How to read a report");
await fill(sam, "What it is for", "For new officers");
await to(sam, "File", (one) => one.type === "file");
// The window in which a file is chosen is the system's own, and no page of ours.
await sam.locator("input[type=file]").setInputFiles(paper);
await press(sam, "Put it in");
await reads(sam, "Version 1", "the document stands in the library");
await check(sam, "document");
const ann = await person(investigator);
await press(ann, "Portal");
await press(ann, "Library");
await check(ann, "library");
await press(ann, "How to read a report");
const copy = await taken(ann, "Version 1");
must(copy.suggestedFilename() === "guide.txt", `the copy is called ${copy.suggestedFilename()}`);
must(!(await ann.getByText("Take it out").count()), "an agency keeps no library");

// 3. An officer asks, an analyst answers; of two who write at once the second sees both.
await ann.goto(at("/agency/portal"));
await press(ann, "Requests");
await choose(ann, "What you need", "Victim");
await fill(ann, "Number of the report", "999999999");
await fill(ann, "What it is about, in a line", "Is this child known?");
await fill(ann, "What you ask", "The school badge on file 1, words only.");
await press(ann, "Ask");
await reads(ann, "Your agency has no report of this number", "a wrong number is said");
await fill(ann, "Number of the report", "");
await ann.keyboard.press("Control+A");
await ann.keyboard.press("Delete");
await press(ann, "Ask");
await reads(ann, "The school badge on file 1", "the request stands");
const thread = new URL(ann.url()).pathname;
const ira = await person(analyst);
await press(ira, "Portal");
await reads(ira, "1 waits for your side", "a request waits for the clearinghouse");
await press(ira, "Requests");
await check(ira, "requests-desk");
await press(ira, thread.split("/").pop());
await press(ira, "I take it");
await fill(ann, "Message", "One more word.");
await fill(ira, "Message", "We know no such badge.");
await press(ira, "Send");
await press(ann, "Send");
await reads(ann, "We know no such badge.", "what the other side wrote meanwhile");
must((await ann.getByLabel("Message").inputValue()) === "One more word.", "the own words are in the form");
await check(ann, "overtaken");
await press(ann, "Send");
await reads(ann, "One more word.", "both are kept");
await press(ann, "Close it");
await reads(ann, "A message opens it again", "it is closed");
await check(ann, "thread");
await kit.goto(at(thread));
await reads(kit, "There is no such page", "another agency's request does not exist");

// 4. Before a look: what one was shown, and what one chose.
async function picture() {
  for (let number = 1_000_001; number < 1_000_060; number += 1) {
    const answer = await ann.goto(at(`/agency/reports/${number}`));
    if (answer.status() !== 200) continue;
    const rows = ann.locator("tr", { hasText: "ESP_VIEWED" });
    for (let row = 0; row < (await rows.count()); row += 1) {
      const href = await rows.nth(row).locator("a").first().getAttribute("href");
      if (/\/files\/\d+$/.test(href)) return href;
    }
  }
  throw new Error("the demo has no file that its sender viewed");
}
const file = await picture();
const CLASSES = ["A1: before puberty, a sexual act", "A2: before puberty, lascivious exhibition", "B1: in puberty, a sexual act", "B2: in puberty, lascivious exhibition", "Not classified by anybody"];
/** Takes each of these answers, or takes them back. */
async function toggle(page) {
  for (const label of CLASSES) {
    await to(page, label, (one) => one.type === "checkbox");
    await page.keyboard.press("Space");
  }
  await press(page, "Save");
}
await ann.goto(at(file));
await reads(ann, "Nothing within the last seven days", "the reviewer sees first what they were shown");
await reads(ann, "Words come before pictures", "text before media");
await check(ann, "before");
await press(ann, "Limits, and what you do not want to be shown");
await toggle(ann);
await ann.goto(at(file));
await reads(ann, "You chose not to be shown files of this kind", "what somebody chose holds");
must(!(await ann.getByText("Show it grey").count()), "and nothing asks them again");
await ann.goto(at("/agency/portal/wellness"));
await toggle(ann);
await press(ann, "Set limits of your own");
await fill(ann, "Any class, a day", "0");
await press(ann, "Set mine");
await check(ann, "looking");
await ann.goto(at(file));
await reads(ann, "You have come to a soft limit", "a limit of one's own");
await check(ann, "limit");
await press(ann, "Show it grey and blurred");
await reads(ann, "a soft limit was reached", "nothing is shown before one says so");
await to(ann, "I go on all the same", (one) => one.type === "checkbox");
await ann.keyboard.press("Space");
await press(ann, "Show it grey and blurred");
await reads(ann, "as we drew it", "a soft limit shuts nothing");
await ann.locator("#picture img").evaluate((one) => one.complete);
await ann.waitForLoadState("networkidle");
await press(ann, "Show it clear");
await ann.waitForLoadState("networkidle");
await press(ann, "Close it");
await reads(ann, "within 24 hours", "the look is counted");
await check(ann, "counted");

// 5. Whoever saw it says of which class it is: nobody of theirs is shown it again, until that is taken back.
await choose(ann, "Class", "B2");
await press(ann, "Say it");
await reads(ann, "These bytes are known", "only the class is shown");
must(!(await ann.getByText("Show it grey").count()), "and no look is offered");
await check(ann, "known");
await casey.goto(at(file));
await reads(casey, "B2: in puberty, lascivious exhibition, said by somebody who saw them", "a colleague is told the class");
await press(ann, "The class is wrong, or it must be seen again");
await press(ann, "Take the class back");
must(await ann.getByText("Show it grey").count(), "what was taken back can be asked for");

console.log(`${checked.size} pages checked`);
await walk.end();
