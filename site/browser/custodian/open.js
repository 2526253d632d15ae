// Opening a share, sealing it on to another custodian, and reading a name of two. The twin of functions/crypto/seal/shares.py.

import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { fields, fromBase64, hex } from "../bytes.js";
import { decrypt } from "../envelope.js";
import { sealTo } from "../hpke.js";
import { unpad } from "../padding.js";
import { KeyError } from "./passkey.js";
import { combined } from "./shamir.js";

const HINT = 9, ENCAPSULATED = 1120, MOST = 2 ** 17;

async function opened({ kem, privateKey, keyId }, purpose, instance, context, envelope) {
  if (hex(envelope.subarray(1, HINT)) !== keyId.slice(0, 16)) throw new KeyError("other-key");
  const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const sealed = envelope.subarray(HINT), info = fields("lapor/1/wrap", purpose, instance, context);
  try {
    const how = { recipientKey: privateKey, enc: sealed.slice(0, ENCAPSULATED), info };
    return new Uint8Array(await suite.open(how, sealed.slice(ENCAPSULATED)));
  } catch {
    throw new KeyError("damaged");
  }
}

async function checked(share, x, digests) {
  const digest = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", share)));
  if (share[32] !== x || digests[x] !== digest) throw new KeyError("damaged");
  return share;
}

/** This custodian's own share. Throws KeyError "damaged" for one that is not of this case, or not the one that was split. */
export async function ownShare(keys, handed) {
  const { instance, case_id: caseId, x, slot, digests } = handed;
  return checked(await opened(keys, "share", instance, `${caseId}:${x}`, fromBase64(slot)), x, digests);
}

/** The share sealed on to each who may have it, as the door takes it: `x:base64` of each. */
export async function passOn(share, { instance, case_id: caseId, step, recipients }) {
  const one = async ({ x, key_id: id, public: text }) => {
    const to = { purpose: "passed", instance, id, bytes: fromBase64(text) };
    const sealed = await sealTo(to, `${caseId}:${step}:${x}`, share);
    return `${x}:${btoa(String.fromCharCode(...sealed))}`;
  };
  return (await Promise.all(recipients.map(one))).join(" ");
}

/** `{ name, contact }` of the own share and what was passed on. Throws KeyError "not-passed" or "damaged"; "other-talk" where the
 * door read request and yes with another key than the name's own opens: the store's holder can seal one of theirs to the door. */
export async function read(keys, share, handed) {
  const { instance, case_id: caseId, step, x, passes, digests, sealed } = handed;
  if (!passes.length) throw new KeyError("not-passed");
  let failed;
  for (const { from, envelope } of passes) {
    try {
      const other = await opened(keys, "passed", instance, `${caseId}:${step}:${x}`, fromBase64(envelope));
      const key = combined(share, await checked(other, from, digests));
      const found = await person(key, caseId, fromBase64(sealed));
      await sameTalk(key, handed);
      return found;
    } catch (error) {
      if (error.code === "other-talk") throw error;
      failed = error;
    }
  }
  throw failed instanceof KeyError ? failed : new KeyError("damaged");
}

async function sameTalk(key, { case_id: caseId, wrap_talk: wrap, talk }) {
  const own = await decrypt(key, fromBase64(wrap), fields("lapor/2/talk", caseId)).catch(() => new Uint8Array());
  if (hex(new Uint8Array(await crypto.subtle.digest("SHA-256", own))) !== talk) throw new KeyError("other-talk");
}

// An item of either version; the tag of its seal proves the key.
async function person(key, caseId, item) {
  const label = item[0] === 1 ? "lapor/1/item" : "lapor/2/item";
  const inside = unpad(await decrypt(key, item, fields(label, caseId, "0", "identity")));
  const plain = item[0] === 1 ? inside : await unpacked(inside);
  return JSON.parse(new TextDecoder().decode(plain));
}

async function unpacked(inside) {
  if (inside[0] === 0) return inside.subarray(1);
  const stream = new DecompressionStream("deflate"), writer = stream.writable.getWriter();
  const answer = new Response(stream.readable).arrayBuffer();
  await Promise.all([writer.write(inside.subarray(1)), writer.close()]);
  const bytes = new Uint8Array(await answer);
  if (bytes.length > MOST) throw new KeyError("damaged");
  return bytes;
}
