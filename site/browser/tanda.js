// Ed25519 for a browser whose WebCrypto has none (older Androids): loaded there alone, before anything is signed or checked. The
// rest calls WebCrypto as ever. A key here is a plain object, whose seed lies in the page's memory.

import { getPublicKeyAsync, signAsync, verifyAsync } from "@noble/ed25519";
import { base64, fromBase64 } from "./bytes.js";

const NAME = "Ed25519", SEED_BYTES = 32; // a seed is the end of its PKCS #8
const { subtle } = crypto, seeds = new WeakMap(), publics = new WeakMap();
const real = Object.fromEntries(["importKey", "exportKey", "sign", "verify"].map((name) => [name, subtle[name].bind(subtle)]));
const bytesOf = (source) => (ArrayBuffer.isView(source) ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source));
const raw = (x) => fromBase64(x.replace(/-/g, "+").replace(/_/g, "/"));
const url = (bytes) => base64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

subtle.importKey = async (form, data, how, extractable, usages) => {
  const shared = form === "jwk";
  if ((how.name || how) !== NAME || (form !== "pkcs8" && !shared)) return real.importKey(form, data, how, extractable, usages);
  const key = Object.freeze({ type: shared ? "public" : "private", extractable, algorithm: { name: NAME }, usages });
  if (shared) publics.set(key, raw(data.x));
  else seeds.set(key, bytesOf(data).slice(-SEED_BYTES));
  return key;
};

subtle.exportKey = async (form, key) => {
  if (!seeds.has(key)) return real.exportKey(form, key);
  if (!key.extractable || form !== "jwk") throw new DOMException("not extractable", "InvalidAccessError");
  return { kty: "OKP", crv: NAME, x: url(await getPublicKeyAsync(seeds.get(key))) };
};

subtle.sign = async (how, key, data) => (seeds.has(key) ? (await signAsync(bytesOf(data), seeds.get(key))).slice().buffer : real.sign(how, key, data));

subtle.verify = async (how, key, sig, data) => (publics.has(key) ? verifyAsync(bytesOf(sig), bytesOf(data), publics.get(key)) : real.verify(how, key, sig, data));
