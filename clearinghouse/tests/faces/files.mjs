// Sends a report of more files than one page shows, and turns the pages of its files as its officer does.
//   node files.mjs TOOLS PICTURES READY-LINE-OF-THE-DEMO AGENCY
import { must, opened, press, reads } from "../common/walk.mjs";

const [tools, pictures, given, agency] = process.argv.slice(2);
const ready = JSON.parse(given);
const { person, check, end } = await opened(tools, pictures, "files");
/** One page and a bit. */
const FILES = 104;
const TRIES = 240;
const BETWEEN_TRIES_MS = 500;

const api = ready.agency_api.find((one) => one.agency === agency);
const asked = (path) => fetch(`${api.base}/${path}`, { headers: { authorization: `Bearer ${api.token}` } });
const feed = async (after) => (await asked(`feed?after=${after}`)).json();

/** An address that the tables place where this agency is. */
async function address() {
  const { entries, next } = await feed(0);
  for (const { report } of entries) {
    const { added } = await (await asked(`reports/${report}`)).json();
    const here = added.findings.find((one) => one.value.county_fips === "06037");
    if (here) return { ip: here.subject, cursor: next };
  }
  throw new Error(`none of ${entries.length} reports has an address of ${agency}`);
}

const { username, password } = ready.providers[0];
const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

/** One request of a provider's client; its answer. */
async function told(path, body, type) {
  const headers = type ? { authorization, "content-type": type } : { authorization };
  const answer = await (await fetch(`${ready.ispws}/${path}`, { method: "POST", headers, body })).text();
  must(answer.includes("<responseCode>0</responseCode>"), `${path}: ${answer}`);
  return (name) => new RegExp(`<${name}>([^<]*)`).exec(answer)[1];
}

async function sent(ip) {
  const report = (await told("submit", `<report>
    <incidentSummary><incidentType>Online Enticement of Children for Sexual Acts</incidentType>
      <incidentDateTime>2026-02-03T14:05:00Z</incidentDateTime></incidentSummary>
    <reporter><reportingPerson><email>desk@harbor-chat.example</email></reportingPerson></reporter>
    <personOrUserReported><screenName>invented</screenName><ipCaptureEvent><ipAddress>${ip}</ipAddress>
      <eventName>Login</eventName><dateTime>2026-02-03T14:00:00Z</dateTime></ipCaptureEvent></personOrUserReported>
    </report>`, "text/xml"))("reportId");
  for (let number = 1; number <= FILES; number += 1) {
    const form = new FormData();
    form.set("id", report);
    form.set("file", new Blob([`invented bytes ${number}`]), `invented-${number}.txt`);
    await told("upload", form);
  }
  await told("finish", new URLSearchParams({ id: report }));
  return Number(report);
}

/** Waits until the agency has it. */
async function delivered(report, cursor) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { entries, next } = await feed(cursor);
    if (entries.some((one) => one.report === report)) return;
    cursor = next;
    await new Promise((done) => setTimeout(done, BETWEEN_TRIES_MS));
  }
  throw new Error(`report ${report} did not reach ${agency}`);
}

const { ip, cursor } = await address();
const report = await sent(ip);
await delivered(report, cursor);

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
