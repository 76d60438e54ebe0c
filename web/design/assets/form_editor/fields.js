// Our components for the editor, each drawn like the form-js component nearest to it; the server decides what they are.
import { FilePicker, FormFields, iconsByType, Numberfield, Textfield } from "@bpmn-io/form-js-viewer";

const REFUSED = ["button", "html", "iframe", "documentPreview"];
const COMMON = ["key", "label", "description", "readonly", "disabled", "required"];
const chinese = document.documentElement.lang.startsWith("zh");

const FIELDS = [
  [Numberfield, "cf-money", "金额", "Money", { currency: "CNY", decimalDigits: 2 }, ["min", "max", "decimalDigits"]],
  [Numberfield, "cf-rating", "评分", "Rating", { properties: { levels: "5" } }, []],
  [Textfield, "cf-record", "记录", "Record", { properties: { source: "people" } }, []],
  [Textfield, "cf-person", "人员", "Person", {}, []],
  [FilePicker, "cf-photo", "照片", "Photos", {}, []],
  [FilePicker, "cf-signature", "签名", "Signature", {}, []],
  [FilePicker, "cf-stamp", "盖章回执", "Stamp", {}, []],
];

// A key is a variable's name: form-js would take the type as it is, and ours hold a hyphen.
function fresh(type) {
  return `${type.slice(3)}_${Math.random().toString(36).slice(2, 7)}`;
}

function field([base, type, zh, en, settings, entries]) {
  const label = chinese ? zh : en;
  const drawn = (props) => base(props);
  drawn.config = {
    ...base.config,
    type,
    label,
    name: label,
    group: "basic-input",
    icon: iconsByType(base.config.type),
    propertiesPanelEntries: [...COMMON, ...entries],
    create: (options = {}) => ({ label, key: fresh(type), ...settings, ...options }),
  };
  return drawn;
}

export class OurFields extends FormFields {
  constructor() {
    super();
    for (const type of REFUSED) delete this._formFields[type];
    for (const one of FIELDS) this.register(one[1], field(one));
  }
}
