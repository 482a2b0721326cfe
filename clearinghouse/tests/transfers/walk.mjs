// Reports between agencies in Chromium: script is switched off, and everything is reached by Tab, Space and Enter. Every page on
// the way is checked with axe in the light and in the dark scheme.
//   node walk.mjs TOOLS PICTURES INVESTIGATOR COMMANDER OTHER-AGENCY ANALYST SUPERVISOR COUNSEL
import { choose, fill, keyboard, mark, press, reads } from "../common/keyboard.mjs";
import { must, opened } from "../common/walk.mjs";

const [tools, pictures, annLink, caseyLink, kitLink, iraLink, samLink, coraLink] = process.argv.slice(2);
const window = await opened(tools, pictures, "transfers");
const { person, check, checked } = await keyboard(window);
const place = (page, path) => page.goto(new URL(path, page.url()).href);

// 1. Two people record that the small agency is an affiliate of the task force.
const sam = await person(samLink);
await place(sam, "/admin/affiliations");
await check(sam, "affiliations-none");
const kit = await person(kitLink);
const small = "Minnesota";
await choose(sam, "Task force", "Los");
await choose(sam, "Affiliate", small);
await fill(sam, "Where the agreement of both is", "binder 7");
await fill(sam, "SHA-256 of the agreement", "7".repeat(64));
await fill(sam, "From", "01012026");
await fill(sam, "Until", "01012036");
await press(sam, "Ask");
await reads(sam, "binder 7", "what exactly is asked for");
const cora = await person(coraLink);
await cora.goto(sam.url());
await press(cora, "Agree");
await place(sam, "/admin/affiliations");
await reads(sam, "holds", "the affiliate is on record");
await check(sam, "affiliations");

// 2. An investigator hands a report on; what lacks its ground is refused, and no word is lost.
const ann = await person(annLink);
await press(ann, /^\d+$/);
const report = new URL(ann.url()).pathname.split("/").pop();
await reads(ann, "Your agency holds it.", "the report says who holds it");
await press(ann, "Hand it on");
await choose(ann, "To", small);
await fill(ann, "State, for G2-iv", "nowhere");
await fill(ann, "Words to the other agency", "He lives in your town");
await press(ann, "Hand it on");
await reads(ann, "the State is not on record", "an exception without its ground");
must((await ann.getByLabel("Words to the other agency").inputValue()) === "He lives in your town", "no word is lost");
await check(ann, "refused");
await fill(ann, "State, for G2-iv", "US-CA");
await fill(ann, "Offence, for G2-iv", "PC 311.11");
await check(ann, "hand-on");
const stale = await ann.context().newPage();
await stale.goto(ann.url());
await press(ann, "Hand it on");
await reads(ann, "waits for an answer", "it is offered");
const transfer = ann.url();
await check(ann, "offered");
// Somebody who had the form open is told, and their words are kept.
await choose(stale, "To", "Maine");
await fill(stale, "Offence, for G2-iv", "PC 311.11");
await fill(stale, "Words to the other agency", "Words of the second");
await press(stale, "Hand it on");
await reads(stale, "since you opened the page", "the second is told");
must((await stale.getByLabel("Words to the other agency").inputValue()) === "Words of the second", "their words are kept");

// 3. The other agency sees what it needs to answer, and not the report; it says no, then yes to a second offer.
await place(kit, `/agency/reports/${report}`);
await reads(kit, "There is no such page", "an offer makes nothing available");
await press(kit, "Transfers");
await check(kit, "list");
await press(kit, `Report ${report}`);
await reads(kit, "He lives in your town", "the words to the other agency");
await check(kit, "answer");
await mark(kit, "We have nobody for it in time");
await fill(kit, "Words to the other agency", "Ask again on Monday");
await press(kit, "Decline");
await reads(kit, "declined", "it was declined");
await ann.goto(transfer);
await reads(ann, "Ask again on Monday", "their words come back");
await check(ann, "declined");
await place(ann, `/agency/reports/${report}/hand-on`);
await choose(ann, "To", small);
await fill(ann, "Offence, for G2-iv", "PC 311.11");
await press(ann, "Hand it on");
await kit.goto(ann.url());
await press(kit, "Take the report");
await reads(kit, "taken", "it was taken");
await press(kit, "Open the report");
await reads(kit, "Your agency holds it.", "the other agency holds it");
await check(kit, "taken");
await place(ann, `/agency/reports/${report}`);
await reads(ann, "holds it.", "the first agency sees who holds it");
await reads(ann, "held elsewhere", "and that it does not");
await check(ann, "held-elsewhere");

// 4. A commander says of another report that it is not theirs: two clicks, from its page.
const casey = await person(caseyLink);
const others = await casey.locator("tbody th a").allInnerTexts();
const next = others.find((number) => /^\d+$/.test(number) && number !== report);
await place(casey, `/agency/reports/${next}`);
await press(casey, "Not ours, because");
await mark(casey, "The place that it was routed by is wrong");
await press(casey, "It is not ours");
await reads(casey, "Your agency said on", "the report says that it was given back");
await check(casey, "given-back");

// 5. The desk sees it, with the reason, and decides what waits for it.
const ira = await person(iraLink);
await press(ira, "Given back by agencies");
await reads(ira, next, "the desk sees it");
await check(ira, "desk");
await press(ira, next);
await reads(ira, "The place that it was routed by is wrong", "and why");
await check(ira, "desk-one");
const waits = await ira.getByLabel("Reason").count();
if (waits > 0) {
  await fill(ira, "Reason", "It is yours after all.");
  await press(ira, "Decide");
  await reads(ira, "It is yours after all.", "the reason of the desk");
  await check(ira, "desk-decided");
}

console.log(`${checked.size} pages checked, the desk decided ${waits}`);
await window.end();
