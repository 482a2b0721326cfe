// How a shift begins: somebody says where they are written to, enrols a key, goes home, and is called back by a message.
// Everything is reached with the keyboard.
import { readFileSync } from "node:fs";
import { fill, press, reads, to } from "../common/keyboard.mjs";
import { link, mailboxes } from "../common/mailbox.mjs";
import { must, opened, plug } from "../common/walk.mjs";
import { provider } from "../common/provider.mjs";

/** What a walk of a day's work is told, and what it is done with:
 *   node NAME.mjs TOOLS PICTURES READY-LINE-OF-THE-DEMO MAILBOXES ADDRESS-IN-ITS-PLACE CARD CARD */
export async function day(name) {
  const [tools, pictures, given, folder, ip, ...cards] = process.argv.slice(2);
  const ready = JSON.parse(given);
  const window = await opened(tools, pictures, name, /ERR_BLOCKED_BY_ORB|status of 415/);
  const { letter } = mailboxes(folder);
  const { report } = provider(ready);
  /** Two files of the house's own harmless ones, of which the sender viewed the first. */
  const files = cards.map((path, at) => ({ bytes: readFileSync(path), name: `card-${at}.png`, viewed: at === 0 }));
  const send = (more) => report({ ip, ...more });

  /** Somebody with a key of their own, in a window whose pages run their scripts. */
  async function person(word) {
    const who = await window.person();
    await plug(who);
    await enter(who.page, ready.sign_in[word]);
    await press(who.page, "My sign-in");
    await press(who.page, "Enrol another key");
    await fill(who.page, "What do you call this key?", "Duty key");
    await press(who.page, "Enrol this key");
    await reads(who.page, "The key is enrolled", `${word} has a key`);
    return who;
  }

  /** Says where somebody is written to, and shows by the code that came there that it is theirs. */
  async function written(page, address, news = false) {
    await press(page, "Notify");
    await fill(page, "Your mailbox", address);
    if (news) {
      await to(page, /^Also tell me/, (one) => one.type === "checkbox");
      await page.keyboard.press("Space");
    }
    await press(page, "Save");
    await reads(page, "Nothing is sent to this mailbox yet", "a mailbox that nobody confirmed is written nothing but a code");
    const text = await letter(address);
    link(text, []);
    const [code] = /^[A-Z]{8}$/m.exec(text) ?? [];
    must(code !== undefined, `a message holds a code: ${text}`);
    await fill(page, "The code from the message", code);
    await press(page, "Confirm");
    must(!(await page.getByText("Nothing is sent to this mailbox yet").count()), "the mailbox is known to be theirs");
  }

  /** Goes home, is called, follows the message, and comes in with the key: to what the message is about. */
  async function called(who, address, secrets) {
    const letterCame = link(await letter(address), secrets);
    await who.page.goto(letterCame);
    must(new URL(who.page.url()).pathname === "/agency/sign-in", `whoever is out comes to the door: ${who.page.url()}`);
    await press(who.page, "I understand: sign in with my key");
    must(who.page.url() === letterCame, `the key leads on to what the message is about: ${who.page.url()}`);
  }

  return { ready, window, files, send, person, written, called, letter, at: (path) => new URL(path, ready.ispws).href };
}

/** Enters by a link of the demo. */
export async function enter(page, address) {
  await page.goto(address);
  await press(page, "I understand: enter");
}
