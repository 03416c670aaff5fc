// Results as one types; translations copied by their keys.
import { part, tell, typing } from "./frame.js";

const form = document.getElementById("search");
const box = form.elements.q;
const found = document.getElementById("found");
// As long as one goes on typing nothing is asked.
const PAUSE = 120;
// What the fields say when nobody has chosen is not written into addresses.
const usual = { min: form.dataset.least, form: "text" };
let asking = null;
let waiting = 0;

function wanted(extra = {}) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value !== "" && !(name in usual && usual[name] === value)) fields.set(name, value);
  for (const [name, value] of Object.entries(extra)) fields.set(name, value);
  return fields;
}

async function look(extra) {
  clearTimeout(waiting);
  asking?.abort();
  const own = asking = new AbortController();
  const fields = wanted(extra);
  found.setAttribute("aria-busy", "true");
  try {
    const parts = await part(`/search?${fields}`, { signal: own.signal });
    if (own.signal.aborted) return;
    found.replaceChildren(...parts);
    history.replaceState(null, "", `/?${fields}`);
  } catch { /* told by frame.js, or overtaken by the next letter */ }
  if (own === asking) found.setAttribute("aria-busy", "false");
}

form.addEventListener("input", (event) => {
  clearTimeout(waiting);
  asking?.abort();
  waiting = setTimeout(look, event.target === box ? PAUSE : 0);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  look(event.submitter?.name ? { [event.submitter.name]: event.submitter.value } : {});
});

async function copy(button) {
  const text = button.dataset.text;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without TLS there is no clipboard but for what is selected.
    const area = document.createElement("textarea");
    const before = document.activeElement;
    area.value = text;
    area.className = "unseen";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    before?.focus();
    if (!done) return tell(form.dataset.notCopied, { error: true });
  }
  tell(`${form.dataset.copied} ${text.length > 120 ? `${text.slice(0, 120)}…` : text}`);
}
found.addEventListener("click", (event) => {
  const button = event.target.closest("button.copy");
  if (button) copy(button);
});

/** The results, one after the other. */
const results = () => [...found.querySelectorAll(".match, .line")];
function move(step) {
  const all = results();
  const at = all.indexOf(document.activeElement.closest(".match, .line"));
  if (at < 0 && step < 0) return false;
  if (at + step < 0) { box.focus(); return true; }
  const next = all[Math.min(at + step, all.length - 1)];
  next?.focus();
  return Boolean(next);
}

document.addEventListener("keydown", (event) => {
  const inBox = event.target === box;
  const digit = event.code.match(/^(?:Digit|Numpad)([1-9])$/)?.[1];
  if (digit && !event.ctrlKey && !event.metaKey && (event.altKey || !typing(event))) {
    const button = found.querySelector(`button.copy[data-key="${digit}"]`);
    if (button) { event.preventDefault(); copy(button); }
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !event.altKey && (inBox || !typing(event))) {
    if (move(event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
  } else if (event.key === "/" && !typing(event)) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});

// What others change is shown at once; what is being read keeps its place.
document.addEventListener("changed", (event) => {
  event.preventDefault();
  if (box.value.trim() && !found.contains(document.activeElement)) look({});
});
