// Files of a case, sealed and opened on the phone. The twin of functions/actions/reporter/sealed_thread.py.

import { base64, fields, fromHex, hex, join, utf8 } from "../bytes.js";
import { decrypt, encrypt, sealItem } from "../envelope.js";
import { pad, unpad } from "../padding.js";
import { sign } from "../sign.js";
import { onceOf } from "./buka.js";

const FLOOR = 65536, LENGTH = 4, SIGNED_FLOOR = 1792, OVERHEAD = 29;

/** The padded size of a file: Padmé, at least 64 KiB, as functions/crypto/padding.py. */
export function fileBucket(length) {
  const size = Math.max(length + LENGTH, FLOOR), exponent = 31 - Math.clz32(size);
  const mask = (1 << Math.max(exponent - 32 + Math.clz32(exponent), 0)) - 1;
  return (size + mask) & ~mask;
}

const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

/** The name of the blob of an act: `once` in hexadecimal. */
export const blobName = async (caseId, once) =>
  hex(await sha256(join(fields("lapor/2/blob", caseId, ""), fromHex(once)))).slice(0, 32);

const dataOf = (caseId, name) => fields("lapor/1/item", caseId, name, "blob");

/**
 * The act of adding a file, `{ fields, blob }`: what is signed and said, and the sealed bytes. `key` is one for each file, so
 * that what arrived twice is one event.
 */
export async function fileAct({ facts, keys, caseKey }, { bytes, type, small }, key) {
  const { case_id: caseId } = facts, n = facts.version + 1, once = await onceOf(caseId, key);
  const name = await blobName(caseId, once), padded = fileBucket(bytes.length), clear = `- ${padded}`;
  const blob = await encrypt(caseKey, pad(bytes, padded), dataOf(caseId, name));
  const said = { blob: name, type, size: String(bytes.length), source: hex(await sha256(bytes)) };
  const sealed = (words) => sealItem(caseKey, caseId, n, "file", utf8(JSON.stringify(words)), SIGNED_FLOOR);
  let item = await sealed({ ...said, small });
  if (item.length > SIGNED_FLOOR + OVERHEAD) item = await sealed(said); // all events of files have one size
  const sig = hex(await sign(keys.actSeed, { caseId, n, act: "file", clear, once }, item));
  return { fields: { case_id: caseId, n, act: "file", clear, once, sig, item: base64(item) }, blob };
}

/** What `fileAct` sealed, opened. Throws where it does not open. */
export const openFile = async (caseKey, caseId, name, sealed) => unpad(await decrypt(caseKey, sealed, dataOf(caseId, name)));
