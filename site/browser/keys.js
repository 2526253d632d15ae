// The published keys (/keys.json): which instance a district belongs to, and which key to seal to.

import { fromBase64, hex } from "./bytes.js";
import { SealError } from "./errors.js";

const PUBLIC_BYTES = 1216; // ML-KEM-768 (1,184), then X25519 (32)
const ID_BYTES = [16, 8]; // keys of an older release have the shorter id

/** The code of the instance whose region holds this district. Throws SealError "keys" where none does. */
export function instanceOf(district, directory) {
  const found = list(directory, "instances").find(({ region }) => region && district.startsWith(`${region}.`));
  if (!found) throw new SealError("keys", "no instance for this district");
  return found.code;
}

/**
 * All keys as `{ purpose, instance, id, bytes }`. Throws SealError "keys" where one of them is not the key its id
 * names, whichever it is: a list that was tampered with is not trusted in part.
 */
export const verified = (keys) => Promise.all([...list(keys, "keys"), ...list(keys, "optional_keys")].map(verify));

/** The one key for a purpose and an instance. Throws SealError "keys" for none, and for more than one. */
export function keyFor(known, purpose, instance) {
  const found = known.filter((key) => key.purpose === purpose && key.instance === instance);
  if (found.length !== 1) throw new SealError("keys", `${found.length} keys for ${purpose} of ${instance}`);
  return found[0];
}

function list(published, name) {
  if (!published || !Array.isArray(published[name])) throw new SealError("keys", `${name} are missing`);
  return published[name];
}

async function verify({ purpose, instance, key_id: id, public: text }) {
  const bytes = decoded(text);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  if (bytes.length !== PUBLIC_BYTES || !ID_BYTES.some((size) => hex(digest.subarray(0, size)) === id))
    throw new SealError("keys", `a key of ${instance} is not what it claims`);
  return { purpose, instance, id, bytes };
}

function decoded(text) {
  try {
    return fromBase64(text);
  } catch {
    throw new SealError("keys", "a key is not base64");
  }
}
