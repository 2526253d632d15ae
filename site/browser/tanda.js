// Ed25519 for a browser whose WebCrypto has none (older Androids): loaded there alone, before anything is signed. The rest
// calls WebCrypto as ever. A key here is a plain object, whose seed lies in the page's memory.

import { getPublicKeyAsync, signAsync } from "@noble/ed25519";
import { base64 } from "./bytes.js";

const NAME = "Ed25519", SEED_BYTES = 32; // a seed is the end of its PKCS #8
const { subtle } = crypto, seeds = new WeakMap();
const real = Object.fromEntries(["importKey", "exportKey", "sign"].map((name) => [name, subtle[name].bind(subtle)]));
const bytesOf = (source) => (ArrayBuffer.isView(source) ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source));
const url = (bytes) => base64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

subtle.importKey = async (form, data, how, extractable, usages) => {
  if ((how.name || how) !== NAME || form !== "pkcs8") return real.importKey(form, data, how, extractable, usages);
  const key = Object.freeze({ type: "private", extractable, algorithm: { name: NAME }, usages });
  seeds.set(key, bytesOf(data).slice(-SEED_BYTES));
  return key;
};

subtle.exportKey = async (form, key) => {
  if (!seeds.has(key)) return real.exportKey(form, key);
  if (!key.extractable || form !== "jwk") throw new DOMException("not extractable", "InvalidAccessError");
  return { kty: "OKP", crv: NAME, x: url(await getPublicKeyAsync(seeds.get(key))) };
};

subtle.sign = async (how, key, data) => (seeds.has(key) ? (await signAsync(bytesOf(data), seeds.get(key))).slice().buffer : real.sign(how, key, data));
