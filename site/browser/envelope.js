// Envelopes under a key that both sides have: AES-256-GCM, version and nonce before it. The twin of
// functions/vault/sealing.py.

import { fields, join, random } from "./bytes.js";
import { messageBucket, pad } from "./padding.js";

/** The first byte of every envelope. */
export const VERSION = Uint8Array.of(1);
const NONCE_BYTES = 12;

/** Item `n` of a case, padded to a message bucket (from `floor` bytes, where given). */
export const sealItem = (caseKey, caseId, n, kind, plain, floor, nonce) =>
  encrypt(caseKey, pad(plain, messageBucket(plain.length, floor)), itemData(caseId, n, kind), nonce);

/** The case key under the receipt. */
export const wrapForReceipt = (keys, caseKey, nonce) =>
  encrypt(keys.wrapKey, caseKey, itemData(keys.caseId, "receipt", "wrap"), nonce);

/** The identity's key under the receipt. */
export const wrapIdentityForReceipt = (keys, identityKey, nonce) =>
  encrypt(keys.identityWrap, identityKey, fields("lapor/1/identity-wrap", keys.caseId), nonce);

const itemData = (caseId, item, kind) => fields("lapor/1/item", caseId, item, kind);

/** An envelope. A nonce is given by tests alone: under one key none may come twice. */
export async function encrypt(key, plain, additionalData, nonce = random(NONCE_BYTES)) {
  const aes = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData }, aes, plain);
  return join(VERSION, nonce, new Uint8Array(sealed));
}

/** What `encrypt` sealed; throws where it does not open. */
export async function decrypt(key, envelope, additionalData) {
  const aes = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  const iv = envelope.subarray(1, 1 + NONCE_BYTES), sealed = envelope.subarray(1 + NONCE_BYTES);
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, aes, sealed));
}
