// Envelopes under a key that both sides have: AES-256-GCM, version and nonce before it. The twin of
// functions/crypto/seal/sealing.py.

import { fields, join, random } from "./bytes.js";
import { packed } from "./packing.js";
import { messageBucket, pad } from "./padding.js";

/** The first byte of every envelope but these. */
export const VERSION = Uint8Array.of(1);
/** That of an item, and of a wrap that binds facts. */
export const VERSION_2 = Uint8Array.of(2);
const NONCE_BYTES = 12;

/** Item `n` of a case, packed, and padded to a message bucket from `floor` bytes. */
export async function sealItem(caseKey, caseId, n, kind, plain, floor, nonce) {
  const inside = await packed(plain, floor);
  const data = fields("lapor/2/item", caseId, n, kind);
  return encrypt(caseKey, pad(inside, messageBucket(inside.length, floor)), data, nonce, VERSION_2);
}

/** The case key under the receipt. */
export const wrapForReceipt = (keys, caseKey, nonce) =>
  encrypt(keys.wrapKey, caseKey, fields("lapor/1/item", keys.caseId, "receipt", "wrap"), nonce);

/** The identity's key under the receipt. */
export const wrapIdentityForReceipt = (keys, identityKey, nonce) =>
  encrypt(keys.identityWrap, identityKey, fields("lapor/1/identity-wrap", keys.caseId), nonce);

/** The key of the talk with custodians under the name's key. */
export const wrapTalk = (caseId, nameKey, talk) => encrypt(nameKey, talk, fields("lapor/2/talk", caseId));

/** An envelope. A nonce is given by tests alone: under one key none may come twice. */
export async function encrypt(key, plain, additionalData, nonce = random(NONCE_BYTES), version = VERSION) {
  const aes = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData }, aes, plain);
  return join(version, nonce, new Uint8Array(sealed));
}

/** What `encrypt` sealed; throws where it does not open. */
export async function decrypt(key, envelope, additionalData) {
  const aes = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  const iv = envelope.subarray(1, 1 + NONCE_BYTES), sealed = envelope.subarray(1 + NONCE_BYTES);
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, aes, sealed));
}
