/* The twin of tagger.py, on the same model (tagger.json). */

const TOKEN = /[A-Za-z]+(?:'[A-Za-z]+)*'?|[0-9]+|\ufffd+|[^ ]/g;
const VERB = /^(?:(?:di|mem|men|meny|ber|ter|ke)[a-z]{5}|pe[a-z]{4,}an$|[a-z]{3,}(?:nya|kan|asi|tas)$)/;
const TELLING = "o!wmkecnaWuK1hs$yzxNC";
const SURE = new RegExp(
  "((?:m,?i?(?=[R-U]{1,3},?p[drgGT])|nm:?|n:|[^$!ow]a[.n]{0,3}t?[.]?(?=[TU])" +
    "|[zx][.,:\n]{0,3}(?=[R-U]{1,3}[.\n]*(?![^.\n]))))[R-U]{1,3}",
  "g",
);
const EVIDENCE = /(\$:?[89M.-]{1,12}L?[./]?an?[.:]*)[tR-U][R-U.]{0,3}/g;
const NAMES = [[/[cC]/, "C"], [/[keKNa]/, "P"]];
const PLACES = [[/[cC][^]*[jl]/, "C"], [/[w1]|s[^]*[bj]/, "W"]];
const BARE = /(?:[^nmukKcCeNatizxwy:(\n.,-]|[^zx][.,])[RS]$/;
const WEIGHTS = [0, 1, 2, 4, 8, 16, -1, -2, -4, -8, -16];

/** What identifies in a folded text, by `model`: tagger.json parsed. */
export function tagger({ kinds, heads, labels, lean, signs, prefixes, weights }) {
  const known = new Map();
  for (const [kind, words] of Object.entries(kinds)) for (const word of words.split(" ")) known.set(word, kind);
  const every = new Map();
  const [single, ...pairs] = prefixes.split(" "), size = labels.length - 1;
  const before = [...single, ...pairs.flatMap(([first, ...seconds]) => seconds.map((second) => first + second))];
  weights.split(" ").forEach((short, n) => {
    const row = short.replace(/[a-z]/g, (run) => "A".repeat(run.charCodeAt(0) - 96));
    for (let i = 0; i < row.length; i += 1) {
      const feature = before[Math.floor(n / size)] + signs[i];
      if (!every.has(feature)) every.set(feature, new Int32Array(labels.length));
      every.get(feature)[1 + (n % size)] = WEIGHTS[row.charCodeAt(i) - 65];
    }
  });

  function kindOf(word, shouted, other) {
    const small = word.toLowerCase();
    if (known.has(small)) return known.get(small);
    if (/^[0-9]/.test(word)) return word.length >= 5 || word[0] === "0" ? "9" : "8";
    if (!/^[A-Za-z]/.test(word)) return ".,:()-/\n".includes(word) ? word : word >= "\ufffd" ? "M" : ";";
    if (word.length === 1) return "L";
    if (VERB.test(small)) return "V";
    return shouted ? other : isUpper(word) ? "U" : isUpper(word[0]) ? "T" : other;
  }

  return (text) => {
    const found = [...text.matchAll(TOKEN)].map((m) => ({ start: m.index, end: m.index + m[0].length, word: m[0] }));
    const written = found.filter(({ word }) => /^[A-Za-z]./.test(word));
    const shouted = 2 * written.filter(({ word }) => isUpper(word)).length > written.length;
    const other = !shouted && /[a-z0-9,)] [A-Z][a-z]{2}/.test(text) ? "R" : "S";
    const line = found.map(({ word }) => kindOf(word, shouted, other)).join("");
    const k = `^^^^${line}____`;
    let said = "", head = "0", since = 0;
    found.forEach(({ word }, i) => {
      [head, since] = since < 7 ? [head, since + 1] : ["0", 0];
      const at = i + 4, now = k[at], last = said[i - 1] || "O";
      const row = [..."abcdefghi"].map((name, n) => name + k[i + n]);
      row.push("j" + k[at - 1] + now, "k" + now + k[at + 1], "l" + k[at - 2] + k[at - 1], "m" + k[at + 1] + k[at + 2]);
      row.push("n" + k[at - 1] + k[at + 1], "o" + head + now);
      for (const kind of TELLING) {
        if (k.slice(Math.max(0, at - 5), at).includes(kind)) row.push("w" + kind + now);
        if (k.slice(at + 1, at + 5).includes(kind)) row.push("x" + kind + now);
      }
      row.push("s" + last + now, "t" + last + k[at + 1], "u" + last + k[at - 1], "v" + (said[i - 2] || "O") + last);
      if ("RSTU".includes(now)) {
        const small = word.toLowerCase();
        row.push("p" + small.slice(-2), "q" + small.slice(0, 2), "r" + Math.min(small.length, 9));
      }
      const sums = new Int32Array(labels.length);
      sums[0] = lean;
      for (const feature of row) (every.get(feature) || []).forEach((weight, n) => (sums[n] += weight));
      said += labels[sums.indexOf(Math.max(...sums))];
      if (heads.includes(now)) [head, since] = [now, 0];
      else if (".\n".includes(now)) head = "0";
    });
    const right = [...said];
    const set = (label, { index, 0: all, 1: lead }) => right.fill(label, index + lead.length, index + all.length);
    for (const match of line.matchAll(SURE)) set("N", match);
    for (const match of line.matchAll(EVIDENCE)) set("O", match);
    const stretches = [];
    const add = (label, from, to) => stretches.push({ label, start: found[from].start, end: found[to - 1].end });
    for (const { index, 0: all } of line.matchAll(/fp?h[mu]/g)) add("B", index, index + all.length);
    for (const run of right.join("").matchAll(/([^O])\1*(?:O\1+)*/g)) {
      let from = run.index, to = from + run[0].length;
      while (to > from && !/^[A-Za-z0-9]/.test(found[to - 1].word)) to -= 1;
      while (to > from && !/^[A-Za-z0-9]/.test(found[from].word)) from += 1;
      if (/l8[-/]$/.test(line.slice(from, to + 1))) to -= 2;
      if (run[1] === "N" && to - from < 2 && BARE.test(line.slice(Math.max(0, from - 2), to))) continue;
      if (run[1] === "H" && !/[mukKcChvwsr9n1]/.test(line.slice(Math.max(0, from - 8), to))) continue;
      if (/[R-U]/.test(line.slice(from, to)) || (to - from > 1 && run[1] !== "N")) {
        const around = line.slice(Math.max(0, from - 6), run[1] === "N" ? from : Math.min(to, from + 12));
        const [, label] = (run[1] === "N" ? NAMES : PLACES).find(([test]) => test.test(around)) || [0, run[1]];
        add(label, from, to);
      }
    }
    return stretches;
  };
}

const isUpper = (word) => word === word.toUpperCase();
