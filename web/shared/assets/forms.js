// Makes forms quicker to fill in: conditions and totals live, rows without a round trip, drafts, one submit at a time.
// Everything works without it; the server decides. On `<form>`: data-evaluate-url, data-options-url, data-draft-key.
const DRAFT = "cf-draft:";
const DRAFT_DAYS = 7;
const RENAMED = ["name", "id", "for", "list", "value", "aria-describedby", "data-cf", "data-cf-row", "data-cf-list"];

for (const done of document.querySelectorAll("[data-draft-done]")) localStorage.removeItem(DRAFT + done.dataset.draftDone);
for (const root of document.querySelectorAll("form .cf-form")) enhance(root.closest("form"), root);

function enhance(form, root) {
  const words = JSON.parse(root.dataset.cfWords);
  const refresh = live(form, root, words);
  rows(root, refresh);
  pickers(form, root);
  root.querySelectorAll("[data-cf-look=signature]").forEach(signature);
  const keep = form.dataset.draftKey ? drafts(form, root, words, refresh) : () => {};
  guard(form, root, words, keep);
  root.querySelector(".cf-summary")?.focus();
}

/* What the server says about conditions and totals, a moment after typing stopped. */
function live(form, root, words) {
  let timer, request;
  const refresh = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 300);
  };
  async function ask() {
    request?.abort();
    request = new AbortController();
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    try {
      const answer = await fetch(form.dataset.evaluateUrl, { method: "POST", body, signal: request.signal });
      if (answer.ok) show(root, await answer.json(), words);
    } catch {
      // Offline or overtaken by newer typing: the page stays as it is and the server judges on submit.
    }
  }
  const wanted = form.dataset.evaluateUrl && "cfLive" in root.dataset;
  if (wanted) root.addEventListener("input", refresh);
  return wanted ? refresh : () => {};
}

function show(root, answer, words) {
  const places = new Map([...root.querySelectorAll("[data-cf]")].map((place) => [place.dataset.cf, place]));
  const each = (part, apply) => {
    for (const [name, value] of Object.entries(answer[part])) if (places.has(name)) apply(places.get(name), value);
  };
  each("hidden", (place, hidden) => (place.hidden = hidden));
  each("required", (place, required) => mark(place, required, words.required));
  each("values", (place, text) => {
    const value = place.querySelector(":scope > .cf-value");
    if (value && value.textContent !== text) value.textContent = text;
  });
  each("texts", (place, paragraphs) =>
    place.replaceChildren(...paragraphs.map((text) => Object.assign(document.createElement("p"), { textContent: text }))),
  );
}

function mark(place, required, word) {
  const label = place.querySelector(":scope > legend, :scope > label, :scope > .cf-option > label");
  const shown = label?.querySelector(".cf-mark");
  if (required && label && !shown) {
    label.append(Object.assign(document.createElement("span"), { className: "cf-mark", textContent: word }));
  }
  if (!required) shown?.remove();
  const control = place.matches("fieldset") ? null : place.querySelector("input:not([type=hidden]), select, textarea");
  if (required) control?.setAttribute("aria-required", "true");
  else control?.removeAttribute("aria-required");
}

/* Rows of lists: the buttons that would otherwise submit. */
function rows(root, changed) {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=_row]");
    if (!button) return;
    event.preventDefault();
    const list = button.closest("[data-cf-list]");
    const row = button.value.startsWith("add:") ? null : button.closest("[data-cf-row]");
    if (row) change(row, button, list);
    else if (append(list)) list.querySelector(":scope > .cf-rows > :last-child").querySelector(controls)?.focus();
    renumber(list);
    root.dispatchEvent(new Event("input", { bubbles: true }));
    changed();
  });
  root.querySelectorAll("[data-cf-list]").forEach(renumber);
}

const controls = "input:not([type=hidden]), select, textarea";

function append(list) {
  const place = list.querySelector(":scope > .cf-rows");
  if (place.children.length >= Number(list.dataset.cfMost)) return false;
  place.append(list.querySelector(":scope > template").content.cloneNode(true));
  renumber(list);
  return true;
}

function change(row, button, list) {
  const verb = button.value.split(":")[0];
  if (verb === "remove") {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    (next ?? list).querySelector(next ? controls : ":scope > button[name=_row]")?.focus();
  } else {
    if (verb === "up") row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    button.focus();
  }
}

/* In two passes, so that the radios of two rows never share a name and lose their choice. */
function renumber(list) {
  const all = [...list.querySelectorAll(":scope > .cf-rows > [data-cf-row]")];
  all.forEach((row, index) => rename(row, `${list.dataset.cfList}-t${index}`));
  all.forEach((row, index) => {
    rename(row, `${list.dataset.cfList}-${index}`);
    row.querySelector(":scope > [data-cf-number]").textContent = list.dataset.cfRowWords.replace("{number}", index + 1);
  });
  const add = list.querySelector(":scope > button[name=_row]");
  if (add) add.disabled = all.length >= Number(list.dataset.cfMost);
}

function rename(row, name) {
  const old = new RegExp(`${row.dataset.cfRow}(?=-|$)`);
  const visit = (element) => {
    for (const attribute of RENAMED) {
      if (attribute === "value" && element.name !== "_row") continue;
      const value = element.getAttribute(attribute);
      if (value) element.setAttribute(attribute, value.split(" ").map((part) => part.replace(old, name)).join(" "));
    }
    if (element.content) element.content.querySelectorAll("*").forEach(visit);
  };
  row.querySelectorAll("*").forEach(visit);
  visit(row);
}

