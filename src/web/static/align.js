// The review of a set: its beads side by side, gone over by key, by mouse and by drag. Every deed goes to the server at
// once, one after the other, for the state this page shows; what it changed comes back and is put in its place.
import { ask, mine, send, tell, typing } from "./frame.js";

const home = document.getElementById("beads");
const tools = document.getElementById("tools");
const said = home.dataset;
const set = said.set;
const languages = said.languages.trim().split(" ");
const may = said.may === "true";
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// ---- What is known: beads in the order of the text, and in the order shown.

let beads = [];
let order = [];
let state = "";
let byDoubt = said.order !== "text";
let current = null;
let side = languages[0];
/** The carets of the current bead: for a language the segment and the place in it, in UTF-16. */
let carets = new Map();

const key = `yaddash-align:${set}`;
const anchor = (bead) => JSON.stringify(bead.sides);
function remember() {
  try { localStorage.setItem(key, JSON.stringify({ byDoubt, n: current?.n ?? 0, anchor: current ? anchor(current) : "" })); } catch { /* a browser that keeps nothing */ }
}
function remembered() {
  try { return JSON.parse(localStorage.getItem(key)) ?? {}; } catch { return {}; }
}

const alone = (bead) => Object.keys(bead.sides).length < 2;
const accepted = (bead) => bead.mark === "accepted";
const rank = (bead) => (bead.waits ? 0 : bead.footer ? 3 : accepted(bead) ? 2 : 1);
const numbered = () => beads.forEach((bead, n) => { bead.n = n; });
function ordered() {
  order = byDoubt ? [...beads].sort((a, b) => rank(a) - rank(b) || a.score - b.score || a.n - b.n) : [...beads];
}
function status() {
  const count = (test) => beads.filter(test).length;
  document.getElementById("status").textContent = filled(said.status, { waiting: count((b) => b.waits), accepted: count((b) => accepted(b) && !b.footer), all: count((b) => !alone(b) && !b.footer) });
}

// ---- Rows. They stand in chunks; only chunks near the window have any.

const CHUNK = 40;
let chunks = [];
let place = new Map();
let row = 64;

function element(name, words = {}, ...inside) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(words)) made.setAttribute(attribute, value);
  made.append(...inside);
  return made;
}

function tag(bead) {
  if (bead.footer) return ["tag", said.footer];
  if (accepted(bead)) return ["tag good", said.accepted];
  if (alone(bead)) return ["tag", said.alone];
  return [bead.waits ? "tag warn" : "tag", `${Math.floor(bead.score * 100)} % ${bead.waits ? said.waits : said.sure}`];
}

function cells(bead, here) {
  return languages.map((language) => {
    const cell = element("div", { role: "gridcell", class: "side", lang: language, "data-head": language });
    if (here) cell.tabIndex = bead === current ? 0 : -1;
    const segments = bead.sides[language] ?? [];
    segments.forEach((text, at) => {
      const seg = element("span", { class: "seg", "data-at": at });
      if (may) seg.draggable = true;
      const caret = bead === current && here ? carets.get(language) : null;
      if (caret && caret[0] === at) seg.append(text.slice(0, caret[1]), element("span", { class: "caret" }), text.slice(caret[1]));
      else seg.append(text);
      cell.append(seg);
    });
    if (!segments.length) cell.append(element("span", { class: "unseen" }, filled(said.empty, { language })));
    if (bead.edited?.[language]) cell.append(element("span", { class: "edited" }, element("span", { class: "tag" }, said.edited), ` ${bead.edited[language]}`));
    return cell;
  });
}

