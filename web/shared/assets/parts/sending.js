// Forms without a guard of their own: one submit at a time, none while there is no connection, and what was typed comes
// back with the page when the answer never came. Forms with fields bring all that themselves (forms.js).
const { sending, offline } = document.body.dataset;
const SLOW = 800; // milliseconds until a submit is said to be under way
const key = (form) => `cf-typed:${new URL(form.action).pathname}`;
const texts = (form) => [...form.querySelectorAll("textarea[name]")];
const ours = (form) => form.method === "post" && !form.target && !("guarded" in form.dataset);

function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || !ours(form)) return;
  if (form.ariaBusy === "true") return event.preventDefault();
  if (!navigator.onLine) {
    event.preventDefault();
    return say(offline);
  }
  if (texts(form).length) sessionStorage.setItem(key(form), JSON.stringify(texts(form).map((text) => text.value)));
  form.ariaBusy = "true";
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(() => say(sending), SLOW);
}

function say(words) {
  let place = document.querySelector(".sending");
  if (!place) {
    place = Object.assign(document.createElement("p"), { className: "sending" });
    place.setAttribute("role", "status");
    document.body.append(place);
  }
  place.textContent = words;
}

function rest() {
  document.querySelector(".sending")?.remove();
  for (const form of document.querySelectorAll("form[aria-busy]")) {
    if (!ours(form)) continue;
    form.ariaBusy = null;
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  }
}

// Whoever comes back by the browser's own button finds the words again; whoever is led on has sent them.
function recall() {
  const back = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  for (const form of [...document.forms].filter(ours)) {
    const kept = JSON.parse(sessionStorage.getItem(key(form)) ?? "[]");
    sessionStorage.removeItem(key(form));
    if (back) texts(form).forEach((text, index) => (text.value ||= kept[index] ?? ""));
  }
}

document.addEventListener("submit", onSubmit);
addEventListener("pageshow", ({ persisted }) => persisted && rest());
addEventListener("online", rest);
recall();
