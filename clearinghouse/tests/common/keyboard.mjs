// People who have a keyboard and no script: everything is reached by Tab, Space, Enter and typing, and waited for with a
// bound.
import { must } from "./walk.mjs";

const MOST_TABS = 600;
const BOUND_MS = 10_000;

/** Waits for something, and says what it waited for when it does not come. */
async function within(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing for ${BOUND_MS} ms`)), BOUND_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** What has the focus: its name as it is read, and which element it is. */
export async function focused(page) {
  const asked = page.evaluate(() => {
    const one = document.activeElement;
    const label = one.labels?.[0]?.textContent ?? one.textContent;
    return { name: label.trim().replace(/\s+/g, " "), tag: one.tagName, type: one.type ?? "" };
  });
  return within(asked, `${page.url()}: what has the focus`);
}

/** Walks to the first thing with this name, with Tab only. */
export async function to(page, name, fits = () => true) {
  const wanted = (one) => (name instanceof RegExp ? name.test(one.name) : one.name === name) && fits(one);
  for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
    if (wanted(await focused(page))) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${page.url()}: Tab never comes to ${name}`);
}

const isPressed = (one) => ["A", "BUTTON", "SUMMARY"].includes(one.tag);

/** Follows a link, presses a button, or opens a part of the page. */
export async function press(page, name) {
  await to(page, name, isPressed);
  const { tag } = await focused(page);
  if (tag === "SUMMARY") return page.keyboard.press("Enter");
  const came = page.waitForNavigation();
  await page.keyboard.press("Enter");
  await came.catch((error) => {
    throw new Error(`${page.url()}: ${name} leads nowhere: ${error.message}`);
  });
}

/** Presses what hands out a file; answers the download. */
export async function taken(page, name) {
  await to(page, name, isPressed);
  const came = page.waitForEvent("download");
  await page.keyboard.press("Enter");
  return came;
}

export async function fill(page, label, words) {
  await to(page, label, (one) => ["INPUT", "TEXTAREA"].includes(one.tag));
  if (words !== "") await page.keyboard.press("Control+A");
  await page.keyboard.type(words);
}

/** Chooses an answer of a list by typing its beginning. */
export async function choose(page, label, answer) {
  await to(page, label, (one) => one.tag === "SELECT");
  await page.keyboard.type(answer);
}

/** Takes one of several answers of the next group. */
export async function mark(page, label) {
  for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
    const one = await focused(page);
    if (one.type === "radio") break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Space");
  for (let steps = 0; steps < 20; steps += 1) {
    if ((await focused(page)).name === label) return;
    await page.keyboard.press("ArrowDown");
  }
  throw new Error(`no answer ${label}`);
}

export async function reads(page, words, why) {
  const text = (await page.locator("main").innerText()).replace(/\s+/g, " ");
  must(text.includes(words), `${why}: ${page.url()} does not say "${words}":\n${text.slice(0, 1500)}`);
}

/** Windows of people whose browser runs no script of the page, and the check of what they see. `opened` is what the walk
 * opened. */
export async function keyboard({ person: visitor, check: checkWhole }) {
  const checked = new Set();
  const twin = await visitor();

  /** Somebody, signed in. */
  async function person(link) {
    const { context, page } = await visitor({ javaScriptEnabled: false });
    context.setDefaultTimeout(BOUND_MS);
    await page.goto(link);
    await press(page, "I understand: enter");
    return page;
  }

  /** Checks what the page shows. A browser that runs no script runs no timers for axe either, so the same bytes are shown
   * to a second one, with the styles of the house. */
  async function check(page, name, opens = false) {
    const [html, url] = [await page.content(), page.url().split("#")[0]];
    const body = opens ? html.replaceAll("<details ", "<details open ") : html;
    await twin.page.route(url, (route) => route.fulfill({ status: 200, contentType: "text/html; charset=utf-8", body }));
    await twin.page.goto(url);
    await checkWhole(twin, name);
    await twin.page.unroute(url);
    checked.add(name);
  }

  return { person, check, checked, twin };
}
