/* Asks before an officer leaves words that stand nowhere else: a touch on another tab would lose them. */
"use strict";
(() => {
  let sent = false;
  addEventListener("submit", () => (sent = true));
  addEventListener("beforeunload", (event) => {
    const words = [...document.querySelectorAll("textarea")];
    if (!sent && words.some(({ value, defaultValue }) => value !== defaultValue)) event.preventDefault();
  });
})();
