// A deployed diagram, drawn once: names in the reader's language, the path taken, the tokens, and ways to look around.
import Viewer from "bpmn-js/lib/NavigatedViewer";
import { hearFingers } from "./fingers.js";

const NAMESPACE = "cf:"; // our attributes' prefix, as deployed diagrams carry it
const MARGIN = 70; // diagram units left free around what is looked at
const READABLE = 0.62; // below this scale the names cannot be read
const CLOSEST = 0.95;

// Where the tokens stand is drawn in vermilion, the path in green; both are CSS classes set as markers.
const COLOURS = {
  defaultFillColor: "var(--cf-surface)",
  defaultStrokeColor: "var(--cf-edge)",
  defaultLabelColor: "var(--cf-text)",
};

/** Draw the diagram of a figure made by `diagram_figure`. Gives null, and says so on the page, when it cannot be. */
export async function draw(figure, version) {
  figure.hidden = false;
  const drawing = new Drawing(figure);
  try {
    await drawing.load(version);
    return drawing;
  } catch (error) {
    figure.querySelector(".diagram-failed").hidden = false;
    figure.querySelector(".diagram-canvas").remove();
    figure.querySelector(".diagram-tools").remove();
    console.warn("the diagram was not drawn", error);
    return null;
  }
}

class Drawing {
  #figure;
  #viewer;
  #marked = [];
  #focus = [];
  #version;

