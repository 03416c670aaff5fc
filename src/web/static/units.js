// Units found as one types; ticked and gone through by keys.
import { part, typing } from "./frame.js";

const form = document.getElementById("wanted");
const found = document.getElementById("found");
const PAUSE = 250;
let asking = null;
let waiting = 0;

function wanted() {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value !== "") fields.set(name, value);
  return fields;
}

async function look(fields = wanted()) {
  asking?.abort();
  const own = asking = new AbortController();
  try {
    const parts = await part(`/units/found?${fields}`, { signal: own.signal });
    if (own.signal.aborted) return;
    const ticked = new Set([...found.querySelectorAll("input[name=unit]:checked")].map((box) => box.value));
    found.replaceChildren(...parts);
    for (const box of found.querySelectorAll("input[name=unit]")) box.checked = ticked.has(box.value);
    history.replaceState(null, "", `/units?${fields}`);
  } catch { /* told by frame.js, or overtaken by the next letter */ }
}
form.addEventListener("input", () => {
  clearTimeout(waiting);
  asking?.abort();
  waiting = setTimeout(look, PAUSE);
});
form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(waiting); look(); });

found.addEventListener("change", (event) => {
  if (event.target.id === "tick") for (const box of found.querySelectorAll("input[name=unit]")) box.checked = event.target.checked;
});

// j and k go through the units, x ticks one, Enter opens it.
document.addEventListener("keydown", (event) => {
  if (typing(event) || event.altKey) return;
  if (event.key === "/") { event.preventDefault(); form.querySelector("input:not([type=hidden])")?.focus(); return; }
  const links = [...found.querySelectorAll("a.open")];
  const own = event.target.closest?.(".unit");
  const at = links.findIndex((link) => link.closest(".unit") === own);
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  if (step && links.length) {
    event.preventDefault();
    links[Math.max(0, Math.min(at + step, links.length - 1))].focus();
  } else if (event.key === "x" && own) {
    const box = own.querySelector("input[name=unit]");
    if (box) box.checked = !box.checked;
  }
});

// What others change is shown where one is; ticks stay.
document.addEventListener("changed", (event) => {
  event.preventDefault();
  look(new URLSearchParams(location.search));
});
