// Opening a case on the phone: the door gives its sealed bytes to who presents the look-up value, and the receipt stays
// here. The twin of functions/thread/sealed.py and functions/crypto/decrypt.py.

import { fields, fromBase64, fromHex, hex } from "../bytes.js";
import { hkdf, receiptKeys } from "../derive.js";
import { decrypt } from "../envelope.js";
import { unpad } from "../padding.js";
import { dataSymbols, receiptText } from "../receipt.js";

const SYMBOLS = 20, GROUP = 5;
const MOST_BYTES = 2 ** 17;
const ASK = { method: "POST", cache: "no-store", credentials: "omit", redirect: "error", referrerPolicy: "no-referrer" };

/** Why a code cannot be one: `{ code, facts }` of the sentence, as functions/thread/receipt_field.py says it; or its keys. */
export function readReceipt(typed) {
  const bare = typed.slice(-1000).replace(/.*#/s, "").replace(/[^0-9A-Za-z]/g, "").toUpperCase();
  if (!bare) return { code: "required" };
  if (bare.length === 12) return { code: "receipt_tracking" };
  if (bare.length !== SYMBOLS + GROUP) return { code: "receipt_length", facts: { found: bare.length, expected: SYMBOLS + GROUP } };
  const symbols = dataSymbols(bare), right = receiptText(symbols).split("-");
  const plain = bare.replace(/O/g, "0").replace(/[IL]/g, "1").match(/.{5}/g);
  const wrong = plain.map((group, nth) => (group === right[nth] ? 0 : nth + 1)).filter(Boolean);
  return wrong.length ? { code: "receipt_groups", facts: { groups: wrong.join(", ") } } : { symbols };
}

/** An answer of the thread: `{ status, answer }`, bytes for 200 and what JSON says else. Throws where nothing came. */
export async function ask(path, body) {
  const stop = new AbortController(), timer = setTimeout(() => stop.abort(), 60000);
  try {
    const headers = { Accept: "application/json", "Content-Type": "application/json" };
    const answer = await fetch(path, { ...ASK, headers, body: JSON.stringify(body), signal: stop.signal });
    const binary = answer.headers.get("Content-Type") === "application/octet-stream";
    return { status: answer.status, answer: binary ? new Uint8Array(await answer.arrayBuffer()) : await answer.json() };
  } finally {
    clearTimeout(timer);
  }
}

/** The case of a receipt's symbols: `{ status, facts, caseKey, subject, events, keys }`, with the events after `since`. Throws what `ask` throws, and
 * Error "otherwise" where the receipt does not open what came. */
export async function open(symbols, since = 0) {
  const keys = await receiptKeys(symbols);
  const { status, answer } = await ask("/api/thread/sealed", { case_id: keys.caseId, look: hex(keys.look), since, deflate: 1 });
  if (status !== 200) return { status, answer };
  const size = 4 + new DataView(answer.buffer).getUint32(0), facts = JSON.parse(text(await inflate(answer.subarray(4, size))));
  let at = size;
  const envelopes = facts.lengths.map((length) => answer.subarray(at, (at += length)));
  if (facts.case_id !== keys.caseId || !agree(facts)) throw new Error("otherwise");
  const found = { status, facts, keys, events: [], subject: "", sealed: true };
  if (facts.shredded) return found;
  const data = fields("lapor/1/item", keys.caseId, "receipt", "wrap");
  found.caseKey = await decrypt(keys.wrapKey, fromBase64(facts.wrap_receipt), data).catch(() => {
    throw new Error("otherwise");
  });
  const item = (n, kind, bytes) => openItem(found.caseKey, keys.caseId, n, kind, bytes);
  found.subject = await item(0, "subject", envelopes[0]).then(text, () => "");
  found.events = await Promise.all(
    facts.events.map(async ([n, kind, by, on, stage, agency], nth) => {
      const event = { n, kind, by, on, stage, agency, words: {} };
      if (!envelopes[nth + 1].length) return event;
      try {
        event.words = words(JSON.parse(text(await item(n, kind, envelopes[nth + 1]))));
      } catch {
        event.broken = true; // another key's, or altered
      }
      return event;
    }),
  );
  found.sealed = await proven(found);
  return found;
}

const text = (bytes) => new TextDecoder().decode(bytes);

/** Only texts, as the words of an event are. */
function words(plain) {
  if (!plain || typeof plain !== "object" || Array.isArray(plain)) throw new Error("no words");
  return Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, String(value)]));
}

/** Item `n` of a case, opened; throws for another key's, and for one that was altered. */
export async function openItem(key, caseId, n, kind, envelope) {
  if (envelope[0] === 1) return unpad(await decrypt(key, envelope, fields("lapor/1/item", caseId, n, kind)));
  const inside = unpad(await decrypt(key, envelope, fields("lapor/2/item", caseId, n, kind)));
  return inside[0] ? inflate(inside.subarray(1)) : inside.subarray(1);
}

// Not by way of a Blob, which a browser may put on its disk.
async function inflate(bytes) {
  const { readable, writable } = new DecompressionStream("deflate");
  const writer = writable.getWriter();
  Promise.all([writer.write(bytes), writer.close()]).catch(() => 0);
  const plain = new Uint8Array(await new Response(readable).arrayBuffer());
  if (plain.length > MOST_BYTES) throw new Error("too long");
  return plain;
}

/** Whether what is shown of the bound facts is what the seal is asked about: no honest door says it in two ways. */
const agree = ({ bound, topic, kept_from: kept, lift }) =>
  bound[2] === topic && bound.slice(6).join() === kept.join() && (bound[5] === "1") === (lift === "lifted");

/** Whether the facts that decide who may read it are those it was sealed with: functions/crypto/seal/bound_facts.py. */
async function proven({ facts: { mark, bound }, caseKey }) {
  const wrap = fromHex(mark);
  if (wrap[0] !== 2 && wrap[0] !== 3) return undefined; // bound to nothing: no new wrap, since the door could name any facts
  const kept = 6 + (wrap[0] === 3 ? wrap[9] : 0);
  const proof = await hkdf(caseKey, ["lapor/2/facts", ...bound.slice(0, kept)].join("\0"), 4);
  return hex(proof) === hex(wrap.subarray(5, 9));
}

/** Hash of a key of one act, as the server remembers it. */
export async function onceOf(caseId, key) {
  const digest = await crypto.subtle.digest("SHA-256", fields("lapor/1/once", caseId, key));
  return hex(new Uint8Array(digest).subarray(0, 16));
}
