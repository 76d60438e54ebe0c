// The inbox: keeps the list fresh while it is open, and lets a person work it from the keyboard.
const board = document.getElementById("board");
const lost = document.getElementById("lost");
const keys = document.getElementById("keys");
const EVERY = 5000; // milliseconds between two looks; the answer is 304 while nothing changed
const SLOWEST = 60000;
let wait = EVERY;

async function look() {
  if (!document.hidden && !keys.open) {
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

const ACTIONS = {
  j: () => step(1),
  k: () => step(-1),
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
  if (!action || (keys.open && event.key !== "?")) return;
  event.preventDefault();
  action();
}

if (board) {
  document.addEventListener("keydown", onKey);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) wait = EVERY;
  });
  countInTitle();
  setTimeout(look, wait);
}
