// Comes in with a card, in a real browser: without one, enrolled with a ticket, in, locked and shown again. The driver shows
// the certificate for the browser, as a reader would. node walk.mjs TOOLS PICTURES PAGES CARDS ENROLMENT CERTIFICATE KEY
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [tools, pictures, pages, cards, enrolment, certPath, keyPath] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${tools}/`));
const { chromium } = require('playwright-core');
const axe = require('axe-core').source;

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});
const complaints = [];
const person = async (clientCertificates) => {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, clientCertificates });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 403/.test(message.text())) complaints.push(`${message.text()} ${message.location().url}`);
  });
  return { context, page };
};
const must = (held, says, page) => {
  if (!held) throw new Error(`${says}\nat ${page.url()}\n${complaints.join('\n')}`);
};
const heading = (page, text) => page.getByRole('heading', { level: 1, name: text }).waitFor({ timeout: 60000 });
const clean = async (page, name) => {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  must(violations.length === 0, `${name}: ${JSON.stringify(violations.map((it) => [it.id, it.nodes[0].html]))}`, page);
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
};

// Without a card the page says so, and the way back leads to where one came from.
const bare = await person([]);
await bare.page.goto(`${pages}/desk/sign-in`);
await clean(bare.page, 'card-sign-in');
await bare.page.getByRole('link', { name: 'Sign in with my card' }).click();
await heading(bare.page, 'You are not signed in');
must((await bare.page.content()).includes('No card was shown'), 'it says what is missing', bare.page);
await clean(bare.page, 'card-missing');
await bare.page.getByRole('link', { name: 'Back to where you came from' }).click();
await heading(bare.page, 'Sign in');

const { context, page } = await person([{ origin: cards, certPath, keyPath }]);
await page.goto(`${pages}${enrolment}`);
await page.getByRole('link', { name: 'I have a PIV or CAC card: use that instead' }).click();
await heading(page, 'Use it from now on');
await page.getByRole('button', { name: 'This is me: use it from now on' }).click();
await heading(page, 'It is recorded');
await page.getByRole('link', { name: 'Sign in' }).click();
await page.getByRole('link', { name: 'Sign in with my card' }).click();
await heading(page, 'Before you enter');
await clean(page, 'card-before');
await page.getByRole('button', { name: 'I understand: enter' }).click();
await page.waitForURL(`${pages}/desk`);
const cookies = await context.cookies(pages);
must(cookies.some((it) => it.name === '__Host-s' && it.sameSite === 'Strict'), 'the session is the face\'s own', page);

await page.getByRole('button', { name: 'Lock' }).click();
await heading(page, 'Locked');
await page.getByRole('link', { name: 'Show my card again' }).click();
await heading(page, 'Go on');
await clean(page, 'card-again');
await page.getByRole('button', { name: 'Go on' }).click();
await page.waitForURL(`${pages}/desk`);
await page.goto(`${pages}/desk/me`);
await heading(page, 'My sign-in');
await clean(page, 'card-me');

must(complaints.length === 0, complaints.join('\n'), page);
await browser.close();
console.log('ok');
