// Builds a script of the portal: `node build.mjs OUT [segel|qr|formulir|tulis|foto|tentang]`. The same sources and lock file give the same bytes
// anywhere.

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const MODULES = {
  segel: { entry: "index.js", notice: "notice.txt" },
  qr: { entry: "qr.js", notice: "notice-qr.txt" },
  formulir: { entry: "form/formulir.js", notice: "notice-formulir.txt" },
  tulis: { entry: "form/tulis.js", notice: "notice-form.txt", format: "iife" }, // stands in the page as a script
  foto: { entry: "form/foto.js", notice: "notice-form.txt" },
  tentang: { entry: "form/tentang.js", notice: "notice-form.txt" },
};
const [, , out, wanted = "segel"] = argv;
const { entry, notice, format = "esm" } = MODULES[wanted];

// What the libraries bring along for other runtimes and other uses, and what stands in its place. X25519 asks for a
// KDF that it needs only as a KEM of its own: the browser's does for it, without SHA-2 and HMAC written out again.
const INSTEAD = [
  [/\/_dnt\.shims\.js$/, "export const dntGlobalThis = globalThis;"],
  [/\/@hpke\/dhkem-x25519\/esm\/src\/hkdfSha256\.js$/, 'export { HkdfSha256 } from "@hpke/core";'],
];

const lean = {
  name: "lean",
  setup({ onEnd, onLoad, onResolve, resolve }) {
    const met = new Set();
    for (const [filter, contents] of INSTEAD)
      onLoad({ filter }, () => {
        met.add(filter);
        return { contents, resolveDir: here };
      });
    // What is said of findings comes with the pieces (site/pages/bagian.html), in the page's language alone; the rules'
    // own names are for tests.
    onLoad({ filter: /\/words\.json$/ }, async ({ path }) => {
      const { categories, rules, ...others } = JSON.parse(await readFile(path, "utf8"));
      return { contents: JSON.stringify({ ...others, rules: rules.map(({ rule, ...kept }) => kept) }), loader: "json" };
    });
    onEnd(() => (wanted === "segel" && met.size < INSTEAD.length ? { errors: [{ text: "a library has moved: look at INSTEAD" }] } : {}));
    // The packages declare themselves free of side effects, but a second package.json below hides it from esbuild.
    onResolve({ filter: /./ }, async ({ path, importer, kind, resolveDir, pluginData }) => {
      if (pluginData === lean || kind !== "import-statement") return undefined;
      const found = await resolve(path, { importer, kind, resolveDir, pluginData: lean });
      return found.path.includes("/node_modules/") ? { ...found, sideEffects: false } : found;
    });
  },
};

await build({
  absWorkingDir: here,
  entryPoints: [entry],
  outfile: out,
  bundle: true,
  minify: true,
  format,
  target: "es2020",
  charset: "ascii",
  external: ["crypto"], // asked for only where there is no Web Crypto, which seal() refuses first
  legalComments: "none", // the notice names them all
  banner: { js: (await readFile(join(here, notice), "utf8")).trimEnd() },
  plugins: [lean],
});
