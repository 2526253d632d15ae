// The name in trust, on the phone: what was done with it is opened here, a yes or no is signed here. The twin of
// functions/actions/reporter/names/sealed_name.py; sentences come with the frozen page.

import { base64, fields, fromBase64, fromHex, hex, join, random, utf8 } from "../bytes.js";
import { decrypt, sealItem } from "../envelope.js";
import { sign } from "../sign.js";
import { isSigned } from "../signed.js";
import { ask, openItem } from "./buka.js";

const WORDS_FLOOR = 1840, REASON_MAX = 2000, NAME_MAX = 100, CONTACT_MAX = 150, SALT = 16, SIGNATURE = 64;
const KINDS = { yes: "agreed", no: "objected", later: "undecided" };
const OURS = Object.values(KINDS), STAYS = [...OURS.filter((kind) => kind !== "objected"), "endorsed"];
const WORDED = ["asked", "refused", "objected"]; // only taking the name back erases their words
const TOLD_ELSEWHERE = ["left", "withdrawn"]; // by events of the case

let sentences;

/** The record of the name, opened: `{ ...record, talk, person, steps, request }`. Throws where it does not come. */
async function read({ facts, keys }) {
  const { status, answer: record } = await ask("/api/thread/name", { case_id: facts.case_id, look: hex(keys.look) });
  if (status !== 200) throw new Error("refused");
  const found = { ...record, person: {}, steps: [] };
  if (record.wrap_receipt) {
    const key = await decrypt(keys.identityWrap, fromBase64(record.wrap_receipt), fields("lapor/1/identity-wrap", keys.caseId));
    found.talk = record.split ? await decrypt(key, fromBase64(record.wrap_talk), fields("lapor/2/talk", keys.caseId)) : key;
    found.person = await openItem(key, keys.caseId, 0, "identity", fromBase64(record.sealed)).then(texts, () => ({}));
  }
  const taken = record.steps.map(([, kind]) => kind).lastIndexOf("withdrawn");
  for (const [nth, step] of record.steps.entries()) {
    found.signed = found.signed || step[6] !== ""; // from the key on that one brought, each answer is signed
    found.steps.push(await opened(step, found, keys, nth < taken));
  }
  found.request = waiting(found.steps);
  return found;
}

const texts = (bytes) => Object.fromEntries(Object.entries(JSON.parse(new TextDecoder().decode(bytes))).map(([name, text]) => [name, String(text)]));

/** A step with its words; not `whole` where the clear record is not what its seal says, or somebody else said it. */
async function opened([n, kind, by, agency, on, sealed, sig], { talk, signed, steps }, keys, erased) {
  const step = { n, kind, by, agency, on, reason: "", danger: "", request: 0, whole: !STAYS.includes(kind) && kind !== "opened" };
  if (!sealed || !talk) return { ...step, whole: step.whole && (erased || !WORDED.includes(kind)) };
  try {
    const words = texts(await openItem(talk, keys.caseId, n, "identity-step", fromBase64(sealed)));
    const bound = !words.kind || [words.kind, words.by, words.agency, words.on].join() === [kind, by, agency, on].join();
    const mine = !OURS.includes(kind) || !signed || (await isSigned(keys.actSeed, ...plain(keys, step, words, steps), fromBase64(sig).slice(-SIGNATURE)));
    Object.assign(step, { reason: words.reason, danger: words.danger || "", request: Number(words.request || 0) });
    return Object.assign(step, { whole: bound && mine && (Boolean(words.kind) || step.whole) });
  } catch {
    return { ...step, whole: false };
  }
}

/** What the reporter signs of an answer: an act, and the bytes whose hash stands in it. Who asked, and for which danger, is
 * part of it: a yes to a request that a door invented is none to another's of the same number. */
function plain({ caseId }, { n, kind, on }, { salt = "", reason, request }, steps) {
  const asked = steps.find((each) => each.n === Number(request) && each.kind === "asked");
  const act = { caseId, n, act: `identity-${kind}`, clear: `${saidOf(asked)} ${on}`, once: "" };
  return [act, join(fromHex(salt || "00"), fields(asked.danger, reason))];
}

const saidOf = ({ n, by, agency, on }) => [n, by, agency, on].join(" ");

