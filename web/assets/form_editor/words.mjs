// Gives form-js, which knows no translations, Chinese words on Chinese pages: in its sources every literal listed in
// words.json that stands where something is shown becomes a choice by the page's language.
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";

const SOURCES = /@bpmn-io[\\/]form-js-(editor|viewer)[\\/]dist[\\/]index\.es\.js$/;
// After a shown property (or its lone variable), a constant's entry, a choice, a `return`, a translated text, among children.
const SHOWN = String.raw`(?:\b(?:label|name|title|text|children|placeholder|description|tooltip)(?:: \[?| = )|\w+(?:Tooltip|Message|Content)(?:: | = )|"aria-label": |\]: | \? | : |return |ranslate\(|\}\), |" ", )`;
const LITERAL = new RegExp(String.raw`(?<=${SHOWN})(['"\x60])((?:\\.|(?!\1)[^\\\n])*)\1`, "g");
const QUESTION = 'const inChinese = document.documentElement.lang.startsWith("zh");\n';

/** The source with its words in two languages; adds to `found` which of them it has. */
function translated(source, chinese, found) {
  const written = source.replace(LITERAL, (literal, quote, text) => {
    const english = text.replace(/\\(['"])/g, "$1");
    if (!Object.hasOwn(chinese, english)) return literal;
    found.add(english);
    const word = quote === "`" ? `\`${chinese[english]}\`` : JSON.stringify(chinese[english]);
    return `(inChinese ? ${word} : ${literal})`;
  });
  return QUESTION + written;
}

/** The plugin of esbuild; the build fails for words that form-js no longer has. */
export function formEditorWords(table) {
  return {
    name: "form-editor-words",
    setup(build) {
      const chinese = JSON.parse(readFileSync(table, "utf8"));
      const found = new Set();
      build.onLoad({ filter: SOURCES }, async ({ path }) => ({
        contents: translated(await readFile(path, "utf8"), chinese, found),
        loader: "js",
      }));
      build.onEnd(() => ({
        errors: Object.keys(chinese)
          .filter((english) => !found.has(english))
          .map((english) => ({ text: `form-js no longer says “${english}”`, location: { file: table } })),
      }));
    },
  };
}
