// What the reporter does, sealed and signed on the phone. The twin of functions/actions/reporter/sealed_acts.py.

import { receipts } from "../../../functions/pii/receipts.js";
import { base64, hex, random, utf8 } from "../bytes.js";
import { sealItem } from "../envelope.js";
import { sign } from "../sign.js";
import { ask, onceOf } from "./buka.js";

const SIGNED_FLOOR = 1792; // as in functions/crypto/seal/sealing.py
const UNREAD = "-"; // words that no gate has read
const BARE = "withdraw", AGAIN = ["reopen", "appeal"];

/** Text without the receipts in it, as `Words` takes them out before it seals. */
export function withoutReceipts(text) {
  let out = "", at = 0;
  for (const { start, end } of receipts("", text)) {
    if (start < at) continue;
    out += `${text.slice(at, start)}[kode laporan disamarkan]`;
    at = end;
  }
  return out + text.slice(at);
}

/** Seal, sign and post an act. `key` is one for each text, so that what arrived twice is one event. `said` stands in clear before
 * whom its words accuse, `more` goes unsealed with it. Resolves to
 * `{ status, answer }`; throws where nothing came, or where this browser cannot sign. */
export async function act(thread, kind, { words = {}, clear, said = [], more, key, load, accused }) {
  const { facts, keys, caseKey } = thread, n = facts.version + 1, bare = kind === BARE;
  const clean = Object.fromEntries(Object.entries(words).map(([name, said]) => [name, withoutReceipts(said)]));
  const body = { case_id: facts.case_id, n, act: kind, once: bare ? "" : await onceOf(facts.case_id, key) };
  body.clear = bare ? "" : clear === undefined ? [...said, UNREAD, ...(await accused(clean.body || clean.reason || ""))].join(" ") : clear;
  const again = AGAIN.includes(kind) && thread.sealed ? await (await load("lagi")).wrapAgain(thread) : null;
  if (again) body.clear += ` ${again.said}`;
  const item = bare ? new Uint8Array(0) : await sealItem(caseKey, facts.case_id, n, kind, utf8(JSON.stringify(clean)), SIGNED_FLOOR);
  const signature = await sign(keys.actSeed, { caseId: facts.case_id, n, act: kind, clear: body.clear, once: body.once }, item);
  Object.assign(body, { sig: hex(signature), item: base64(item), named: namesSomebody(thread) }, more);
  if (again) Object.assign(body, { key_id: again.key_id, wrap: base64(again.wrap) });
  return ask("/api/thread/acts", body);
}

/** A key for one text. */
export const fresh = () => hex(random(8));

// It lets the notice wait for its batch, as the report itself did.
const namesSomebody = ({ events: [first] }) => (!first || first.broken || first.words.about_officials ? "1" : "0");