/** The request that waits, as functions/casework/consent/identity_request.py finds it. */
function waiting(steps) {
  const at = steps.map(({ kind }) => STAYS.includes(kind)).lastIndexOf(false), asked = steps[at];
  if (!asked || asked.kind !== "asked") return undefined;
  const since = steps.slice(at + 1).filter(({ whole, request }) => whole && request === asked.n);
  const [decided] = since.filter(({ kind }) => kind !== "endorsed").reverse();
  return { ...asked, yes: Boolean(decided) && decided.kind === "agreed", endorsed: since.some(({ kind }) => kind === "endorsed") };
}

/** Seal, sign and post an answer, by the record as it stands now. */
async function answer({ facts, keys }, { talk, steps, today }, said, request, reason) {
  const step = { n: steps.length + 1, kind: KINDS[said], on: today }, salt = hex(random(SALT));
  const words = { ...{ kind: step.kind, by: "", agency: "", on: today, reason, danger: "" }, request: String(request), salt };
  const [act, open] = plain(keys, step, words, steps);
  const item = await sealItem(talk, keys.caseId, step.n, "identity-step", utf8(JSON.stringify(words)), WORDS_FLOOR);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", open));
  const body = { case_id: facts.case_id, n: step.n, consent: said, request: saidOf(steps[request - 1]), on: today, digest: hex(digest), item: base64(item) };
  return ask("/api/thread/name/answers", { ...body, sig: hex(await sign(keys.actSeed, act, open)) });
}

