// Walks every page of every face in Chromium, signed in as each person of the demo: whatever a page leads to is opened,
// nothing may be refused by the content policy or break in the console, nothing may be wider than the window, and the
// first page of each kind is checked with axe in the light and in the dark scheme, and pictured.
//   node walk.mjs TOOLS PICTURES SIGN-IN-LINKS-AS-JSON
import { enter, opened, press } from "../common/walk.mjs";

const [tools, pictures, given] = process.argv.slice(2);
const links = JSON.parse(given);
const checked = new Map();
const { wrong, person, check: checkWhole, end } = await opened(tools, pictures, "face");

/** An address without the names of its things: pages of one kind are checked once. */
function kind(path) {
  const named = path.split("?")[0].split("/").map((part) => (/^\d+$|^[0-9a-f-]{12,}$|^demo-/.test(part) ? "-" : part));
  return named.join("/").replace(/(\/admin\/agencies)\/[^/]+/, "$1/-");
}

async function visitor() {
  const who = await person();
  who.page.on("requestfailed", (request) => {
    // Whoever leaves a page before its letters came has not met a fault.
    const left = request.failure()?.errorText === "net::ERR_ABORTED";
    if (!left && request.resourceType() !== "document") wrong.push(`${who.page.url()}: ${request.url()} failed`);
  });
  return who;
}

/** Checks the first page of each kind. */
async function check(who, name) {
  if (checked.has(name)) return;
  const { page } = who;
  checked.set(name, page.url());
  await checkWhole(who, name.replace(/[^a-z0-9-]+/g, "_").replace(/^_|_$/g, "") || "home");
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  if (width > 1100) wrong.push(`${page.url()}: ${width} wide on a window of 1100`);
}

/** Opens a page; one that is answered with a fault of ours is wrong. */
async function open({ page }, url, word) {
  const answer = await page.goto(url).catch((fault) => {
    if (!/ERR_ABORTED|Download/.test(String(fault))) wrong.push(`${word} at ${url}: ${fault}`);
    return null;
  });
  if (answer && answer.status() >= 400) wrong.push(`${word} is led to ${url}, which is answered with ${answer.status()}`);
  return answer && (answer.headers()["content-type"] ?? "").startsWith("text/html");
}

/** Everything that the page leads to. */
const led = ({ page }) =>
  page.$$eval("a[href]", (all) => all.map((one) => one.href).filter((href) => href.startsWith(location.origin)));

/** Opens every kind of page that somebody is led to. */
async function walk(who, word) {
  const known = new Set();
  const waiting = [who.page.url(), ...(await led(who))];
  while (waiting.length) {
    const url = waiting.shift().split("#")[0];
    const path = new URL(url).pathname;
    const name = kind(path);
    if (known.has(name) || /\/downloads\/|\/receipt\.|certificate\.(pdf|json)$/.test(path)) continue;
    known.add(name);
    if (!(await open(who, url, word))) continue;
    await check(who, name);
    waiting.push(...(await led(who)));
  }
  return known.size;
}

async function send(page, url, fill, label) {
  page.setDefaultTimeout(10_000);
  await page.goto(url);
  await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
  await fill();
  await page.getByRole("button", { name: label }).first().click();
  await page.getByRole("heading", { level: 1 }).waitFor();
}

/** Something in every room: what nobody did shows nothing. */
const first = {
  async commander(who, site) {
    const { page } = who;
    await send(page, `${site}/agency/people`, async () => {
      await page.locator("input[name=name]").fill("Robin Invented");
      await page.locator("input[name=mail]").fill("robin@agency.example");
      await page.locator("input[name=second]").fill("202-555-0188");
      await page.locator("select[name=role]").selectOption({ index: 1 });
    }, "Invite");
    await check(who, "/agency/people invited");
  },
  async investigator(who, site) {
    const { page } = who;
    await page.goto(`${site}/agency/inbox`);
    const report = await page.locator("a[href^='/agency/reports/']").first().getAttribute("href");
    await send(page, `${site}${report}/keeping`, async () => {
      await page.locator("#hold-reason").fill("An invented trial is coming.");
    }, "Place the hold");
    await check(who, "/agency/reports keeping held");
    await send(page, `${site}${report}/keeping`, async () => {
      await page.locator("input[type=checkbox][name=file]").first().check();
      await page.locator("#destroy-reason").fill("An invented reason.");
    }, "Notify the clearinghouse");
    await check(who, "/agency/reports keeping asked");
  },
};

// Outside.
const site = new URL(Object.values(links)[0]).origin;
const stranger = await visitor();
for (const face of ["provider", "agency", "desk"]) {
  await open(stranger, `${site}/${face}/sign-in`, "a stranger");
  await check(stranger, `/${face}/sign-in`);
  await open(stranger, `${site}/${face}`, "a stranger");
}
await stranger.page.goto(`${site}/agency/enter/no-such-link`);
await press(stranger, "I understand: enter");
await check(stranger, "link refused");

// Inside, as everybody. Whoever makes something comes first.
const order = ["commander", "investigator", ...Object.keys(links).filter((word) => !(word in first))];
let found = 0;
for (const word of order) {
  const face = new URL(links[word]).pathname.split("/")[1];
  const who = await visitor();
  await who.page.goto(links[word]);
  await check(who, `enter ${face}`);
  await enter(who, links[word]);
  await first[word]?.(who, site);
  await who.page.goto(`${site}/${face}`);
  found += await walk(who, word);
  const gone = await who.page.goto(`${site}/${face}/nowhere/at/all`);
  if (gone.status() !== 404) wrong.push(`${word} finds something at ${gone.url()}: ${gone.status()}`);
  await check(who, `nowhere ${face}`);
  await who.context.close();
}

console.log(`${found} pages opened, ${checked.size} kinds checked`);
await end();