function rowOf(bead, here = true) {
  const [look, word] = tag(bead);
  const head = element("div", { role: "rowheader", class: "head" }, element("b", {}, String(bead.n + 1)), element("span", { class: look }, word));
  if (may) head.draggable = true;
  if (bead.unit !== undefined && here) head.append(element("a", { href: `/units/${bead.unit}` }, filled(said.unit, { unit: bead.unit })));
  const made = element("div", { role: "row", class: "bead" }, head, ...cells(bead, here));
  if (bead.waits) made.classList.add("waits");
  if (accepted(bead)) made.classList.add("accepted");
  if (!here) made.classList.add("context");
  if (here) {
    made.setAttribute("aria-rowindex", bead.n + 2);
    made.setAttribute("aria-selected", bead === current);
    made.classList.toggle("current", bead === current);
    bead.row = made;
  }
  made.bead = bead;
  return made;
}

/** The rows of a bead: where the order is not that of the text, the current one stands between its neighbours. */
function rowsOf(bead) {
  const rows = [rowOf(bead)];
  if (byDoubt && bead === current) {
    const beside = [beads[bead.n - 1], beads[bead.n + 1]].map((other) => other && rowOf(other, false));
    if (beside[0]) rows.unshift(beside[0]);
    if (beside[1]) rows.push(beside[1]);
  }
  return rows;
}

function fill(chunk) {
  chunk.live = true;
  chunk.element.style.height = "";
  chunk.element.replaceChildren(...chunk.beads.flatMap(rowsOf));
}
function drop(chunk) {
  if (!chunk.live || chunk === place.get(current)) return;
  const height = chunk.element.offsetHeight;
  row = height / Math.max(1, chunk.beads.length);
  chunk.live = false;
  chunk.element.replaceChildren();
  chunk.element.style.height = `${height}px`;
}
const near = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) {
    const chunk = target.chunk;
    if (isIntersecting && !chunk.live) fill(chunk);
    else if (!isIntersecting) drop(chunk);
  }
}, { rootMargin: "1500px 0px" });

function layout() {
  near.disconnect();
  ordered();
  place = new Map();
  chunks = [];
  const grid = element("div", { role: "grid", "aria-label": said.beads, "aria-rowcount": beads.length + 1, class: "grid" });
  grid.append(element("div", { role: "rowgroup" }, element("div", { role: "row", class: "heads" }, element("div", { role: "columnheader" }, said.bead), ...languages.map((l) => element("div", { role: "columnheader", lang: l }, l)))));
  for (let at = 0; at < order.length; at += CHUNK) {
    const chunk = { beads: order.slice(at, at + CHUNK), live: false, element: element("div", { role: "rowgroup", class: "chunk" }) };
    chunk.element.chunk = chunk;
    chunk.element.style.height = `${Math.round(chunk.beads.length * row)}px`;
    chunk.beads.forEach((bead) => place.set(bead, chunk));
    chunks.push(chunk);
    grid.append(chunk.element);
  }
  home.replaceChildren(grid);
  chunks.slice(0, 2).forEach(fill);
  chunks.forEach((chunk) => near.observe(chunk.element));
}

/** Makes the rows of these beads anew, where they have any. */
function renew(...some) {
  const focused = home.contains(document.activeElement);
  for (const chunk of new Set(some.filter(Boolean).map((bead) => place.get(bead)).filter((chunk) => chunk?.live))) fill(chunk);
  if (focused) focus();
}
function focus(block = null) {
  if (!current) return;
  const chunk = place.get(current);
  if (!chunk.live) fill(chunk);
  const cell = current.row.querySelector(`.side[lang="${side}"]`) ?? current.row.querySelector(".side");
  cell.focus({ preventScroll: true });
  current.row.scrollIntoView({ block: block ?? "nearest" });
}
function go(bead, { block = null, take = true } = {}) {
  if (!bead) return;
  const before = current;
  if (bead !== before) carets = new Map();
  current = bead;
  const chunk = place.get(bead);
  if (!chunk.live) fill(chunk);
  renew(before, bead);
  if (take) focus(block);
  remember();
  buttons();
}
const step = (by) => go(order[Math.min(order.length - 1, Math.max(0, order.indexOf(current) + by))]);
function toWaiting(by) {
  const from = order.indexOf(current);
  for (let k = 1; k <= order.length; k += 1) {
    const bead = order[(from + by * k + order.length * 2) % order.length];
    if (bead.waits && bead !== current) return go(bead);
  }
  tell(said.allDone);
}
function buttons() {
  const button = (name) => tools.querySelector(`[data-do="${name}"]`);
  if (may && current) button("accept").textContent = accepted(current) ? said.withdraw : said.accept;
}

