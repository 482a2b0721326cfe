// Mailboxes behind a mail server that we did not write: it puts every message that it takes into a folder (Maildir).
import { readFileSync, readdirSync, watch } from "node:fs";
import { join } from "node:path";
import { must } from "./walk.mjs";

/** A house under load is given this long to write. */
const BOUND_MS = 90_000;

/** The mailboxes in a folder of the server. */
export function mailboxes(folder) {
  const place = join(folder, "new");
  const read = new Set();

  function next(to) {
    for (const name of readdirSync(place).sort()) {
      if (read.has(name)) continue;
      const text = readFileSync(join(place, name), "utf8");
      if (!text.includes(`\nTo: ${to}`) && !text.startsWith(`To: ${to}`)) continue;
      read.add(name);
      return text.replaceAll("\r\n", "\n");
    }
    return null;
  }

  /** Waits for the next message to somebody. */
  function letter(to) {
    return new Promise((done, failed) => {
      const watcher = watch(place, look);
      const late = setTimeout(() => end(failed, new Error(`no message for ${to} within ${BOUND_MS} ms`)), BOUND_MS);
      function end(how, what) {
        clearTimeout(late);
        watcher.close();
        how(what);
      }
      function look() {
        const found = next(to);
        if (found) end(done, found);
      }
      look();
    });
  }

  return { letter };
}

/** Where a message leads. It says that there is something, and nothing of what: none of `secrets`, and no digit. */
export function link(text, secrets) {
  const at = text.indexOf("\n\n");
  const [head, body] = [text.slice(0, at), text.slice(at)];
  const [address] = body.match(/http\S+/) ?? [];
  must(address !== undefined, `a message leads nowhere: ${text}`);
  const subject = /^Subject: (.*)$/m.exec(head)[1];
  for (const secret of secrets) must(!text.includes(String(secret)), `a message says ${secret}: ${text}`);
  must(!/\d/.test(subject + body.replace(address, "")), `a message holds a number: ${text}`);
  return address;
}
