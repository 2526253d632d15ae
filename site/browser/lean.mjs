// Leaves out of the bundles what the pages never use. esbuild drops functions that nothing calls, but no method of a class.

import { readFile } from "node:fs/promises";
import { dirname } from "node:path";

// What the libraries bring along for other runtimes and other uses, and what stands in its place. X25519 asks for a
// KDF that it needs only as a KEM of its own: the browser's does for it, without SHA-2 and HMAC written out again.
const INSTEAD = [
  [/\/_dnt\.shims\.js$/, "export const dntGlobalThis = globalThis;"],
  [/\/@hpke\/dhkem-x25519\/esm\/src\/hkdfSha256\.js$/, 'export { HkdfSha256 } from "@hpke/core";'],
  [
    // The library waits for a lock before each nonce. Ours is taken at once, so none comes twice without one.
    /\/@hpke\/core\/esm\/src\/senderContext\.js$/,
    `import { EMPTY, toArrayBuffer } from "@hpke/common";
    import { EncryptionContextImpl } from "./encryptionContext.js";
    export class SenderContextImpl extends EncryptionContextImpl {
      constructor(api, kdf, params, enc) {
        super(api, kdf, params);
        this.enc = enc;
      }
      async seal(data, aad = EMPTY.buffer) {
        const nonce = this.computeNonce(this._ctx);
        this.incrementSeq(this._ctx);
        return this._ctx.key.seal(nonce, toArrayBuffer(data), toArrayBuffer(aad));
      }
    }`,
  ],
];
const OPENING = [/\/@hpke\/core\/esm\/src\/recipientContext\.js$/, "export class RecipientContextImpl {}"];
// Methods that make key pairs, open, or read keys in forms that no page has: phones only seal. One that was called all the
// same would throw, and then nothing is sent; tests/seal compares what the others do with Python.
const UNUSED = [
  [/\/@hpke\/core\/esm\/src\/cipherSuiteNative\.js$/, "createRecipientContext open _keyScheduleR"],
  [/\/@hpke\/core\/esm\/src\/aeads\/aesGcm\.js$/, "open"],
  [/\/@hpke\/core\/esm\/src\/exporterContext\.js$/, "open export"],
  [/\/@hpke\/common\/esm\/src\/kdfs\/hkdf\.js$/, "labeledExpand"],
  [
    /\/@hpke\/common\/esm\/src\/kems\/dhkemPrimitives\/xCurve\.js$/,
    "serializePublicKey deserializePublicKey serializePrivateKey deserializePrivateKey importKey generateKeyPair " +
      "deriveKeyPair derivePublicKey dh _importRawKey _importJWK",
  ],
  [
    /\/@hpke\/hybridkem-x-wing\/esm\/src\/xWing\.js$/,
    "serializePrivateKey deserializePrivateKey generateKeyPair generateKeyPairDerand deriveKeyPair importKey decap " +
      "_generateKeyPairDerand _expandDecapsulationKey _serializePrivateKey _deserializePrivateKey _importJWK",
  ],
  [/\/mlkem\/esm\/src\/mlKem768\.js$/, "generateKeyPair deriveKeyPair decap"],
  [
    /\/mlkem\/esm\/src\/mlKemBase\.js$/,
    "_kdf _generateKeyPairCore _deriveKeyPairCore _decapCore _deriveKeyPair _deriveCpaKeyPair _decap _polyvecFromBytes " +
      "_decompressU _decompressV",
  ],
];
// How the libraries were compiled to say `this.name = value`.
const FIELD =
  /Object\.defineProperty\(this, "(\w+)", \{\s+enumerable: true,\s+configurable: true,\s+writable: true,\s+value: ([^{}]*?)\n\s+\}\);/g;

/** A method as the libraries' compiler indents it. */
const method = (name) => new RegExp(`^    (?:async )?${name}\\([^)]*\\) \\{$[^]*?^    \\}$`, "m");

function without(text, names, path) {
  for (const name of names.split(" ")) {
    if (!method(name).test(text)) throw new Error(`${path} has no ${name}: look at UNUSED`);
    text = text.replace(method(name), "");
  }
  return text;
}

/**
 * The plugin; `sealing`: the bundle holds the libraries, so all that is left out of them must be met. `opening`: it also
 * opens, so what opens stays.
 */
export const lean = (sealing, opening = false) => ({
  name: "lean",
  setup({ onEnd, onLoad, onResolve, resolve }) {
    const met = new Set();
    for (const [filter, contents] of opening ? INSTEAD : [...INSTEAD, OPENING])
      onLoad({ filter }, ({ path }) => {
        met.add(filter);
        return { contents, resolveDir: dirname(path) };
      });
    onLoad({ filter: /\/(@hpke|mlkem)\// }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      for (const [filter, names] of opening ? [] : UNUSED.filter(([place]) => place.test(path))) {
        met.add(filter);
        contents = without(contents, names, path);
      }
      return { contents: contents.replace(FIELD, "this.$1 = $2;") };
    });
    // What is said of findings comes with the pieces (site/pages/bagian.html), in the page's language alone; the rules'
    // own names are for tests.
    onLoad({ filter: /\/words\.json$/ }, async ({ path }) => {
      const { categories, rules, ...others } = JSON.parse(await readFile(path, "utf8"));
      return { contents: JSON.stringify({ ...others, rules: rules.map(({ rule, ...kept }) => kept) }), loader: "json" };
    });
    const all = INSTEAD.length + 1 + UNUSED.length;
    onEnd(() => (sealing && met.size < all ? { errors: [{ text: "a library has moved: look at INSTEAD, UNUSED" }] } : {}));
    // The packages declare themselves free of side effects, but a second package.json below hides it from esbuild.
    onResolve({ filter: /./ }, async ({ path, importer, kind, resolveDir, pluginData }) => {
      if (pluginData === lean || kind !== "import-statement") return undefined;
      const found = await resolve(path, { importer, kind, resolveDir, pluginData: lean });
      return found.path.includes("/node_modules/") ? { ...found, sideEffects: false } : found;
    });
  },
});