// ---- Deeds: one after the other, each for the state that the one before left.

let last = Promise.resolve();
let waiting = 0;
const queued = (job) => {
  waiting += 1;
  tools.setAttribute("aria-busy", "true");
  last = last.then(job).catch(() => null).finally(() => { waiting -= 1; if (!waiting) tools.removeAttribute("aria-busy"); });
  return last;
};

/** Puts what a deed changed in its place. `acted` is the bead it was done to. */
function put(changed, acted) {
  state = changed.state;
  enabled(changed);
  const old = beads.slice(changed.at, changed.at + changed.removed);
  const fresh = changed.beads;
  beads.splice(changed.at, changed.removed, ...fresh);
  numbered();
  status();
  const at = old.indexOf(current);
  const next = at >= 0 ? fresh[Math.min(at, fresh.length - 1)] ?? beads[Math.min(changed.at, beads.length - 1)] : current;
  if (fresh.length + old.length > 4 * CHUNK) {
    current = next;
    carets = new Map();
    layout();
    go(current, { block: "center" });
    return fresh;
  }
  const touched = new Set(old.map((bead) => place.get(bead)));
  if (old.length === fresh.length) {
    // One for one, each where the other was.
    old.forEach((bead, k) => swap(bead, [fresh[k]]));
  } else {
    const here = old.includes(acted) ? acted : old[0] ?? beads[changed.at + fresh.length] ?? beads[changed.at - 1];
    const kept = old.includes(here) ? [] : [here];
    const before = !old.length && here === beads[changed.at - 1];
    for (const bead of old) if (bead !== here) swap(bead, []);
    touched.add(place.get(here));
    if (here) swap(here, before ? [...kept, ...fresh] : [...fresh, ...kept]);
  }
  order = chunks.flatMap((chunk) => chunk.beads);
  if (next !== current) carets = new Map();
  current = next;
  // Numbers behind it have changed as well.
  for (const chunk of chunks) if (chunk.live && (touched.has(chunk) || old.length !== fresh.length)) fill(chunk);
  home.querySelector("[role=grid]").setAttribute("aria-rowcount", beads.length + 1);
  if (current) go(current, { take: !document.querySelector("dialog[open]") });
  return fresh;
}
function swap(bead, others) {
  const chunk = place.get(bead);
  const at = chunk.beads.indexOf(bead);
  chunk.beads.splice(at, 1, ...others);
  place.delete(bead);
  others.forEach((other) => place.set(other, chunk));
}
function enabled({ undo, redo }) {
  if (!may) return;
  tools.querySelector('[data-do="undo"]').disabled = !undo;
  tools.querySelector('[data-do="redo"]').disabled = !redo;
}

/** Does something to a bead: `deed` makes it out of the bead's number, when its turn has come. */
function act(bead, deed, after = null) {
  if (!may) return null;
  return queued(async () => {
    if (bead && beads[bead.n] !== bead) { tell(said.gone, { error: true }); return null; }
    let changed;
    try {
      changed = await send("/aligning/step", { set, seen: state, ...deed(bead?.n) });
    } catch (error) {
      if (error.status === 409) await load(true);
      throw error;
    }
    const fresh = put(changed, bead);
    if (changed.dropped) tell(said.dropped);
    after?.(fresh, changed);
    mine();
    return changed;
  });
}

