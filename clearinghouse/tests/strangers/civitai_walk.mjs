// Walks one report through a running house with the npm package @civitai/cybertipline-tools 0.1.0, a client we did
// not write. It has no setting for its base address, so `fetch` is redirected.
// Usage: node civitai_walk.mjs MODULE_FOLDER BASE USERNAME PASSWORD. Prints "ok" when all went as the client expects.

import assert from 'node:assert';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { File as NodeFile } from 'node:buffer';

const [folder, base, username, password] = process.argv.slice(2);
globalThis.File ??= NodeFile;
const wire = globalThis.fetch;
globalThis.fetch = (address, options) =>
  wire(String(address).replace(/^https:\/\/(exttest|report)\.cybertip\.org\/ispws/, base), options);
const found = createRequire(`${folder}/package.json`).resolve('@civitai/cybertipline-tools');
const { Client, Environment, IncidentType, FileRelevance, IndustryClassification } =
  await import(pathToFileURL(found));

const client = new Client({ environment: Environment.Testing, credentials: { username, password } });
await client.getStatus();
const report = {
  incidentSummary: {
    incidentType: IncidentType.ChildSexTourism,
    incidentDateTime: new Date('2026-01-02T03:04:05Z'),
    reportAnnotations: { spam: true },
  },
  incidentDetails: {
    webPageIncidents: [{ url: ['http://harbor-chat.example/a?x=1'], thirdPartyHostedContent: true }],
  },
  reporter: { reportingPerson: { firstName: 'Robin', email: [{ email: 'r@harbor-chat.example' }] } },
};
const reportId = (await client.submitReport(report)).data.reportId;
const uploaded = (await client.uploadFile({ id: reportId, file: new File(['hello'], 'a.txt') })).data;
assert.equal(uploaded.hash, createHash('md5').update('hello').digest('hex'));
await client.submitFileDetails({
  reportId,
  fileId: uploaded.fileId,
  originalFileName: 'a.txt',
  fileViewedByEsp: true,
  fileRelevance: FileRelevance.Reported,
  fileAnnotations: { viral: true },
  industryClassification: IndustryClassification.B2,
  originalFileHash: [{ value: uploaded.hash, hashType: 'MD5' }],
  details: [{ type: 'EXIF', valuePair: [{ name: 'Make', value: 'X' }] }],
  additionalInfo: ['n1', 'n2'],
});
await client.finishReport({ id: reportId });
// What it makes of a second finish or a late retract is its own affair; the wire must say 5102.
for (const path of ['finish', 'retract']) {
  const form = new FormData();
  form.append('id', String(reportId));
  const headers = { authorization: `Basic ${btoa(`${username}:${password}`)}` };
  const answer = await wire(`${base}/${path}`, { method: 'POST', headers, body: form });
  assert.match(await answer.text(), /<responseCode>5102<\/responseCode>/);
}
// This client does not escape an ampersand: the answer must be a refusal, and the house must stay up.
await assert.rejects(client.submitReport({ ...report, personOrUserReported: { screenName: 's & t' } }));
const second = (await client.submitReport(report)).data.reportId;
if (client.retractReport) await client.retractReport({ id: second });
const stranger = new Client({ environment: Environment.Testing, credentials: { username, password: 'wrong' } });
await assert.rejects(async () => {
  const status = await stranger.getStatus();
  if (!status?.success && status?.data === undefined) throw new Error('refused');
});
console.log('ok');
