// The form editor: form-js with our components in its palette and without those the server refuses. Every change is
// drawn anew by the server in the preview; saving posts the same file. Without script the file itself can be edited.
import { FormEditor } from "@bpmn-io/form-js-editor";
import "@bpmn-io/form-js-viewer/dist/assets/form-js.css";
import "@bpmn-io/form-js-editor/dist/assets/form-js-editor.css";
import "@bpmn-io/form-js-editor/dist/assets/properties-panel.css";
import "@bpmn-io/form-js-editor/dist/assets/dragula.css";
import "./form_editor/page.css";
import { OurFields } from "./form_editor/fields.js";

const place = document.querySelector("[data-editor]");
const source = document.querySelector("#schema");
const look = document.querySelector("#look");
const frame = document.querySelector("iframe[name=preview]");

const editor = new FormEditor({
  container: place,
  additionalModules: [{ formFields: ["type", OurFields] }],
});

function written() {
  return JSON.stringify(editor.saveSchema(), null, 2);
}

let timer;
function draw() {
  source.value = look.elements.schema.value = written();
  look.submit();
}

try {
  await editor.importSchema(JSON.parse(source.value));
  document.querySelector("[data-source]").hidden = true;
  editor.on("changed", () => {
    clearTimeout(timer);
    timer = setTimeout(draw, 500);
  });
  document.querySelector("#draft").addEventListener("submit", () => (source.value = written()));
  draw();
} catch {
  place.hidden = true; // A file the editor cannot read is put right as text.
  look.submit();
}

for (const button of document.querySelectorAll("[data-width]")) {
  button.addEventListener("click", () => {
    frame.classList.toggle("phone", button.dataset.width === "phone");
    document.querySelectorAll("[data-width]").forEach((one) => (one.ariaPressed = String(one === button)));
  });
}