const deeds = {
  accept() {
    const bead = current;
    if (accepted(bead)) return act(bead, (n) => ({ do: "withdraw", bead: n }));
    const done = act(bead, (n) => ({ do: "accept", bead: n }));
    // Where one goes on the beads that wait, the next of them is what one looks at meanwhile.
    const from = order.indexOf(bead);
    const next = order.slice(from + 1).find((other) => other.waits) ?? order[from + 1];
    if (next) go(next);
    return done;
  },
  merge() {
    if (current.n + 1 >= beads.length) return tell(said.last, { error: true });
    return act(current, (n) => ({ do: "merge", bead: n }));
  },
  split() {
    if (!carets.size) return tell(said.noCaret, { error: true });
    const points = (bead, language, [at, place]) => [at, [...(bead.sides[language][at] ?? "").slice(0, place)].length];
    const bead = current;
    const at = Object.fromEntries([...carets].map(([language, caret]) => [language, points(bead, language, caret)]));
    return act(bead, (n) => ({ do: "split", bead: n, at }));
  },
  up: () => shift(-1),
  down: () => shift(1),
  unlink: () => act(current, (n) => ({ do: "unlink", bead: n })),
  edit,
  all,
  realign: () => act(null, () => ({ do: "realign" }), (fresh) => tell(filled(said.realigned, { count: fresh.length }))),
  undo: () => act(null, () => ({ back: "undo" }), (fresh, changed) => back(fresh, changed, said.undone)),
  redo: () => act(null, () => ({ back: "redo" }), (fresh, changed) => back(fresh, changed, said.redone)),
  order() {
    byDoubt = !byDoubt;
    tools.querySelector('[data-do="order"]').setAttribute("aria-pressed", byDoubt);
    layout();
    go(current, { block: "center" });
  },
  keys: () => document.getElementById("keys").showModal(),
};
function back(fresh, changed, word) {
  tell(word);
  go(fresh[0] ?? beads[Math.min(changed.at, beads.length - 1)]);
}

/** The first segment of the language goes to the bead above, the last to the one below. */
function shift(by) {
  const bead = current;
  const to = beads[bead.n + by];
  const segments = bead.sides[side] ?? [];
  if (!segments.length) return tell(said.noSegment, { error: true });
  if (!to) return tell(said.gone, { error: true });
  const language = side;
  const first = by < 0 ? 0 : segments.length - 1;
  // One goes with the segment.
  return act(bead, (n) => ({ do: "move", bead: n, language, segment: first, to: n + by }), () => {
    const there = beads.find((other) => (other.sides[language] ?? []).includes(segments[first]) && Math.abs(other.n - to.n) <= 1);
    if (there) go(there);
  });
}

// ---- Carets.

const places = (bead, language) => (bead.sides[language] ?? []).flatMap((text, at) => {
  const starts = [...text.matchAll(/\s+(?=\S)/g)].map((found) => [at, found.index + found[0].length]);
  return at ? [[at, 0], ...starts] : starts;
});
function caret(by, letter) {
  const segments = current.sides[side] ?? [];
  const now = carets.get(side);
  let next;
  if (letter && now) {
    const [at, point] = now;
    const moved = point + by;
    if (moved >= 0 && moved <= segments[at].length) {
      // Not between the halves of a letter of two.
      const low = segments[at].charCodeAt(moved) >= 0xdc00 && segments[at].charCodeAt(moved) < 0xe000;
      next = [at, low ? moved + by : moved];
    }
  } else {
    const all = places(current, side);
    const after = (a, b) => a[0] - b[0] || a[1] - b[1];
    if (!now) next = by > 0 ? all[0] : all.at(-1);
    else next = by > 0 ? all.find((one) => after(one, now) > 0) : all.findLast((one) => after(one, now) < 0);
  }
  if (!next) return;
  carets.set(side, next);
  shown();
}
function shown() {
  renew(current);
  focus();
  const [at, point] = carets.get(side);
  document.getElementById("caret").textContent = filled(said.caretAt, { word: current.sides[side][at].slice(point).split(/\s/)[0] });
}
/** The segment and the place in it that a click hit. */
function hit(event) {
  const seg = event.target.closest(".seg");
  if (!seg) return null;
  const found = document.caretPositionFromPoint?.(event.clientX, event.clientY);
  const range = found ? { node: found.offsetNode, offset: found.offset } : (() => {
    const old = document.caretRangeFromPoint?.(event.clientX, event.clientY);
    return old && { node: old.startContainer, offset: old.startOffset };
  })();
  if (!range || !seg.contains(range.node) || range.node.nodeType !== Node.TEXT_NODE) return null;
  let before = 0;
  for (const node of seg.childNodes) {
    if (node === range.node) return [Number(seg.dataset.at), before + range.offset];
    before += node.textContent.length;
  }
  return null;
}

