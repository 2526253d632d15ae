// The thread's page, made on the phone: elements and texts, never a page of a door. As functions/thread/templates shows it.

const REASON_MAX = 2000, BODY_MAX = 20000;
const RATINGS = ["5", "4", "3", "2", "1", ""];

/** An element; children are elements, texts, or nothing. */
export function el(name, how = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(how))
    if (key in made && key !== "form" && key !== "list") made[key] = value;
    else made.setAttribute(key, value);
  made.append(...children.flat().filter((child) => child !== "" && child !== null && child !== undefined));
  return made;
}

/** What is wrong, with the way to the field where it is mended, if it is one of the page's own; else nothing is to mend. */
export const faulty = (says, message, href, kept) =>
  el("div", { className: "errors", role: "alert", tabIndex: -1, id: "kesalahan" }, href ? el("h2", {}, says("wrong")) : "", kept, el("ul", {}, el("li", {}, href ? el("a", { href }, message) : message)));

/** A sentence of the page, which may say what is strong; what is filled into it stays text. */
export function rich(template, facts, fill) {
  return template.split(/<strong>(.*?)<\/strong>/).map((part, nth) => {
    const text = fill(part, facts);
    return nth % 2 ? el("strong", {}, text) : text;
  });
}

/** What somebody wrote, with its paragraphs and lines. */
const said = (text) =>
  text
    .split("\n\n")
    .filter((part) => part.trim())
    .map((part) => {
      const lines = part.replace(/^\n+|\n+$/g, "").split("\n");
      return el("p", { className: "said", dir: "auto" }, lines.flatMap((line, nth) => (nth ? [el("br"), line] : [line])));
    });

