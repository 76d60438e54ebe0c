// The print button of a paper; without script the browser's own menu prints it.
const button = document.querySelector("[data-print]");
button.hidden = false;
button.addEventListener("click", () => print());
