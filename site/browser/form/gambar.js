// The code as a picture, for another phone's camera or for paper. What draws it is larger than it looks, and who writes the
// code down needs none: it comes where it is asked for, before printing, and at a counter, whose paper has it, at once.

/** Returns what draws it, once; resolves in any case, for without its picture the code is as good. */
export function picture(part, load, text) {
  const place = part("qr"), asked = part("draw");
  let drawn = null;

  async function bring() {
    try {
      place.append((await load("qrJs")).draw(text));
      place.hidden = false;
      if (!asked) return;
      place.tabIndex = -1;
      if (document.activeElement === asked) place.focus();
      asked.remove();
    } catch {
      drawn = null; // so that it can be asked for again
      if (asked) asked.textContent = asked.dataset.failed;
    }
  }

  const draw = () => (drawn = drawn || bring());
  if (asked) asked.addEventListener("click", draw);
  else draw();
  return draw;
}
