// A closed case that is taken up again: its key is wrapped to the desk's key of today, bound to the facts that decide who
// may read it. Loaded only then.

import { fields, hex, join, utf8 } from "../bytes.js";
import { hkdf } from "../derive.js";
import { encapsulated } from "../hpke.js";
import { keyFor, verified } from "../keys.js";
import { publishedFor } from "../published.js";

/** Facts in the order of `AccessFacts`; whom it is kept from comes after the first six. As sealing.py lays it out. */
async function wrapBound(desk, caseId, bound, caseKey) {
  const facts = ["lapor/2/facts", ...bound].join("\0"), kept = bound.length - 6;
  const [hash, proof] = await Promise.all([utf8(caseId), caseKey].map((key) => hkdf(key, facts, 4)));
  const mark = kept ? [Uint8Array.of(3), hash, proof, Uint8Array.of(kept)] : [Uint8Array.of(2), hash, proof];
  return join(...mark, ...(await encapsulated(desk, fields("lapor/2/wrap", caseId, facts), caseKey)));
}

/** The wrap, the id of its key, and the word by which the act signs both (functions/crypto/sign/reporter_acts.py). */
export async function wrapAgain({ facts, caseKey }) {
  const desk = keyFor(await verified(await publishedFor(facts.bound[0], "/keys-desk.json")), "desk", facts.bound[0]);
  const wrap = await wrapBound(desk, facts.case_id, facts.bound, caseKey);
  const digest = await crypto.subtle.digest("SHA-256", join(fields(desk.id, ""), wrap));
  return { key_id: desk.id, wrap, said: `wrap.${hex(new Uint8Array(digest)).slice(0, 32)}` };
}
