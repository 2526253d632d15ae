// Keys on the desk's list, and on a wide screen a line that opens beside it. Without this file every line is a link and
// every tick a box. Nothing is stored, and nothing is sent but what a link or a button would send.
(() => {
  "use strict";
  const links = [...document.querySelectorAll(".cases .go")];
  const help = document.getElementById("help");
  const wide = matchMedia("(min-width:1100px)");
  const line = () => document.activeElement?.closest(".cases>li");
  const row = () => line() ?? document.querySelector(".cases>li.open") ?? document.querySelector(".cases>li");
  const move = (step) => {
    const at = links.indexOf(line()?.querySelector(".go"));
    const from = at < 0 ? links.findIndex((link) => link.closest("li.open")) : at;
    links[Math.min(Math.max(from + step, 0), links.length - 1)]?.focus();
  };
  const beside = () => row()?.querySelector(".beside")?.click();
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    o: () => row()?.querySelector(".go")?.click(),
    e: beside,
    r: () => {
      const link = row()?.querySelector(".go");
      if (link) location.assign(`${link.href}#next`);
    },
    x: () => row()?.querySelector(".tick input")?.click(),
    t: () => document.querySelector("#bulk button:not([hidden])")?.focus(),
    "/": () => document.getElementById("q")?.focus(),
    "?": () => help?.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    const held = event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
    const typing = event.target.closest("input:not([type=checkbox]),textarea,select,[contenteditable],dialog");
    if (held || typing || help?.open || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
  // A mouse on a wide screen: for who sorts, the line opens beside the list. The keys, a middle click, and who answers
  // go to the case itself: there they act.
  for (const link of document.querySelector(".cases .tick") ? links : []) {
    link.addEventListener("click", (event) => {
      const there = link.closest("li").querySelector(".beside");
      if (!wide.matches || !there || event.detail === 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      location.assign(there.href);
    });
  }
  document.getElementById("help-close")?.addEventListener("click", () => help.close());
  const button = document.getElementById("keys");
  if (button && links.length && matchMedia("(hover:hover)").matches) {
    button.closest("[hidden]").hidden = false;
    button.addEventListener("click", keys["?"]);
  }
})();
