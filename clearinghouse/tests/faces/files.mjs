// Sends a report of more files than one page shows, and turns the pages of its files as its officer does.
//   node files.mjs TOOLS PICTURES READY-LINE-OF-THE-DEMO AGENCY
import { delivered, provider } from "../common/provider.mjs";
import { opened, press, reads } from "../common/walk.mjs";

const [tools, pictures, given, agency] = process.argv.slice(2);
const ready = JSON.parse(given);
const { person, check, end } = await opened(tools, pictures, "files");
/** One page and a bit. */
const FILES = 104;

const api = ready.agency_api.find((one) => one.agency === agency);
const asked = (path) => fetch(`${api.base}/${path}`, { headers: { authorization: `Bearer ${api.token}` } });
const feed = async () => (await asked("feed?after=0")).json();

/** An address that the tables place where this agency is. */
async function address() {
  const { entries } = await feed();
  for (const { report } of entries) {
    const { added } = await (await asked(`reports/${report}`)).json();
    const here = added.findings.find((one) => one.value.county_fips === "06037");
    if (here) return here.subject;
  }
  throw new Error(`none of ${entries.length} reports has an address of ${agency}`);
}

const ip = await address();
const files = Array.from({ length: FILES }, (_, at) => ({ bytes: `invented bytes ${at}`, name: `invented-${at}.txt` }));
const report = await provider(ready).report({ ip, files });
await delivered(ready, agency, report);

const officer = await person();
const { page } = officer;
await page.goto(ready.sign_in.investigator);
await press(officer, "I understand: enter");
await page.goto(new URL(`/agency/reports/${report}`, ready.sign_in.investigator).href);
await reads(officer, `Files 1 to 100 of ${FILES}`, "the first page says how many there are");
await check(officer, "first-page");
await page.getByRole("link", { name: "Next page" }).click();
await reads(officer, `Files 101 to ${FILES} of ${FILES}`, "the last page has the last file");
await check(officer, "last-page");
await page.getByRole("link", { name: "Previous page" }).click();
await reads(officer, `Files 1 to 100 of ${FILES}`, "and back");
await end();
