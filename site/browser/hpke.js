// Envelopes to a public key: HPKE (RFC 9180) with X-Wing, HKDF-SHA256 and AES-256-GCM, single-shot base mode. The
// twin of `PublicKeys` in functions/crypto/seal/public_keys.py.

import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { fields, fromHex, join } from "./bytes.js";
import { hkdf } from "./derive.js";
import { VERSION } from "./envelope.js";

const BOUND_VERSION = Uint8Array.of(2);
const FACTS_BYTES = 4;

/** Seal to a key of `keyFor`; `context` is what the envelope belongs to. */
export async function sealTo(key, context, plain) {
  const sealed = await encapsulated(key, fields("lapor/1/wrap", key.purpose, key.instance, context), plain);
  return join(VERSION, fromHex(key.id), ...sealed);
}

/** The case key to its desk, bound to the facts that decide who may read the case: other facts, and it does not open. */
export async function wrapCaseKey(desk, caseId, { kind, topic, about_agency: accused }, caseKey) {
  const facts = [desk.instance, kind, topic, accused, "", ""]; // not for the inspectorate alone, and no leave was given
  const sealed = await encapsulated(desk, fields("lapor/2/wrap", "desk", desk.instance, caseId, ...facts), caseKey);
  const label = ["lapor/2/facts", ...facts];
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", fields(...label)));
  const proof = await hkdf(caseKey, label.join("\0"), FACTS_BYTES);
  return join(BOUND_VERSION, hash.subarray(0, FACTS_BYTES), proof, ...sealed);
}

async function encapsulated({ bytes }, info, plain) {
  const kem = new XWing();
  const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const recipientPublicKey = await kem.deserializePublicKey(bytes);
  const { enc, ct } = await suite.seal({ recipientPublicKey, info }, plain);
  return [new Uint8Array(enc), new Uint8Array(ct)];
}
