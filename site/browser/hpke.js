// Envelopes to a public key: HPKE (RFC 9180) with X-Wing, HKDF-SHA256 and AES-256-GCM, single-shot base mode. The
// twin of `PublicKeys.seal` in functions/crypto/seal/public_keys.py.

import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { fields, fromHex, join } from "./bytes.js";
import { VERSION } from "./envelope.js";

/** Seal to a key of `keyFor`; `context` is what the envelope belongs to. */
export async function sealTo({ purpose, instance, id, bytes }, context, plain) {
  const kem = new XWing();
  const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const recipientPublicKey = await kem.deserializePublicKey(bytes);
  const info = fields("lapor/1/wrap", purpose, instance, context);
  const { enc, ct } = await suite.seal({ recipientPublicKey, info }, plain);
  return join(VERSION, fromHex(id), new Uint8Array(enc), new Uint8Array(ct));
}
