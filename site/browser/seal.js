// Sealing a report in the browser: what leaves the phone can be opened by the receipt, which stays on it, and by the
// desk. The bytes are those of functions/crypto/seal/sealing.py; tests/seal/ compares them.

import { base64, fromHex, hex, random, utf8 } from "./bytes.js";
import { atRest, fingerprint, receiptKeys, receiptOf } from "./derive.js";
import { sealItem, wrapForReceipt, wrapIdentityForReceipt, wrapTalk } from "./envelope.js";
import { SealError } from "./errors.js";
import { sealTo, wrapCaseKey } from "./hpke.js";
import { instanceOf, keyFor, verified } from "./keys.js";
import { fits, pad } from "./padding.js";
import { receiptText } from "./receipt.js";
import { splitOver } from "./shares.js";
import { actPublic } from "./sign.js";
import { addressOf, checked, content, identity, words } from "./report.js";

const KEY_BYTES = 32;
const SUBMISSION_KEY_BYTES = 16;
const SUBJECT_FLOOR = 256;
const WORDS_FLOOR = 1840;
const IDENTITY_FLOOR = 448;
export const CONTACT_BUCKET = 256;
const CLEAR = ["kind", "topic", "district", "about_agency", "identity_mode"];

/**
 * Seal a report. Nothing is sent; the caller posts `body` as JSON to /api/reports and shows `receipt` once that has
 * answered. The same submission key and text give the same receipt and fingerprint again.
 *
 * @param {object} input
 * @param {object} input.report texts in their final form: kind, topic, district, about_agency, place, happened_on ("" or
 *   an ISO date), subject, body, about_officials, identity_mode, name, contact; about_name as it stood beside the code
 * @param {object} input.keys /keys.json, parsed
 * @param {object} [input.directory] `{ instances: [{ code, region }] }`; by default those of `keys`
 * @param {string} [input.submissionKey] 32 hexadecimal digits; by default fresh ones
 * @returns {Promise<{body: object, receipt: string, trackingId: string}>}
 * @throws {Error} where the browser cannot, the keys are wrong or the report is; most often a SealError with its `code`.
 *   Whatever is thrown: nothing was sealed, and nothing may be sent in clear in its place.
 */
export async function seal({ report, keys, directory = keys, submissionKey }) {
  supported();
  const known = checked(report);
  const secret = submissionKey === undefined ? random(SUBMISSION_KEY_BYTES) : readKey(submissionKey);
  const symbols = await receiptOf(secret);
  const derived = await receiptKeys(symbols);
  const { caseId } = derived;
  const instance = instanceOf(known.district, directory);
  const published = await verified(keys);
  const to = (purpose) => keyFor(published, purpose, instance);
  const act = await actPublic(derived.actSeed);
  const body = {
    sealed: "browser",
    ...Object.fromEntries(CLEAR.map((field) => [field, known[field]])),
    names_officials: known.about_officials ? "1" : "0", // one length: it lets the report wait for its batch
    case_id: caseId,
    lookup: hex(act ? await atRest(derived.look) : derived.lookup),
    act, // JSON leaves out what is undefined
    fingerprint: hex(await fingerprint(secret, content(known))),
    ...(await sealCase(known, derived, to("desk"))),
  };
  if (known.identity_mode === "rahasia") {
    const roster = (keys.rosters || []).find((each) => each.instance === instance);
    Object.assign(body, await sealIdentity(known, derived, to("identity"), roster));
  }
  const address = utf8(addressOf(known));
  if (address.length && fits(address, CONTACT_BUCKET))
    body.contact = base64(await sealTo(to("courier"), `${caseId}:contact`, pad(address, CONTACT_BUCKET)));
  return { body, receipt: receiptText(symbols), trackingId: caseId };
}

function readKey(text) {
  if (!/^[0-9a-f]{32}$/i.test(text)) throw new SealError("report", "a submission key has 32 hexadecimal digits");
  return fromHex(text);
}

async function sealCase(report, derived, desk) {
  const key = random(KEY_BYTES);
  const { caseId } = derived;
  return {
    key_id: desk.id,
    wrap_receipt: base64(await wrapForReceipt(derived, key)),
    wrap_desk: base64(await wrapCaseKey(desk, caseId, report, key)),
    subject: base64(await sealItem(key, caseId, 0, "subject", utf8(report.subject), SUBJECT_FLOOR)),
    words: base64(await sealItem(key, caseId, 1, "report", words(report), WORDS_FLOOR)),
  };
}

// Where there is a roster, the custody door gets the key of the talk alone; the name's is split over the custodians.
export async function sealIdentity(report, derived, custody, roster) {
  const key = random(KEY_BYTES), { caseId } = derived;
  const talk = roster ? random(KEY_BYTES) : key;
  const fields = {
    identity_key_id: custody.id,
    identity_wrap_receipt: base64(await wrapIdentityForReceipt(derived, key)),
    identity_wrap_custody: base64(await sealTo(custody, roster ? `${caseId}:talk` : caseId, talk)),
    identity_sealed: base64(await sealItem(key, caseId, 0, "identity", identity(report), IDENTITY_FLOOR)),
  };
  if (roster) {
    fields.identity_roster = roster.id;
    fields.identity_wrap_talk = base64(await wrapTalk(caseId, key, talk));
    fields.identity_shares = base64(await sealTo(custody, `${caseId}:shares`, await splitOver(roster, caseId, key)));
  }
  return fields;
}

// A browser without BigInt does not even load this file, which says the same.
function supported() {
  if (!globalThis.crypto || !crypto.subtle || typeof BigInt === "undefined")
    throw new SealError("unsupported", "this browser cannot seal");
}
