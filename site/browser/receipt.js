// The receipt and the tracking id as people read them. The twin of functions/casework/receipt.py.

export const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
export const RECEIPT_BYTES = 13;
export const TRACKING_BYTES = 8;
const RECEIPT_SYMBOLS = 20;
const TRACKING_SYMBOLS = 12;

/** The receipt's 20 data symbols, from which all keys are derived, of the first 100 bits of 13 secret bytes. */
export const receiptSymbols = (secret) => symbols(secret, RECEIPT_SYMBOLS);

/** The receipt as shown to people: five groups, a check symbol last in each. */
export const receiptText = (data) =>
  data
    .match(/.{4}/g)
    .map((group, index) => group + check(index, group))
    .join("-");

/** The 20 data symbols of a receipt as somebody typed it: any case, any separators, O for 0, I and L for 1. */
export function dataSymbols(typed) {
  const read = typed.toUpperCase().replace(/[^0-9A-Z]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  return read.replace(/(.{4})./g, "$1");
}

/** Tracking id of the first 60 bits of 8 bytes, e.g. `4F7K-2M9Q-XR3D`. */
export const trackingId = (secret) => symbols(secret, TRACKING_SYMBOLS).match(/.{4}/g).join("-");

function symbols(secret, count) {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of secret) {
    held = ((held & 31) << 8) | byte; // fewer than five bits are ever left over
    for (bits += 8; bits >= 5 && text.length < count; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31];
  }
  return text;
}

/** Horner over GF(32) with x^5+x^2+1; the group's place is the seed, so swapped groups show. */
export function check(index, data) {
  const double = (value) => (value << 1) ^ (value & 16 ? 0x25 : 0);
  let value = index + 1;
  for (const symbol of data) value = double(value) ^ ALPHABET.indexOf(symbol);
  return ALPHABET[double(value)];
}
