// Sending a report that was checked: a proof of work, the seal, the post; then the receipt, which this page alone knows.
// The same submission key is used until a report has arrived, so that sending again doubles nothing.

import { packed } from "./bungkus.js";
import { picture } from "./gambar.js";
import { askBack } from "./ingat.js";
import { solve } from "./kerja.js";
import { hold } from "./tunda.js";

const CHALLENGE_MS = 20000; // no answer: sent without
const WORK_MS = 30000; // a weak phone in a flood
const POST_MS = 90000;
const PICTURE_MS = 8000;
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const fresh = () => hex(crypto.getRandomValues(new Uint8Array(16)));
const QUIET = { cache: "no-store", credentials: "omit", redirect: "error", referrerPolicy: "no-referrer" };

/**
 * What shows that a person sends this report, as fields: a proof of work, else a token that the page was open, else none in
 * good time: a report is never held up by it. Both are good for the report with this lookup hash alone.
 */
async function prove(address, lookup, tell) {
  try {
    const bytes = Uint8Array.from(lookup.match(/../g), (pair) => parseInt(pair, 16));
    const body = JSON.stringify({ for: hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))) });
    const asked = { body, headers: { "Content-Type": "application/json" } };
    const { ok, answer } = await post(`${address}/challenge`, asked, CHALLENGE_MS);
    if (!ok) return {};
    const { form_token, ...challenge } = answer, altcha = await solve(challenge, WORK_MS, tell);
    return altcha ? { altcha } : { form_token };
  } catch {
    return {};
  }
}

/** Post; `{ ok, answer }`, or an error where nothing that we understand came back. */
async function post(address, { body, headers }, patience = POST_MS) {
  const stop = new AbortController(), timer = setTimeout(() => stop.abort(), patience);
  try {
    const how = { method: "POST", headers: { Accept: "application/json", ...headers }, body, signal: stop.signal };
    const reply = await fetch(address, { ...QUIET, ...how });
    return { ok: reply.ok, answer: await reply.json() };
  } finally {
    clearTimeout(timer);
  }
}

/** A problem as faults for the page: of the envelope no field stands on it. */
const faults = ({ errors, detail, title }) =>
  (errors || [{ field: "", message: detail || title }]).map(({ message }) => ({ field: "", message }));

/**
 * Returns, for a check page's parts and its report, what is done when it is to be sent, or to wait. `fail` is called where it
 * cannot be sealed, so that nothing may be sent; `done` once the receipt is shown.
 */
export function sender({ page, form, lang, seal, published, keys, load, fail, done }) {
  const address = form.getAttribute("action"), asked = `${address}?lang=${lang}`;
  const home = `${location.origin}${form.dataset.base || ""}${lang === "id" ? "" : `/${lang}`}/`;
  const { loket } = form.elements, counter = loket ? { loket: loket.value } : null; // a counter's pass is its proof
  const isNamed = ({ identity_mode: mode, contact }) => mode !== "anonim" || contact !== "";
  let key = fresh(), busy = false, known = { false: published }, tried = [];

  /** The keys that a report needs: those of the desks are there, custodians' and courier's come when it is sent. */
  const keysFor = async (report, named = isNamed(report)) => (known[named] = known[named] || (await keys(named)));

  async function attempt(report, says) {
    let proof = counter;
    for (let again = false; ; again = true) {
      says("sealing");
      const current = await keysFor(report);
      const sealed = await seal({ report, keys: current, submissionKey: key }).catch(() => null);
      if (!sealed) return fail();
      proof = proof || (await prove(address, sealed.body.lookup, (percent) => says("working", { percent })));
      says("sending");
      const result = await submit(sealed, proof, report);
      if (result.ok) return arrived(sealed, result.answer, report);
      const { code } = result.answer;
      if (code === "keys_changed" && !again) {
        known = {};
        continue;
      }
      return refused(code, result.answer, report);
    }
  }

  async function submit(sealed, proof, report) {
    const body = { ...sealed.body, meant: report.meant, ...counter, ...proof };
    tried.push({ ...sealed, report: { ...report } }); // topic and village may be changed on the same page
    return post(asked, await packed(body));
  }

  /** An earlier text stands under this key: that one's code can still be had, and this text gets a key of its own. */
  function refused(code, answer, report) {
    page.tell(faults(answer));
    if (code !== "changed_text" && code !== "clash") return;
    const before = tried.slice(0, -1), offer = page.main.querySelector("[data-part=earlier]");
    key = fresh();
    tried = [];
    if (!offer || !before.length) return;
    offer.hidden = false;
    offer.firstElementChild.addEventListener("click", () => once(() => earlier(before, report)));
  }

  async function earlier(before, report) {
    for (const sealed of before) {
      const result = await submit(sealed, {}, report);
      tried = [];
      if (result.ok) return arrived(sealed, result.answer, report);
    }
    throw new Error("none of them arrived");
  }

  /** Not twice at a time; what breaks on the way loses nothing. */
  async function once(what) {
    if (busy) return;
    busy = true;
    page.tell([]);
    await what().catch(unreached);
    busy = false;
  }

  function unreached() {
    page.tell([{ message: page.says("unreached") }]);
    const offer = page.main.querySelector("[data-part=wait]");
    if (!offer) return;
    offer.hidden = false;
    page.main.querySelector(".errors").after(offer); // where one looks now
  }

  /** No network: sealed, it can wait on the phone. Another text than one that may have arrived is another report. */
  async function keep(report) {
    if (tried.some((earlier) => JSON.stringify(earlier.report) !== JSON.stringify(report))) key = fresh();
    tried = [];
    const tools = { page, lang, load, home, guard, offerPaper, plain, done, arrived };
    const sealing = { report, key, keysFor: () => keysFor(report), forget: () => (known = {}) };
    const held = await hold({ ...tools, ...sealing, prove: ({ lookup }) => prove(address, lookup) }).catch(() => false);
    if (!held) page.tell([{ message: page.says("cannot_wait") }]);
  }

  function arrived({ receipt, trackingId }, { due }, { contact, about_officials: named }, saved) {
    const files = photosOf(form); // before they go with all that was typed
    done();
    form.reset();
    const told = contact.includes("@");
    showReceipt({ page, home, load, receipt, trackingId, due: page.longDate(due), told, saved, files, named });
  }

  return (part, report) => {
    const line = part("says");
    const says = (code, facts) => (line.textContent = code ? page.says(code, facts) : "");
    const send = () => {
      says("sealing");
      return attempt(report, says).finally(() => says(""));
    };
    return { send: () => once(send), wait: () => once(() => keep(report)) };
  };
}

