// The inbox: keeps the list fresh while it is open, and lets a person work it from the keyboard.
const board = document.getElementById("board");
const lost = document.getElementById("lost");
const keys = document.getElementById("keys");
const quick = document.getElementById("quick");
const EVERY = 5000; // milliseconds between two looks; the answer is 304 while nothing changed
const SLOWEST = 60000;
let wait = EVERY;

async function look() {
  if (!document.hidden && !keys.open && !quick.open) {
    try {
      const answer = await fetch(board.dataset.live, {
        headers: { "If-None-Match": `"${board.dataset.version}"`, Accept: "application/json" },
        redirect: "error",
      });
      if (answer.status === 401) return location.reload();
      if (answer.status === 200) replace(await answer.text(), answer.headers.get("ETag"));
      if (answer.status >= 400) throw new Error(answer.status);
      lost.hidden = true;
      wait = EVERY;
    } catch {
      lost.hidden = false;
      wait = Math.min(wait * 2, SLOWEST);
    }
  }
  setTimeout(look, wait);
}

function replace(html, etag) {
  const task = chosen()?.dataset.task;
  const key = document.activeElement?.dataset.key;
  board.innerHTML = html;
  board.dataset.version = (etag ?? "").replace(/^W\/|"/g, "");
  countInTitle();
  if (!task) return;
  const line = board.querySelector(`[data-task="${CSS.escape(task)}"]`);
  (line?.querySelector(key ? `[data-key="${key}"]` : ".task-name") ?? line?.querySelector(".task-name"))?.focus();
}

// A tab in the background still says how many tasks wait.
function countInTitle() {
  const mine = board.querySelector('[data-tab="1"] .tab-count').textContent;
  document.title = (mine === "0" ? "" : `(${mine}) `) + document.title.replace(/^\(\S+\) /, "");
}

const lines = () => [...board.querySelectorAll(".task")];
const chosen = () => document.activeElement?.closest?.(".task");

function step(by) {
  const all = lines();
  if (!all.length) return;
  const at = all.indexOf(chosen());
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
  all[next].querySelector(".task-name").focus();
}

const press = (key) => chosen()?.querySelector(`[data-key="${key}"]`)?.click();

// A short form comes up over the list; where that fails, its own page opens.
async function answerHere(link) {
  const answer = await fetch(link.href, { redirect: "error" }).catch(() => null);
  const found = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = found && found.querySelector(".quick");
  if (!form) return location.assign(link.href);
  const style = found.querySelector('link[href*="forms.css"]');
  if (!document.head.querySelector(`link[href="${style.getAttribute("href")}"]`)) document.head.append(style);
  quick.replaceChildren(form);
  quick.showModal();
  form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
}

function onClick(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("[data-quick], [data-close]");
  if (!link) return;
  event.preventDefault();
  if ("close" in link.dataset) quick.close();
  else answerHere(link);
}

const ACTIONS = {
  j: () => step(1),
  k: () => step(-1),
  e: () => press("e"),
  c: () => press("c"),
  d: () => press("d"),
  "/": () => document.getElementById("q").select(),
  "?": () => (keys.open ? keys.close() : keys.showModal()),
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const tab = board.querySelector(`[data-tab="${CSS.escape(event.key)}"]`);
  const action = tab ? () => tab.click() : ACTIONS[event.key];
  if (!action || quick.open || (keys.open && event.key !== "?")) return;
  event.preventDefault();
  action();
}

if (board) {
  document.addEventListener("keydown", onKey);
  board.addEventListener("click", onClick);
  quick.addEventListener("click", onClick);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) wait = EVERY;
  });
  countInTitle();
  // Who has just finished a task goes on with the next by pressing Enter.
  if (document.querySelector(".flash-ok")) lines()[0]?.querySelector(".task-name").focus();
  setTimeout(look, wait);
}
