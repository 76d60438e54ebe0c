// form-js gives the focus to the chosen component whenever that changes, so also while somebody types about it in the
// panel of properties: the words after every pause would be lost, and completions close as they open.
const TAKEN = "if (selection.isSelected(field)) {\n      ref.current.focus();";
const LEFT = TAKEN.replace(") {", ' && !document.activeElement?.closest(".fjs-properties-panel")) {');

/** The source of form-js-editor that leaves the focus in the panel; it fails when that line has changed. */
export function focusLeft(source) {
  if (!source.includes(TAKEN)) throw new Error("form-js-editor gives the focus away differently now");
  return source.replace(TAKEN, LEFT);
}
