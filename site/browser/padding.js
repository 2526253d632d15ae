// Padding in bytes, so that a ciphertext tells a bucket, not a length. The twin of functions/crypto/padding.py.

import { SealError } from "./errors.js";

const LENGTH = 4;

/** Whether so many bytes and their length fit in `size`. */
export const fits = (plain, size) => plain.length + LENGTH <= size;

/** Length (4 bytes, big-endian), the bytes, zeros up to `size`. Throws SealError "report" where they do not fit. */
export function pad(plain, size) {
  if (!fits(plain, size)) throw new SealError("report", `${plain.length} bytes do not fit in ${size}`);
  const padded = new Uint8Array(size);
  new DataView(padded.buffer).setUint32(0, plain.length);
  padded.set(plain, LENGTH);
  return padded;
}

/** The padded size for a message of `length` bytes: `floor` doubled until it fits. */
export function messageBucket(length, floor) {
  let size = floor;
  while (size < length + LENGTH) size *= 2;
  return size;
}

/** What `pad` was given. */
export const unpad = (padded) => padded.subarray(LENGTH, LENGTH + new DataView(padded.buffer).getUint32(0));
