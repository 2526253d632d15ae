/* What identifies a writer in a text: the twin of words.py for the browser, on the same rules (words.json).
   Places count Unicode code points, as in Python. Nothing found here leaves the phone. */

const SECRECY = "secrecy";
const WOMEN = 40; // a NIK adds 40 to a woman's day of birth

const digitsOf = (text) => Array.from(text.replace(/[^0-9]/g, ""), Number);

function isNik(number) {
  const d = digitsOf(number);
  const day = d[6] * 10 + d[7];
  const born = day > WOMEN ? day - WOMEN : day;
  const month = d[8] * 10 + d[9];
  const dated = born >= 1 && born <= 31 && month >= 1 && month <= 12;
  return dated && d[0] !== 0 && d[1] !== 0 && d.slice(12).some((n) => n !== 0);
}

/** Luhn's sum (ISO/IEC 7812-1, Annex B). */
function isCard(number) {
  const sum = digitsOf(number).reverse().reduce((total, n, i) => total + (i % 2 ? (n > 4 ? n * 2 - 9 : n * 2) : n), 0);
  return sum % 10 === 0;
}

const CHECKS = { "": () => true, nik: isNik, luhn: isCard };

/** One unit for each code point, so that a place in the folded text is a place in code points: digits of other
    scripts, odd spaces and dashes become the usual ones, and what needs two units becomes one that no rule names. */
function folding(fold) {
  const table = new Map();
  for (const zero of fold.zeros) {
    for (let n = 0; n < 10; n += 1) table.set(String.fromCodePoint(zero.codePointAt(0) + n), String(n));
  }
  for (const space of fold.space) table.set(space, " ");
  for (const dash of fold.dash) table.set(dash, "-");
  return (points) => points.map((c) => table.get(c) ?? (c.length > 1 ? "\ufffd" : c)).join("");
}

/** How much of some words is a name: up to the first word no name has. */
const nameIn = (lead, stop) => (span) => {
  const rest = lead.exec(span)[0].length;
  const stopped = stop.exec(span.slice(rest));
  if (!stopped) return span.length;
  return stopped.index ? rest + stopped.index : 0;
};

function compile(raw) {
  const parts = {};
  const expand = (pattern) => pattern.replace(/<([a-z_]+)>/g, (_, name) => parts[name]);
  for (const [name, part] of Object.entries(raw.parts)) {
    parts[name] = expand(Array.isArray(part) ? `(?:${part.join("|")})` : part);
  }
  const lead = new RegExp(expand(raw.names.lead), "i");
  const stop = new RegExp(expand(raw.names.stop), "i");
  return raw.rules.map((rule, rank) => ({
    ...rule,
    rank,
    regexp: new RegExp(expand(rule.pattern), `g${rule.flags}`),
    length: rule.name ? nameIn(lead, stop) : (span) => (CHECKS[rule.check ?? ""](span) ? span.length : 0),
  }));
}

function* spans(rule, folded) {
  rule.regexp.lastIndex = 0;
  let match;
  while ((match = rule.regexp.exec(folded))) {
    const start = match.index + match[1].length;
    const length = rule.length(folded.slice(start, match.index + match[0].length));
    // A number that fails its check may hide one that begins a digit later.
    rule.regexp.lastIndex = length ? start + length : match.index + 1;
    if (length) yield { rule, start, end: start + length };
  }
}

const order = (a, b) =>
  b.rule.mask - a.rule.mask || b.end - b.start - (a.end - a.start) || a.rule.rank - b.rule.rank || a.start - b.start;

/** The rules made ready: `find(text)`, `mask(text, findings, language)`, `pleadsSecrecy(text)`, `categories`. */
export function reader(raw) {
  const rules = compile(raw);
  const fold = folding(raw.fold);

  /** Every finding `{rule, category, start, end, text, mask}` in the order of the text, none over another. */
  function find(text) {
    const points = Array.from(text);
    const folded = fold(points);
    const found = rules.flatMap((rule) => [...spans(rule, folded)]).sort(order);
    const taken = new Uint8Array(points.length);
    return found
      .filter(({ start, end }) => !taken.subarray(start, end).includes(1) && taken.fill(1, start, end))
      .map(({ rule, start, end }) => ({
        rule: rule.rule,
        category: rule.category,
        start,
        end,
        text: points.slice(start, end).join(""),
        mask: rule.mask,
      }))
      .sort((a, b) => a.start - b.start);
  }

  /** The text with each finding that may be masked replaced by its category's words. Throws where one is not of it. */
  function mask(text, findings, language = "id") {
    const points = Array.from(text);
    const chosen = findings.filter((f) => f.mask).sort((a, b) => a.start - b.start);
    const parts = [];
    let done = 0;
    for (const { category, start, end, text: words } of chosen) {
      if (start < done || points.slice(start, end).join("") !== words) {
        throw new RangeError(`the finding at ${start} is not one of this text`);
      }
      parts.push(...points.slice(done, start), raw.categories[category].masked[language]);
      done = end;
    }
    return parts.concat(points.slice(done)).join("");
  }

  /** Whether the writer asks not to be named, or is afraid to be. */
  function pleadsSecrecy(text) {
    const folded = fold(Array.from(text));
    return rules.some((rule) => rule.category === SECRECY && !spans(rule, folded).next().done);
  }

  return { find, mask, pleadsSecrecy, categories: raw.categories };
}
