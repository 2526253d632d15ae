// Yes and no on the phone: to a text that anybody may read, and to who wants to see what is masked. Loaded where there is
// something to say. The twin of functions/actions/reporter/sealed_consent.py; sentences come with the frozen page. Also,
// as rarely needed: where a case is read that lies at a linked office.

const REASON_MAX = 2000;
const TEXT = ["summary", "answer", "agency", "month", "opening"];

/** Show in `place` all that may be said yes or no to now. */
export async function consents(place, { speak, el, thread, typed, send, told }) {
  const answer = await fetch(told.izinKata, { cache: "no-cache", credentials: "omit" });
  const sentences = await answer.json(), { facts, events } = thread, { fill, own, agency } = speak;
  const says = (name, with_) => fill(sentences[name], with_);
  const p = (name, with_) => el("p", {}, says(name, with_));
  const month = (iso) => `${speak.words.months[Number(iso.slice(5, 7)) - 1] || ""} ${Number(iso.slice(0, 4)) || ""}`;

  /** A form of one button, and of a text where `label` is given; what was typed is there again after a fault. */
  function form(name, button, act, { label, hint, optional, before = [], quiet } = {}) {
    const id = `izin-${name}`, wrong = el("p", { className: "why", role: "alert" });
    const text = label && el("textarea", { id, className: "low", rows: 4, cols: 60, autocomplete: "off", spellcheck: false, value: typed[name] || "" });
    if (text) text.addEventListener("input", () => (typed[name] = text.value));
    const made = el(
      "form",
      { autocomplete: "off", noValidate: true },
      before,
      wrong,
      text && el("div", { className: "field" }, el("label", { htmlFor: id }, label), el("p", { className: "hint" }, hint), text),
      el("button", { className: quiet ? "btn quiet wide" : "btn wide" }, button),
    );
    made.addEventListener("submit", (event) => {
      event.preventDefault();
      const reason = text ? text.value.trim() : "";
      if (text && !reason && !optional) return (wrong.textContent = speak.words.required.reason);
      const long = speak.tooLong(reason, REASON_MAX);
      if (long) return (wrong.textContent = long);
      const how = act(reason, made);
      if (how.fault) return (wrong.textContent = how.fault);
      send(how.kind, `${name} ${how.clear || ""} ${reason}`, { ...how, typedAs: name }); // a yes with other terms is another act
    });
    return made;
  }

  const choice = (name, text, kept = name) => el("div", { className: "field" }, el("label", { className: "choice" }, el("input", { type: "checkbox", name, checked: typed[kept], onchange: ({ target }) => (typed[kept] = target.checked) }), el("span", {}, text)));
  const more = (summary, ...children) => el("details", { className: "more" }, el("summary", {}, summary), children);
  const said = (text) => text.split("\n").filter((line) => line.trim()).map((line) => el("p", { className: "said", dir: "auto" }, line));

  function unmasking(event) {
    const { agency: who, target, ground, reason } = event.words, n = String(event.n);
    const refuse = (text) => ({
      kind: "unmask",
      words: { step: "objected", reason: text, agency: who, target, request: n },
      said: ["objected", n, who, ground],
      done: says("kept_masked"),
    });
    return el(
      "section",
      { className: "card" },
      el("h2", {}, says("unmask", { agency: agency(who) })),
      el("p", {}, speak.row(event).headline),
      said(reason || ""),
      p("unmask_how"),
      form(`unmask-${n}`, says("unmask_no"), refuse, { label: says("unmask_why"), hint: says("unmask_hint"), optional: true }),
    );
  }

  const step = (name, done) => () => ({ kind: "publish", words: { step: name }, clear: name, done: says(done) });
  const stop = (button) => form("stop", says(button), step("stopped", "stopped"), { quiet: true });

  function preview({ words: { summary, answer: text, agency: who, month: when } }) {
    const where = [own("topics", facts.topic), own("districts", facts.district), month(facts.received_on)].filter(Boolean);
    const headline = says("public_answer", { agency: agency(who), month: month(when) });
    return el("div", { className: "card" }, el("p", { className: "hint" }, where.join(" · ")), said(summary), el("p", {}, el("strong", {}, headline)), said(text));
  }

  /** A yes is to one text: that somebody read this one says nothing of the next. */
  function agreeing(draft) {
    const agree = (_, made) => {
      const { read, hide } = made.elements, hidden = hide.checked;
      if (!read.checked) return { fault: says("read_wanted") };
      const words = { step: "agreed", draft: String(draft.n), district: hidden ? "" : facts.district };
      const shown = Object.fromEntries(TEXT.map((name) => [name, draft.words[name]]));
      return { kind: "publish", words, clear: `agreed ${draft.n}${hidden ? " hidden" : ""}`, more: shown, done: says("agreed") };
    };
    const change = (reason) => ({ kind: "publish", words: { step: "change", reason }, said: ["change"], done: says("changed") });
    return el(
      "section",
      { className: "card", id: "terbit" },
      el("h2", {}, says("public_ask")),
      p("public_exactly"),
      preview(draft),
      el("p", { className: "hint" }, says("public_beside")),
      facts.few ? el("p", { className: "note" }, el("strong", {}, says("few")), " ", says("few_how")) : p("crowd"),
      p("public_on", { day: speak.day(facts.batch) }),
      draft.words.opening ? form("agree", says("agree"), agree, { before: [choice("hide", says("hide")), choice("read", says("read"), `read ${draft.n}`)] }) : p("older_text"),
      more(says("change"), form("change", says("change_send"), change, { label: says("change_what"), hint: says("change_hint"), quiet: true })),
      stop("stop"),
    );
  }

  function publishing() {
    const may = facts.publish, draft = [...events].reverse().find(({ kind, by, words }) => kind === "publish" && by !== "pelapor" && words.step === "drafted");
    if (may.includes("agree") && draft) return agreeing(draft);
    if (may.includes("wish"))
      return more(says("wish"), p("wish_what"), el("ul", { className: "plainlist" }, ["wish_out", "wish_never", "wish_first"].map((name) => el("li", {}, says(name)))), el("p", { className: "note" }, says("wish_think")), form("wish", says("wish_send"), step("wished", "wished"), { quiet: true }));
    if (!may.includes("stop")) return "";
    const state = { agreed: "is_agreed", wished: "is_wished", declined: "is_declined" }[facts.publication];
    return more(says("about"), state ? p(state) : "", draft && facts.publication === "agreed" ? preview(draft) : "", el("p", { className: "hint" }, says("copied")), stop("stop_it"));
  }

  const ended = events.filter(({ kind, words }) => kind === "unmask" && words.request).map(({ words }) => words.request);
  const waiting = events.filter(({ n, kind, words }) => kind === "unmask" && words.step === "asked" && !ended.includes(String(n)));
  place.append(...waiting.map(unmasking), publishing());
}

/** Show in `place` where the case is. The office's address comes with the frozen page, never from the door. The code is
 * typed there again: an address that holds it would stay in the browser's history. */
export function leadOn(place, { speak, el }, { code, linked }) {
  const [office, url] = speak.own("offices", linked) || [];
  if (!url) return place.append(el("p", { className: "lead" }, speak.own("faults", "receipt_unknown")));
  place.append(el("p", { className: "lead" }, speak.fill(speak.own("linked", code), { office, url })));
  if (code !== "linked_arrived") return;
  const link = { className: "btn wide", href: `${url}/lacak/` };
  place.append(el("p", {}, el("a", link, speak.fill(speak.own("linked", "there"), { office }))));
}
