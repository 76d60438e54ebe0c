// Gives form-js, which knows no translations, Chinese words on Chinese pages: in its sources, and in those of the FEEL
// editor inside it, every literal listed in words.json that stands where something is shown becomes a choice by the
// page's language.
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { focusLeft } from "./focus.mjs";

const FORMS = /@bpmn-io[\\/]form-js-(editor|viewer)[\\/]dist[\\/]index\.es\.js$/;
const FEEL = /(@bpmn-io[\\/](feel-lint|lang-feel|feel-editor)|@codemirror[\\/](lint|autocomplete|view|commands))[\\/]dist[\\/]index\.js$/;
// After a shown property (or its lone variable), a constant's entry, a choice, a `return`, a translated text, among children.
const SHOWN = String.raw`(?:\b(?:label|name|title|text|children|placeholder|description|tooltip)(?:: \[?| = )|\w+(?:Tooltip|Message|Content)(?:: | = )|"aria-label": |\]: | \? | : |return |ranslate\(|\}\), |" ", )`;
// What the FEEL editor says: of a mistake, of what can be completed, and to screen readers.
const SAID = String.raw`(?:\b(?:message|detail|name|type)(?:: | = )|RULE_NAME\$1 = |phrase\(|snippetCompletion\$1\()`;
const literal = (before) => new RegExp(String.raw`(?<=${before})(['"\x60])((?:\\.|(?!\1)[^\\\n])*)\1`, "g");
const QUESTION = 'const inChinese = document.documentElement.lang.startsWith("zh");\n';
// Parts of an expression, as the grammar of FEEL calls them, for sentences about mistakes.
const PARTS = "const part = (name) => parts[name] ?? name;\nconst parts = ";

/** The source with its words in two languages; adds to `found` which of them it has. */
function translated(source, before, chinese, found) {
  return source.replace(literal(before), (literal, quote, text) => {
    const english = text.replace(/\\(['"])/g, "$1");
    if (!Object.hasOwn(chinese, english)) return literal;
    found.add(english);
    const word = quote === "`" ? `\`${chinese[english]}\`` : JSON.stringify(chinese[english]);
    return `(inChinese ? ${word} : ${literal})`;
  });
}

/** The plugin of esbuild for the tables in a folder; the build fails for words that the libraries no longer have. */
export function formEditorWords(folder) {
  return {
    name: "form-editor-words",
    setup(build) {
      const parts = readFileSync(join(folder, "feel_parts.json"), "utf8");
      translate(build, join(folder, "words.json"), FORMS, SHOWN, QUESTION);
      translate(build, join(folder, "feel_words.json"), FEEL, SAID, `${QUESTION}${PARTS}${parts};\n`);
    },
  };
}

/** A source is loaded by one plugin only: what else is changed in it is changed here. */
function mended(path, source) {
  return path.includes("form-js-editor") ? focusLeft(source) : source;
}

function translate(build, table, sources, before, prelude) {
  const chinese = JSON.parse(readFileSync(table, "utf8"));
  const found = new Set();
  build.onLoad({ filter: sources }, async ({ path }) => ({
    contents: prelude + translated(mended(path, await readFile(path, "utf8")), before, chinese, found),
    loader: "js",
  }));
  build.onEnd(() => ({
    errors: Object.keys(chinese)
      .filter((english) => !found.has(english))
      .map((english) => ({ text: `form-js no longer says “${english}”`, location: { file: table } })),
  }));
}
