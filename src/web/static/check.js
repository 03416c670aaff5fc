// Findings in the text as one types, and what is done about them.
import { mine, part, tell, typing } from "./frame.js";

const desk = document.querySelector(".desk");
const said = desk.dataset;
const texts = document.getElementById("texts");
const files = document.getElementById("files");
const found = document.getElementById("found");
const foundFiles = document.getElementById("found-files");
const spoken = document.getElementById("spoken");
const busy = document.getElementById("busy");
const WAIT = 200;

function reveal(where) {
  for (const one of where.querySelectorAll("[data-script]")) one.hidden = false;
}

/** A text with its marks, which lie in a layer of the same measures below it. */
class Editor {
  constructor(box) {
    this.language = box.dataset.language;
    this.under = box.querySelector(".under");
    this.area = box.querySelector("textarea");
    this.last = this.area.value;
    this.marks = [];
    this.area.addEventListener("input", () => this.changed());
    for (const event of ["click", "keyup", "focus"]) this.area.addEventListener(event, () => this.follow());
    this.paint();
  }

  /** The marks go along with what is typed before them; what is typed into one takes it away. */
  changed() {
    const [old, now] = [this.last, this.area.value];
    const shortest = Math.min(old.length, now.length);
    let head = 0;
    while (head < shortest && old[head] === now[head]) head += 1;
    let tail = 0;
    while (tail < shortest - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
    const [end, by] = [old.length - tail, now.length - old.length];
    this.marks = this.marks.filter((mark) => mark.end <= head || mark.start >= end);
    for (const mark of this.marks) if (mark.start >= end) { mark.start += by; mark.end += by; }
    this.last = now;
    this.paint();
    later();
  }

  take(entries) {
    this.marks = entries.filter((entry) => entry.dataset.language === this.language).map((entry) => ({
      entry, start: Number(entry.dataset.start), end: Number(entry.dataset.end),
      kind: entry.classList.contains("accepted") ? "accepted" : ["error", "warning", "info"].find((level) => entry.classList.contains(level)),
    }));
    this.marks.sort((a, b) => a.start - b.start || b.end - a.end);
    this.paint();
  }

  /** Of marks that share letters the narrowest is painted there. */
  paint() {
    const text = this.area.value;
    const pieces = [];
    for (const mark of this.marks) mark.shown = null;
    const there = this.marks.filter((mark) => mark.start < mark.end && mark.end <= text.length);
    const ends = [...new Set(there.flatMap((mark) => [mark.start, mark.end]))].sort((a, b) => a - b);
    let [at, open, next] = [0, [], 0];
    for (const end of ends) {
      const over = open.reduce((best, mark) => (!best || mark.end - mark.start < best.end - best.start ? mark : best), null);
      if (over && at < end) {
        const piece = document.createElement("mark");
        piece.className = over.kind;
        piece.textContent = text.slice(at, end);
        over.shown ??= piece;
        pieces.push(piece);
      } else {
        pieces.push(text.slice(at, end));
      }
      at = end;
      open = open.filter((mark) => mark.end > end);
      while (next < there.length && there[next].start === end) open.push(there[next++]);
    }
    // A last line without letters has its height too.
    pieces.push(text.slice(at), "\u200b");
    this.under.replaceChildren(...pieces);
  }

  /** The finding at the cursor, the narrowest where there are several. */
  here() {
    const at = this.area.selectionStart;
    const over = this.marks.filter((mark) => mark.start <= at && at <= mark.end);
    return over.sort((a, b) => (a.end - a.start) - (b.end - b.start))[0] ?? null;
  }

  follow() {
    const mark = this.here();
    if (mark) point(this, mark);
  }

  go(mark) {
    this.area.focus({ preventScroll: true });
    this.area.setSelectionRange(mark.start, mark.end);
    (mark.shown ?? this.area).scrollIntoView({ block: "nearest" });
    point(this, mark);
    spoken.textContent = mark.entry.querySelector(".what").textContent.trim();
  }

  /** As if it had been typed, so that it can be undone with Ctrl+Z. */
  replace(start, end, text) {
    this.area.focus({ preventScroll: true });
    this.area.setSelectionRange(start, end);
    const done = text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text);
    if (!done) {
      this.area.setRangeText(text, start, end, "end");
      this.area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

const editors = [...document.querySelectorAll(".editor")].map((box) => new Editor(box));
let last = editors[0];
for (const editor of editors) editor.area.addEventListener("focus", () => { last = editor; });

function point(editor, mark) {
  for (const one of document.querySelectorAll(".finding[aria-current]")) one.removeAttribute("aria-current");
  for (const one of document.querySelectorAll(".under mark.now")) one.classList.remove("now");
  mark.shown?.classList.add("now");
  mark.entry.setAttribute("aria-current", "true");
  // Only the list moves, not the page under the cursor.
  const box = mark.entry.closest(".aside");
  if (box && box.scrollHeight > box.clientHeight) {
    const [inner, outer] = [mark.entry.getBoundingClientRect(), box.getBoundingClientRect()];
    if (inner.top < outer.top || inner.bottom > outer.bottom) box.scrollTop += inner.top - outer.top - 8;
  }
}

function meant(entry) {
  for (const editor of editors) {
    const mark = editor.marks.find((one) => one.entry === entry);
    if (mark) return [editor, mark];
  }
  return [null, null];
}

function step(by) {
  const all = editors.flatMap((editor, number) => editor.marks.map((mark) => ({ editor, number, mark })));
  if (!all.length) { spoken.textContent = said.noMore; return; }
  const current = document.activeElement.closest?.(".finding");
  let at = current ? all.findIndex((one) => one.mark.entry === current) : -1;
  if (at < 0) {
    const [number, caret] = [editors.indexOf(last), last.area.selectionStart];
    const key = (one) => [one.number, one.mark.start];
    const before = (one) => key(one)[0] < number || (key(one)[0] === number && key(one)[1] < caret);
    const same = all.findIndex((one) => one.number === number && one.mark.start === caret && one.mark.end === last.area.selectionEnd && caret !== last.area.selectionEnd);
    const count = all.filter(before).length;
    at = same >= 0 ? same : (by > 0 ? count - 1 : count);
  }
  const next = all[(at + by + all.length) % all.length];
  next.editor.go(next.mark);
}

// ---- asking

let asking = null;
let timer = null;
function later() {
  clearTimeout(timer);
  asking?.abort();
  timer = setTimeout(() => look(), WAIT);
}

/** Asks what is wrong with the texts; `more` says what is to be done first. */
async function look(more = {}) {
  clearTimeout(timer);
  asking?.abort();
  const own = asking = new AbortController();
  const body = new FormData(texts);
  for (const [name, value] of Object.entries(more)) body.set(name, value);
  const before = editors.map((editor) => editor.area.value);
  busy.textContent = said.checking;
  try {
    const parts = await part("/check/found", { method: "POST", body, signal: own.signal });
    if (own !== asking || editors.some((editor, at) => editor.area.value !== before[at])) return false;
    show(parts);
    return true;
  } catch {
    return false; // told by frame.js, or overtaken by the next letter
  } finally {
    if (own === asking) busy.textContent = "";
  }
}

function show(parts) {
  // A reason that is being written stays.
  const open = [...found.querySelectorAll(".finding")].filter((one) => one.querySelector("details.accept[open]")).map((one) => [one.dataset.id, one.querySelector(".accept input").value, one.contains(document.activeElement)]);
  const summary = found.querySelector("[data-summary]")?.textContent;
  found.replaceChildren(...parts);
  reveal(found);
  const entries = [...found.querySelectorAll(".finding")];
  for (const editor of editors) editor.take(entries);
  for (const [id, reason, focused] of open) {
    const entry = entries.find((one) => one.dataset.id === id && one.querySelector("details.accept"));
    if (!entry) continue;
    entry.querySelector("details.accept").open = true;
    entry.querySelector(".accept input").value = reason;
    if (focused) entry.querySelector(".accept input").focus();
  }
  const now = found.querySelector("[data-summary]")?.textContent ?? "";
  if (now !== summary) spoken.textContent = now.replace(/\s+/g, " ").trim();
}

texts.addEventListener("submit", (event) => {
  event.preventDefault();
  act(event.submitter, texts, look);
});
files.addEventListener("submit", (event) => {
  // What is to be downloaded the browser sends itself.
  if (event.submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  act(event.submitter, files, lookAtFiles);
});

async function act(button, form, ask) {
  const entry = button?.closest(".finding");
  if (button?.name === "fix" && entry) {
    const [editor, mark] = meant(entry);
    if (!mark) { tell(said.changedSince, { error: true }); return; }
    editor.replace(mark.start, mark.end, button.dataset.fix);
    spoken.textContent = `${said.fixed}: ${button.dataset.fix}`;
    await look();
  } else if (button?.name === "fix-all") {
    for (const editor of editors) {
      let end = editor.area.value.length + 1;
      for (const mark of [...editor.marks].reverse()) {
        const fix = mark.entry.querySelector("[data-certain]");
        if (!fix || mark.end > end) continue;
        end = mark.start;
        editor.replace(mark.start, mark.end, fix.dataset.fix);
      }
    }
    await look();
  } else if (button?.name === "accept" || button?.name === "revoke") {
    if (await ask({ [button.name]: button.value })) await mine();
  } else {
    await ask();
  }
}

// ---- files

let reading = null;
async function lookAtFiles(more = {}) {
  reading?.abort();
  const own = reading = new AbortController();
  const body = new FormData(files);
  for (const [name, value] of Object.entries(more)) body.set(name, value);
  foundFiles.setAttribute("aria-busy", "true");
  try {
    foundFiles.replaceChildren(...await part("/check/found", { method: "POST", body, signal: own.signal }));
    reveal(foundFiles);
    spoken.textContent = (foundFiles.querySelector("[data-summary]")?.textContent ?? "").replace(/\s+/g, " ").trim();
    return true;
  } catch {
    return false;
  } finally {
    if (own === reading) foundFiles.removeAttribute("aria-busy");
  }
}

const chooser = files.querySelector("input[type=file]");
chooser.addEventListener("change", () => lookAtFiles());
files.querySelector("[name=together]").addEventListener("change", () => { if (chooser.files.length) lookAtFiles(); });
const carries = (event) => [...event.dataTransfer?.types ?? []].includes("Files");
addEventListener("dragover", (event) => { if (carries(event)) { event.preventDefault(); document.body.classList.add("dropping"); } });
addEventListener("dragleave", (event) => { if (!event.relatedTarget) document.body.classList.remove("dropping"); });
addEventListener("drop", (event) => {
  document.body.classList.remove("dropping");
  if (!carries(event)) return;
  event.preventDefault();
  chooser.files = event.dataTransfer.files;
  files.scrollIntoView({ block: "nearest" });
  lookAtFiles();
});

// ---- mouse and keys

found.addEventListener("click", (event) => {
  const entry = event.target.closest(".finding");
  const [editor, mark] = entry ? meant(entry) : [null, null];
  if (event.target.closest("a.go")) {
    event.preventDefault();
    if (mark) editor.go(mark);
  } else if (event.target.dataset.put !== undefined) {
    last.replace(last.area.selectionStart, last.area.selectionEnd, event.target.dataset.put);
  }
});
for (const place of [found, foundFiles]) {
  place.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches(".accept input")) return;
    event.preventDefault();
    event.target.closest(".accept").querySelector("button").click();
  });
}
const keys = document.getElementById("keys");
document.getElementById("keys-open").addEventListener("click", () => keys.showModal());
addEventListener("keydown", (event) => {
  if (event.key === "F8" || (event.altKey && (event.code === "KeyN" || event.code === "KeyP"))) {
    event.preventDefault();
    step((event.key === "F8" ? event.shiftKey : event.code === "KeyP") ? -1 : 1);
  } else if (event.altKey && event.key === "Enter") {
    const fix = last.here()?.entry.querySelector("button[name=fix]");
    if (fix) { event.preventDefault(); fix.click(); }
  } else if (event.key === "?" && !typing(event) && !keys.open) {
    event.preventDefault();
    keys.showModal();
  }
});

// Decisions and terms of others count at once; what is being typed stays.
document.addEventListener("changed", (event) => {
  event.preventDefault();
  if (editors.some((editor) => editor.area.value.trim())) look();
});

reveal(document);
show([...found.childNodes]);
if (editors.some((editor) => editor.area.value.trim())) look();
