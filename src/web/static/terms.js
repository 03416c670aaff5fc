// Terms: results as one types, parts of a concept as they are looked at, what an edit changes before it is written.
import { ask, mine, part, typing } from "./frame.js";

const byId = (id) => document.getElementById(id);
const keys = byId("keys");
const preview = byId("preview");
const list = byId("list");
const concept = byId("concept");
const suggested = byId("suggested");
const within = (address, more) => address + (address.includes("?") ? "&" : "?") + more;

// ---- The list.
const search = byId("terms");
let asking = null;
async function find(quiet = false) {
  asking?.abort();
  asking = new AbortController();
  const wanted = new URLSearchParams(new FormData(search));
  for (const [name, value] of [...wanted]) if (!value) wanted.delete(name);
  try {
    list.replaceChildren(...await part(`/terms?part=list&${wanted}`, { signal: asking.signal }));
    if (!quiet) history.replaceState(null, "", `/terms?${wanted}`);
  } catch { /* told by frame.js, or overtaken by the next letter */ }
}
search?.addEventListener("input", () => find());
search?.addEventListener("submit", (event) => { event.preventDefault(); find(); });

/** Moves the focus among elements, from the one that has it or holds it. */
function move(all, step) {
  const now = all.findIndex((one) => one === document.activeElement || one.contains(document.activeElement));
  const next = all[now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + step, 0), all.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

// ---- Edits: what would change is shown first, and written when the user says so.
let sending = false;
async function deed(form, body) {
  if (sending) return;
  sending = true;
  try {
    const answer = await ask("/terms", { method: "POST", body, headers: { accept: "application/json" } });
    if (answer.redirected) { await mine(); location.assign(answer.url); return; }
    const made = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".preview");
    preview.replaceChildren(made);
    preview.showModal();
    preview.querySelector("button.main, a.back").focus();
  } catch { /* told by frame.js; what was typed is still there */ } finally { sending = false; }
}
function data(form, button) {
  const body = new URLSearchParams(new FormData(form));
  if (button?.name) body.append(button.name, button.value);
  return body;
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (preview && (form.matches(".deed") || preview.contains(form))) {
    event.preventDefault();
    deed(form, data(form, event.submitter));
  }
});
preview?.addEventListener("click", (event) => {
  if (event.target.closest("a.back")) { event.preventDefault(); preview.close(); }
});

// ---- A concept: its forms and its places come when they are looked at.
async function into(place, address) {
  place.setAttribute("aria-busy", "true");
  try { place.replaceChildren(...await part(address)); } catch { /* told by frame.js */ } finally { place.removeAttribute("aria-busy"); }
}
async function uses(show, before = null) {
  const place = byId("uses");
  for (const link of document.querySelectorAll("[data-show]")) {
    if (link.dataset.show === show) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
  }
  const address = within(concept.dataset.address, `part=uses&show=${show}${before ? `&before=${before}` : ""}`);
  if (before) {
    const more = place.querySelector(".more");
    more.textContent = place.dataset.wait;
    try {
      const made = await part(address);
      more.closest(".uses").querySelector(":scope > .quiet")?.remove();
      more.parentElement.remove();
      place.append(...made);
    } catch { /* told by frame.js */ }
    return;
  }
  const wait = document.createElement("p");
  wait.className = "quiet";
  wait.textContent = place.dataset.wait;
  place.replaceChildren(wait);
  await into(place, address);
}
if (concept) {
  concept.addEventListener("toggle", (event) => {
    const details = event.target;
    if (!details.matches("details.forms") || !details.open || details.querySelector(".paradigm")) return;
    into(details.querySelector(".into"), within(concept.dataset.address, `part=forms&${details.dataset.part}`));
  }, true);
  // Another head, another reading: the forms as they would be.
  let trying = null;
  concept.addEventListener("input", async (event) => {
    const form = event.target.closest("form.grammar");
    if (!form) return;
    trying?.abort();
    trying = new AbortController();
    const wanted = data(form);
    for (const name of ["deed", "concept", "seen", "term"]) wanted.delete(name);
    const details = form.closest("details.forms");
    try {
      const made = await part(within(concept.dataset.address, `part=forms&${details.dataset.part}&try_out=1&${wanted}`), { signal: trying.signal });
      const fresh = made.find((node) => node.matches?.(".paradigm"));
      form.closest(".paradigm").querySelector("table").replaceWith(fresh.querySelector("table"));
    } catch { /* told by frame.js, or overtaken by the next letter */ }
  });
  concept.addEventListener("click", (event) => {
    const link = event.target.closest("[data-show], .more");
    if (!link) return;
    event.preventDefault();
    const next = link.closest(".uses")?.dataset.next;
    const show = link.dataset.show ?? document.querySelector("[data-show][aria-current]").dataset.show;
    uses(show, link.matches(".more") ? next : null);
  });
  if (byId("uses") && !byId("uses").firstElementChild) uses(document.querySelector("[data-show][aria-current]").dataset.show);
}