export function page({ speak, thread, typed, told, fault, acts }) {
  const { says, fill, own, agency, day, shortDay, words } = speak;
  const { facts, events } = thread;
  const strong = (name, with_) => rich(words.says[name], with_, fill);
  // A new wrap is bound to facts, which the seal must prove first.
  const can = (move) => facts.moves.includes(move) && !facts.server && (thread.sealed || !/reopen|appeal/.test(move));
  const rows = events.map(speak.row), answered = rows.some(({ voice }) => voice === "theirs");
  const due = day(facts.due), holder = agency(facts.holder);

  const gone = facts.stage === "diarsipkan" ? (facts.withdrawn ? "withdrawn" : facts.shredded ? "archived_gone" : "archived") : facts.shredded ? "expired" : "";

  function standing() {
    const [step, whileSorting, name] = own("stages", facts.stage) || [0, 0, ""];
    if (gone) return el("div", { className: "track" }, el("p", {}, el("strong", {}, own("ends", gone))));
    let at = (facts.sorting && whileSorting) || step, called = name;
    if (facts.stage === "selesai" && !facts.confirmed) [at, called] = [4, own("ends", can("confirm") && !facts.lapsed ? "your_turn" : "unjudged")];
    if (facts.stage === "selesai" && facts.confirmed) at = 5;
    const days = [facts.received_on];
    for (const event of events) {
      const [there, sorting] = own("stages", event.stage) || [0, 0];
      while (days.length < Math.min(sorting || there, at)) days.push(event.on);
    }
    const item = (text, nth) =>
      el("li", { className: nth + 1 < at ? "done" : nth + 1 === at ? "now" : "" }, days[nth] && nth < at ? `${text} ${shortDay(days[nth])}` : text);
    return el("div", { className: "track dated" }, el("p", {}, strong("step", { number: at, name: called })), el("ol", {}, words.steps.map(item)));
  }

  function lead() {
    const line = (name, with_) => el("p", { className: "lead" }, strong(name, with_));
    if (gone) return line(gone);
    if (facts.stage === "selesai") return line(facts.confirmed ? "confirmed" : "closed", { agency: holder });
    if (facts.stage === "ditahan") return el("p", { className: "note" }, el("strong", {}, says("held")), " ", says("held_how", { day: due }));
    if (facts.overdue) {
      const upper = agency(facts.escalated_to);
      return el("p", { className: "note" }, el("strong", {}, says("overdue", { day: due })), " ", says(upper ? "overdue_up" : "overdue_here", { agency: holder, upper }));
    }
    const which = facts.sorting ? "sorting" : ["diterima", "didisposisikan"].includes(facts.stage) ? "first" : "coming";
    return el("p", {}, strong(which, { agency: holder, day: due }));
  }

  function message({ n, on, voice, asked, broken, headline, body, rating, file, report }) {
    if (voice === "system")
      return el("li", { className: "sys", id: `pesan-${n}` }, el("p", {}, headline, " ", el("span", { className: "day" }, day(on))), body ? said(`${says("reason")} ${body}`) : "");
    const who = voice === "mine" ? says("you") : says(asked ? "officer_asks" : "officer");
    const other = [["place", report.place], ["when", report.happened_on && day(report.happened_on)], ["accused", report.about_officials]].filter(([, text]) => text);
    return el(
      "li",
      { className: voice === "mine" ? "msg mine" : "msg", id: `pesan-${n}` },
      el("small", {}, `${who} · ${day(on)}`),
      headline ? el("p", {}, el("strong", {}, headline), rating ? ` ${says("rated", { rating })}` : "") : "",
      broken ? el("p", { className: "hint" }, says(facts.server ? "only_old_way" : "broken")) : "",
      said(body),
      other.length ? el("dl", { className: "also" }, other.map(([name, text]) => el("div", {}, el("dt", {}, says(name)), el("dd", { dir: "auto" }, text)))) : "",
      file ? shelf(n, file) : "",
    );
  }

  /** A file of the talk: fetched and opened where somebody wants it. */
  function shelf(n, file) {
    const place = el("div"), name = says(/^image\//.test(file.type) ? "photo" : "document");
    const button = el("button", { type: "button", className: "file" }, name);
    button.addEventListener("click", () => acts.part("berkas", "view", place, n, file, name));
    place.append(button);
    return place;
  }

  // What there is to say yes or no to; a place for it, filled when its part has come.
  const asked = facts.publish.length || events.some(({ kind, words: { step } }) => kind === "unmask" && step === "asked");
  /** A part of the page that comes with its script: at once, or where it has a `label` when its card is opened. */
  function part(module, name, label) {
    const place = el("div"), card = label ? more(says(label), place) : place, show = () => acts.part(module, name, place);
    if (label) card.addEventListener("toggle", show, { once: true });
    else show();
    return card;
  }
  const named = facts.mode !== "anonim"; // somebody may ask for the name, so it is shown at once

  function coming() {
    if (!(facts.open || can("confirm")) || facts.due < facts.today) return "";
    const next = can("confirm") ? "next_verdict" : facts.stage === "ditahan" ? "next_answer" : facts.sorting ? "next_hand_over" : "next_officer";
    const by = facts.stage === "ditahan" ? "" : `, ${says("by_day", { day: due })}`;
    return el("li", { className: "next" }, el("p", {}, strong("next", { next: says(next) }), by));
  }

  /** A form of one text. What was typed into it comes back with whatever was wrong. */
  function form(kind, { label, hint, button, optional, limit, extra = [], danger }) {
    const id = `${kind}-teks`, wrong = fault && fault.kind === kind ? fault.message : "";
    const text = label ? el("textarea", { className: "low", id, rows: 5, cols: 60, autocomplete: "off", spellcheck: false, value: (typed[kind] = typed[kind] || "") }) : "";
    if (text) text.oninput = () => (typed[kind] = text.value);
    if (text && hint) text.setAttribute("aria-describedby", `${id}-petunjuk`);
    const made = el(
      "form",
      { autocomplete: "off", noValidate: true },
      extra,
      text && el("div", { className: wrong ? "field wrong" : "field" }, el("label", { htmlFor: id }, label, optional ? el("span", { className: "opt" }, ` ${says("optional")}`) : ""), wrong ? el("p", { className: "why" }, wrong) : "", hint ? el("p", { className: "hint", id: `${id}-petunjuk` }, hint) : "", text),
      !text && wrong ? el("p", { className: "why" }, wrong) : "",
      el("button", { className: danger ? "btn danger wide" : "btn wide" }, button),
    );
    made.addEventListener("submit", (event) => {
      event.preventDefault();
      acts(kind, { text: text ? text.value.trim() : "", limit, form: made });
    });
    return made;
  }

  const more = (name, ...children) => el("details", { className: "more" }, el("summary", {}, name), children);
  const choose = (kind, name, ...children) => el("details", { className: "choose", name: "putusan", open: Boolean(fault && fault.kind === kind) }, el("summary", {}, name), children);

  function verdict() {
    const star = (value) => el("div", {}, el("label", { className: "choice" }, el("input", { type: "radio", name: "rating", value, onchange: () => (typed.rating = value), checked: value === (typed.rating || "") }), el("span", {}, says(`r${value || 0}`))));
    const stars = el("fieldset", { className: "field" }, el("legend", {}, says("rating"), el("span", { className: "opt" }, ` ${says("optional")}`)), el("div", { className: "stars" }, RATINGS.map(star)));
    return el(
      "section",
      { className: "card", id: "putusan" },
      el("h2", {}, says("verdict")),
      el("p", {}, says("verdict_how"), facts.due >= facts.today ? [" ", ...strong("verdict_until", { day: due })] : ""),
      choose("confirm", says("done"), form("confirm", { label: says("done_reason"), button: says("done_send"), optional: true, limit: REASON_MAX, extra: [stars] }), el("p", { className: "hint after" }, says("done_after"))),
      [["reopen", "not_done"], ["appeal", "appeal"]].map(([kind, name]) => can(kind) ? choose(kind, says(name), form(kind, { label: says(`${name}_reason`), hint: says(`${name}_how`), button: says(`${name}_send`), limit: REASON_MAX })) : ""),
      facts.appealed || !thread.sealed ? el("p", { className: "hint" }, says(facts.appealed ? "appealed" : "old_way_again")) : "",
    );
  }

  function objection() {
    const asked = [...events].reverse().find(({ kind, words: { step } }) => kind === "lift" && step === "asked");
    if (!asked) return "";
    const names = Object.fromEntries(["agency", "about", "by"].map((name) => [name, agency(asked.words[name])]));
    return el(
      "section",
      { className: "card", id: "izin" },
      el("h2", {}, says("object", names)),
      el("p", {}, says("object_ask", names)),
      said(asked.words.reason || asked.words.body || ""),
      el("p", {}, strong("object_how", names)),
      form("lift", { label: says("object_reason"), hint: says("object_hint"), button: says("object_send"), optional: true, limit: REASON_MAX }),
      el("p", { className: "hint after" }, says("object_after")),
    );
  }

  function withdrawing() {
    const sure = el("div", { className: "field" }, el("label", { className: "choice" }, el("input", { type: "checkbox", name: "sure" }), el("span", {}, says("withdraw_sure"))));
    const card = more(says("withdraw"), el("p", {}, says("withdraw_how")), form("withdraw", { button: says("withdraw_send"), extra: [sure], danger: true }));
    card.open = Boolean(fault && fault.kind === "withdraw");
    return card;
  }

  const accused = events[0] && !events[0].broken ? agency(events[0].words.about_agency) || events[0].words.about_name || "" : "";
  const kept = [accused, ...facts.kept_from.map(agency)].filter(Boolean);
  const errors = fault ? faulty(says, fault.message, fault.mend in typed && `#${fault.mend}-teks`, typed[fault.mend] ? el("p", {}, says("kept")) : "") : ""; // elsewhere it may have arrived
  const code = acts.receipt;
  return [
    el("h1", { dir: "auto" }, thread.subject || own("topics", facts.topic) || says("title")),
    errors,
    told ? el("div", { className: "told", role: "status", tabIndex: -1 }, el("p", {}, told)) : "",
    standing(),
    lead(),
    thread.sealed !== false ? "" : el("p", { className: "note" }, el("strong", {}, says("altered")), " ", says("altered_how", { number: facts.case_id })),
    kept.map((name) => el("p", {}, strong("hidden", { agency: name }))),
    can("object") ? objection() : "",
    rows.length ? [el("h2", { className: "unseen" }, says("talk")), el("ol", { className: "talk line" }, rows.map(message), coming())] : "",
    facts.open && !answered && !facts.overdue ? el("p", { className: "hint" }, says("waiting")) : "",
    can("confirm") ? verdict() : "",
    asked ? part("izin", "consents") : "",
    named && !facts.shredded ? part("nama", "names") : "",
    can("reply") ? el("section", { className: "talkback" }, form("message", { label: says(answered ? "reply" : "add"), hint: says("reply_how"), button: says("send"), limit: BODY_MAX })) : "",
    facts.moves.includes("attach") ? el("div", { className: "mores" }, part("berkas", "attach", "attach")) : "",
    facts.server && facts.moves.length ? el("p", { className: "note" }, says("old_way_linked")) : "",
    el(
      "div",
      { className: "mores" },
      more(says("code"), el("p", { className: "code", translate: false }, code), el("p", { className: "hint" }, says("code_how")), el("p", { className: "hint" }, says("number", { number: facts.case_id }))),
      can("withdraw") ? withdrawing() : "",
      facts.shredded ? "" : [named ? "" : part("nama", "names", "identity"), more(says("old_way"), acts.oldWay())],
    ),
    el("p", { className: "hint after" }, says("stays")),
    el("p", { className: "hint" }, facts.moves.length && !facts.contact ? `${says("untold")} ` : "", says("shared")),
  ].flat();
}
