// What a provider's client sends: a report with its files, about somebody at an address.
import { must } from "./walk.mjs";

const TRIES = 240;
const BETWEEN_TRIES_MS = 500;

/** The client of the first provider of a demo, by the line that it prints when it is ready. */
export function provider({ ispws, providers: [{ username, password }] }) {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

  /** One request; what its answer says under a name. */
  async function told(path, body, type) {
    const headers = type ? { authorization, "content-type": type } : { authorization };
    const answer = await (await fetch(`${ispws}/${path}`, { method: "POST", headers, body })).text();
    must(answer.includes("<responseCode>0</responseCode>"), `${path}: ${answer}`);
    return (name) => new RegExp(`<${name}>([^<]*)`).exec(answer)[1];
  }

  /** Sends a report; its number. With `hurry`, the provider asks for high priority. A file has its `bytes`, its `name`, and
   * whether the sender `viewed` it. With `askedBy`, an agency of that country asked for it. */
  async function report({ ip, name = "invented", files = [], hurry = "", askedBy = "" }) {
    const number = (await told("submit", `<report>
      <incidentSummary><incidentType>Online Enticement of Children for Sexual Acts</incidentType>
        ${hurry && `<escalateToHighPriority>${hurry}</escalateToHighPriority>`}
        <incidentDateTime>2026-02-03T14:05:00Z</incidentDateTime></incidentSummary>
      ${askedBy && `<lawEnforcement><agencyName>Example Police Abroad</agencyName>
        <servedLegalProcessInternational fleaCountry="${askedBy}">true</servedLegalProcessInternational></lawEnforcement>`}
      <reporter><reportingPerson><email>desk@harbor-chat.example</email></reportingPerson></reporter>
      <personOrUserReported><screenName>${name}</screenName><ipCaptureEvent><ipAddress>${ip}</ipAddress>
        <eventName>Login</eventName><dateTime>2026-02-03T14:00:00Z</dateTime></ipCaptureEvent></personOrUserReported>
      </report>`, "text/xml"))("reportId");
    for (const one of files) {
      const form = new FormData();
      form.set("id", number);
      form.set("file", new Blob([one.bytes]), one.name);
      const file = (await told("upload", form))("fileId");
      if (one.viewed) {
        await told("fileinfo", `<fileDetails><reportId>${number}</reportId><fileId>${file}</fileId>
          <fileViewedByEsp>true</fileViewedByEsp></fileDetails>`, "text/xml");
      }
    }
    await told("finish", new URLSearchParams({ id: number }));
    return Number(number);
  }

  return { report };
}

/** Waits until an agency has a report, as its own system sees it. */
export async function delivered({ agency_api }, agency, report) {
  const { base, token } = agency_api.find((one) => one.agency === agency);
  let cursor = "0";
  for (let tries = 0; tries < TRIES; tries += 1) {
    const answer = await fetch(`${base}/feed?after=${cursor}`, { headers: { authorization: `Bearer ${token}` } });
    const { entries, next } = await answer.json();
    if (entries.some((one) => one.report === report)) return;
    cursor = next;
    await new Promise((done) => setTimeout(done, BETWEEN_TRIES_MS));
  }
  throw new Error(`report ${report} did not reach ${agency}`);
}
