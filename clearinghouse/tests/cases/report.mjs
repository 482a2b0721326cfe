// Reads a report in Chromium as an officer does at night: script switched off, with the keyboard alone. Its pictures and
// their tables are checked with axe in both schemes and on paper; a preservation letter is written, taken and recorded.
//   node report.mjs TOOLS PICTURES INVESTIGATOR COMMANDER
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fill, keyboard, mark, press, reads, taken } from "../common/keyboard.mjs";
import { must, opened } from "../common/walk.mjs";

const [tools, pictures, investigatorLink, commanderLink] = process.argv.slice(2);
const window = await opened(tools, pictures, "report");
const { person, check, checked, twin } = await keyboard(window);

// 1. What an officer needs in ten seconds stands on top.
const ann = await person(investigatorLink);
await press(ann, /^\d+$/);
const url = ann.url();
const report = new URL(url).pathname.split("/").pop();
const top = (await ann.locator("section[aria-labelledby=at-a-glance]").innerText()).replace(/\s+/g, " ");
for (const words of ["Priority (advisory)", "Take it on until", "You open this report for the first time", "Who", "Where", "When",
  "What that time means", "Sender preserves until"]) must(top.includes(words), `the top does not say "${words}": ${top}`);
await check(ann, "page");
await check(ann, "page-with-tables", true);

// 2. Every picture has a name that is read, a table with the same facts, and fits on paper.
const figures = await ann.locator("figure.house-picture").all();
must(figures.length >= 2, `only ${figures.length} pictures`);
for (const figure of figures) {
  must((await figure.locator("svg[role=img]").getAttribute("aria-labelledby")) !== null, "a picture without a name");
  must((await figure.locator("table").count()) === 1, "a picture without its table");
}
await twin.page.route(url, async (route) => route.fulfill({ status: 200, contentType: "text/html; charset=utf-8", body: await ann.content() }));
await twin.page.goto(url);
await twin.page.emulateMedia({ media: "print" });
must(await twin.page.locator("figure.house-picture svg").first().isVisible(), "a picture is not printed");
must(await twin.page.locator("figure.house-picture table").first().isVisible(), "a picture is printed without its table");
must(!(await twin.page.locator(".house-header").isVisible()), "the navigation is printed");
await twin.page.screenshot({ path: join(pictures, "report-printed.png"), fullPage: true });
await twin.page.emulateMedia({ media: "screen" });
await twin.page.unroute(url);

// 3. The letter: what the house knows stands in it already.
await press(ann, "Write a preservation letter (18 USC 2703(f))");
await reads(ann, "one year from its report", "the sender's own clock");
await check(ann, "letter");
await fill(ann, "Your case number", "26-0017");
const pages = await taken(ann, "Make the letter");
must(pages.suggestedFilename() === `${report}-preservation-letter.pdf`, pages.suggestedFilename());
must(readFileSync(await pages.path()).subarray(0, 5).toString() === "%PDF-", "the letter is no PDF");
await fill(ann, "Your case number", "26-0018");
await mark(ann, "Text for a portal or a mail");
const text = readFileSync(await (await taken(ann, "Make the letter")).path(), "utf8");
for (const words of ["18 U.S.C. 2703(f)", `Your report: ${report}`, "Our case: 26-0018"]) must(text.includes(words), `${words}: ${text}`);
await fill(ann, "Your case number", "x".repeat(2_001));
await press(ann, "Make the letter");
await reads(ann, "Shorten it and send the form again", "a number of two thousand letters");

// 4. It was sent: a clock of its own.
await press(ann, "record that you sent it");
await fill(ann, "Reference of the letter that you sent", "Letter 7");
await press(ann, "Record the letter");
await ann.goto(url);
await reads(ann, "Your letter Letter 7", "the agency's own clock");
must((await ann.content()).includes("Preservation letter Letter 7"), "the letter stands in the story");

// 5. Figures, for somebody who gives reports out.
const casey = await person(commanderLink);
await press(casey, "Figures");
await reads(casey, "Open reports by who has them", "who has how much");
await check(casey, "figures");

console.log(`${checked.size} pages checked`);
await window.end();
