// Chromium is kept from loading something by our content policy, and tells us: over a connection with TLS, to the route that the
// page names. It may wait up to a minute before it tells, to tell of several at once; the switch is for tests.
//   node broken.mjs TOOLS PICTURES SITE
import { createRequire } from "node:module";
import { join } from "node:path";
import { must } from "../common/walk.mjs";

const [tools, , site] = process.argv.slice(2);
const { chromium } = createRequire(join(tools, "package.json"))("playwright-core");
const args = ["--no-sandbox", "--ignore-certificate-errors", "--short-reporting-delay"];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
const cdp = await page.context().newCDPSession(page);
await cdp.send("Network.enable");
await cdp.send("Network.enableReportingApi", { enable: true });
const ended = new Promise((resolve) => {
  cdp.on("Network.reportingApiReportUpdated", ({ report }) => report.status !== "Pending" && report.status !== "Queued" && resolve(report));
});
let timer;
const late = new Promise((_, reject) => {
  timer = setTimeout(() => reject(new Error("the browser told nothing for a minute")), 60_000);
});

await page.goto(`${site}/agency/sign-in`);
await page.evaluate(() => {
  const picture = document.createElement("img");
  picture.src = "https://elsewhere.example/picture.png";
  document.body.append(picture);
});
const { status, type, destination, initiatorUrl } = await Promise.race([ended, late]).finally(() => clearTimeout(timer));
must(status === "Success", `we took it: ${status}`);
must(type === "csp-violation" && destination === "csp", `it is of the policy: ${type} to ${destination}`);
must(new URL(initiatorUrl).origin === site, `and of our page: ${initiatorUrl}`);
await browser.close();
console.log("ok");