// ---- Proposals.
const articles = () => [...suggested.querySelectorAll(".suggestion")];
async function again() {
  const page = new URLSearchParams(location.search).get("page") ?? "1";
  await into(suggested, `/terms/suggested?part=list&page=${page}`);
  wait();
}
function wait() {
  if (suggested.querySelector("[data-running='1']")) setTimeout(again, 1000);
}
if (suggested) {
  wait();
  suggested.addEventListener("submit", async (event) => {
    const article = event.target.closest(".suggestion");
    if (!article) return;
    event.preventDefault();
    const body = data(event.target, event.submitter);
    const [button, place] = [event.submitter, document.querySelector(".done") ];
    if (sending) return;
    sending = true;
    button.disabled = true;
    try {
      const answer = await ask("/terms/suggested", { method: "POST", body, headers: { accept: "application/json" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      await mine();
      const all = articles();
      const next = all[all.indexOf(article) + 1] ?? all[all.indexOf(article) - 1];
      article.remove();
      place?.remove();
      const done = page.querySelector(".done");
      if (done) suggested.before(done);
      const refused = page.querySelector(".refused");
      const old = document.querySelector(".refused");
      if (old && refused) { refused.open = old.open; old.replaceWith(refused); } else if (refused) suggested.after(refused);
      if (next) next.focus(); else again();
    } catch { button.disabled = false; } finally { sending = false; }
  });
}

// ---- Keys.
document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]") || event.altKey) return;
  const { key } = event;
  if (list && (key === "ArrowDown" || key === "ArrowUp") && (event.target === search.elements.q || list.contains(document.activeElement))) {
    event.preventDefault();
    const links = [...list.querySelectorAll("a.open")];
    if (key === "ArrowUp" && links[0] === document.activeElement) search.elements.q.focus();
    else move(links, key === "ArrowDown" ? 1 : -1);
    return;
  }
  if (typing(event)) {
    if (key !== "Escape") return;
    // Out of the field, to what it belongs to.
    const holder = event.target.closest(".suggestion");
    if (holder) holder.focus(); else event.target.blur();
    return;
  }
  if (key === "?") { keys.showModal(); return; }
  const step = { j: 1, k: -1 }[key];
  if (list) {
    if (step) move([...list.querySelectorAll("a.open")], step);
    else if (key === "/") { event.preventDefault(); search.elements.q.select(); }
    else if (key === "n" && byId("add")) { event.preventDefault(); byId("add").open = true; byId("add").querySelector("input[type=text]").focus(); }
    return;
  }
  if (suggested) {
    const here = document.activeElement.closest?.(".suggestion");
    if (step) move(articles(), step);
    else if (key === "a") here?.querySelector(".accept")?.click();
    else if (key === "p") here?.querySelector(".propose")?.click();
    else if (key === "r") here?.querySelector(".refuse")?.click();
    else if (key === "e") { event.preventDefault(); here?.querySelector("input[type=text]")?.focus(); }
    return;
  }
  if (!concept) return;
  const term = document.activeElement.closest?.(".term");
  const to = { p: "preferred", a: "admitted", d: "deprecated", f: "forbidden", x: "removed" }[key];
  if (step) move([...concept.querySelectorAll(".term .text")], step);
  else if (to && term) {
    const form = term.querySelector("form.small");
    const option = form?.querySelector(`option[value=${to}]`);
    if (option) { option.selected = true; form.requestSubmit(); }
  } else if (key === "o" && term) { const forms = term.querySelector("details.forms"); forms.open = !forms.open; }
  else if (key === "n") { event.preventDefault(); byId("new-term")?.focus(); }
  else if (key === "u") document.querySelector(".done button, .batches form.deed button")?.click();
});

// ---- Others change the memory too.
document.addEventListener("changed", (event) => {
  if (list) { event.preventDefault(); find(true); }
});
