// Makes single keys follow the list of keys that the page prints, so that there is no second list. A key does what its
// target does: a link is followed, a button pressed, a field focused. Keys rest while a field has the focus and while a
// modifier is held, and somebody who dictates can switch them off for good (WCAG 2.1.4).
const list = document.getElementById("keys");
const toggle = document.getElementById("keys-switch");
const KEPT = "single-keys";
const keys = new Map([...list?.querySelectorAll("[data-key]") ?? []].map((one) => [one.dataset.key, one.dataset.follows]));

const rows = () => [...document.querySelectorAll("#inbox-list tbody tr")];
const on = () => localStorage.getItem(KEPT) !== "off";

/** Moves the focus to the link of another row. */
function move(by) {
  const all = rows();
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const next = here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1);
  all[next]?.querySelector("a")?.focus();
}

function choose() {
  const row = rows().find((one) => one.contains(document.activeElement));
  row?.querySelector("input[type=checkbox]")?.click();
}

function follow(name) {
  if (name === "next-row") return move(1);
  if (name === "previous-row") return move(-1);
  if (name === "choose-row") return choose();
  const target = document.getElementById(name) ?? document.querySelector(`a[rel~="${name.replace(/^rel-/, "")}"]`);
  if (!target) return;
  target.closest("details:not([open])")?.setAttribute("open", "");
  if (target.tagName === "SUMMARY") target.parentElement.open = true;
  target.focus();
  if (["A", "BUTTON"].includes(target.tagName)) target.click();
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !on()) return;
  const name = keys.get(event.key);
  if (!name) return;
  event.preventDefault();
  follow(name);
});

function label() {
  toggle.textContent = on() ? "Switch single keys off" : "Switch single keys on";
}

if (toggle) {
  toggle.hidden = false;
  label();
  toggle.addEventListener("click", () => {
    localStorage.setItem(KEPT, on() ? "off" : "on");
    label();
  });
}
