// The form of a unit: stored by Ctrl+Enter, and not left by mistake.
import { tell } from "./frame.js";

const form = document.getElementById("sheet");
let typed = false;
if (form) {
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", () => { typed = false; });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
  });
  window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
}

// What is being typed is not taken away by what others store: storing shows both.
document.addEventListener("changed", (event) => {
  event.preventDefault();
  if (!typed) location.reload();
  else tell(document.body.dataset.changed);
});
