// Whether the reporter signed an act (sign.js). In a file of its own: only a page with a name carries it.

import { fields, hex } from "./bytes.js";
import { actPublic } from "./sign.js";

/** Whether the key of this seed made the signature. Safari draws its nonces: signing again and comparing tells nothing. */
export async function isSigned(seed, { caseId, n, act, clear, once }, item, signature) {
  const digest = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", item)));
  const own = { kty: "OKP", crv: "Ed25519", x: await actPublic(seed) };
  const key = await crypto.subtle.importKey("jwk", own, { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify("Ed25519", key, signature, fields("lapor/2/act", caseId, n, act, clear, digest, once));
}
