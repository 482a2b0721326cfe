// Reads a report as a triage program does: it takes the text that `pdf-parse` gives, cuts it at the sections, and looks for
// words. Given an archive, it takes the first member that is a PDF. Usage: first_pdf.mjs FOLDER_OF_MODULES DOCUMENT...
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [modules, ...paths] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const parse = require("pdf-parse/lib/pdf-parse.js");
const Zip = require("adm-zip");

const first = (text, pattern) => pattern.exec(text)?.[1]?.trim() ?? null;
const from = (text, letter) => {
  const start = text.search(new RegExp(`Section\\s+${letter}[:\\s]`, "i"));
  return start < 0 ? null : start;
};

function document(path) {
  const bytes = readFileSync(path);
  if (!path.endsWith(".zip")) return bytes;
  const entries = new Zip(bytes).getEntries();
  return entries.find((entry) => entry.entryName.toLowerCase().endsWith(".pdf")).getData();
}

async function read(path) {
  const { text } = await parse(document(path));
  const [a, b, c] = ["A", "B", "C"].map((letter) => from(text, letter));
  const [head, supplied, added, assessed] =
    [text.slice(0, a), text.slice(a, b), text.slice(b, c), text.slice(c)];
  const blocks = supplied.split(/(?=Uploaded\s+File\s*\d*[:\s])/i).slice(1);
  return {
    sections: [a, b, c].every((at) => at !== null) && a < b && b < c,
    number: first(head + supplied, /(?:Tip|Report|CyberTip(?:line)?)\s*(?:Number|#|No\.?):\s*(\d+)/i),
    urgent: /urgent|priority\s+1|P1/i.test(head),
    bundled: /bundled/i.test(head),
    sender: first(supplied, /(?:Reporting\s+)?ESP[:\s]+(.+)/i),
    time: first(supplied, /(?:Incident\s+)?(?:Date|Time)[:\s]+(.+)/i),
    email: first(supplied, /Email[:\s]+([\w.+%-]+@[\w.-]+\.\w+)/i),
    files: blocks.map((block) => ({
      name: first(block, /File(?:name)?:\s*(.+)/i),
      md5: first(block, /MD5:\s*([a-f0-9]{32})/i),
      sha256: first(block, /SHA[-\s]?256:\s*([a-f0-9]{64})/i),
      viewed: first(block, /File\s+Viewed\s+by\s+Reporting\s+ESP:\s*(Yes|No|True|False)/i),
      public: first(block, /Publicly\s+Available:\s*(Yes|No|True|False)/i),
      class: first(block, /ESP\s+(?:Category|Classification):\s*(.+)/i),
    })),
    country: first(added, /Country[:\s]+(.+)/i)?.slice(0, 2).toUpperCase() ?? null,
    region: first(added, /(?:State|Region|Province)[:\s]+(.+)/i),
    city: first(added, /City[:\s]+(.+)/i),
    isp: first(added, /ISP[:\s]+(.+)/i),
    related: [...assessed.matchAll(/(?:Related\s+Tip|Prior\s+Report)[:\s]+(\d+)/gi)].map((match) => match[1]),
  };
}

const all = [];
for (const path of paths) all.push(await read(path));
console.log(JSON.stringify(all));
