// Envelopes to a public key: HPKE (RFC 9180) with X-Wing, HKDF-SHA256 and AES-256-GCM, single-shot base mode. The
// twin of `PublicKeys` in functions/crypto/seal/public_keys.py.

import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { fields, fromHex, join, utf8 } from "./bytes.js";
import { hkdf } from "./derive.js";
import { VERSION, VERSION_2 } from "./envelope.js";

const HINT_BYTES = 8; // of a key's id: it says which key to try

/** Seal to a key of `keyFor`; `context` is what the envelope belongs to. */
export async function sealTo(key, context, plain) {
  const sealed = await encapsulated(key, fields("lapor/1/wrap", key.purpose, key.instance, context), plain);
  return join(VERSION, fromHex(key.id).subarray(0, HINT_BYTES), ...sealed);
}

/** The case key to its desk, bound to the facts that decide who may read the case: other facts, and it does not open. */
export async function wrapCaseKey(desk, caseId, { kind, topic, about_agency: accused }, caseKey) {
  const facts = ["lapor/2/facts", desk.instance, kind, topic, accused, "", ""].join("\0"); // no mark and no leave yet
  const [hash, proof] = await Promise.all([utf8(caseId), caseKey].map((key) => hkdf(key, facts, 4)));
  return join(VERSION_2, hash, proof, ...(await encapsulated(desk, fields("lapor/2/wrap", caseId, facts), caseKey)));
}

export async function encapsulated({ bytes }, info, plain) {
  const kem = new XWing();
  const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const recipientPublicKey = await kem.deserializePublicKey(bytes);
  const { enc, ct } = await suite.seal({ recipientPublicKey, info }, plain);
  return [new Uint8Array(enc), new Uint8Array(ct)];
}
