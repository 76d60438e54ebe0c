// The replay: steps through the frames of a case on its diagram. Without script the same steps are links.
import { draw } from "../../shared/assets/diagram/viewer.js";

const stage = document.querySelector("[data-replay]");
const figure = stage.querySelector("[data-diagram]");
const frames = JSON.parse(document.getElementById(figure.dataset.marks).textContent);
const slider = stage.querySelector("input[type=range]");
const place = stage.querySelector(".replay-place");
const card = stage.querySelector(".replay-card");
const lost = document.getElementById("lost");
const play = stage.querySelector("[data-play]");
const last = Number(stage.dataset.last);
const PACE = 1600; // milliseconds a frame stands while playing

const cards = new Map();
let seq = Number(stage.dataset.seq);
let timer = null;
let drawing = null;

const STEPS = { first: () => 0, back: () => seq - 1, forward: () => seq + 1, last: () => last };

async function show(wanted) {
  seq = Math.min(Math.max(wanted, 0), last);
  slider.value = seq;
  place.textContent = `#${seq} / ${last}`;
  history.replaceState(null, "", addressOf(seq));
  for (const link of stage.querySelectorAll("[data-frame]")) {
    if (Number(link.dataset.frame) === seq) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
  for (const link of stage.querySelectorAll("[data-step]")) {
    link.href = addressOf(Math.min(Math.max(STEPS[link.dataset.step](), 0), last));
  }
  await Promise.all([showCard(seq), showMarks(seq)]);
  if (seq < last) cardOf(seq + 1);
}

function addressOf(number) {
  const address = new URL(location.href);
  address.hash = "";
  address.searchParams.set("frame", number);
  return address;
}

async function showCard(number) {
  const html = await cardOf(number);
  if (html === null) return location.assign(addressOf(number)); // logged out, or a fault: let the server say so
  lost.hidden = html !== undefined;
  if (html === undefined) return;
  if (number === seq) card.innerHTML = html;
}

function cardOf(number) {
  if (!cards.has(number)) {
    const asked = fetch(stage.dataset.frames.replace("SEQ", number), { redirect: "error" })
      .then((answer) => (answer.ok ? answer.text() : null))
      .catch(() => void cards.delete(number)); // no connection: asked anew at the next look
    cards.set(number, asked);
  }
  return cards.get(number);
}

async function showMarks(number) {
  if (!drawing) return;
  const frame = frames[number];
  await drawing.load(frame.version);
  if (number !== seq) return;
  const passed = frames.slice(0, number).flatMap((earlier) => earlier.path);
  drawing.mark({ passed, path: frame.path, tokens: frame.tokens });
  drawing.follow([...frame.path, ...frame.tokens.map((token) => token.node)]);
}

function playOn() {
  if (seq >= last) return stop();
  show(seq + 1).then(() => {
    if (timer !== null) timer = setTimeout(playOn, PACE);
  });
}

function start() {
  timer = 0;
  swap();
  if (seq >= last) show(0).then(() => (timer = setTimeout(playOn, PACE)));
  else playOn();
}

function stop() {
  if (timer === null) return;
  clearTimeout(timer);
  timer = null;
  swap();
}

function swap() {
  [play.textContent, play.dataset.pause] = [play.dataset.pause, play.textContent];
  play.setAttribute("aria-pressed", timer !== null);
}

function stepTo(number) {
  stop();
  show(number);
}

const KEYS = {
  ArrowLeft: () => stepTo(seq - 1),
  ArrowRight: () => stepTo(seq + 1),
  Home: () => stepTo(0),
  End: () => stepTo(last),
  " ": () => (timer === null ? start() : stop()),
};

function onKey(event) {
  const busy = event.target.closest(event.key === " " ? "input, button, a, summary" : "input, textarea");
  if (busy || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
}

function onClick(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("[data-step], [data-frame]");
  if (!link) return;
  event.preventDefault();
  stepTo(link.dataset.step ? STEPS[link.dataset.step]() : Number(link.dataset.frame));
}

document.addEventListener("keydown", onKey);
stage.addEventListener("click", onClick);
play.addEventListener("click", KEYS[" "]);
slider.addEventListener("input", () => stepTo(Number(slider.value)));
play.hidden = slider.parentElement.hidden = false;

const linked = /^#frame-(\d+)$/.exec(location.hash);
drawing = await draw(figure, frames[seq].version);
await show(linked ? Number(linked[1]) : seq);
drawing?.lookAtTokens();
