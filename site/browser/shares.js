// A name's key split so that any two custodians of a roster open it together, and none alone. The twin of
// functions/crypto/seal/shares.py: Shamir's scheme with threshold 2 over GF(2^8), x^8+x^4+x^3+x+1.

import { fromBase64, fromHex, join, random } from "./bytes.js";
import { sealTo } from "./hpke.js";

/** The product in the field, without a table and without a branch on either. */
export function times(left, right) {
  let product = 0;
  for (let bit = 0; bit < 8; bit++) {
    product ^= -((right >> bit) & 1) & left;
    left = (left << 1) ^ (-(left >> 7) & 0x11b);
  }
  return product;
}

/** The share at `x`: 32 bytes on the line with this slope, then `x`. */
export const shareAt = (secret, slope, x) => join(secret.map((byte, at) => byte ^ times(slope[at], x)), [x]);

/** What the custody door keeps of a name's key: each member's share, its hash, and who it is sealed to. */
export async function splitOver({ instance, id, members }, caseId, secret) {
  const slope = random(32);
  const slots = members.map(async ({ key_id, public: text, x }) => {
    const share = shareAt(secret, slope, x);
    const to = { purpose: "share", instance, id: key_id, bytes: fromBase64(text) };
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", share));
    return join(fromHex(key_id).subarray(0, 8), [x], digest, await sealTo(to, `${caseId}:${x}`, share));
  });
  return join([1], fromHex(id), ...(await Promise.all(slots)));
}
