// The report form with script: the server's checks (baca.js), told in its words; then
// the check page, built of the pieces in /lapor/bagian/. What is written stays in this page's memory until it is sent,
// sealed. Texts are set as texts, never as markup.

import { grouped } from "../thread/kata.js";
import { clean, read } from "./baca.js";
import { photosOf, sender } from "./kirim.js";
import { rulesOf } from "./temuan.js";

const SEARCHED = ["subject", "body", "place"]; // not the officials' names: whom a report is about has to be named
const PLEA = "secrecy";
const TEXTS = SEARCHED.concat("about_officials", "name", "contact");

/** The pages of the form in the place of one another: `show` one, `tell` what is wrong on it, `copy` a piece. */
function pages(parts) {
  const main = document.querySelector("main"), h1 = main.querySelector("h1");
  const house = document.title.slice(document.title.lastIndexOf(" — "));
  const view = (name) => parts.querySelector(`[data-view=${name}]`);
  const summary = document.importNode(view("faults").querySelector(".errors"), true);
  const why = view("faults").querySelector(".why");
  const wrongly = why.textContent;
  h1.tabIndex = -1;

  function show(title, nodes) {
    h1.textContent = title;
    document.title = title + house;
    main.replaceChildren(h1, ...nodes);
    scrollTo(0, 0);
    h1.focus();
  }

  /** Below the heading, faults as `[{ field, message }]`, those of no field without a link; none takes them away. */
  function tell(faults) {
    for (const old of main.querySelectorAll(".errors")) old.remove();
    document.title = h1.textContent + house;
    if (!faults.length) return;
    const told = summary.cloneNode(true);
    told.querySelector("ul").replaceChildren(...faults.map(line));
    // What is of no field is nothing to mend, and may have arrived.
    for (const part of told.querySelectorAll("h2,p")) part.hidden = !faults[0].field;
    h1.after(told);
    document.title = wrongly + document.title;
    told.focus();
  }

  function line({ field, message }) {
    const item = document.createElement("li"), link = document.createElement("a");
    if (field && document.getElementById(field)) {
      link.href = `#${field}`;
      item.append(link);
    }
    (item.firstChild || item).textContent = message;
    return item;
  }

  function says(code, facts = {}) {
    const text = view("sentences").querySelector(`[data-code="${code}"]`);
    const fill = (_, name) => (typeof facts[name] === "number" ? grouped(facts[name]) : facts[name]);
    return text && text.textContent.replace(/\{(\w+)\}/g, fill);
  }

  const copy = (name) => {
    const { title } = view(name).dataset;
    return { title, body: document.importNode(view(name), true) };
  };
  return { main, title: h1.textContent, show, tell, says, copy, why, longDate };
}

/** Beside a field what is wrong with it, as macros.html does; the summary has named it above. */
function mark(why, { field, message }) {
  const box = document.getElementById(field), about = document.importNode(why, true);
  const around = box.closest(".field"), folded = box.closest("details"), others = around.querySelectorAll(":scope > .why");
  about.append(message);
  around.classList.add("wrong");
  (others[others.length - 1] || around.firstElementChild).after(about);
  if (folded) folded.open = true;
  if (others.length || box.type === "radio") return;
  about.id = `${field}-error`;
  box.setAttribute("aria-invalid", "true");
  box.setAttribute("aria-describedby", [about.id, box.getAttribute("aria-describedby")].join(" ").trim());
}

function unmark(form) {
  for (const around of form.querySelectorAll(".wrong")) around.classList.remove("wrong");
  for (const about of form.querySelectorAll(".why")) about.remove();
  for (const box of form.querySelectorAll("[aria-invalid]")) {
    const others = box.getAttribute("aria-describedby").split(" ").filter((id) => !/-error(-\d+)?$/.test(id));
    box.removeAttribute("aria-invalid");
    box.removeAttribute("aria-describedby");
    if (others.length) box.setAttribute("aria-describedby", others.join(" "));
  }
}

