// Files dropped anywhere on the page are taken as if they had been chosen.
import { tell } from "./frame.js";

const form = document.getElementById("import");
const LARGEST = 64 * 1024 * 1024;
if (form) {
  const drop = form.querySelector(".drop");
  const input = drop.querySelector("input");
  let over = 0;
  const shown = () => drop.classList.toggle("over", over > 0);
  document.addEventListener("dragenter", (event) => { event.preventDefault(); over += 1; shown(); });
  document.addEventListener("dragleave", () => { over = Math.max(0, over - 1); shown(); });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    over = 0;
    shown();
    if (!event.dataTransfer?.files.length) return;
    input.files = event.dataTransfer.files;
    input.focus();
  });
  form.addEventListener("submit", (event) => {
    const size = [...input.files].reduce((sum, file) => sum + file.size, 0);
    if (size > LARGEST) {
      event.preventDefault();
      tell(form.dataset.large, { error: true });
      return;
    }
    form.querySelector("button.main").disabled = true;
  });
  // Coming back by the browser's button finds a form that works.
  window.addEventListener("pageshow", () => { form.querySelector("button.main").disabled = false; });
}
