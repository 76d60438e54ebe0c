// The functions FEEL offers while an expression is typed: ours, in place of Camunda's list, each said in the page's language.
import functions from "./functions.json";

const said = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
const inHtml = (text) => text.replace(/[&<]/g, (sign) => ({ "&": "&amp;", "<": "&lt;" })[sign]);

export const camundaBuiltins = functions.map((one) => ({
  name: one.name,
  type: "function",
  params: one.params.map((name) => ({ name })),
  info: `<p>${inHtml(one[said])}</p>`,
}));
