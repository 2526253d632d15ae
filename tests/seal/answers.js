// Answers questions about the sealing module, the same in Node and in a browser: `{ ask, ...arguments }` in, plain
// data out, bytes as base64 both ways.

import { seal } from "./segel.js";
import { base64, fromBase64, fromHex, hex, utf8 } from "./sources/bytes.js";
import { atRest, fingerprint, receiptKeys, receiptOf } from "./sources/derive.js";
import { sealItem, wrapForReceipt, wrapIdentityForReceipt } from "./sources/envelope.js";
import { messageBucket, pad } from "./sources/padding.js";
import { actPublic, sign } from "./sources/sign.js";
import { receiptText } from "./sources/receipt.js";
import { checked, content, identity, words } from "./sources/report.js";

const keysOf = async (submissionKey) => receiptKeys(await receiptOf(fromHex(submissionKey)));

const ANSWERS = {
  seal,

  exports: async () => Object.keys(await import("./segel.js")),

  derive: async ({ submissionKey }) => {
    const symbols = await receiptOf(fromHex(submissionKey));
    const { caseId, lookup, look, actSeed, wrapKey, identityWrap } = await receiptKeys(symbols);
    return {
      receipt: receiptText(symbols),
      case_id: caseId,
      lookup: base64(lookup),
      look: hex(look),
      look_at_rest: hex(await atRest(look)),
      act_public: hex(fromBase64((await actPublic(actSeed)).replace(/-/g, "+").replace(/_/g, "/"))),
      wrap_key: base64(wrapKey),
      identity_wrap: base64(identityWrap),
    };
  },

  sign: async ({ submissionKey, item, ...act }) =>
    base64(await sign((await keysOf(submissionKey)).actSeed, act, fromBase64(item))),

  mac: async ({ submissionKey, text }) => base64(await fingerprint(fromHex(submissionKey), utf8(text))),

  bytes: ({ reports }) =>
    Promise.all(
      reports.map(checked).map(async (report) => ({
        words: base64(words(report)),
        identity: base64(identity(report)),
        content: base64(content(report)),
        fingerprint: base64(await fingerprint(fromHex("0f".repeat(16)), content(report))),
      })),
    ),

  pad: ({ lengths, floor }) => lengths.map((length) => messageBucket(length, floor)),

  padded: ({ plain, size }) => base64(pad(fromBase64(plain), size)),

  item: async ({ key, caseId, n, kind, plain, floor, nonce }) =>
    base64(await sealItem(fromBase64(key), caseId, n, kind, fromBase64(plain), floor, fromBase64(nonce))),

  wrap: async ({ submissionKey, key, nonce }) =>
    base64(await wrapForReceipt(await keysOf(submissionKey), fromBase64(key), fromBase64(nonce))),

  wrapIdentity: async ({ submissionKey, key, nonce }) =>
    base64(await wrapIdentityForReceipt(await keysOf(submissionKey), fromBase64(key), fromBase64(nonce))),
};

/** `{ value }`, or `{ error: { name, code, message } }` of what was thrown. */
export async function answer({ ask, without, ...asked }) {
  const lost = without ? Object.getOwnPropertyDescriptor(globalThis, without) : undefined;
  try {
    if (without) Object.defineProperty(globalThis, without, { value: undefined, configurable: true });
    return { value: await ANSWERS[ask](asked) };
  } catch ({ name, code, message }) {
    return { error: { name, code, message } };
  } finally {
    if (lost) Object.defineProperty(globalThis, without, lost);
  }
}
