// What `make check` asks of our scripts: ESLint's recommended rules, in the browser and in Node.
import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["web/static/", "node_modules/", ".cache/", ".venv/"] },
  js.configs.recommended,
  { files: ["**/*.js"], languageOptions: { globals: globals.browser } },
  { files: ["**/*.mjs", "tests/**/*.js"], languageOptions: { globals: globals.node } },
  {
    rules: {
      eqeqeq: ["error", "always"],
      "no-var": "error",
      "prefer-const": "error",
      "no-implicit-globals": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
    },
  },
];
