// The custodian's sources in Node, run in the folder where their packages are: one question in JSON as the argument's file,
// one answer in JSON out. Nothing here is loaded by a page.

import { readFile } from "node:fs/promises";
import { argv } from "node:process";
import { combine, split } from "shamir-secret-sharing";
import { base64, fromBase64, hex, random } from "./bytes.js";
import { ownShare, passOn, read } from "./custodian/open.js";
import { compared, remember } from "./custodian/roster.js";
import { combined, term, xor } from "./custodian/shamir.js";
import { fingerprintOf, keysOf, locked, paperOf, seedOf, unlocked } from "./custodian/seed.js";
import { seal } from "./seal.js";
import { shareAt } from "./shares.js";
import { receiptKeys } from "./derive.js";
import { fileAct, fileBucket, openFile } from "./thread/berkas.js";

const thrown = async (act) => {
  try {
    await act();
    return "nothing";
  } catch (error) {
    return error.code || error.groups || error.name;
  }
};

const ANSWERS = {
  shares: ({ secret, slope }) => [1, 2, 3, 4].map((x) => hex(shareAt(fromBase64(secret), fromBase64(slope), x))),

  library: async ({ rounds }) => {
    let agreed = 0;
    for (let round = 0; round < rounds; round++) {
      const secret = random(32), slope = random(32);
      const ours = [2, 7, 9].map((x) => shareAt(secret, slope, x));
      const theirs = await split(secret, 4, 2);
      const newcomer = xor(xor(term(ours[0], 7, 5), slope), xor(term(ours[1], 2, 5), slope)); // masked by the same bytes
      agreed +=
        hex(await combine([ours[0], ours[2]])) === hex(secret) &&
        hex(combined(theirs[0], theirs[3])) === hex(secret) &&
        hex(combined(ours[0], ours[1])) === hex(secret) &&
        hex(newcomer) === hex(shareAt(secret, slope, 5).subarray(0, 32));
    }
    return agreed;
  },

  seed: async ({ seed }) => {
    const keys = await keysOf(fromBase64(seed)), paper = paperOf(fromBase64(seed));
    return {
      public: base64(keys.publicKey),
      vouch: base64(keys.vouch),
      key_id: keys.keyId,
      fingerprint: await fingerprintOf(keys.publicKey, keys.vouch),
      paper,
      back: base64(seedOf(paper.toLowerCase().replace(/0/g, "o").replace(/-/g, "  "))),
      wrong: await thrown(() => seedOf(paper.replace(/^./, (symbol) => (symbol === "A" ? "B" : "A")))),
      short: await thrown(() => seedOf(paper.slice(0, -6))),
      swapped: await thrown(() => seedOf([...paper.split("-").slice(1, 2), paper.split("-")[0], ...paper.split("-").slice(2)].join("-"))),
      signature: base64(await keys.sign(fromBase64(seed))),
    };
  },

  lock: async ({ seed, output }) => {
    const sealed = await locked(fromBase64(seed), fromBase64(output));
    return {
      bytes: sealed.length,
      back: base64(await unlocked(sealed, fromBase64(output))),
      other: await thrown(() => unlocked(sealed, random(32))),
    };
  },

  passed: async ({ seed, handed }) => {
    const keys = await keysOf(fromBase64(seed));
    return passOn(await ownShare(keys, handed), handed);
  },

  read: async ({ seed, handed }) => {
    const keys = await keysOf(fromBase64(seed));
    return read(keys, await ownShare(keys, handed), handed);
  },

  refusals: async ({ seed, others }) => {
    const keys = await keysOf(fromBase64(seed));
    return Promise.all(
      others.map((handed) => thrown(async () => read(keys, await ownShare(keys, handed), handed))),
    );
  },

  buckets: ({ lengths }) => lengths.map(fileBucket),

  file: async ({ receipt, caseKey, version, photo, small, key }) => {
    const keys = await receiptKeys(receipt), facts = { case_id: keys.caseId, version };
    const made = { bytes: fromBase64(photo), type: "image/jpeg", small };
    const { fields, blob } = await fileAct({ facts, keys, caseKey: fromBase64(caseKey) }, made, key);
    return { fields, blob: base64(blob) };
  },

  opened: async ({ caseKey, caseId, blob, sealed }) =>
    base64(await openFile(fromBase64(caseKey), caseId, blob, fromBase64(sealed))),

  roster: async ({ before, after }) => {
    const kept = {};
    globalThis.localStorage = { getItem: (key) => kept[key] ?? null, setItem: (key, value) => (kept[key] = value) };
    await remember(before);
    return Promise.all(after.map(async (roster) => (await compared(roster)).state));
  },

  seal: ({ report, keys }) => seal({ report, keys }),
};

const { ask, ...asked } = JSON.parse(await readFile(argv[2], "utf8"));
console.log(JSON.stringify(await ANSWERS[ask](asked)));
