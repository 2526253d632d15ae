// A signed link arrives in the address's fragment, which no server sees. Take it out of the address bar, put it
// into the visible field and send the form.
function enter() {
  const token = location.hash.slice(1);
  if (!/^[\w.-]{60,3000}$/.test(token)) return;
  history.replaceState(null, "", location.pathname + location.search);
  const field = document.getElementById("token");
  field.value = token;
  field.form.submit();
}
addEventListener("hashchange", enter);
enter();
