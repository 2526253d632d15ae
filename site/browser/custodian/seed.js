// A custodian's personal seed (32 bytes): the X-Wing key that shares are sealed to, the Ed25519 key that vouches, the
// fingerprint that is read aloud, and the paper that it rests on. It leaves this browser only locked.

import { XWing } from "@hpke/hybridkem-x-wing";
import { fromBase64, hex, join, random, utf8 } from "../bytes.js";
import { hkdf } from "../derive.js";
import { decrypt, encrypt } from "../envelope.js";
import { ALPHABET, check, receiptSymbols, receiptText } from "../receipt.js";

const SEED = 32, GROUPS = 13, GROUP_DATA = 4;
const LOCK = "lapor/2/lock";
// PKCS#8 (RFC 8410) before the 32 bytes of an Ed25519 private key.
const PKCS8 = Uint8Array.from([48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32]);
export const newSeed = () => random(SEED);

const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

/** Everything that follows from a seed. `privateKey` opens, `sign` vouches, the rest is public. */
export async function keysOf(seed) {
  const kem = new XWing();
  const pair = await kem.generateKeyPairDerand(seed);
  const publicKey = new Uint8Array(await kem.serializePublicKey(pair.publicKey));
  const raw = join(PKCS8, await hkdf(seed, "lapor/2/roster", SEED));
  const signing = await crypto.subtle.importKey("pkcs8", raw, "Ed25519", true, ["sign"]);
  const { x } = await crypto.subtle.exportKey("jwk", signing);
  const vouch = fromBase64(x.replace(/-/g, "+").replace(/_/g, "/") + "=");
  return {
    kem,
    privateKey: pair.privateKey,
    publicKey,
    vouch,
    keyId: hex((await sha256(publicKey)).subarray(0, 16)),
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign("Ed25519", signing, bytes)),
  };
}

/** Both public keys as five groups with checks: 100 bits. */
export const fingerprintOf = async (publicKey, vouch) =>
  receiptText(receiptSymbols((await sha256(join(publicKey, vouch))).subarray(0, 13)));

const lockKey = (output) => hkdf(output, LOCK, 32);

/** The seed under what a passkey gave (PRF): 61 bytes, which may rest anywhere. */
export const locked = async (seed, output) => encrypt(await lockKey(output), seed, utf8(LOCK));

/** The seed again; throws where another passkey locked it. */
export const unlocked = async (bytes, output) => decrypt(await lockKey(output), bytes, utf8(LOCK));

/** The seed on paper: 13 groups of four symbols and a check. */
export function paperOf(seed) {
  let bits = 0n;
  for (const byte of seed) bits = (bits << 8n) | BigInt(byte);
  bits <<= 4n; // 256 bits are 51 symbols and one bit
  let symbols = "";
  for (let at = GROUPS * GROUP_DATA - 1; at >= 0; at--) symbols += ALPHABET[Number((bits >> BigInt(5 * at)) & 31n)];
  return symbols
    .match(/.{4}/g)
    .map((group, index) => group + check(index, group))
    .join("-");
}

/** The seed of what somebody typed from paper. Throws `{ groups }`: the groups (from 1) with a typing error, [] for a wrong length. */
export function seedOf(typed) {
  const read = typed.toUpperCase().replace(/[^0-9A-Z]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  const groups = read.match(/.{1,5}/g) || [];
  if (read.length !== GROUPS * (GROUP_DATA + 1)) throw Object.assign(new Error("length"), { groups: [] });
  const known = (group) => [...group].every((symbol) => ALPHABET.includes(symbol));
  const bad = groups.flatMap((group, at) => (known(group) && check(at, group.slice(0, 4)) === group[4] ? [] : [at + 1]));
  if (bad.length) throw Object.assign(new Error("groups"), { groups: bad });
  let bits = 0n;
  for (const group of groups) for (const symbol of group.slice(0, 4)) bits = (bits << 5n) | BigInt(ALPHABET.indexOf(symbol));
  if (bits & 15n) throw Object.assign(new Error("groups"), { groups: [GROUPS] });
  bits >>= 4n;
  const seed = new Uint8Array(SEED);
  for (let at = SEED - 1; at >= 0; at--, bits >>= 8n) seed[at] = Number(bits & 255n);
  return seed;
}
