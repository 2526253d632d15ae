// The page /lacak/ with script: the code never leaves the phone. The case is fetched sealed, opened, shown and answered
// here. The old way, by which the server reads the code, is taken only where somebody chooses it.

import { receiptText } from "../receipt.js";
import { open, readReceipt } from "./buka.js";
import { speaker } from "./kata.js";
import { el, faulty, page } from "./tampil.js";
import { act, fresh, withoutReceipts } from "./tulis.js";

const field = document.getElementById("receipt"), form = field && field.form;
const main = document.getElementById("utama"), hint = document.querySelector("[data-jalan]");
const able = globalThis.crypto && crypto.subtle && globalThis.DecompressionStream;
const told = hint ? hint.dataset : {};

let speak, thread, symbols, busy;
const typed = {}, keys = {};
const begun = [...main.childNodes];
const put = (...children) => main.replaceChildren(...children.filter((child) => child !== "" && child !== null));

// Held to its hash, as the report form's pieces are (form/tulis.js).
async function load(name) {
  const [href, integrity] = told[name].split(" "), link = el("link", { rel: "modulepreload", href, integrity });
  if (link.relList.supports("modulepreload"))
    await new Promise((onload, onerror) => document.head.append(Object.assign(link, { onload, onerror })));
  else await fetch(href, { integrity });
  return import(href);
}

const wordsOf = async () => {
  if (speak) return speak;
  const answer = await fetch(told.kata, { cache: "no-cache", credentials: "omit" });
  if (!answer.ok) throw new Error("no words");
  return (speak = speaker(await answer.json()));
};

// Who has no Ed25519 gets it: the only ones who load it.
const signing = () => crypto.subtle.generateKey("Ed25519", false, ["sign"]).catch(() => load("tanda")).catch(() => 0);

/** A form that hands the code to the server, by its writer's choice. */
function oldWay() {
  const hidden = (name, value) => el("input", { type: "hidden", name, value });
  return el(
    "form",
    { method: "post", action: "/api/thread", autocomplete: "off" },
    hidden("receipt", symbols ? receiptText(symbols) : field.value),
    hidden("lang", document.documentElement.lang),
    // As in macros.html, untraced: Chromium writes no form with a password to the disk.
    el("input", { type: "password", name: "z", value: "1", autocomplete: "one-time-code", hidden: true }),
    el("p", { className: "hint" }, speak.says("old_way_cost")),
    el("button", { className: "btn quiet wide" }, speak.says("old_way")),
  );
}

/** Parts of the page that come when they are wanted. */
async function part(module, name, place, ...how) {
  try {
    await signing();
    const again = async (said) => {
      await reread();
      show(null, said);
    };
    const tools = { speak, el, thread, typed, told, send, because, again, load, withoutReceipts, receipt: receiptText(symbols) };
    await (await load(module))[name](place, tools, ...how);
  } catch {
    const onclick = () => (place.replaceChildren(), part(module, name, place, ...how));
    const again = el("button", { type: "button", className: "btn quiet wide", onclick }, speak.says("again"));
    place.replaceChildren(el("p", { className: "why" }, speak.says("unreached")), again);
  }
}

function show(fault, said) {
  const acts = Object.assign(doing, { oldWay, part, receipt: receiptText(symbols) });
  put(...page({ speak, thread, typed, told: said, fault, acts }));
  const first = main.querySelector("#kesalahan, .told") || main;
  first.focus();
  if (first !== main) first.scrollIntoView({ block: "start" });
  else scrollTo(0, 0);
}

/** Whom words accuse, as far as the phone sees: they do not get the case (law 5). */
async function accused(text) {
  const known = Object.entries(speak.words.agencies).filter(([code]) => code !== thread.facts.bound[3]);
  return (await load("tentang")).accusers(known)(text);
}

const DONE = { message: "told_message", confirm: "told_verdict", reopen: "told_verdict", appeal: "told_appeal", lift: "told_lift", withdraw: "told_withdraw" };
const OPTIONAL = ["confirm", "lift", "withdraw"];

function inputOf(kind, text, made) {
  if (!text && !OPTIONAL.includes(kind)) return { fault: speak.words.required[kind === "message" ? "reply" : "reason"] };
  if (kind === "withdraw") return made.elements.sure.checked ? {} : { fault: speak.words.required.sure };
  if (kind === "message") return { words: { body: text } };
  if (kind === "lift") return { words: { step: "objected", about: thread.facts.bound[3], reason: text } };
  if (kind !== "confirm") return { words: { reason: text } };
  const rating = made.elements.rating.value;
  return { words: { reason: text, rating }, clear: rating };
}

