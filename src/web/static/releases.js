// The list of releases follows its filters, and what is being found out appears by itself.
import { ask, part } from "./frame.js";

const filters = document.getElementById("filters");
const list = document.getElementById("list");
const PARTS = ["facts", "texts-part", "findings-part", "history-part"];
const AGAIN = 700;

// ---- the list

let asking = null;
/** Shows the list by the filters as they stand. */
async function refresh() {
  asking?.abort();
  const own = asking = new AbortController();
  const wanted = new URLSearchParams(location.search);
  wanted.set("part", "list");
  try {
    list.replaceChildren(...await part(`/releases?${wanted}`, { signal: own.signal }));
  } catch { /* told by frame.js, or overtaken */ }
}

filters?.addEventListener("input", () => {
  const wanted = new URLSearchParams([...new FormData(filters)].filter(([, value]) => value !== ""));
  history.replaceState(null, "", `/releases${wanted.size ? `?${wanted}` : ""}`);
  refresh();
});

// ---- what is being found out

let watching = false;
let seen = null;
/** Follows the work until it is done; what it brings is shown as it comes. */
async function watch() {
  if (watching) return;
  watching = true;
  try {
    for (;;) {
      const now = await (await ask("/releases?part=progress")).json();
      const made = JSON.stringify(now.made);
      if (made !== seen && seen !== null) await (list ? refresh() : renew());
      seen = made;
      if (!now.running) break;
      const [stage, bar] = [document.getElementById("stage"), document.getElementById("bar")];
      if (stage && now.stage) stage.textContent = now.stage;
      if (bar && now.length) { bar.max = now.length; bar.value = now.done; }
      await new Promise((done) => setTimeout(done, AGAIN));
    }
    await (list ? refresh() : renew());
  } catch { /* told by frame.js */ } finally {
    watching = false;
  }
}

// ---- one release

/** Shows the parts of the page anew; a reason that is being written stays. */
async function renew() {
  const nodes = await part(location.pathname + location.search);
  const holder = document.createElement("div");
  holder.append(...nodes);
  for (const id of PARTS) {
    const [old, now] = [document.getElementById(id), holder.querySelector(`#${id}`)];
    if (!old || !now) continue;
    if ([...old.querySelectorAll("input")].some((field) => field.value !== "" || field === document.activeElement)) continue;
    old.replaceWith(now);
  }
}

document.addEventListener("click", (event) => {
  const sure = event.target.closest("[data-ask]")?.dataset.ask;
  if (sure && !confirm(sure)) event.preventDefault();
});
// Enter in a reason accepts that finding, not the first one of the form.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.(".accept input")) return;
  event.preventDefault();
  event.target.closest(".accept").querySelector("button").click();
});

document.addEventListener("changed", (event) => {
  event.preventDefault();
  if (list) refresh().then(watch); else renew().then(watch).catch(() => {});
});
if ((list ?? document.getElementById("facts"))?.dataset.running === "true") watch();
