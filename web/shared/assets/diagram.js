// Diagrams that stand still: each figure shows its marks and opens where the tokens are.
import { draw } from "./diagram/viewer.js";

for (const figure of document.querySelectorAll("[data-diagram]")) {
  draw(figure).then((drawing) => {
    drawing?.mark(JSON.parse(document.getElementById(figure.dataset.marks).textContent));
    drawing?.lookAtTokens();
    const select = document.querySelector("[data-diagram-choice]");
    if (select) drawing?.answer(select);
  });
}
