// A report that waits on the phone until there is a network. It is sealed as always, and then whole once more, so that
// the phone keeps nothing that can be read: neither words nor code, nor topic, number or whom it is about. The twin of
// functions/crypto/transport/waiting_reports.py; tests/doors/test_waiting.py and tests/browser/test_offline.py compare them.

import { fields, fromBase64, hex, random, utf8 } from "./bytes.js";
import { hkdf } from "./derive.js";
import { decrypt, encrypt } from "./envelope.js";
import { SealError } from "./errors.js";
import { sealTo } from "./hpke.js";
import { verified } from "./keys.js";
import { messageBucket, pad, unpad } from "./padding.js";
import { dataSymbols } from "./receipt.js";
import { seal } from "./seal.js";

const STEP_BYTES = 2048;
const KEPT_FLOOR = 8192;
const TOKEN_BYTES = 32;
const KEPT = "lapor/1/waiting-kept";

/**
 * Seal a report for waiting. `entry` is what the phone keeps: `envelope` opens for the intake alone, and `mark` is the hash
 * of a token inside, which only an intake that opened it can tell; `kept` opens with the code alone, so that its writer
 * can seal it anew where keys have changed meanwhile.
 *
 * @param {object} input as for `seal`, `submissionKey` required
 * @param {object} input.waitingKey the answer of /api/reports/waiting-key
 * @returns {Promise<{entry: {envelope: Uint8Array, mark: string, kept: Uint8Array}, receipt: string, trackingId: string, lookup: string}>}
 * @throws {SealError} as `seal`
 */
export async function wait({ report, keys, submissionKey, waitingKey }) {
  const { body, receipt, trackingId } = await seal({ report, keys, submissionKey });
  const published = { ...waitingKey, purpose: "waiting", instance: "" };
  const [key] = await verified({ keys: [published], optional_keys: [] });
  const opened = hex(random(TOKEN_BYTES));
  const inside = utf8(JSON.stringify({ ...body, meant: report.meant, opened }));
  const size = Math.ceil((inside.length + 4) / STEP_BYTES) * STEP_BYTES;
  const own = utf8(JSON.stringify({ report, submissionKey }));
  const kept = await encrypt(await keptKey(receipt), pad(own, messageBucket(own.length, KEPT_FLOOR)), fields(KEPT));
  const mark = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(opened))));
  return { entry: { envelope: await sealTo(key, "report", pad(inside, size)), mark, kept }, receipt, trackingId, lookup: body.lookup };
}

/**
 * What `kept` holds, `{ report, submissionKey }`, with the code as somebody typed it. Throws SealError "receipt" where that
 * is no code, or another one's.
 */
export async function reopen(typed, kept) {
  try {
    const own = unpad(await decrypt(await keptKey(typed), kept, fields(KEPT)));
    return JSON.parse(new TextDecoder().decode(own));
  } catch {
    throw new SealError("receipt", "this code does not open it");
  }
}

const keptKey = (receipt) => hkdf(utf8(dataSymbols(receipt)), KEPT, 32);
