// What travels in the address's fragment (a signed link, a receipt) reaches no server and no log. Take it out of
// the address bar and put it into the field; sending it stays the person's own act, since mail scanners open links
// too, and the first browser keeps the link. A page that has words for it hides the field then.
const field = document.querySelector("[data-fragment]");
function fill() {
  const text = location.hash.slice(1);
  if (!/^[\w.-]{25,3000}$/.test(text)) return;
  history.replaceState(null, "", location.pathname + location.search);
  field.value = text;
  const arrived = document.querySelector("[data-arrived]");
  if (arrived) {
    arrived.hidden = false;
    field.closest(".field").hidden = true;
  }
  field.form.querySelector("button").focus();
}
addEventListener("hashchange", fill);
fill();
