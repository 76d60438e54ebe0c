// Our components for the editor, each drawn like the form-js component nearest to it; the server decides what they are.
import { FilePicker, FormFields, Numberfield, Textfield } from "@bpmn-io/form-js-viewer";

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
  [FilePicker, "cf-stamp", "盖章回执", "Stamped receipt", {}, []],
];

function field([base, type, zh, en, settings, entries]) {
  const label = chinese ? zh : en;
  const drawn = (props) => base(props);
  drawn.config = {
    ...base.config,
    type,
    label,
    name: label,
    group: "basic-input",
    icon: undefined,
    propertiesPanelEntries: [...COMMON, ...entries],
    create: (options = {}) => ({ label, ...settings, ...options }),
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