// ---- Dialogs.

function edit() {
  const bead = current;
  if (bead.unit === undefined) return tell(said.noUnit, { error: true });
  const dialog = document.getElementById("edit");
  const fields = languages.filter((language) => bead.sides[language]).map((language) => {
    const text = bead.edited?.[language] ?? bead.sides[language].join(" ");
    const field = element("textarea", { lang: language, name: language, required: "" });
    field.value = text;
    field.before_ = text;
    return element("label", {}, language, field);
  });
  dialog.querySelector(".fields").replaceChildren(...fields);
  const form = dialog.querySelector("form");
  form.onsubmit = async (event) => {
    event.preventDefault();
    // What is typed stays in the dialog until it is stored.
    for (const field of form.querySelectorAll("textarea")) {
      if (field.value.trim() === field.before_) continue;
      const now = beads.find((other) => other.unit === bead.unit);
      if (!now) { tell(said.gone, { error: true }); return; }
      if (!await act(now, (n) => ({ do: "edit", bead: n, language: field.name, text: field.value.trim() }))) return;
      field.before_ = field.value.trim();
    }
    dialog.close();
  };
  dialog.querySelector("[data-close]").onclick = () => dialog.close();
  dialog.onclose = () => focus();
  dialog.showModal();
  (dialog.querySelector(`textarea[lang="${side}"]`) ?? dialog.querySelector("textarea")).focus();
}

function all() {
  const dialog = document.getElementById("all");
  const form = dialog.querySelector("form");
  const count = () => {
    const least = Number(form.score.value) / 100;
    const some = beads.filter((bead) => !accepted(bead) && !alone(bead) && !bead.footer && bead.score >= Math.fround(least)).length;
    document.getElementById("all-count").textContent = filled(said.count, { count: some });
  };
  form.oninput = count;
  count();
  dialog.returnValue = "";
  dialog.onclose = () => {
    focus();
    if (dialog.returnValue === "do") act(null, () => ({ do: "accept-all", above: Number(form.score.value) / 100 }));
  };
  dialog.showModal();
  form.score.select();
}

// ---- Keys, mouse, drag.

const KEYS = {
  j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
  Home: () => go(order[0]), End: () => go(order.at(-1)),
  n: () => toWaiting(1), p: () => toWaiting(-1),
  m: deeds.merge, s: deeds.split, x: deeds.unlink, e: deeds.edit, a: deeds.accept, A: deeds.all, r: deeds.realign,
  u: deeds.undo, U: deeds.redo, o: deeds.order, "?": deeds.keys,
};
const READING = new Set(["j", "k", "ArrowDown", "ArrowUp", "Home", "End", "n", "p", "o", "?"]);
document.addEventListener("keydown", (event) => {
  if (!current || document.querySelector("dialog[open]")) return;
  const control = event.ctrlKey || event.metaKey;
  const letter = event.key.toLowerCase();
  let deed = null;
  if (control && may && (letter === "z" || letter === "y")) deed = letter === "y" || event.shiftKey ? deeds.redo : deeds.undo;
  else if (typing(event)) return;
  else if (event.altKey) deed = may && (event.key === "ArrowUp" ? deeds.up : event.key === "ArrowDown" ? deeds.down : null);
  else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    if (!home.contains(document.activeElement)) return;
    deed = () => caret(event.key === "ArrowRight" ? 1 : -1, event.shiftKey);
  } else if (may || READING.has(event.key)) {
    // A letter of another layout counts by its place on the keyboard.
    const place = /^Key[A-Z]$/.test(event.code) ? event.code[3] : "";
    const latin = /^[a-z?]$/i.test(event.key) ? event.key : place && (event.shiftKey ? place : place.toLowerCase());
    deed = KEYS[event.key.length > 1 ? event.key : latin];
  }
  if (!deed) return;
  event.preventDefault();
  deed();
});
tools.addEventListener("click", (event) => {
  const name = event.target.closest("button")?.dataset.do;
  if (name && current) deeds[name]();
});
home.addEventListener("click", (event) => {
  const bead = event.target.closest(".bead")?.bead;
  if (!bead || event.target.closest("a")) return;
  const at = hit(event);
  side = event.target.closest(".side")?.lang ?? side;
  if (bead !== current) go(bead);
  if (at) { carets.set(side, at); shown(); } else focus();
});
// What is pressed may be dragged: it stays in its place until it is let go.
let held = false;
document.addEventListener("pointerdown", () => { held = true; });
for (const end of ["pointerup", "pointercancel", "dragend", "click"]) document.addEventListener(end, () => { held = false; });
home.addEventListener("focusin", (event) => {
  if (held) return;
  const cell = event.target.closest(".side");
  const bead = event.target.closest(".bead:not(.context)")?.bead;
  if (cell) side = cell.lang;
  if (bead && bead !== current) go(bead);
});