/** `saved`: where the code was kept already, while the report waited. */
function showReceipt({ page, home, load, receipt, trackingId, due, told, saved, files, named }) {
  const { title, body } = page.copy("receipt"), part = (name) => body.querySelector(`[data-part=${name}]`);
  const groups = receipt.split("-");
  body.querySelectorAll(".code span").forEach((group, nth) => (group.textContent = groups[nth]));
  part("due").textContent = due;
  part("tracking").textContent = trackingId;
  part("told").hidden = !told;
  part("untold").hidden = told;
  const atCounter = !part("not-yet"), next = part("saved"); // at a counter: to the next person
  saved = saved || guard(page, atCounter && next, next.href);
  offerPaper(body, receipt, saved, home, picture(part, load, `${home}lacak/#${receipt}`));
  const send = part("photo") && photos({ page, part, receipt, load, named, address: `${home}lacak/berkas.json` });
  plain();
  history.replaceState("receipt", "");
  const nodes = [...body.children];
  const ask = (event) => {
    event.preventDefault();
    askBack({ page, receipt, receiptView: { title, nodes }, kept: saved });
  };
  if (!atCounter) next.addEventListener("click", ask);
  page.show(title, nodes);
  if (send && files.length) send(files);
}

/** The photos chosen in the form. They leave once the code is shown, and never with the words. */
export function photosOf(form) {
  const box = form.querySelector("#foto input");
  return box ? [...box.files] : [];
}

/** The header's mark without its way out, and no footer: as the server's receipt page. */
function plain() {
  for (const way of document.querySelectorAll("footer")) way.remove();
  for (const way of document.querySelectorAll("a.mark")) {
    const bare = document.createElement("span");
    bare.append(...way.childNodes);
    bare.className = way.className;
    way.replaceWith(bare);
  }
}

/** Leaving asks first, until the code is kept; the quick exit never asks. Returns what says that it is kept. `link`: what
 * leads to the next person at a counter. */
function guard(page, link, home) {
  const ask = (event) => {
    event.preventDefault();
    event.returnValue = "";
  };
  let kept = false;
  const saved = () => {
    kept = true;
    removeEventListener("beforeunload", ask);
  };
  addEventListener("beforeunload", ask);
  if (link) link.addEventListener("click", saved);
  for (const way of document.querySelectorAll(".leave")) way.addEventListener("click", saved);
  addEventListener("popstate", () => {
    if (kept) return location.replace(home);
    history.pushState("receipt", "");
    page.tell([{ message: page.says("unsaved") }]);
  });
  // Nothing of it may come back from the browser's memory of pages.
  addEventListener("pagehide", () => page.main.replaceChildren());
  addEventListener("pageshow", ({ persisted }) => persisted && location.replace(home));
  return saved;
}

function offerPaper(body, receipt, saved, home, draw) {
  const printer = body.querySelector("[data-print]"), copier = body.querySelector("[data-copy]");
  body.querySelector("[data-part=address]").textContent = `${home.replace(/^.*?:\/\//, "")}lacak/`;
  printer.hidden = false;
  printer.addEventListener("click", async () => {
    saved();
    await Promise.race([draw(), new Promise((late) => setTimeout(late, PICTURE_MS))]);
    print();
  });
  if (!copier) return; // a counter gives paper: what is copied there stays in its clipboard
  copier.hidden = !navigator.clipboard;
  copier.addEventListener("click", async () => {
    await navigator.clipboard.writeText(receipt);
    copier.textContent = copier.dataset.done;
    saved();
  });
}

/** Photos one by one, without leaving the page that alone shows the code. What sends them comes with the first. Returns
 * what sends those that were chosen in the form. */
function photos({ page, part, load, ...sent }) {
  const form = part("photo"), says = part("photo-says");
  form.elements.receipt.value = sent.receipt;
  form.elements.file.multiple = true;
  form.querySelector("label[for=file]").textContent = page.says("file_many");
  form.elements.file.addEventListener("change", () => load("fotoJs").catch(() => 0));
  async function send(files) {
    try {
      const { sendAll } = await load("fotoJs");
      await sendAll({ ...sent, form, says, fresh, files });
    } catch {
      const again = Object.assign(document.createElement("button"), { type: "button", className: "btn quiet wide after" });
      again.textContent = page.says("file_once_more");
      again.addEventListener("click", () => send(files));
      says.replaceChildren(page.says("file_unreached"), again);
      says.className = "why after";
    }
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send([...form.elements.file.files]);
  });
  return send;
}