/** What people read instead of a code. */
function label(form, name, value) {
  const field = form.elements[name];
  if (name === "kind") return form.querySelector(`[name=kind][value="${value}"] + span`).textContent;
  if (name === "identity_mode") return form.querySelector(`[name=identity_mode][value="${value}"] + span strong`).textContent;
  if (name === "happened_on") return value && longDate(value);
  return field.options && value ? field.selectedOptions[0].textContent : value;
}

/** "Jumat, 27 November 2026", "Friday, 27 November 2026". */
function longDate(iso) {
  const how = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  const parts = new Intl.DateTimeFormat(document.documentElement.lang, how).formatToParts(new Date(`${iso}T00:00:00Z`));
  const { weekday, day, month, year } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${weekday}, ${day} ${month} ${year}`;
}

/** Take over the form. Returns what is done when it is to be checked. */
export function begin({ form, parts, refuse, ...sealing }) {
  // Who has no Ed25519 gets it while they write: the only ones who load it. Without it the report is sealed all the same.
  crypto.subtle.generateKey("Ed25519", false, ["sign"]).catch(() => sealing.load("tandaJs")).catch(() => 0);
  const page = pages(parts), lang = document.documentElement.lang;
  const rules = rulesOf(parts, lang), said = rules.categories(lang);
  const nodes = [...page.main.children].slice(1);
  const text = (name) => clean(form.elements[name].value);
  let current = "form", wanted = null, chosen = null;

  const findings = () =>
    SEARCHED.flatMap((field) => rules.find(text(field)).map((finding) => ({ field, ...finding }))).filter(
      ({ category }) => category !== PLEA,
    );

  function check({ masked = false, push = true } = {}) {
    const coded = cover((field) => rules.find(text(field), "receipt")); // before anything else: a receipt is never sealed
    const { report, wrong } = read(form);
    const sentence = (code, field, facts) => page.says(`${code}.${field}`, facts) || page.says(code, facts);
    const faults = wrong.map(({ field, code, facts }) => ({ field, message: sentence(code, field, facts) }));
    unmark(form);
    if (faults.length) {
      if (current !== "form") toForm();
      page.tell(faults);
      for (const fault of faults) mark(page.why, fault);
      return;
    }
    page.tell([]);
    const { title, body } = page.copy("check");
    fill(body, report, coded || masked);
    page.show(title, body.children);
    current = "check";
    if (push) history.pushState("check", "");
  }

  function fill(body, report, masked) {
    const part = (name) => body.querySelector(`[data-part=${name}]`);
    for (const row of body.querySelectorAll("[data-answer]")) {
      const name = row.dataset.answer, value = label(form, name, report[name]);
      row.querySelector(".said").textContent = value;
      row.querySelector("[data-edit]").addEventListener("click", () => edit(name));
      if (!value) row.remove();
    }
    const topic = where(body, part, report);
    const photos = photosOf(form).length;
    if (photos) Object.assign(part("photos"), { textContent: page.says("photos", { count: photos }), hidden: false });
    part("masked").hidden = !masked;
    if (SEARCHED.some((field) => rules.pleadsSecrecy(text(field)))) part(`plea-${report.identity_mode}`).hidden = false;
    const ticked = offer(part, findings());
    const { send, wait } = sending(part, report), pieces = [form, part("whom"), part("suspect"), report, form.isConnected];
    const read = ({ ask, topicOf }) => propose(topic, topicOf, report) || ask(...pieces);
    const asked = sealing.load("tentangJs").then(read).catch(() => 0); // then the writer sorts it, and the desk is asked
    part("mask").addEventListener("click", () => hide(ticked()));
    const leaves = async (how) => {
      const bind = await asked;
      if (!topic.value) return missing();
      if (bind) bind();
      return how();
    };
    const goes = (how) => () => (ticked().length ? hide(ticked()) : leaves(how));
    part("send").addEventListener("click", goes(send));
    if (part("wait")) part("wait").querySelector("button").addEventListener("click", goes(wait)); // by the same questions
  }

  /** The topic and the village, which are chosen here; both are in the report once it is sent. */
  function where(body, part, report) {
    const [topic, village] = ["topic", "village"].map((name) => body.querySelector(`#${name}`));
    topic.value = form.elements.topic.value;
    report.topic = topic.value;
    topic.addEventListener("change", () => (report.topic = form.elements.topic.value = topic.value));
    if (village) villages(village, part("where"), report);
    return topic;
  }

  /** Those of the district, listed for whoever wants to say theirs; it goes under the seal, with the place. */
  function villages(box, around, report) {
    const { place, district } = report, button = around.querySelector("button");
    const say = (village) => {
      chosen = { district, village };
      report.place = [village, place].filter(Boolean).join(", ");
    };
    const bring = async () => {
      const { [district]: names = [] } = await sealing.villages();
      box.append(...names.map((name) => new Option(name, name)));
      box.value = chosen.village;
      box.parentElement.hidden = false;
      button.remove();
    };
    const failed = () => (button.textContent = button.dataset.failed);
    say(chosen && chosen.district === district ? chosen.village : "");
    if (chosen.village) bring().catch(failed);
    box.addEventListener("change", () => say(box.value));
    button.addEventListener("click", () => bring().then(() => box.focus()).catch(failed));
  }

  /** What was chosen stays; what is proposed follows the words. */
  function propose(topic, topicOf, report) {
    const codes = [...topic.options].map(({ value }) => value).filter(Boolean);
    if (!topic.value) report.topic = topic.value = topicOf(SEARCHED.map(text).join(" "), codes);
    return null;
  }

  function missing() {
    unmark(page.main);
    const fault = { field: "topic", message: page.says("required.topic") };
    page.tell([fault]);
    mark(page.why, fault);
  }

  /** Show the findings; returns a look at which of them are ticked. */
  function offer(part, found) {
    const boxes = [], tick = part("maskable"), note = part("advice");
    for (const finding of found) {
      const { label: name, advice } = said[finding.category];
      const line = (finding.mask ? tick : note).cloneNode(true);
      line.querySelector("strong").textContent = finding.text;
      line.querySelector("small").textContent = `${name}. ${advice}`;
      if (finding.mask) boxes.push([line.querySelector("input"), finding]);
      tick.before(line);
    }
    tick.remove();
    note.remove();
    part("mask").hidden = !boxes.length;
    part("number").textContent = found.length;
    part("found").hidden = part("findings").hidden = !found.length;
    return () => boxes.filter(([box]) => box.checked).map(([, finding]) => finding);
  }

  /** Mask what is found in each field; how many fields changed. */
  const cover = (found) =>
    TEXTS.filter((field) => {
      const here = found(field);
      return here.length && (form.elements[field].value = rules.mask(text(field), here, lang));
    }).length;

  function hide(chosen) {
    cover((field) => chosen.filter((finding) => finding.field === field));
    check({ masked: chosen.length > 0, push: false });
  }

  const ends = { fail: () => edit(refuse), done: () => (current = "receipt") };
  const sending = sender({ page, form, lang, ...sealing, ...ends });

  function edit(next) {
    wanted = next;
    if (current === "check") history.back();
    else toForm();
  }

  function toForm() {
    current = "form";
    page.show(page.title, nodes);
    if (typeof wanted === "string") reveal(document.getElementById(wanted));
    else if (wanted) wanted();
    wanted = null;
  }

  function reveal(target) {
    const folded = target.closest("details");
    if (folded) folded.open = true;
    target.focus();
    target.scrollIntoView();
  }

  addEventListener("popstate", ({ state }) => {
    if (current === "receipt") return;
    if (state === "check") check({ push: false });
    else if (current === "check") toForm();
  });

  // A jump within the page must not become a step of its history, which leads from view to view.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']"), target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    reveal(target);
  });
  if (history.state) history.replaceState(null, "");
  return check;
}
