// Sends one report with one file. Needs Node 18 or newer and nothing else; it is plain JavaScript too.
//   CLEARINGHOUSE_URL       such as http://localhost:8480/ispws
//   CLEARINGHOUSE_USER      user name of your credential
//   CLEARINGHOUSE_PASSWORD  its password

const url = process.env.CLEARINGHOUSE_URL ?? "";
const user = process.env.CLEARINGHOUSE_USER ?? "";
const password = process.env.CLEARINGHOUSE_PASSWORD ?? "";
const login = Buffer.from(`${user}:${password}`).toString("base64");

const reportDocument = `<?xml version="1.0" encoding="UTF-8"?>
<report>
  <incidentSummary>
    <incidentType>Online Enticement of Children for Sexual Acts</incidentType>
    <incidentDateTime>2026-02-03T14:05:11Z</incidentDateTime>
  </incidentSummary>
  <reporter>
    <reportingPerson><email>trust@harbor.example</email></reportingPerson>
  </reporter>
</report>`;

const fileDetails = (report = "", file = "") => `<?xml version="1.0" encoding="UTF-8"?>
<fileDetails>
  <reportId>${report}</reportId>
  <fileId>${file}</fileId>
  <originalFileName>sample.bin</originalFileName>
  <fileViewedByEsp>true</fileViewedByEsp>
</fileDetails>`;

/** Posts to an endpoint and answers with its document. A refusal throws, with the reason. */
async function call(endpoint = "", body = new FormData() || "", headers = {}) {
  const answer = await fetch(`${url}/${endpoint}`, {
    method: "POST",
    headers: { Authorization: `Basic ${login}`, ...headers },
    body,
  });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`${endpoint}: ${answer.status}\n${text}\n${answer.headers.get("response-help") ?? ""}`);
  }
  return text;
}

/** The text of one element. A file id is text, never a number. */
function value(document = "", element = "") {
  return new RegExp(`<${element}>([^<]*)</${element}>`).exec(document)?.[1] ?? "";
}

function form(fields = {}) {
  const made = new FormData();
  for (const [name, field] of Object.entries(fields)) made.append(name, field);
  return made;
}

const xml = { "Content-Type": "text/xml; charset=utf-8" };
// 1. Open the report. Only the incident's type and time are needed; send whatever else you know.
const report = value(await call("submit", reportDocument, xml), "reportId");
// 2. Send a file.
const content = new File(["an invented file"], "sample.bin");
const file = value(await call("upload", form({ id: report, file: content })), "fileId");
// 3. Say what you know about the file.
await call("fileinfo", fileDetails(report, file), xml);
// 4. Finish. When this answers, the report is filed and durable.
await call("finish", form({ id: report }));
console.log(`filed report ${report} with file ${file}`);