/* Suggestions of record fields while typing. */
function pickers(form, root) {
  if (!form.dataset.optionsUrl) return;
  let timer;
  root.addEventListener("input", ({ target }) => {
    if (!target.dataset?.cfSource) return;
    clearTimeout(timer);
    timer = setTimeout(() => suggest(form, target), 200);
  });
}

async function suggest(form, input) {
  const query = new URLSearchParams({ source: input.dataset.cfSource, by: input.dataset.cfBy ?? "", q: input.value });
  const answer = await fetch(`${form.dataset.optionsUrl}?${query}`).catch(() => null);
  if (!answer?.ok) return;
  const found = await answer.json();
  const option = (value, text = "") => Object.assign(document.createElement("option"), { value, textContent: text });
  input.list.replaceChildren(...found.map((each) => option(...[each].flat())));
}

/* A signature is drawn into the file field, which stays for those who cannot draw. */
function signature(place) {
  const input = place.querySelector("input[type=file]");
  const canvas = Object.assign(document.createElement("canvas"), { className: "cf-canvas", width: 600, height: 200 });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", place.dataset.cfSign);
  const pen = canvas.getContext("2d");
  Object.assign(pen, { lineWidth: 3, lineCap: "round", lineJoin: "round" });
  const at = ({ offsetX, offsetY }) => [(offsetX * 600) / canvas.clientWidth, (offsetY * 200) / canvas.clientHeight];
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!event.buttons) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  canvas.addEventListener("pointerup", () => canvas.toBlob((blob) => put(input, [new File([blob], "signature.png", { type: blob.type })])));
  const clear = Object.assign(document.createElement("button"), { type: "button", className: "cf-row-button", textContent: place.dataset.cfClear });
  clear.addEventListener("click", () => {
    pen.clearRect(0, 0, 600, 200);
    put(input, []);
  });
  input.before(canvas, clear);
}

function put(input, files) {
  const transfer = new DataTransfer();
  files.forEach((file) => transfer.items.add(file));
  input.files = transfer.files;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

/* Drafts stay in this browser until the server has the form (an element with data-draft-done says so). */
function drafts(form, root, words, changed) {
  const key = DRAFT + form.dataset.draftKey;
  const entries = () =>
    [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !name.startsWith("_") && name !== "csrf_token");
  let before = JSON.stringify(entries());
  const keep = () => {
    const fields = entries();
    if (JSON.stringify(fields) === before) return;
    before = JSON.stringify(fields);
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields }));
  };
  const draft = JSON.parse(localStorage.getItem(key) ?? "null");
  if (draft && Date.now() - draft.at > DRAFT_DAYS * 86_400_000) localStorage.removeItem(key);
  else if (draft && JSON.stringify(draft.fields) !== before) offer(root, words, draft, key, changed);
  setInterval(keep, 3000);
  addEventListener("pagehide", keep);
  addEventListener("visibilitychange", keep);
  return keep;
}

function offer(root, words, draft, key, changed) {
  const box = Object.assign(document.createElement("div"), { className: "cf-draft" });
  box.setAttribute("role", "status");
  const button = (text, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "cf-row-button", textContent: text });
    made.addEventListener("click", () => (act(), box.remove()));
    return made;
  };
  const time = new Date(draft.at).toLocaleString(document.documentElement.lang || undefined);
  box.append(
    words.draft_found.replace("{time}", time) + " ",
    button(words.draft_restore, () => (restore(root, draft.fields), changed())),
    button(words.draft_discard, () => localStorage.removeItem(key)),
  );
  root.prepend(box);
}

function restore(root, fields) {
  const kept = fields.map(([name]) => name).filter((name) => name.endsWith("-_row")).map((name) => name.slice(0, -5));
  kept.forEach((row) => grow(root, row));
  for (const row of root.querySelectorAll("[data-cf-row]")) {
    const open = row.parentElement.parentElement.querySelector(":scope > template");
    if (open && !kept.includes(row.dataset.cfRow)) row.remove();
  }
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const control of root.querySelectorAll("input:not([type=hidden], [type=file]), select, textarea")) {
    const found = values.get(control.name);
    if (!found) continue;
    if (["radio", "checkbox"].includes(control.type)) control.checked = found.includes(control.value);
    else control.value = found.at(-1);
  }
}

function grow(root, row) {
  const list = [...root.querySelectorAll("[data-cf-list]")].find((one) => row.startsWith(`${one.dataset.cfList}-`) && /^\d+$/.test(row.slice(one.dataset.cfList.length + 1)));
  while (list?.querySelector(":scope > template") && !root.querySelector(`[data-cf-row="${row}"]`)) if (!append(list)) return;
}

/* One submit at a time; none while there is no connection. */
function guard(form, root, words, keep) {
  form.dataset.guarded = "";
  const buttons = () => form.querySelectorAll("button[type=submit], button:not([type])");
  form.addEventListener("submit", (event) => {
    keep();
    if (form.ariaBusy === "true") return event.preventDefault();
    if (!navigator.onLine) {
      event.preventDefault();
      return say(root, words.draft_offline);
    }
    form.ariaBusy = "true";
    say(root, words.sending);
    setTimeout(() => buttons().forEach((button) => (button.disabled = true))); // after the pressed one is sent along
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    form.ariaBusy = null;
    buttons().forEach((button) => (button.disabled = false));
    say(root, "");
  });
}

function say(root, text) {
  let place = root.querySelector(":scope > .cf-said");
  if (!place) {
    place = Object.assign(document.createElement("p"), { className: "cf-said" });
    place.setAttribute("role", "status");
    root.append(place);
  }
  place.textContent = text;
}
