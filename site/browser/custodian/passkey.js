// A passkey's PRF as the key that locks the seed. Nothing of it is sent: the server gets a credential's id and the
// locked seed. `toJSON()` of a credential holds the PRF output, so it is never called.

import { random, utf8 } from "../bytes.js";

const SALT = utf8("lapor-anonim/2/seed-lock-by-prf");

/** Why a passkey gave nothing; `code` is the sentence on the page. */
export class KeyError extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

const results = (credential) => credential.getClientExtensionResults().prf;

function refused(error) {
  if (error instanceof KeyError) return error;
  return new KeyError(error.name === "InvalidStateError" ? "already" : error.name === "NotAllowedError" ? "cancelled" : "no-passkey");
}

const able = () => {
  if (!globalThis.PublicKeyCredential) throw new KeyError("no-passkey");
};

/** A new passkey: `{ id, output }`. Salt is given at creation, which Windows Hello wants. Throws KeyError. */
export async function create(name, known) {
  able();
  try {
    const made = await navigator.credentials.create({
      publicKey: {
        rp: { name: "Lapor Anonim" },
        user: { id: random(16), name, displayName: name },
        challenge: random(32),
        pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
        authenticatorSelection: { residentKey: "discouraged", userVerification: "required" },
        attestation: "none",
        excludeCredentials: known.map((id) => ({ type: "public-key", id })),
        extensions: { prf: { eval: { first: SALT } } },
      },
    });
    const prf = results(made), id = new Uint8Array(made.rawId);
    if (!prf || !(prf.enabled || prf.results)) throw new KeyError("no-prf");
    const output = prf.results ? new Uint8Array(prf.results.first) : (await ask([id])).output;
    return { id, output };
  } catch (error) {
    throw refused(error);
  }
}

/** One of these passkeys: `{ id, output }`. Throws KeyError. */
export async function ask(ids) {
  able();
  if (!ids.length) throw new KeyError("no-lock");
  try {
    const got = await navigator.credentials.get({
      publicKey: {
        challenge: random(32),
        allowCredentials: ids.map((id) => ({ type: "public-key", id })),
        userVerification: "required",
        extensions: { prf: { eval: { first: SALT } } },
      },
    });
    const prf = results(got);
    if (!prf || !prf.results) throw new KeyError("no-prf");
    return { id: new Uint8Array(got.rawId), output: new Uint8Array(prf.results.first) };
  } catch (error) {
    throw refused(error);
  }
}
