// Builds a script of the portal: `node build.mjs OUT [segel|qr|formulir|tulis|foto|tentang|kustodian|lacak|lagi|berkas|izin|nama|titip|tanda]`. The same sources and lock file give the same bytes
// anywhere.

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { lean } from "./lean.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const MODULES = {
  segel: { entry: "index.js", notice: "notice.txt" },
  qr: { entry: "qr.js", notice: "notice-qr.txt" },
  formulir: { entry: "form/formulir.js", notice: "notice-formulir.txt" },
  tulis: { entry: "form/tulis.js", notice: "notice-form.txt", format: "iife" }, // stands in the page as a script
  foto: { entry: "form/foto.js", notice: "notice-form.txt" },
  lacak: { entry: "thread/lacak.js", notice: "notice-thread.txt" },
  berkas: { entry: "thread/files.js", notice: "notice-thread.txt" },
  izin: { entry: "thread/izin.js", notice: "notice-thread.txt" },
  lagi: { entry: "thread/lagi.js", notice: "notice.txt" },
  nama: { entry: "thread/nama.js", notice: "notice-thread.txt" },
  titip: { entry: "thread/titip.js", notice: "notice.txt" },
  tanda: { entry: "tanda.js", notice: "notice-tanda.txt" },
  tentang: { entry: "form/tentang.js", notice: "notice-form.txt" },
  kustodian: { entry: "custodian/kustodian.js", notice: "notice.txt" },
};
const [, , out, wanted = "segel"] = argv;
const { entry, notice, format = "esm" } = MODULES[wanted];

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
  plugins: [lean(wanted === "segel", wanted === "kustodian")],
  mangleProps: /^_[a-zA-Z]/, // the libraries' own; no name of ours begins so
});