/** Show in `place` the request that waits, what was done with the name, and what may be done with it. */
export async function names(place, tools) {
  const { speak, el, thread, typed, told, send, again, because, load, withoutReceipts } = tools;
  sentences = sentences || (await (await fetch(told.kata.replace("kata.json", "nama.json"), { cache: "no-cache", credentials: "omit" })).json());
  Object.assign(speak.words.faults, sentences.faults);
  const record = await read(thread), { request } = record;
  const says = (name, with_) => speak.fill(sentences.says[name], with_);
  const p = (name, with_) => el("p", {}, says(name, with_));
  const own = (group, code) => (Object.prototype.hasOwnProperty.call(sentences[group], code) ? sentences[group][code] : "");
  const said = (text) => text.split("\n").filter((line) => line.trim()).map((line) => el("p", { className: "said", dir: "auto" }, line));

  /** A form of one button; `act` gets what is typed and resolves to a fault, or to nothing. */
  function form(button, className, act, ...parts) {
    const wrong = el("p", { className: "why", role: "alert" }), press = el("button", { className }, button);
    const made = el("form", { autocomplete: "off", noValidate: true }, wrong, parts.flat(), press);
    let busy;
    made.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      wrong.textContent = "";
      wrong.textContent = (await act(made.elements).catch(() => speak.says("unreached"))) || "";
      busy = false;
    });
    return made;
  }

  function field(name, label, hint, made) {
    const id = `nama-${name}`;
    Object.assign(made, { autocomplete: "off", spellcheck: false, id, name, value: { ...typed.identity }[name] || "" });
    made.oninput = () => (typed.identity = { ...typed.identity, [name]: made.value }); // as one: forgotten once it arrived
    return el("div", { className: "field" }, el("label", { htmlFor: id }, label), el("p", { className: "hint" }, hint), made);
  }

  const choice = (value, name, how) => el("div", {}, el("label", { className: "choice" }, el("input", { type: "radio", name: "consent", value }), el("span", {}, el("strong", {}, says(name)), " ", el("small", {}, says(how)))));

  async function answering({ consent, reason }) {
    const long = speak.tooLong(reason.value.trim(), REASON_MAX);
    if (long) return long;
    const text = withoutReceipts(reason.value.trim()), now = await read(thread);
    if (!consent.value) return says("consent_wanted");
    if (!now.request || now.request.n !== request.n) return again(says(now.request ? "other_waits" : "none_waits"));
    const last = now.steps[now.steps.length - 1], unsaid = consent.value === "later" && !now.request.yes;
    if (unsaid && text && text !== last.reason) return says("later_how"); // no step, so the words would go nowhere
    if (consent.value !== (now.request.yes ? "yes" : "later")) { // else it is said already
      const { status, answer: refused } = await answer(thread, now, consent.value, request.n, text);
      if (status !== 201) return because(refused);
    }
    typed.identity = "";
    return again(says("answered"));
  }

  function asked() {
    const name = own("dangers", request.danger), late = record.ends < record.today;
    const parts = request.yes ? [el("p", {}, el("strong", {}, says("yes_said")), " ", says("yes_how"))] : name ? [p("danger", { danger: name }), el("p", {}, says(late ? "danger_late" : "danger_until", { day: speak.day(record.ends) }), " ", el("strong", {}, says("no_holds")))] : [el("p", {}, el("strong", {}, says("silence")))];
    const choices = request.yes ? [choice("later", "take_yes", "take_yes_how"), choice("no", "no", "no_how")] : [choice("yes", "yes", "yes_what"), choice("no", "no", "no_how"), choice("later", "later", "later_how")];
    const reason = field("reason", says("reason"), says("reason_hint"), el("textarea", { className: "low", rows: 4, cols: 60 }));
    return el(
      "section",
      { className: "card", id: "permintaan" },
      el("h2", {}, says("asked")),
      p("asked_by", { agency: speak.agency(request.agency) }),
      said(request.reason),
      request.whole ? [...parts, name && request.endorsed ? p("endorsed") : "", form(says("answer"), "btn wide", answering, el("fieldset", { className: "field" }, el("legend", {}, says("your_answer")), choices), reason)] : p("broken"),
    );
  }

  function row({ kind, agency, on, reason, danger, whole }) {
    const text = whole ? speak.fill(own("yours", kind) || own("steps", kind), { agency: speak.agency(agency) }) : says("broken");
    const more = whole && own("dangers", danger) ? ` ${says("danger_named", { danger: own("dangers", danger) })}` : "";
    return el("li", {}, el("p", {}, text, more, " ", el("span", { className: "day" }, speak.day(on))), whole ? said(reason) : "");
  }

  const moved = (clear, how) => send("identity", clear, { words: { change: clear.split(" ")[0] }, clear, ...how });
  const taking = (button) => form(says(button), "btn danger wide", async () => moved("withdrawn", { done: says("taken_back") }));

  async function leaving({ name, contact }) {
    const person = { name: name.value.trim(), contact: contact.value.trim() };
    if (!person.name && !person.contact) return says("name_wanted");
    if (person.contact && !/^[^@\s]+@[^@\s]+\.[^@\s]+$|^[+\d][\d\-(). ]{7,}$/.test(person.contact)) return says("bad_contact");
    const { sealName } = await load("titip");
    const { clear, more } = await sealName(person, thread);
    return moved(clear, { more, done: says("left") });
  }

  const line = (name, most) => el("input", { size: 40, maxLength: most, autocapitalize: "off" });
  const more = (summary, ...parts) => el("details", { className: "more" }, el("summary", {}, says(summary)), parts.flat(2));
  const may = (name) => record.actions.includes(name);
  const { person } = record, steps = record.steps.filter(({ kind }) => !TOLD_ELSEWHERE.includes(kind));
  const dl = ["name", "contact"].filter((each) => person[each]).map((each) => el("div", {}, el("dt", {}, says(`your_${each}`)), el("dd", { dir: "auto" }, person[each])));

  const keeping = () => {
    if (record.mode === "anonim") return may("withdraw") ? more("stop_news", p("stop_news_how"), taking("stop_news_send")) : "";
    const kept = record.mode === "terbuka" ? p("open_name") : [p("kept_name"), el("p", { className: "hint" }, says(record.split ? "split" : "unsplit"))];
    return more("identity", kept, dl.length ? el("dl", { className: "also" }, dl) : "", may("withdraw") ? [el("p", { className: "after" }, says("take_back_how")), taking("take_back")] : "");
  };

  // A name is sealed to the custodians of the instance that the case's seal proves, which the door cannot choose.
  const here = thread.sealed && record.instance === thread.facts.bound[0];
  const leave = () => {
    Object.assign(told, { titip: sentences.titip });
    const fields_ = [field("name", says("your_name"), says("name_hint"), line("name", NAME_MAX)), field("contact", says("your_contact_long"), says("contact_hint"), line("contact", CONTACT_MAX))];
    return el("div", {}, p("leave_free"), p("leave_how"), here ? form(says("leave"), "btn quiet wide", leaving, fields_) : p("leave_old_way"));
  };

  place.append(...[request && may("answer") ? asked() : "", steps.length ? more("history", el("ul", { className: "plainlist" }, steps.map(row))) : "", keeping(), may("leave") ? leave() : ""].filter(Boolean));
}
