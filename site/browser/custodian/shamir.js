// Two shares of a name's key combined, and a share for a newcomer that nobody learns the key for. The other half of
// ../shares.js, in custodians' browsers alone.

import { times } from "../shares.js";

const SECRET = 32;

// left^254 is its inverse; the same steps for every value.
function inverse(left) {
  let power = left, result = 1;
  for (let bit = 1; bit < 8; bit++) {
    power = times(power, power);
    result = times(result, power);
  }
  return result;
}

/** The part that a share adds to the value at `at` of the line through it and the share at `other` (Lagrange). */
export function term(share, other, at) {
  const own = share[SECRET];
  if (own === other) throw new Error("one share twice");
  const factor = times(at ^ other, inverse(own ^ other));
  return share.slice(0, SECRET).map((byte) => times(byte, factor));
}

export const xor = (left, right) => left.map((byte, at) => byte ^ right[at]);

/** The secret of two shares. Two that do not belong together give other bytes: the name's seal tells. */
export const combined = (one, two) => xor(term(one, two[SECRET], 0), term(two, one[SECRET], 0));
