/* The twin of words.py, on the same rules (words.json) and tagger. Places count code points. Nothing found here leaves
 * the phone. */

import { tagger } from "./tagger.js";

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

/** The check symbols of a receipt's five groups: see receipt.py. */
function isReceipt(code) {
  const usual = code.toUpperCase().replace(/[^0-9A-Z]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  const values = Array.from(usual, (c) => "0123456789ABCDEFGHJKMNPQRSTVWXYZ".indexOf(c));
  const next = (value) => (value << 1) ^ (value & 16 ? 37 : 0);
  const right = (last, i) => next(values.slice(i - 4, i).reduce((value, d) => next(value) ^ d, (i + 1) / 5)) === last;
  return !values.includes(-1) && values.every((value, i) => i % 5 < 4 || right(value, i));
}

const CHECKS = { "": () => true, nik: isNik, luhn: isCard, receipt: isReceipt };

/** The text as the rules read it, one unit for each code point, and where each stands: unseen signs are left out, odd
 * digits, spaces, dashes and quotes become usual, masks what no rule names. */
function folding(fold) {
  const table = new Map();
  for (const zero of fold.zeros) {
    for (let n = 0; n < 10; n += 1) table.set(String.fromCodePoint(zero.codePointAt(0) + n), String(n));
  }
  for (const [one, like] of Object.entries(fold.like)) for (const c of like) table.set(c, one);
  const masked = new RegExp(fold.masked, "g");
  const unseen = new RegExp(fold.unseen, "u");
  const plain = (c) => table.get(c) ?? (c.length > 1 ? "\ufffd" : c);
  return (points) => {
    const at = [...points.keys()].filter((place) => !unseen.test(points[place]));
    const text = at.map((place) => plain(points[place])).join("");
    return { text: text.replace(masked, (m) => "\ufffd".repeat(m.length)), at };
  };
}

function compile(raw) {
  const parts = {};
  const expand = (pattern) => pattern.replace(/<([a-z_]+)>/g, (_, name) => parts[name]);
  for (const [name, part] of Object.entries(raw.parts)) {
    parts[name] = expand(Array.isArray(part) ? `(?:${part.join("|")})` : part);
  }
  return raw.rules.map((rule, rank) => ({
    mask: true,
    ...rule,
    rank,
    regexp: new RegExp(expand(rule.pattern), `g${rule.flags ?? "i"}`),
    length: (span) => (CHECKS[rule.check ?? ""](span) ? span.length : 0),
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

/** What the tagger's labels are: see words.py. */
const TAGGED = { N: "self_name", P: "name", C: "child", H: "home", W: "role", B: "near_home" };

/** `find`, `mask`, `pleadsSecrecy` and `categories` as in words.py, by words.json and tagger.json parsed. */
export function rules(raw, model) {
  const compiled = compile(raw);
  const tag = tagger(model);
  const fold = folding(raw.fold);

  /** Findings `{rule, category, start, end, text, mask}` in the order of the text, none over another. */
  function find(text) {
    const points = Array.from(text);
    const { text: folded, at } = fold(points);
    const tagged = ({ label, ...place }) => ({
      rule: { rule: "tagger", category: TAGGED[label], mask: label !== "B", rank: 1e3 },
      ...place,
    });
    const found = compiled
      .flatMap((rule) => [...spans(rule, folded)])
      .concat(tag(folded).map(tagged))
      .map(({ rule, start, end }) => ({ rule, start: at[start], end: at[end - 1] + 1 }))
      .sort(order);
    const taken = new Uint8Array(points.length);
    return found
      .filter(({ start, end }) => !taken.subarray(start, end).includes(1) && taken.fill(1, start, end))
      .map(({ rule: { rule, category, mask }, start, end }) => {
        const words = points.slice(start, end).join("");
        return { rule, category, start, end, text: words, mask };
      })
      .sort((a, b) => a.start - b.start);
  }

  /** The text with findings that may be masked replaced by their category's words. Throws where one is not of it. */
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
    const { text: folded } = fold(Array.from(text));
    return compiled.some((rule) => rule.category === SECRECY && !spans(rule, folded).next().done);
  }

  /** Per category `label`, `advice` (one sentence) and `masked`, in the language. */
  function categories(language = "id") {
    const spoken = (said) => Object.fromEntries(Object.entries(said).map(([kind, text]) => [kind, text[language]]));
    return Object.fromEntries(Object.entries(raw.categories).map(([name, said]) => [name, spoken(said)]));
  }

  return { find, mask, pleadsSecrecy, categories };
}