let dragged = null;
home.addEventListener("dragstart", (event) => {
  const bead = event.target.closest?.(".bead")?.bead;
  if (!bead || !may) return;
  const seg = event.target.closest(".seg");
  dragged = { bead, language: seg?.closest(".side").lang, segment: seg && Number(seg.dataset.at) };
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", event.target.textContent);
});
const target = (event) => (dragged ? event.target.closest?.(".bead, [data-do=unlink]") : null);
const marked = (where) => {
  document.querySelectorAll(".drop").forEach((old) => old.classList.remove("drop"));
  where?.classList.add("drop");
};
document.addEventListener("dragover", (event) => {
  const where = target(event);
  marked(where && where.bead !== dragged.bead ? where : null);
  if (where) event.preventDefault();
});
document.addEventListener("dragend", () => { dragged = null; marked(null); });
document.addEventListener("drop", (event) => {
  const where = target(event);
  if (!where) return;
  event.preventDefault();
  const { bead, language, segment } = dragged;
  dragged = null;
  marked(null);
  const to = where.bead;
  if (!to) act(bead, (n) => ({ do: "unlink", bead: n, only: language ? [language, segment] : null }));
  else if (to === bead) return;
  else if (language) act(bead, (n) => ({ do: "move", bead: n, language, segment, to: to.n }));
  else if (Math.abs(to.n - bead.n) === 1) act(bead.n < to.n ? bead : to, (n) => ({ do: "merge", bead: n }));
  else tell(said.notBeside, { error: true });
});

// ---- From the server, at first and when others have changed something.

async function load(told = false) {
  const answer = await ask(`/aligning/beads?${new URLSearchParams({ set, known: state })}`, { headers: { accept: "application/json" } });
  if (answer.status === 204) return;
  const whole = await answer.json();
  const first = !state;
  const known = first ? remembered() : { n: current?.n, anchor: current && anchor(current) };
  if (first && known.byDoubt !== undefined && !new URLSearchParams(location.search).has("order")) byDoubt = known.byDoubt;
  state = whole.state;
  beads = whole.beads;
  numbered();
  enabled(whole);
  status();
  const there = known.anchor && beads.find((bead) => anchor(bead) === known.anchor);
  ordered();
  current = there || (known.n !== undefined ? beads[Math.min(known.n, beads.length - 1)] : null) || order[0] || null;
  carets = new Map();
  layout();
  tools.classList.remove("hidden");
  tools.querySelector('[data-do="order"]').setAttribute("aria-pressed", byDoubt);
  const open = document.querySelector("dialog[open]");
  if (current) go(current, { block: there && !first ? "nearest" : "center", take: !open });
  if (!first && !told) tell(said.others);
}
document.addEventListener("changed", (event) => {
  event.preventDefault();
  queued(() => load());
});
await load();
