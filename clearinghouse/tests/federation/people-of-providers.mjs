// A provider's person comes in through an organisation that vouches for them, in a real browser; whoever else tries comes in
// nowhere, and nobody does once the provider is let in no longer. The second walk goes on with the browser of the first.
// node people-of-providers.mjs TOOLS PICTURES PAGES ENROLMENT KEPT in|out
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [tools, pictures, pages, enrolment, kept, part] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${tools}/`));
const { chromium } = require('playwright-core');
const axe = require('axe-core').source;

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});
const must = (held, says) => {
  if (!held) throw new Error(says);
};
/// Somebody at a browser of their own.
const somebody = async (options) => {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const heading = (text) => page.getByRole('heading', { level: 1, name: text }).waitFor({ timeout: 60000 });
  const through = (says, title) => page.getByRole('link', { name: `${says} ${title}` }).click();
  const as = async (name) => {
    await page.getByLabel('Name').fill(name);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  const clean = async (name) => {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    must(violations.length === 0, `${name}: ${JSON.stringify(violations.map((it) => [it.id, it.nodes[0].html]))}`);
    await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
  };
  return { context, page, heading, through, as, clean };
};

const comesIn = async () => {
  const morgan = await somebody();
  await morgan.page.goto(enrolment);
  await morgan.through('Instead of a key, sign in through', 'Example Federation');
  await morgan.as('morgan');
  await morgan.heading('Use it from now on');
  await morgan.page.getByRole('button', { name: 'This is me: use it from now on' }).click();
  await morgan.heading('It is recorded');
  await morgan.page.goto(`${pages}/provider/sign-in`);
  await morgan.clean('federation-provider-sign-in');
  await morgan.through('Sign in through', 'Example Federation');
  await morgan.heading('Before you enter');
  await morgan.page.getByRole('button', { name: 'I understand: enter' }).click();
  await morgan.page.waitForURL((url) => url.pathname.startsWith('/provider') && !url.pathname.includes('/enter'));
  await morgan.page.goto(`${pages}/provider/me`);
  must((await morgan.page.content()).includes('morgan'), 'their own page says by what they are known');
  return morgan;
};

if (part === 'in') {
  const unknown = await somebody();
  await unknown.page.goto(`${pages}/provider/sign-in`);
  await unknown.through('Sign in through', 'Example Federation');
  await unknown.as('stranger');
  await unknown.heading('You are not signed in');

  const morgan = await comesIn();

  // The same name at another organisation is somebody else, although its word is taken here too.
  const elsewhere = await somebody();
  await elsewhere.page.goto(`${pages}/provider/sign-in`);
  await elsewhere.through('Sign in through', 'Other Federation');
  await elsewhere.as('morgan');
  await elsewhere.heading('You are not signed in');

  // Whom a provider's people are vouched for to comes in at the provider's door alone.
  const astray = await somebody();
  await astray.page.goto(`${pages}/desk/sign-in`);
  await astray.through('Sign in through', 'Example Federation');
  await astray.as('morgan');
  await astray.heading('You are not signed in');

  await morgan.context.storageState({ path: kept });
} else {
  // The session is over with the next request, and no word of anybody opens another.
  const morgan = await somebody({ storageState: kept });
  await morgan.page.goto(`${pages}/provider/me`);
  await morgan.heading('Sign in');
  await morgan.page.goto(`${pages}/provider/sign-in`);
  await morgan.through('Sign in through', 'Example Federation');
  // The organisation may have forgotten them meanwhile; it knows nothing of what we think of the provider.
  const asked = morgan.page.getByLabel('Name');
  await asked.or(morgan.page.getByRole('heading', { level: 1 })).first().waitFor({ timeout: 60000 });
  if (await asked.isVisible()) await morgan.as('morgan');
  // They are refused on the way back, as a stranger is, and are not led to the banner first.
  await morgan.heading('You are not signed in');
  await morgan.page.goto(`${pages}/provider/me`);
  await morgan.heading('Sign in');
}

await browser.close();
console.log('ok');
