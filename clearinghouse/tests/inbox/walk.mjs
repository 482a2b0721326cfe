// Works an inbox in Chromium by Tab, Space, Enter and letters: first with script switched off, then with it, where single keys
// and news work too. Every page on the way is checked with axe in the light and in the dark scheme.
//   node walk.mjs TOOLS PICTURES COMMANDER INVESTIGATOR OTHER-AGENCY
import { choose, fill, focused, keyboard, press, reads, to } from "../common/keyboard.mjs";
import { enter, must, opened } from "../common/walk.mjs";

const [tools, pictures, commanderLink, investigatorLink, otherLink] = process.argv.slice(2);
const window = await opened(tools, pictures, "inbox");
const { person, check } = await keyboard(window);
const at = (path) => new URL(path, commanderLink).href;

/** Chooses the first reports of the list. */
async function take(page, many) {
  const labels = await page.locator("tbody input[type=checkbox]").evaluateAll((all) => all.map((one) => one.ariaLabel));
  must(labels.length >= many, `${page.url()} lists ${labels.length} reports`);
  for (const label of labels.slice(0, many)) {
    while ((await page.evaluate(() => document.activeElement.ariaLabel)) !== label) await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
  }
  return labels.slice(0, many).map((label) => label.match(/\d+/)[0]);
}

// 1. Without script: the list, a filter, columns, and a view that keeps them.
const casey = await person(commanderLink);
await check(casey, "list");
await press(casey, "Filters, order and columns");
await choose(casey, "Order", "Due");
await choose(casey, "Status", "New");
await to(casey, "Place", (one) => one.type === "checkbox");
await casey.keyboard.press("Space");
await press(casey, "Show");
must(/sort=due&status=new/.test(casey.url()), `the address keeps the question: ${casey.url()}`);
await check(casey, "filtered");
await press(casey, "Keep this view, or remove one");
await fill(casey, "Name of the view", "New, due first");
await press(casey, "Keep the view");
await press(casey, "Everything that is open");
await press(casey, "New, due first");
must(/sort=due&status=new/.test(casey.url()), "the view leads back to its question");

// Why it waits decides the status that is asked for; our advice, the basis and days narrow further.
await casey.goto(at("/agency/inbox"));
await press(casey, "Filters, order and columns");
await choose(casey, "Reason", "Waits for a court");
await choose(casey, "Advised priority", "routine");
await choose(casey, "Basis of the disclosure", "C2-STATE");
await fill(casey, "Made available from (UTC)", "01012026");
await fill(casey, "Last change until, that day included (UTC)", "01012036");
await press(casey, "Show");
must(/reason=awaits-process.*advised=routine.*basis=C2-STATE/.test(casey.url()), `the address keeps all of it: ${casey.url()}`);
must((await casey.locator("#status").inputValue()) === "waiting", "the page says which status that is");
must((await casey.locator("#changed-to").inputValue()) === "2036-01-01", "and keeps the days");
await reads(casey, "No report matches", "nothing waits for a court yet");
await check(casey, "narrowed");

// What is set stands above the list, and the form is folded: the list begins on the first screen. Whoever comes back from the
// form or takes a filter away is at that line, with the keyboard too.
must((await focused(casey)).name.startsWith("Status: Waiting Take away"), `the focus is at what is listed: ${(await focused(casey)).name}`);
must((await casey.locator("details:has(> #filters)").getAttribute("open")) === null, "the form is folded");
must((await casey.locator("#inbox-list").boundingBox()).y < 800, "the list begins on the first screen");
await press(casey, "Take away Reason: Waits for a court");
must(/status=waiting/.test(casey.url()) && !/reason=/.test(casey.url()), `the reason alone is gone: ${casey.url()}`);
must((await focused(casey)).name.startsWith("Status: Waiting Take away"), "the focus is where it was");
await press(casey, "Take all filters away");
must(new URL(casey.url()).search === "", `nothing is left of them: ${casey.url()}`);
must((await focused(casey)).name === "Everything that is open. Most urgent first.", (await focused(casey)).name);
await casey.goto(at("/agency/inbox?column=advised&column=basis&column=changed&arrived-from=2026-01-01"));
await reads(casey, "Advised priority", "our priority is a column of its own");
await check(casey, "columns-of-the-delivery");
await casey.goto(at("/agency/inbox?sort=due&status=new"));

// 2. Two reports together: shown before, carried out, put back.
const [one, two] = await take(casey, 2);
await choose(casey, "Status", "Ackn");
await press(casey, "Show what would change");
await reads(casey, "New Acknowledged", "the preview shows before and after");
await check(casey, "preview");
await press(casey, "Change 2 reports");
await reads(casey, "2 reports changed", "they were changed");
await check(casey, "changed");
await press(casey, "Undo");
await reads(casey, "2 reports put back", "they were put back");
await press(casey, "Back to the list");
await reads(casey, one, "the first is new again");
await press(casey, "Show what would change");
await reads(casey, "Choose what is to be changed.", "nothing was chosen, and the page says so");

