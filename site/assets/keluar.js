// The quick exit: the page is emptied at once and its entry in the history sends no form again. An answer to a form gives
// its form up as soon as somebody goes on, so that Back leads to an empty field. See docs/decisions.md (ssss).
{
  const answer = location.pathname.startsWith("/api/");
  const begin = location.pathname.startsWith("/api/thread") ? "/lacak/" : "/lapor/";

  const { lang } = document.documentElement, there = lang === "id" ? "" : "/" + lang;

  const forget = () => history.replaceState(null, "", there + begin);
  const vanish = () => {
    forget();
    document.documentElement.replaceChildren();
    // A portal among several: "/keluar" is not its worker's to answer.
    navigator.serviceWorker?.controller?.postMessage("keluar");
    location.replace("/keluar");
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (link?.matches(".leave")) {
      event.preventDefault();
      vanish();
    } else if (answer && link && !link.target && link.pathname !== location.pathname) forget();
  });
  document.addEventListener("submit", ({ target, defaultPrevented }) => {
    if (answer && !target.target && !defaultPrevented) forget();
  });
}
