// The three levels of an agency at its inbox in Chromium, with script switched off and the keyboard alone: a supervisor gives
// reports out and takes it back where nobody went on, an investigator takes and gives back, a commander keeps what everybody
// finds. Every page on the way is checked with axe in the light and in the dark scheme.
//   node levels.mjs TOOLS PICTURES READY-LINE-OF-THE-DEMO ADDRESS-IN-THE-AGENCY'S-PLACE
import { choose, fill, keyboard, press, reads, to } from "../common/keyboard.mjs";
import { delivered, provider } from "../common/provider.mjs";
import { must, opened } from "../common/walk.mjs";

const [tools, pictures, given, ip] = process.argv.slice(2);
const ready = JSON.parse(given);
const window = await opened(tools, pictures, "levels");
const { person, check } = await keyboard(window);
const at = (path) => new URL(path, ready.ispws).href;
const send = async (name) => {
  const report = await provider(ready).report({ ip, name });
  await delivered(ready, "icac-us-ca-los-angeles", report);
  return String(report);
};
const [one, two, three] = [await send("first"), await send("second"), await send("third")];

/** Chooses these reports of the list. */
async function take(page, reports) {
  for (const report of reports) {
    const label = await page.locator(`tbody input[value^="${report}."]`).getAttribute("aria-label");
    while ((await page.evaluate(() => document.activeElement.ariaLabel)) !== label) await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
  }
}
const rooms = (page) => page.locator("header nav a").allInnerTexts();

// 1. A supervisor has the rooms of whoever works reports, and gives two of them to an investigator.
const jordan = await person(ready.sign_in.unit_supervisor);
for (const none of ["People", "Keys", "Media permission"]) must(!(await rooms(jordan)).includes(none), `${none} is the commander's: ${await rooms(jordan)}`);
await check(jordan, "supervisor");
await take(jordan, [one, two]);
await choose(jordan, "Assigned to", "Robin");
await fill(jordan, "Unit", "North");
await press(jordan, "Show what would change");
await reads(jordan, "Assigned, Robin Sample, North", "the preview says to whom");
await press(jordan, "Change 2 reports");
await reads(jordan, "2 reports changed", "they were given out");

// 2. The investigator goes on with one. What the supervisor takes back is the other one only.
const robin = await person(ready.sign_in.investigator);
await robin.goto(at("/agency/inbox?holder=me&sort=oldest"));
must((await robin.locator("tbody th a").allInnerTexts()).join() === `${one},${two}`, "both are theirs");
await robin.goto(at(`/agency/reports/${one}/standing`));
await choose(robin, "Status", "In work");
await press(robin, "Change it");
await press(jordan, "Undo");
await reads(jordan, "1 report put back", "one is put back");
await reads(jordan, `Somebody else had changed these meanwhile, so they stay as they are: ${one}`, "the other is named");
await check(jordan, "undone");
await robin.goto(at("/agency/inbox?holder=me"));
must((await robin.locator("tbody th a").allInnerTexts()).join() === one, "what somebody went on with stays theirs");

// 3. An investigator takes one, and gives none to others: not by the form, and not past it.
await robin.goto(at("/agency/inbox"));
await take(robin, [three]);
const holders = await robin.locator("#set-holder option").allInnerTexts();
must(holders.join() === "Stays as it is,Me,Nobody", `to others no investigator gives: ${holders}`);
await robin.locator("#set-holder option").last().evaluate((option) => (option.value = "demo-prosecutor"));
await choose(robin, "Assigned to", "Nobody");
await press(robin, "Show what would change");
await reads(robin, "Only your commander and your supervisors give reports to others", "and is told so who tries");
await robin.goto(at("/agency/inbox/late"));
await check(robin, "late");

// 4. A view that a supervisor gives to everybody; each orders the list by its heads.
await jordan.goto(at("/agency/inbox?unit=North"));
await press(jordan, "Keep this view, or remove one");
await fill(jordan, "Name of the view", "The north");
await to(jordan, "Everybody of the agency finds it", (focus) => focus.type === "checkbox");
await jordan.keyboard.press("Space");
await press(jordan, "Keep the view");
await robin.goto(at("/agency/inbox"));
await press(robin, "The north");
must(new URL(robin.url()).searchParams.get("unit") === "North", "everybody finds it");
must(!(await robin.getByText("Remove The north").count()), "and only its owner removes it");
await robin.goto(at("/agency/inbox"));
await press(robin, "Received");
const first = await robin.locator("tbody th a").first().innerText();
await press(robin, "Received");
must((await robin.locator("tbody th a").first().innerText()) !== first, "the head of a column turns the order round");

// 5. The commander sees what each has, and has the rooms of the agency's own keeping.
const casey = await person(ready.sign_in.commander);
for (const room of ["People", "Keys", "Media permission"]) must((await rooms(casey)).includes(room), `${room}: ${await rooms(casey)}`);
await casey.goto(at("/agency/figures"));
await reads(casey, "Robin Sample", "who has how much");
await casey.goto(at("/agency/inbox/assignment"));
await press(casey, "Take somebody into a unit");
await choose(casey, "Who", "Robin");
await fill(casey, "Unit", "North");
await press(casey, "Take them in");
await jordan.goto(at("/agency/inbox/assignment"));
await press(jordan, "Take Robin Sample out of North");
await reads(jordan, "Nobody is in a unit yet", "a supervisor keeps units too");

await window.end();
