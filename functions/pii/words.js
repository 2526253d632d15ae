/* The twin of words.py, on the same rules (words.json) and tagger. Places count code points. Nothing found here leaves
 * the phone. */

import { tagger } from "./tagger.js";

import { receipts } from "./receipts.js";

const SECRECY = "secrecy";

const digitsOf = (text) => text.replace(/[^0-9]/g, "");

/** Two places' digits, a birthday (of a woman 40 days more), and a number that is not 0000. */
const isNik = (number) =>
  /^[1-9]{2}\d{4}([04][1-9]|[1256]\d|[37][01])(0[1-9]|1[0-2])\d\d(?!0000)/.test(digitsOf(number));

/** Luhn's sum (ISO/IEC 7812-1, Annex B). */
const isCard = (number) =>
  Array.from(digitsOf(number), Number)
    .reverse()
    .reduce((total, n, i) => total + (i % 2 ? (n > 4 ? n * 2 - 9 : n * 2) : n), 0) %
    10 ===
  0;

const CHECKS = { "": () => true, nik: isNik, luhn: isCard };

/** The text as the rules read it, one unit for each code point, and where each stands: unseen signs are left out, odd
 * digits, letters, spaces, dashes and quotes become usual, masks what no rule names. */
function folding(fold) {
  const table = new Map();
  for (const zero of fold.zeros) {
    for (let n = 0; n < 10; n += 1) table.set(String.fromCodePoint(zero.codePointAt(0) + n), String(n));
  }
  for (const [one, like] of Object.entries(fold.like)) for (const c of like) table.set(c, one);
  const masked = new RegExp(fold.masked, "g");
  const unseen = new RegExp(fold.unseen, "u");
  const usual = (c) => /^([ -~])[\u0300-\u036f]*$/.exec(c.normalize("NFKD"))?.[1];
  const plain = (c) => table.get(c) ?? usual(c) ?? (c.length > 1 ? "\ufffd" : c);
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
  const evidence = raw.evidence.map((pattern) => ({ pattern, evidence: true }));
  return [...raw.rules, ...evidence].map((rule, rank) => ({
    mask: true,
    ...rule,
    rank,
    regexp: new RegExp(expand(rule.pattern), `g${rule.flags ?? "i"}`),
    length: (span) => (CHECKS[rule.check ?? ""](span) ? span.length : 0),
  }));
}

function* spans(rule, folded) {
  if (!rule.pattern) return yield* receipts(rule, folded);
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

  /** Findings `{rule, category, start, end, text, mask}` in the order of the text, none over another; with `only`
   * those of one category of the rules, and none of the tagger's. */
  function find(text, only) {
    const points = Array.from(text);
    const { text: folded, at } = fold(points);
    const tagged = ({ label, ...place }) => ({
      rule: { rule: "tagger", category: TAGGED[label], mask: label !== "B", rank: 1e3 },
      ...place,
    });
    const found = compiled
      .filter(({ category, evidence }) => !only || evidence || category === only)
      .flatMap((rule) => [...spans(rule, folded)])
      .concat(only ? [] : tag(folded).map(tagged))
      .map(({ rule, start, end }) => ({ rule, start: at[start], end: at[end - 1] + 1 }))
      .sort(order);
    const taken = new Uint8Array(points.length);
    for (const { rule, start, end } of found) if (rule.evidence) taken.fill(1, start, end);
    return found
      .filter(({ start, end }) => !taken.subarray(start, end).includes(1) && taken.fill(1, start, end))
      .map(({ rule: { rule, category, mask }, start, end }) => {
        const words = points.slice(start, end).join("");
        return { rule, category, start, end, text: words, mask };
      })
      .sort((a, b) => a.start - b.start);
  }

  /** The text with findings that may be masked replaced by their category's words. Throws where one is not
   * of it, with its start. */
  function mask(text, findings, language = "id") {
    const points = Array.from(text);
    const chosen = findings.filter((f) => f.mask).sort((a, b) => a.start - b.start);
    const parts = [];
    let done = 0;
    for (const { category, start, end, text: words } of chosen) {
      if (start < done || points.slice(start, end).join("") !== words) {
        throw new RangeError(start);
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
