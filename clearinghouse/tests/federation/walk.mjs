// Comes in through another organisation, in a real browser: enrolled with a ticket, in and out, locked and seen anew, ended
// from behind. node walk.mjs TOOLS PICTURES PAGES ENROLMENT ISSUER
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [tools, pictures, pages, enrolment, issuer] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${tools}/`));
const { chromium } = require('playwright-core');
const axe = require('axe-core').source;

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});
const context = await browser.newContext();
const page = await context.newPage();
const complaints = [];
page.on('console', (message) => {
  // Refusals that this walk provokes are told by the browser too; a broken content policy must not be among them.
  if (message.type() === 'error' && message.location().url.startsWith(pages) && !/status of 40[03]/.test(message.text())) complaints.push(`${message.text()} ${message.location().url}`);
});

const must = (held, says) => {
  if (!held) throw new Error(`${says}\nat ${page.url()}\n${complaints.join('\n')}`);
};
const heading = async (text) => {
  await page.getByRole('heading', { level: 1, name: text }).waitFor({ timeout: 60000 });
};
const clean = async (name) => {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  must(violations.length === 0, `${name}: ${JSON.stringify(violations.map((it) => [it.id, it.nodes[0].html]))}`);
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
};
const as = async (name) => {
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Sign in' }).click();
};
const through = (says) => page.getByRole('link', { name: `${says} Example Federation` });

// Nobody is known yet: whoever comes is told what to give to their administrator.
await page.goto(`${pages}/desk/sign-in`);
await clean('federation-sign-in');
await through('Sign in through').click();
await as('officer-1');
await heading('You are not signed in');
must((await page.content()).includes('officer-1'), `the name at the issuer is shown: ${await page.locator('main').innerText()}`);
await clean('federation-unknown');

// The ticket makes them known.
await page.goto(`${pages}${enrolment}`);
await through('Instead of a key, sign in through').click();
await as('officer-1');
await heading('Use it from now on');
await clean('federation-enrol');
await page.getByRole('button', { name: 'This is me: use it from now on' }).click();
await heading('It is recorded');

// In: the banner comes before anything, and the button leads to the page that was asked for.
await page.goto(`${pages}/desk/sign-in?to=%2Fadmin%2Fpeople`);
await through('Sign in through').click();
await heading('Before you enter');
await clean('federation-before');
await page.getByRole('button', { name: 'I understand: enter' }).click();
await page.waitForURL(`${pages}/admin/people`);
const cookies = await context.cookies(pages);
must(cookies.some((it) => it.name === '__Host-s' && it.sameSite === 'Strict' && it.httpOnly), 'the session is the face\'s own');
must(!cookies.some((it) => it.name === '__Host-errand'), 'the errand is over');

// The screen is locked: the issuer has to see them anew, although it knows them still.
await page.getByRole('button', { name: 'Lock' }).click();
await heading('Locked');
await clean('federation-locked');
await through('Sign in again through').click();
await as('officer-1');
await heading('Go on');
await page.getByRole('button', { name: 'Go on' }).click();
await page.waitForURL(`${pages}/desk`);
await page.goto(`${pages}/desk/me`);
must((await page.content()).includes('officer-1'), 'their own page says by what they are known');
await clean('federation-me');

// Signed out at the issuer: it says so from behind, and the session here is over with the next request.
const other = await context.newPage();
await other.goto(`${issuer}/session/end`);
await other.locator('button[name="logout"], button[value="yes"]').first().click();
await other.waitForURL(/session\/end\/success/);
await page.goto(`${pages}/desk`);
await heading('Sign in');

// Whoever the issuer does not call an officer comes in nowhere.
await through('Sign in through').click();
await as('somebody-else');
await heading('You are not signed in');
must((await page.content()).includes('what is demanded here'), 'what is demanded keeps them out');

must(complaints.length === 0, complaints.join('\n'));
await browser.close();
console.log('ok');
