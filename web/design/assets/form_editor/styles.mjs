// CodeMirror, inside form-js, writes its styles into an element it makes, which our pages' policy refuses. Its style
// module can also put them into a sheet made by script, which needs no permission, but only does so in a shadow root.
import { readFile } from "node:fs/promises";

const SOURCE = /[\\/]style-mod[\\/]src[\\/]style-mod\.js$/;
const ONLY_IN_A_SHADOW = "if (!root.head && root.adoptedStyleSheets";
const EVERYWHERE = "if (root.adoptedStyleSheets";

/** The plugin of esbuild; the build fails when the style module no longer asks that question. */
export function formEditorStyles() {
  return {
    name: "form-editor-styles",
    setup(build) {
      build.onLoad({ filter: SOURCE }, async ({ path }) => {
        const source = await readFile(path, "utf8");
        if (!source.includes(ONLY_IN_A_SHADOW)) return { errors: [{ text: "style-mod chooses its sheet differently now" }] };
        return { contents: source.replace(ONLY_IN_A_SHADOW, EVERYWHERE), loader: "js" };
      });
    },
  };
}
