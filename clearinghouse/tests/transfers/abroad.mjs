// Reports that agencies abroad asked for: one that goes to its country by itself, one for which there is no way, and one that
// somebody forwards by hand; and what the provider sees of each. Script is switched off, everything is reached by Tab, Space
// and Enter, and every page is checked with axe.
//   node abroad.mjs TOOLS PICTURES READY-LINE-OF-THE-DEMO ADDRESS
import { choose, keyboard, press, reads } from "../common/keyboard.mjs";
import { provider } from "../common/provider.mjs";
import { must, opened } from "../common/walk.mjs";

const [tools, pictures, given, ip] = process.argv.slice(2);
const ready = JSON.parse(given);
const window = await opened(tools, pictures, "abroad");
const { person, check, checked } = await keyboard(window);
const { report } = provider(ready);
const at = (path) => new URL(path, ready.ispws).href;
const main = async (who) => (await who.locator("main").innerText()).replace(/\s+/g, " ");

/** What a provider's program reads of the request, once some agency has the report. */
async function available(number) {
  const [{ username, password }] = ready.providers;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  for (let tries = 0; tries < 240; tries += 1) {
    const one = await (await fetch(at(`/provider/v1/reports/${number}`), { headers: { authorization } })).json();
    if (one.state === "available") return one.foreignRequest;
    await new Promise((done) => setTimeout(done, 500));
  }
  throw new Error(`report ${number} is never available`);
}

// 1. Three reports: one for a country that we reach, two for one that we do not.
const reached = await report({ ip, name: "reached", askedBy: "GB" });
const [lost, found] = [await report({ ip, name: "lost", askedBy: "NZ" }), await report({ ip, name: "found", askedBy: "NZ" })];
must((await available(reached)).answer === "forwarded", "a program reads that it was forwarded");
for (const one of [lost, found]) must((await available(one)).answer === "awaited", "a program reads that it is awaited");

// 2. Whoever sent them sees the answer to the first, and that the others are awaited.
const sky = await person(ready.sign_in.provider_reporter);
const own = (number) => sky.goto(at(`/provider/reports/${number}`));
await own(reached);
await reads(sky, "Forwarded to National Crime Agency, United Kingdom", "the forward is told");
await check(sky, "forwarded");
await own(lost);
await reads(sky, "We look for a way to forward it", "the other one is awaited");
await check(sky, "awaited");

// 3. The desk sees two that wait, and says of one that there is no way.
const ira = await person(ready.sign_in.analyst);
await ira.goto(at("/desk"));
await reads(ira, "whose provider waits for an answer: 2", "the first page says how many wait");
await press(ira, "Reports asked for from abroad");
await check(ira, "list");
await press(ira, String(lost));
await reads(ira, "Example Police Abroad", "the desk sees whom the report names");
await check(ira, "one");
const csrf = await ira.locator("main input[name=csrf]").first().getAttribute("value");
const origin = new URL(ready.ispws).origin;
for (const [step, form] of [["unable", { because: "whatever" }], ["forward", { to: "nobody", tell: "told" }], ["forward", { to: "gb-nca" }]]) {
  const answer = await ira.context().request.post(`${ira.url()}/${step}`, { form: { csrf, version: "1", ...form }, headers: { origin } });
  must([404, 422].includes(answer.status()), `${step} of what nobody can choose is refused: ${answer.status()}`);
}
await choose(ira, "Because", "No agency of that");
await press(ira, "Tell the provider");
await reads(ira, "not forwarded", "it is answered");
await check(ira, "unable");
await own(lost);
await reads(sky, "We could not forward it", "its provider is told");
const told = await available(lost);
must(told.answer === "not-forwarded" && told.basis === "D5-INABILITY" && !told.because, `and its program: ${JSON.stringify(told)}`);
must(!(await main(sky)).includes("No agency of that"), "and not why");
await check(sky, "not-forwarded");

// 4. It forwards the other one by hand, which its provider need not be told. Of two who answer the second is told.
await ira.goto(at(`/desk/foreign-requests/${found}`));
const stale = await ira.context().newPage();
await stale.goto(ira.url());
await choose(ira, "Agency abroad", "National Crime");
await choose(ira, "Tell the provider", "No");
await press(ira, "Forward");
await reads(ira, "which the provider is not told", "it is forwarded");
await choose(stale, "Because", "No agency of that");
await press(stale, "Tell the provider");
await reads(stale, "Somebody answered it meanwhile", "the second is told");
await check(stale, "meanwhile");
await own(found);
await reads(sky, "There is nothing that we can tell you of it.", "what need not be told is not");
must(!(await main(sky)).includes("National Crime"), "nor by the way");
await ira.goto(at("/desk/foreign-requests"));
await reads(ira, "Every provider was answered.", "nothing waits");
await check(ira, "answered");

// 5. Whoever does not say where reports go finds no such page, and another provider no such report.
const cora = await person(ready.sign_in.counsel);
for (const path of ["/desk/foreign-requests", `/desk/foreign-requests/${found}`]) {
  must((await cora.goto(at(path))).status() === 404, `${path} is not for counsel`);
}

console.log(`${checked.size} pages checked`);
await window.end();
