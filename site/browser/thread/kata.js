// What happened as sentences: the twin of functions/web/narration.py. Every sentence comes with the frozen page; of what a
// door says only codes are looked up in it, and what people wrote stands in it as text.

/** A count as people of the page's language write it: 20.000 in Indonesian, where 20,000 would be twenty. */
export const grouped = (count) => count.toLocaleString(document.documentElement.lang === "en" ? "en" : "id");

/** Look-ups in the words of the page (site/thread_words.py). A code that it does not have is told by no name at all. */
export function speaker(words) {
  const own = (group, code) => (Object.prototype.hasOwnProperty.call(words[group] || {}, code) ? words[group][code] : "");
  const fill = (text, facts = {}) => text.replace(/%\((\w+)\)s|\{(\w+)\}/g, (_, one, two) => facts[one || two] ?? "");
  const says = (name, facts) => fill(words.says[name], facts);
  const agency = (code) => own("agencies", code);
  /** Why a text cannot be sent, "" if it can. No field has a maxlength: what is pasted would be cut without a word. */
  const tooLong = (text, most) => {
    const length = [...text].length;
    return length > most ? fill(words.required.too_long, { length: grouped(length), limit: grouped(most) }) : "";
  };
  const day = (iso) => {
    const [year, month, date] = /^\d{4}-\d\d-\d\d$/.test(iso) ? iso.split("-").map(Number) : [];
    if (!words.months[month - 1]) return "";
    const nth = (new Date(Date.UTC(year, month - 1, date)).getUTCDay() + 6) % 7;
    return `${words.days[nth]}, ${date} ${words.months[month - 1]} ${year}`;
  };
  const shortDay = (iso) => `${Number(iso.slice(8))} ${(words.months[Number(iso.slice(5, 7)) - 1] || "").slice(0, 3)}`;

  const WITH_AGENCY = ["handover", "unmask", "recuse", "remind", "escalate", "second"];

  function sentence({ kind, stage, agency: clear, words: said }) {
    const names = { agency: agency(said.agency || clear), second: agency(said.second), by: agency(said.by), about: agency(said.about) };
    const more = (name) => fill(words.more[name], names);
    if (kind === "stage") return own("stages", stage)[3] || "";
    if (kind === "confirm") return "";
    if (kind === "identity" || kind === "priority") return own(kind, said.change);
    if (kind === "assign") return own("assigned", said.change);
    if (kind === "publish") return fill(own("published", said.step), names);
    if (kind === "lift") return fill(own("lifts", said.step), { ...names, day: day(said.until) });
    if (kind === "recall") return fill(words.more.recalled, { unit: agency(said.from), agency: names.agency });
    if (kind === "correct") return corrected(said);
    if (kind === "unmask" && said.step) return fill(own("unmasked", said.step), { ...names, ...masked(said) });
    if (said.oversight) return more("oversight");
    if (said.transfer) return more("transfer");
    if (kind === "second" && said.change === "ended") return more("secondEnded");
    if (said.second && kind === "handover") return more("two");
    if (said.second && kind === "recuse") return more("secondRecused");
    if (said.reply_key !== undefined && kind === "handover") return more("linked");
    if (kind === "sp4n") return said.number ? fill(own("told", kind), { number: said.number }) : words.more.copied;
    if (kind === "close") return fill(own("told", kind), { outcome: own("outcomes", said.outcome) });
    if (kind === "extend") return fill(own("told", kind), { day: day(said.due) });
    return WITH_AGENCY.includes(kind) || own("told", kind) ? fill(own("told", kind), names) : "";
  }

  const corrected = (said) =>
    ["district", "topic", "text_void"]
      .filter((name) => name in said)
      .map((name) => {
        const named = (code) => own("topics", code) || own("districts", code);
        return fill(own("corrected", name), { was: named(said[`was_${name}`]), now: named(said[name]) });
      })
      .join(" ");

  const masked = ({ kinds = "", ground }) => ({
    ground: own("grounds", ground),
    kinds: kinds
      .split(",")
      .filter(Boolean)
      .map((pair) => pair.split(":"))
      .map(([kind, count]) => `${Number(count)} ${own("kinds", kind) || words.more.other}`)
      .join(", "),
  });

  /** A row of the talk: `{ n, on, voice, headline, body, rating, files, report }`. */
  function row(event) {
    const { n, kind, by, on, stage, words: said, broken } = event;
    const asked = kind === "stage" && stage === "ditahan";
    const mine = by === "pelapor", voice = mine ? "mine" : by === "sistem" && !asked ? "system" : "theirs";
    let headline = asked || broken ? "" : sentence(event);
    if (mine && words.yours[kind] && kind !== "report") headline = own("yours", kind);
    if (mine && kind === "publish") headline = own("yourPublication", said.step);
    if (kind === "message" && !("text_void" in said)) headline = "";
    if (kind === "report" || kind === "file" || kind === "message") headline = kind === "message" ? headline : "";
    const body = kind === "file" ? "" : said.body || said.reason || "";
    return { n, on, voice, asked, broken, headline, body, rating: said.rating, file: kind === "file" ? said : null, report: kind === "report" ? said : {} };
  }

  return { says, fill, own, agency, day, shortDay, row, tooLong, words };
}
