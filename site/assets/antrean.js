// What waits on this phone, in the queue that the form's script has with it (antre.js): how many, sent at a press, sealed
// anew with the code where keys have changed, or wiped off.
{
  const told = document.currentScript.dataset;
  const lang = document.documentElement.lang;
  const place = document.getElementById("antrean"), traces = document.getElementById("jejak");
  let busy = false;

  const load = async (name) => {
    const [href, integrity] = told[name].split(" "), link = document.createElement("link");
    if (link.relList.supports("modulepreload")) {
      await new Promise((onload, onerror) => {
        Object.assign(link, { rel: "modulepreload", href, integrity, onload, onerror });
        document.head.append(link);
      });
    } else await fetch(href, { integrity });
    return import(href);
  };

  const add = (to, name, how) => to.appendChild(Object.assign(document.createElement(name), how));
  const count = (text, number) => text.replace("{number}", number);

  function button(to, text, how, work) {
    add(to, "button", { type: "button", className: `btn wide after ${how}`, textContent: text }).addEventListener("click", work);
  }

  // What somebody is typing is not taken from him, where it was not he who pressed something.
  const typing = () => busy || [...place.querySelectorAll("input, textarea")].some(({ value }) => value);

  async function show(said = "", unasked = false) {
    const waiting = await self.antre.all(), stuck = waiting.filter((entry) => entry.stuck);
    if (unasked && typing()) return;
    const left = waiting.length - stuck.length;
    place.textContent = "";
    add(place, "p", { className: "lead", textContent: waiting.length ? count(told.some, waiting.length) : told.none });
    if (said) add(place, "p", { className: "note", textContent: said });
    if (left) button(place, told.now, "", () => once(now));
    stuck.forEach((entry, nth) => reseal(entry, nth));
    traces.hidden = false;
  }

  async function now() {
    place.firstChild.textContent = told.sending;
    const { sent, left } = await self.antre.flush({ lang });
    await show([sent && count(told.sent, sent), left && told.unreached].filter(Boolean).join(" "));
  }

  /** One that was not taken as it is: its writer's code opens it, and it is sealed anew or, at least, given back. */
  function reseal(entry, nth) {
    const form = add(place, "form", { className: "card", method: "post", noValidate: true, autocomplete: "off" });
    form.action = location.pathname; // never sent: what is typed stays here
    add(form, "h2", { textContent: told.stuck });
    add(form, "p", { textContent: entry.stuck === "keys_changed" ? told.keys : told.refused });
    const field = add(form, "div", { className: "field" });
    add(field, "label", { htmlFor: `kode-${nth}`, textContent: told.code });
    const why = add(field, "p", { className: "why", hidden: true, id: `kode-${nth}-error` });
    const box = add(field, "input", { id: `kode-${nth}`, className: "keyed", autocomplete: "off", spellcheck: false });
    box.setAttribute("aria-describedby", why.id);
    const opener = add(form, "button", { className: "btn wide", textContent: told.open });
    const tell = (text) => Object.assign(why, { textContent: text, hidden: false });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      opener.textContent = told.opening;
      once(() => anew(entry, box, form, tell)).then(() => (opener.textContent = told.open));
    });
  }

  async function anew(entry, box, form, tell) {
    const { reopen, wait } = await load("segelJs");
    const own = await reopen(box.value, entry.kept).catch(() => null);
    if (!own) {
      box.setAttribute("aria-invalid", "true");
      return tell(told.wrong);
    }
    if (entry.stuck === "keys_changed") {
      const asked = await fetch("/keys.json", { cache: "no-cache" }), waitingKey = await self.antre.key();
      const made = await wait({ ...own, keys: await asked.json(), waitingKey });
      await self.antre.put(made.entry);
      await self.antre.remove(entry.mark);
      return now();
    }
    const { subject, body, place: where, about_officials: who } = own.report;
    add(form, "label", { htmlFor: `isi-${box.id}`, textContent: told.words });
    const text = [subject, body, where, who].filter(Boolean).join("\n\n");
    add(form, "textarea", { id: `isi-${box.id}`, readOnly: true, rows: 8, value: text }).focus();
    box.closest(".field").remove();
    form.querySelector("button").remove();
    button(form, told.drop, "quiet", () => once(async () => (await self.antre.remove(entry.mark), show())));
  }

  async function once(work) {
    if (busy) return;
    busy = true;
    await work().catch(() => show(told.unreached));
    busy = false;
  }

  traces.querySelector("button").addEventListener("click", () =>
    once(async () => {
      await self.antre.wipe();
      place.textContent = traces.textContent = "";
      Object.assign(add(place, "p", { className: "lead", textContent: told.wiped }), { tabIndex: -1 }).focus();
    }),
  );

  addEventListener("online", () => once(now));
  if (navigator.serviceWorker) navigator.serviceWorker.addEventListener("message", () => show("", true).catch(() => 0));
  load("formulirJs").then(() => show(), () => (place.textContent = told.broken));
}
