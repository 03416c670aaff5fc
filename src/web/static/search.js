// Results as one types.
import { part } from "./frame.js";

const form = document.getElementById("search");
const found = document.getElementById("found");
let asking = null;
form.addEventListener("input", async () => {
  asking?.abort();
  asking = new AbortController();
  const wanted = new URLSearchParams(new FormData(form));
  try {
    found.replaceChildren(...await part(`/search?${wanted}`, { signal: asking.signal }));
    history.replaceState(null, "", `/?${wanted}`);
  } catch { /* told by frame.js, or overtaken by the next letter */ }
});
