// Reports come while an inbox is open in Chromium: the page tells of them without being loaded again, and a screen reader is
// given each piece of news once.
//   node walk.mjs TOOLS PICTURES READY-LINE-OF-THE-DEMO ADDRESS-IN-THE-AGENCY'S-PLACE
import { press, to } from "../common/keyboard.mjs";
import { provider } from "../common/provider.mjs";
import { enter, must, opened } from "../common/walk.mjs";

const [tools, pictures, given, ip] = process.argv.slice(2);
const ready = JSON.parse(given);
const window = await opened(tools, pictures, "news");
const who = await enter(await window.person(), ready.sign_in.investigator);
const { page, cdp } = who;
const send = () => provider(ready).report({ ip });

/** The regions that a screen reader listens to, with what they say. */
async function listened() {
  const { nodes } = await cdp.send("Accessibility.getFullAXTree");
  const words = (node) => (node.childIds ?? []).map((id) => nodes.find((one) => one.nodeId === id))
    .map((child) => (child.role.value === "StaticText" ? child.name.value : words(child))).join("");
  return nodes.filter((node) => node.role?.value === "status").map(words);
}

// 1. The region is there before it says anything, or nothing that it says is heard.
await cdp.send("Accessibility.enable");
must((await listened()).join("|") === "", `one silent region: ${JSON.stringify(await listened())}`);
must((await listened()).length === 1, "there is one region");
await page.evaluate(() => {
  window.stayed = true;
  window.heard = [];
  const region = document.querySelector("#news [role=status]");
  new MutationObserver(() => window.heard.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true });
});
await window.check(who, "silent");

// 2. One comes, then another one: each is told once, on the same page.
const says = ["1 report came since you loaded this page.", "2 reports came since you loaded this page."];
for (const words of says) {
  await send();
  await page.getByText(words).waitFor({ timeout: 60_000 });
  must((await listened()).join() === words, `it is said aloud: ${JSON.stringify(await listened())}`);
}
const heard = await page.evaluate(() => ({ stayed: window.stayed, heard: window.heard }));
must(heard.stayed, "the page was not loaded again");
must(heard.heard.join("|") === says.join("|"), `each once: ${JSON.stringify(heard.heard)}`);
await window.check(who, "told");

// 3. Whoever reads chooses when to load them.
await to(page, "Load them");
await press(page, "Load them");
must((await page.locator("tbody th a").count()) === 2, "both are listed");
must((await listened()).join("|") === "", "and nothing is news any more");

// 4. Five open pages of one person hear of news. The sixth says in words that it does not, and how many others are open.
for (let more = 0; more < 5; more += 1) {
  const another = await page.context().newPage();
  await another.goto(page.url());
  if (more === 4) {
    await another.getByText("This page is not live: 5 others of yours are open. Reload to see news.").waitFor({ timeout: 60_000 });
    await window.check({ ...who, page: another }, "not-live");
  }
}

await window.end();
