// Bundles the pages' scripts and styles: every .js and .css file directly in web/<room>/assets/ is one entry and becomes
// web/static/build/<name>; folders hold what entries share. A script that imports styles also gives <name>.css.
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { formEditorStyles } from "../../design/assets/form_editor/styles.mjs";
import { formEditorWords } from "../../design/assets/form_editor/words.mjs";

const web = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const target = join(web, "static", "build");
const editor = join(web, "design", "assets", "form_editor");
const entries = readdirSync(web)
  .map((room) => join(web, room, "assets"))
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  .filter((path) => [".js", ".css"].includes(extname(path)));

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
await build({
  entryPoints: entries,
  absWorkingDir: web,
  outdir: target,
  entryNames: "[name]",
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
  alias: { "@camunda/feel-builtins": join(editor, "functions.js") },
  plugins: [formEditorWords(editor), formEditorStyles()],
  loader: { ".bpmn": "text", ".svg": "dataurl", ".eot": "file", ".ttf": "file", ".woff": "file", ".woff2": "file" },
}).catch(() => process.exit(1)); // esbuild has said what is wrong and where
