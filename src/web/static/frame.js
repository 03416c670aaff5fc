// What all pages share: asking the server, telling the user, and seeing what others change.

const told = document.getElementById("told");
const said = document.body.dataset;

/** Shows a line at the foot of the page; `error` ones stay until the next. */
export function tell(text, { error = false, button = null, act = null } = {}) {
  const line = document.createElement("p");
  line.textContent = text;
  if (error) line.className = "error";
  if (button) {
    const key = document.createElement("button");
    key.type = "button";
    key.textContent = button;
    key.addEventListener("click", () => { line.remove(); act(); });
    line.append(key);
  }
  told.replaceChildren(line);
  if (!error && !button) setTimeout(() => line.remove(), 5000);
}

/** Asks the server; what it refuses is told to the user and thrown. */
export async function ask(address, options = {}) {
  let answer;
  try {
    answer = await fetch(address, options);
  } catch (error) {
    if (error.name !== "AbortError") tell(said.offline, { error: true });
    throw error;
  }
  if (answer.ok) return answer;
  let message = said.failed;
  try { message = (await answer.json()).error.message; } catch { /* no JSON: the general words stand */ }
  tell(message, { error: true });
  throw Object.assign(new Error(message), { status: answer.status });
}

/** Sends JSON and gives the JSON that comes back. */
export async function send(address, body, method = "POST") {
  const answer = await ask(address, { method, headers: { "content-type": "application/json", accept: "application/json" }, body: JSON.stringify(body) });
  const text = await answer.text();
  return text ? JSON.parse(text) : null;
}

/** Gives a part of a page, as elements. */
export async function part(address, options = {}) {
  const answer = await ask(address, options);
  const made = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...made.body.childNodes];
}

/** Whether keys are being typed into a field. */
export const typing = (event) => event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null || event.ctrlKey || event.metaKey;

for (const back of document.querySelectorAll(".interface input[name=back]")) back.value = location.pathname + location.search;

// Others change the memory too: a page that shows it asks now and then, and either shows the change at once (it
// listens to `changed`) or offers to.
let batch = null;
async function look() {
  if (document.visibilityState !== "visible") return;
  try {
    const answer = await fetch("/changes");
    if (!answer.ok) return;
    const now = (await answer.json()).batch;
    if (batch !== null && now !== batch) {
      const taken = !document.dispatchEvent(new CustomEvent("changed", { cancelable: true, detail: { batch: now } }));
      if (!taken) tell(said.changed, { button: said.reload, act: () => location.reload() });
    }
    batch = now;
  } catch { /* the next question will tell */ }
}
/** What this page changed itself is no news to it. */
export async function mine() { batch = null; await look(); }
if (said.page !== "error" && said.page !== "enter") { look(); setInterval(look, 2000); document.addEventListener("visibilitychange", look); }
