// Print and copy: shown only where they work.
const printer = document.querySelector("[data-print]");
printer.hidden = false;
printer.addEventListener("click", () => window.print());
const copier = document.querySelector("[data-copy]");
if (copier) {
  copier.hidden = !navigator.clipboard;
  copier.addEventListener("click", async () => {
    await navigator.clipboard.writeText(copier.dataset.copy);
    copier.textContent = copier.dataset.done;
  });
}
