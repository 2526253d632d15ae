/* Keeps what an officer writes as a draft at the desk, a few seconds after the last key and when the page is left. The
   last tab wins; the other is told. Without this script the button "Simpan konsep" does the same. */
"use strict";
(() => {
  const words = document.getElementById("body"), told = document.getElementById("konsep");
  if (!words || !told) return;
  const form = words.form, field = (name) => form.elements.namedItem(name);
  const WAIT = 3000;
  let kept = words.value, timer = 0, sending = null;
  const keep = async () => {
    clearTimeout(timer);
    if (sending || words.value === kept) return;
    const body = words.value;
    sending = fetch(form.action.replace(/messages$/, "draft"), {
      method: "POST",
      keepalive: body.length < 15000,
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": field("csrf_token").value },
      body: JSON.stringify({ body, seen: field("draft_seen").value }),
    });
    try {
      const answer = await sending;
      if (!answer.ok) throw new Error();
      const { version, replaced } = await answer.json();
      kept = body;
      field("draft_seen").value = version;
      told.textContent = version ? told.dataset[replaced ? "other" : "kept"] : "";
    } catch {
      told.textContent = told.dataset.failed;
    }
    sending = null;
    if (words.value !== kept) later();
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, WAIT);
  };
  words.addEventListener("input", later);
  addEventListener("pagehide", keep);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    kept = words.value;
  });
})();
