// Bundles the pages' scripts and styles: every .js and .css file directly in web/assets/ is one entry and becomes
// web/static/build/<name>; folders hold what entries share. A script that imports styles also gives <name>.css.
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { formEditorStyles } from "./form_editor/styles.mjs";
import { formEditorWords } from "./form_editor/words.mjs";

const assets = dirname(fileURLToPath(import.meta.url));
const target = join(assets, "..", "static", "build");
const entries = readdirSync(assets).filter((name) => [".js", ".css"].includes(extname(name)));

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
await build({
  entryPoints: entries.map((name) => join(assets, name)),
  absWorkingDir: assets,
  outdir: target,
  chunkNames: "parts/[name]-[hash]",
  assetNames: "parts/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "linked",
  logLevel: "warning",
  external: ["/static/*"],
  alias: { "@camunda/feel-builtins": join(assets, "form_editor", "functions.js") },
  plugins: [formEditorWords(join(assets, "form_editor")), formEditorStyles()],
  loader: { ".bpmn": "text", ".svg": "dataurl", ".eot": "file", ".ttf": "file", ".woff": "file", ".woff2": "file" },
}).catch(() => process.exit(1)); // esbuild has said what is wrong and where
