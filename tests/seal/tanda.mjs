// The library for browsers without Ed25519, in Node: one question in a file, one answer out. `own` asks WebCrypto itself.

import { readFile } from "node:fs/promises";
import { argv } from "node:process";
import { verifyAsync } from "@noble/ed25519";
import { fromHex, hex } from "./bytes.js";
import { actPublic, sign } from "./sign.js";
import { isSigned } from "./signed.js";

const { seeds, act, item, theirs, own } = JSON.parse(await readFile(argv[2], "utf8"));
if (!own) {
  for (const name of ["importKey", "exportKey", "sign", "verify"]) {
    const real = crypto.subtle[name];
    crypto.subtle[name] = function (...how) {
      const ed25519 = (each) => each === "Ed25519" || (each && (each.name || (each.algorithm || {}).name) === "Ed25519");
      return how.some(ed25519) ? Promise.reject(new DOMException("", "NotSupportedError")) : real.apply(this, how);
    };
  }
  if (await actPublic(fromHex(seeds[0]))) throw new Error("it was not taken away");
  await import("./tanda.js");
}
const made = [];
for (const seed of seeds) made.push([await actPublic(fromHex(seed)), hex(await sign(fromHex(seed), act, fromHex(item)))]);
const checked = await Promise.all(theirs.map(([sig, bytes, key]) => verifyAsync(fromHex(sig), fromHex(bytes), fromHex(key))));
const checks = [];
for (const [nth, [sig]] of theirs.entries()) checks.push(await isSigned(fromHex(seeds[nth % seeds.length]), act, fromHex(item), fromHex(sig)));
checks.push(await isSigned(fromHex(seeds[0]), { ...act, clear: "3" }, fromHex(item), fromHex(theirs[0][0])));
const aes = await crypto.subtle.generateKey({ name: "AES-GCM", length: 128 }, true, ["encrypt"]);
const others = (await crypto.subtle.exportKey("raw", aes)).byteLength; // what is not Ed25519 goes on to WebCrypto
const closed = await crypto.subtle.importKey("pkcs8", fromHex(`302e020100300506032b657004220420${seeds[0]}`), { name: "Ed25519" }, false, ["sign"]);
const refused = await crypto.subtle.exportKey("jwk", closed).then(() => "", ({ name }) => name);
console.log(JSON.stringify({ made, checked, checks, others, refused, seen: Object.keys(closed).join() }));