  constructor(figure) {
    this.#figure = figure;
    const container = figure.querySelector(".diagram-canvas");
    const fontFamily = getComputedStyle(document.body).fontFamily;
    this.#viewer = new Viewer({
      container,
      bpmnRenderer: COLOURS,
      textRenderer: { defaultStyle: { fontFamily }, externalStyle: { fontFamily } },
    });
    if (figure.dataset.language === "en") this.#viewer.on("import.parse.complete", speakEnglish);
    this.#hearWheel(container);
    hearFingers(container, this.#canvas);
    this.#hearTools();
    new ResizeObserver(() => this.#canvas.resized()).observe(container);
  }

  /** Show the diagram in this version of it; undefined stands for the one the address names. */
  async load(version) {
    if (this.#version === version && this.#marked.length) return;
    const address = new URL(this.#figure.dataset.diagram, location.href);
    if (version !== undefined) address.searchParams.set("version", version);
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${answer.status} ${address}`);
    await this.#viewer.importXML(await answer.text());
    this.#marked = [];
    this.#version = version;
  }

  /** Mark elements: `{passed, path, tokens}`, ids each but tokens, which are `{node, count, text}`; `focus`: look there. */
  mark({ passed = [], path = [], tokens = [], choices = [], focus }) {
    for (const [id, marker] of this.#marked) this.#canvas.removeMarker(id, marker);
    this.#marked = [];
    this.#overlays.remove({ type: "token" });
    this.#put("passed", passed);
    this.#put("path", path);
    this.#put("choice", choices);
    this.#put("current", tokens.map((token) => token.node));
    for (const token of tokens) this.#badge(token);
    this.#focus = focus ?? this.#restingPlace(passed, path, tokens);
  }

  #restingPlace(passed, path, tokens) {
    return tokens.length ? tokens.map((token) => token.node) : (path.length ? path : passed).slice(-1);
  }

  /** Let a select of the page be answered on the diagram, too: its options' values are ids of elements. */
  answer(select) {
    const ids = new Set([...select.options].map((option) => option.value));
    const show = () => {
      for (const id of ids) if (this.#registry.get(id)) this.#canvas.removeMarker(id, "chosen");
      if (this.#registry.get(select.value)) this.#canvas.addMarker(select.value, "chosen");
    };
    this.#viewer.on("element.click", ({ element }) => {
      const id = (element.labelTarget ?? element).id;
      if (!ids.has(id)) return;
      select.value = id;
      show();
    });
    select.addEventListener("change", show);
    show();
  }

  /** Bring where the tokens stand into view at a readable size; of an ended case, where it ended. */
  lookAtTokens() {
    this.#lookAt(this.#boxOf(this.#focus), CLOSEST);
  }

  /** Move, without zooming, until these elements are in view. */
  follow(ids) {
    const wanted = this.#boxOf(ids);
    const view = this.#canvas.viewbox();
    if (!wanted || inside(wanted, view)) return;
    this.#lookAt(wanted, view.scale);
  }

  get #canvas() {
    return this.#viewer.get("canvas");
  }

  get #overlays() {
    return this.#viewer.get("overlays");
  }

  get #registry() {
    return this.#viewer.get("elementRegistry");
  }

  #put(marker, ids) {
    for (const id of new Set(ids)) {
      if (!this.#registry.get(id)) continue;
      this.#canvas.addMarker(id, marker);
      this.#marked.push([id, marker]);
    }
  }

  #badge({ node, count, text }) {
    if (!this.#registry.get(node)) return;
    const html = document.createElement("div");
    html.className = "token";
    html.textContent = [text, count > 1 ? `×${count}` : ""].filter(Boolean).join(" ");
    this.#overlays.add(node, "token", { position: { top: -13, left: 8 }, scale: { min: 0.8, max: 1.2 }, html });
  }

  #boxOf(ids) {
    const shapes = ids.map((id) => this.#registry.get(id)).filter((element) => element?.width);
    if (!shapes.length) return null;
    const x = Math.min(...shapes.map((shape) => shape.x));
    const y = Math.min(...shapes.map((shape) => shape.y));
    return {
      x,
      y,
      width: Math.max(...shapes.map((shape) => shape.x + shape.width)) - x,
      height: Math.max(...shapes.map((shape) => shape.y + shape.height)) - y,
    };
  }

  /** Centre a box, as large as it fits up to `most`, never beyond the edge of the drawing without need. */
  #lookAt(box, most) {
    if (!box) return this.#lookAtAll();
    const { inner, outer } = this.#canvas.viewbox();
    const fitting = Math.min(outer.width / (box.width + 2 * MARGIN), outer.height / (box.height + 2 * MARGIN));
    const scale = Math.min(most, Math.max(fitting, READABLE));
    const width = outer.width / scale;
    const height = outer.height / scale;
    this.#canvas.viewbox({
      x: within(box.x + box.width / 2 - width / 2, inner.x, inner.x + inner.width - width),
      y: within(box.y + box.height / 2 - height / 2, inner.y, inner.y + inner.height - height),
      width,
      height,
    });
  }

  #lookAtAll() {
    this.#canvas.zoom("fit-viewport", "auto");
  }

  // A page that scrolls must not be caught by the diagram: only Ctrl (a pinch on a touchpad, too) zooms.
  #hearWheel(container) {
    const pass = (event) => event.ctrlKey || event.metaKey || this.#isLarge || event.stopPropagation();
    container.addEventListener("wheel", pass, { capture: true, passive: true });
  }

  #hearTools() {
    const tools = {
      tokens: () => this.lookAtTokens(),
      whole: () => this.#lookAtAll(),
      in: () => this.#viewer.get("zoomScroll").stepZoom(1),
      out: () => this.#viewer.get("zoomScroll").stepZoom(-1),
      large: () => this.#enlarge(!this.#isLarge),
    };
    for (const button of this.#figure.querySelectorAll("[data-do]")) {
      button.addEventListener("click", tools[button.dataset.do]);
    }
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#isLarge) this.#enlarge(false);
    });
  }

  get #isLarge() {
    return this.#figure.classList.contains("large");
  }

  #enlarge(large) {
    const button = this.#figure.querySelector("[data-do=large]");
    this.#figure.classList.toggle("large", large);
    document.documentElement.classList.toggle("diagram-large", large);
    [button.textContent, button.dataset.other] = [button.dataset.other, button.textContent];
    button.focus();
    this.#canvas.resized();
    this.lookAtTokens();
  }
}

/** Names and annotations in English, where the diagram has them. */
function speakEnglish({ elementsById }) {
  for (const element of Object.values(elementsById ?? {})) {
    const name = element.$attrs?.[`${NAMESPACE}nameEn`];
    const text = element.$attrs?.[`${NAMESPACE}textEn`];
    if (name) element.name = name;
    if (text) element.text = text;
  }
}

const within = (value, least, most) => (most < least ? (least + most) / 2 : Math.min(Math.max(value, least), most));

const inside = (box, view) =>
  box.x >= view.x &&
  box.y >= view.y &&
  box.x + box.width <= view.x + view.width &&
  box.y + box.height <= view.y + view.height;
