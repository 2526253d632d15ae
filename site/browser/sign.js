// The reporter's signature under each act, by an Ed25519 key that follows from the receipt. The twin of
// functions/crypto/sign/reporter_acts.py.

import { fields, fromHex, hex, join } from "./bytes.js";

const PKCS8 = fromHex("302e020100300506032b657004220420"); // RFC 8410: an Ed25519 seed follows

const keyOf = (seed, extractable) =>
  crypto.subtle.importKey("pkcs8", join(PKCS8, seed), { name: "Ed25519" }, extractable, ["sign"]);

/** Public half as base64url (43 signs); undefined where this browser knows no Ed25519: then the first act brings it. */
export const actPublic = (seed) =>
  keyOf(seed, true)
    .then((key) => crypto.subtle.exportKey("jwk", key))
    .then(({ x }) => x, () => undefined);

/** Signature (64 bytes) of an act: `{ caseId, n, act, clear, once }`, texts and a number, and its sealed `item`. */
export async function sign(seed, { caseId, n, act, clear, once }, item) {
  const digest = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", item)));
  const bytes = fields("lapor/2/act", caseId, n, act, clear, digest, once);
  return new Uint8Array(await crypto.subtle.sign("Ed25519", await keyOf(seed, false), bytes));
}