async function doing(kind, { text, limit, form: made }) {
  if (busy) return;
  const { fault, words, clear } = inputOf(kind, text, made);
  const why = fault || speak.tooLong(text, limit);
  if (why) return show({ kind, mend: kind, message: why });
  const button = made.querySelector("button"), label = button.textContent;
  button.textContent = speak.says("sending");
  await send(kind, `${kind} ${clear || ""} ${text}`, { words, clear });
  button.textContent = label;
}

/** One key for one text (`name`): what is sent again after a lost answer is the same event. */
async function send(kind, name, how) {
  if (busy) return;
  busy = true;
  const key = (keys[name] = keys[name] || fresh());
  try {
    await signing();
    if (await carried(kind, { ...how, key })) delete keys[name]; // the same words again are a new act
  } catch {
    show({ kind, message: speak.says("unreached") });
  } finally {
    busy = false;
  }
}

/** Why the door refused, in the page's own words: a door that is taken over must not write here. */
const because = (answer) => speak.own("faults", answer.code) || speak.says("refused");

/** The case as it stands now. Where it does not come, what was typed stays, and its key: sent again it is the same act. */
async function reread() {
  const found = await open(symbols);
  if (found.status !== 200) throw new Error("refused");
  thread = found;
}

async function carried(kind, how) {
  for (let again = false; ; again = true) {
    const { status, answer } = await act(thread, kind, { ...how, load, accused });
    if (status === 201) {
      await reread();
      typed[how.typedAs || kind] = "";
      show(null, how.done || speak.says(DONE[kind]));
      return true;
    }
    if (status !== 409) return show({ kind, message: because(answer) });
    const before = thread.facts.moves.join();
    await reread(); // somebody wrote meanwhile, or keys have changed: as it stands now
    const asked = kind === "message" || answer.code === "keys_changed";
    if (again || !asked || thread.facts.moves.join() !== before) return show({ kind, message: because(answer) });
  }
}

function wrong(message, more) {
  form.parentElement.querySelectorAll("#kesalahan, [data-lama]").forEach((each) => each.remove());
  const box = faulty(speak.says, message, "#receipt");
  main.querySelector("h1").after(box);
  if (more) form.after(el("div", { "data-lama": "" }, el("p", { className: "hint after" }, speak.says("old_way_unknown")), oldWay()));
  box.focus();
}

/** The case is at a linked office. */
async function elsewhere(answer) {
  const place = el("div");
  put(el("h1", { tabIndex: -1 }, speak.says("title")), place);
  await part("izin", "leadOn", place, answer);
  main.querySelector("h1").focus();
}

async function opening(event) {
  event.preventDefault();
  if (busy) return;
  busy = true;
  const button = form.querySelector("button"), label = button.textContent;
  try {
    await wordsOf();
    const read = readReceipt(field.value);
    if (!read.symbols) return wrong(speak.fill(speak.own("faults", read.code), read.facts));
    symbols = read.symbols;
    button.textContent = speak.says("opening");
    const found = await open(symbols);
    if (found.status === 421) return await elsewhere(found.answer);
    if (found.status === 404) return wrong(speak.own("faults", "receipt_unknown"), true);
    if (found.status !== 200) return wrong(because(found.answer));
    thread = found;
    document.querySelectorAll("footer a[hreflang]").forEach((link) => link.closest("li").remove()); // it would lose the page
    show();
  } catch (error) {
    if (!speak) hint.textContent = told.gagal;
    else if (error.message === "otherwise") wrong(speak.says("otherwise"));
    else wrong(speak.says("unreached"));
  } finally {
    busy = false;
    button.textContent = label;
  }
}

// Back must show neither words nor code, also from the browser's memory of pages.
addEventListener("pagehide", () => {
  thread = symbols = undefined;
  for (const kept of [typed, keys]) for (const name of Object.keys(kept)) delete kept[name];
  if (field) field.value = "";
  put(...begun); // and who comes back finds the empty form
});

if (form && hint && able) {
  hint.textContent = told.tetap;
  form.addEventListener("submit", opening);
}
