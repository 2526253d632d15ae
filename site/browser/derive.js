// What a submission key and a receipt yield. The twin of the derivations in functions/crypto/seal/sealing.py.

import { utf8 } from "./bytes.js";
import { RECEIPT_BYTES, TRACKING_BYTES, receiptSymbols, trackingId } from "./receipt.js";

const KEY_BYTES = 32;

/** HKDF-SHA256 (RFC 5869) without a salt. */
export async function hkdf(secret, info, length) {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: utf8(info) };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, length * 8));
}

/** The receipt's 20 symbols, of a submission key of 16 bytes. */
export const receiptOf = async (submissionKey) =>
  receiptSymbols(await hkdf(submissionKey, "lapor/1/receipt", RECEIPT_BYTES));

/** All that a receipt yields: `{ caseId, lookup, look, actSeed, wrapKey, identityWrap }`, all but the first of 32 bytes. */
export async function receiptKeys(receipt) {
  const secret = utf8(receipt);
  return {
    caseId: trackingId(await hkdf(secret, "lapor/1/tracking", TRACKING_BYTES)),
    lookup: await hkdf(secret, "lapor/1/lookup", KEY_BYTES), // of cases whose acts nobody can sign yet
    look: await hkdf(secret, "lapor/2/look", KEY_BYTES),
    actSeed: await hkdf(secret, "lapor/2/act", KEY_BYTES),
    wrapKey: await hkdf(secret, "lapor/1/wrap", KEY_BYTES),
    identityWrap: await hkdf(secret, "lapor/1/identity", KEY_BYTES),
  };
}

/** What rests of `look` in the store: its hash. */
export const atRest = async (look) => new Uint8Array(await crypto.subtle.digest("SHA-256", look));

/** Keyed hash (32 bytes) that tells a repeat from a changed text. */
export async function fingerprint(submissionKey, content) {
  const secret = await hkdf(submissionKey, "lapor/1/fingerprint", KEY_BYTES);
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, content));
}
