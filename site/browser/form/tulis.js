// The report form: at the first key, what checks, seals and sends is loaded, each piece held to its hash. Only once a
// trial was sealed does the page promise it. Until then nothing is sent, unless the writer chooses anew.

import "../../../site/assets/keluar.js"; // at once, the rest when the form is there; as in tunda.js

const told = { ...document.currentScript.dataset };

addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[action='/api/reports']");
  const make = (name, how) => Object.assign(document.createElement(name), how);
  const says = make("div", { tabIndex: -1 });
  const got = {}, lost = {};
  let ready, waiting;

  // Browsers remember that a piece did not come, so it is asked for by another name then.
  const piece = (name) => told[name].split(" ").map((text, nth) => (nth || !lost[name] ? text : `${text}?${lost[name]}`));

  const json = async (href, how) => {
    const answer = await fetch((form.dataset.base || "") + href, how);
    if (!answer.ok) throw new Error(href);
    return answer.json();
  };

  const load = (name) => (got[name] = got[name] || bring(name).catch((error) => forget(name, error)));

  function forget(name, error) {
    got[name] = 0;
    lost[name] = (lost[name] || 0) + 1;
    throw error;
  }

  async function bring(name) {
    const [href, integrity] = piece(name), link = make("link", { rel: "modulepreload", href, integrity });
    if (link.relList.supports("modulepreload")) {
      await new Promise((onload, onerror) => {
        Object.assign(link, { onload, onerror });
        document.head.append(link);
      });
    } else await fetch(href, { integrity });
    return import(href);
  }

  const page = (href) =>
    new Promise((done, onerror) => {
      const ask = new XMLHttpRequest();
      ask.open("GET", href);
      Object.assign(ask, { responseType: "document", onerror, onload: () => done(ask.response) });
      ask.send();
    });

  // Of one portal, or of all that the form took districts from (daerah.js).
  const ask = (name, how) => (form.gather || json)(name, how);

  // Keys of custodians and courier are for who names himself, and are asked for with that report, not before.
  const keys = (named) => ask(named ? "/keys.json" : "/keys-desk.json", { cache: "no-cache" });

  async function start() {
    const villages = () => (got.desa = got.desa || ask("/desa.json").catch((error) => forget("desa", error)));
    const all = [load("segelJs"), load("formulirJs"), page(told.bagian), keys()];
    const [{ seal }, { begin, prepare: later }, parts, published] = await Promise.all(all);
    Object.assign(told, parts.querySelector("main").dataset); // where the other pieces are
    const renew = () => keys().then((found) => Object.assign(published, found));
    form.addEventListener("daerah", () => {
      got.desa = 0;
      renew().catch(() => 0); // without them the seal fails, and nothing is sent
    });
    if (form.gather) await renew(); // a place of another portal was chosen while all this was on its way
    const trial = { kind: "-", topic: "-", district: form.district.options[1].value, body: "-", identity_mode: "anonim" };
    await seal({ report: trial, keys: published });
    const check = begin({ form, parts, seal, published, keys, load, refuse, villages });
    for (const promise of document.querySelectorAll("#segel strong")) promise.textContent = told.sealed;
    // Not at a counter: nothing of other people's waits on a clerk's machine.
    if (!form.elements.loket) later({ told, form }).catch(() => 0);
    return check;
  }

  const prepare = () => (ready = ready || start().catch((error) => ((ready = 0), Promise.reject(error))));

  const add = (name, textContent, how) => says.appendChild(make(name, { textContent, ...how }));

  function refuse() {
    says.textContent = "";
    says.className = "note";
    add("p", told.failed, { className: "lead" });
    add("p", told.instead);
    add("button", told.again, { className: "btn wide" });
    const server = add("button", told.server, { className: "btn quiet wide after", type: "button" });
    server.addEventListener("click", () => form.submit());
    says.focus();
  }

  for (const first of ["focusin", "input"]) form.addEventListener(first, () => prepare().catch(() => 0), { once: true });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (waiting) return;
    waiting = true;
    says.className = "hint";
    says.textContent = told.wait;
    try {
      const check = await Promise.race([prepare(), new Promise((_, late) => setTimeout(late, 30000))]);
      says.textContent = "";
      check();
    } catch {
      refuse();
    }
    waiting = false;
  });

  // Without a name, photos are not posted with the form: they leave after the words (kirim.js).
  const photo = document.getElementById("foto");
  if (photo) {
    const box = make("input", { type: "file", id: "berkas", accept: "image/*", multiple: true });
    box.setAttribute("aria-describedby", "foto-hint");
    photo.prepend(make("label", { htmlFor: "berkas", textContent: photo.dataset.name }));
    photo.append(box);
  }

  says.setAttribute("role", "status");
  form.querySelector("button").before(says);
});