// 3. One report, two officers: the second is shown how it stands, and loses nothing.
const robin = await person(investigatorLink);
for (const page of [casey, robin]) await page.goto(at(`/agency/reports/${two}/standing`));
await choose(robin, "Assigned to", "Me");
await press(robin, "Change it");
await reads(robin, "Assigned, Robin Sample", "the investigator took it");
await choose(casey, "Status", "Closed: Nothing");
await press(casey, "Change it");
await reads(casey, "Somebody of your agency changed this report", "the commander is told");
await reads(casey, "Robin Sample", "and by whom it is held now");
must((await casey.locator("#set-status").inputValue()) === "closed.unfounded", "what was chosen is still in the form");
await check(casey, "two-at-once");
await press(casey, "Change it");
await reads(casey, "Closed: Nothing unlawful found", "sent again it counts");
await choose(robin, "Assigned to", "Nobody");
await press(robin, "Change it");
await reads(robin, "Somebody of your agency changed this report", "now the investigator is told");

// 4. A search stands in no address.
await casey.goto(at("/agency/inbox"));
await fill(casey, "Search", one);
await press(casey, "Search");
must(casey.url().endsWith("/agency/inbox/find"), `${casey.url()} says nothing of what was searched for`);
must((await casey.locator("tbody tr").count()) === 1, "exactly one report has this number");
await check(casey, "found");

// 5. Units and rules; what is late; the hand-over.
await casey.goto(at("/agency/inbox/assignment"));
await press(casey, "Take somebody into a unit");
await choose(casey, "Who", "Robin");
await fill(casey, "Unit", "North");
await press(casey, "Take them in");
await press(casey, "Add a rule");
await fill(casey, "Unit that gets it", "North");
await to(casey, "One of its people gets it, in turn");
await casey.keyboard.press("Space");
await press(casey, "Add the rule");
await reads(casey, "one person, in turn", "the rule stands there");
await check(casey, "assignment");
await casey.goto(at("/agency/inbox/late"));
await check(casey, "late");
await casey.goto(at("/agency/inbox/hand-over"));
await reads(casey, "What was done", "the hand-over tells it");
await reads(casey, two, "with the report that was closed");
const mark = casey.locator(".house-printed");
must(!(await mark.isVisible()), "on the screen nothing is across the page");
await casey.emulateMedia({ media: "print" });
must((await mark.isVisible()) && /^Casey Placeholder, .+ \d{4}-\d\d-\d\d$/s.test((await mark.innerText()).trim()), `a print says who made it: ${await mark.innerText()}`);
await casey.emulateMedia({ media: null });
await check(casey, "hand-over");
await robin.goto(at("/agency/inbox/assignment"));
await reads(robin, "Your commander and your supervisors change units and rules", "an investigator reads them");
await casey.goto(at("/agency/inbox"));
await press(casey, "I have seen these");
await reads(casey, "0 new", "nothing is new any more");

// 6. With script: single keys go through the list, and rest while somebody types.
const keyed = await enter(await window.person(), investigatorLink);
const { page: kim } = keyed;
// What was closed on the way is shown, too: few reports of a small demo come to one agency.
await kim.goto(at("/agency/inbox?status=any"));
await kim.locator("#keys-switch").waitFor({ state: "attached" });
await kim.keyboard.press("j");
await kim.keyboard.press("j");
const second = await kim.locator("tbody tr").nth(1).locator("th a").innerText();
must((await focused(kim)).name === second, "j goes to the next report");
await kim.keyboard.press("x");
must(await kim.locator("tbody tr").nth(1).locator("input").isChecked(), "x chooses it");
await kim.keyboard.press("/");
await kim.keyboard.type("jx?");
must((await kim.locator("#find").inputValue()) === "jx?", "in a field, keys are letters");
await kim.keyboard.press("Tab");
await kim.keyboard.press("?");
await to(kim, "Switch single keys off");
await kim.keyboard.press("Enter");
const toggle = await focused(kim);
must(toggle.name === "Switch single keys on", "the keys can be switched off for good");
await kim.keyboard.press("j");
must((await focused(kim)).name === toggle.name, "and rest then");
await window.check(keyed, "keys");

// 7. Another agency sees nothing of all that.
const kit = await person(otherLink);
await kit.goto(at(`/agency/reports/${two}/standing`));
await reads(kit, "There is no such page", "another agency's report does not exist");
await kit.goto(at("/agency/inbox/assignment"));
await reads(kit, "There is no rule", "nor do its rules");

await window.end();
