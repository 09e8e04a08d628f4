// A batch before and after batch normalisation: the page's half of
// coursekit.explore.normalising.
/** @import { AnyModel } from "@anywidget/types" */
/** @typedef {"shift" | "stretch" | "gamma" | "beta" | "size"} Name */
/** @typedef {{mean: number, variance: number}} Running */
/** @typedef {Record<Name, number> & {values: number[], training: boolean, running: Running}} State */

import { bar, button, checkbox, slider } from "./kit/controls.mjs";
import { help, make } from "./kit/page.mjs";
import { page, Widget } from "./kit/widget.mjs";

/** @type {[Name, string, string][]} trait, name, symbol */
const SLIDERS = [
  ["shift", "Input shift", "+"],
  ["stretch", "Input stretch", "×"],
  ["gamma", "Scale", "γ"],
  ["beta", "Shift", "β"],
  ["size", "Batch size", "m"],
];
const EPS = 1e-5;
const EDGE = 14; // both lines reach from −14 to 14
const TOP = 48; // pixels: the line of what comes in
const BOTTOM = 158; // and of what goes out
const DRAWING = '<svg class="cks-norm" aria-hidden="true"></svg>';

// ---- The arithmetic (compared with torch by the tests) ----

/** @param {number[]} numbers */
const meanOf = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;

/**
 * The squared distance from the mean, on average: divided by how many there are.
 * @param {number[]} numbers
 */
function varianceOf(numbers) {
  const mean = meanOf(numbers);
  return meanOf(numbers.map((value) => (value - mean) ** 2));
}

/**
 * The batch that comes in, and what goes out.
 * @param {State} state
 */
export function batchOf(state) {
  const { values, shift, stretch, gamma, beta, size, training, running } = state;
  const before = values.slice(0, size).map((value) => shift + stretch * value);
  const mean = training ? meanOf(before) : running.mean;
  const variance = training ? varianceOf(before) : running.variance;
  const scale = gamma / Math.sqrt(variance + EPS);
  return { before, after: before.map((x) => scale * (x - mean) + beta) };
}

/**
 * With two decimals; a hair more, lest halves be rounded unlike in Python.
 * @param {number} value
 */
function number(value) {
  const text = (value + 1e-9).toFixed(2).replace("-", "−");
  return text === "−0.00" ? "0.00" : text;
}

/** @param {number[]} numbers */
const moments = (numbers) =>
  `mean ${number(meanOf(numbers))} and deviation ` +
  `${number(Math.sqrt(varianceOf(numbers)))}`;

/**
 * Means and deviations, and what becomes of image 1.
 * @param {State} state
 */
export function sentence(state) {
  const { size, training, running } = state;
  const { before, after } = batchOf(state);
  const [x, y] = [before, after].map(([first]) => number(first));
  if (training && size === 1) {
    return (
      `Training with a batch of 1: the number, ${x}, is its own mean, and whatever it ` +
      `is, β = ${y} comes out. (PyTorch refuses such a batch.)`
    );
  }
  const aside = `running mean ${running.mean}, running variance ${running.variance}`;
  const mode = training ? "Training" : `Evaluation with ${aside}`;
  return (
    `${mode}: a batch of ${size} comes in with ${moments(before)}, and goes out ` +
    `with ${moments(after)}. Image 1: ${x} becomes ${y}.`
  );
}

// ---- The widget ----

class Normalising extends Widget {
  /**
   * @param {AnyModel} model
   * @param {Element} el
   */
  constructor(model, el) {
    super(model, el, "Batch normalisation");
    this.start = this.state;
    const box = make(this.root, "div", "cks-norm-sliders");
    const limits = model.get("limits");
    this.setters = SLIDERS.map(([name, words, symbol]) =>
      slider(box, words, symbol, limits[name], (value) => this.turn({ [name]: value })),
    );
    this.root.insertAdjacentHTML("beforeend", DRAWING);
    this.plot = /** @type {SVGElement} */ (this.root.lastElementChild);
    this.words = make(this.root, "p", "cks-norm-words");
    const controls = bar(this.root);
    button(controls, "Reset", () => this.turn(this.start));
    this.box = checkbox(controls, "Evaluation, with what was put aside", (ticked) =>
      this.turn({ training: !ticked }),
    );
    help(
      this.root,
      "Turn the sliders by mouse or with the keys [←][→][Home][End]. Image 1 is orange; " +
        "grey: the mean, and one deviation to either side.",
    );
    this.watch([...SLIDERS.map(([name]) => name), "training"], () => this.schedule());
    this.draw();
  }

  /** @returns {State} */
  get state() {
    const get = (/** @type {string} */ name) => this.model.get(name);
    const [shift, stretch, gamma, beta, size] = SLIDERS.map(([name]) => get(name));
    const [values, running, training] = ["values", "running", "training"].map(get);
    return { shift, stretch, gamma, beta, size, values, running, training };
  }

  /** @param {Partial<State>} change */
  turn(change) {
    for (const [name, value] of Object.entries(change)) {
      if (name !== "values" && name !== "running") this.model.set(name, value);
    }
    this.model.save_changes();
  }

  // -- Drawing --

  draw() {
    super.draw();
    const { state } = this;
    for (const [i, [name]] of SLIDERS.entries()) this.setters[i](state[name]);
    this.box.checked = !state.training;
    const { before, after } = batchOf(state);
    this.plot.replaceChildren();
    this.drawLine("before", before, TOP);
    this.drawLine("after", after, BOTTOM);
    // Image 1 last, above the others.
    for (let i = before.length - 1; i >= 0; i--) {
      const odd = i ? "" : " cks-odd";
      const [x1, x2] = [at(before[i]), at(after[i])];
      node(this.plot, "line", `cks-norm-path${odd}`, { x1, x2, y1: TOP, y2: BOTTOM });
      for (const [cx, cy] of [
        [x1, TOP],
        [x2, BOTTOM],
      ]) {
        node(this.plot, "circle", `cks-norm-dot${odd}`, { cx, cy, r: 6 });
      }
    }
    const words = sentence(state);
    this.words.textContent = words;
    this.say(words);
  }

  /**
   * A number line with its name, mean and deviation.
   * @param {string} name
   * @param {number[]} numbers
   * @param {number} y
   */
  drawLine(name, numbers, y) {
    const { plot } = this;
    const [mean, spread] = [meanOf(numbers), Math.sqrt(varianceOf(numbers))];
    const words = y === TOP ? y - 22 : y + 30;
    const title = y === TOP ? y - 37 : y - 20;
    node(plot, "line", "cks-norm-axis", { x1: "0%", x2: "100%", y1: y, y2: y });
    node(plot, "text", "cks-norm-name", { x: 0, y: title }, name);
    for (let tick = -EDGE + 2; tick < EDGE; tick += 2) {
      const x = at(tick);
      node(plot, "line", "cks-norm-axis", { x1: x, x2: x, y1: y - 4, y2: y + 4 });
      const text = `${tick}`.replace("-", "−");
      if (tick % 4 === 0) node(plot, "text", "cks-norm-word", { x, y: words }, text);
    }
    const width = `${(100 * spread) / EDGE}%`;
    const left = { x: at(mean - spread), y: y - 12, width, height: 24 };
    node(plot, "rect", "cks-norm-spread", left);
    const x = at(mean);
    node(plot, "line", "cks-norm-mean", { x1: x, x2: x, y1: y - 16, y2: y + 16 });
  }
}

/**
 * Where a number lies on a line, in percent of its length.
 * @param {number} value
 */
const at = (value) => `${50 + (50 * value) / EDGE}%`;

/**
 * A new part of a drawing at the end of `parent`.
 * @param {SVGElement} parent
 * @param {string} tag
 * @param {string} className
 * @param {Record<string, string | number>} attributes
 * @param {string} [text]
 */
function node(parent, tag, className, attributes, text = "") {
  const part = document.createElementNS(parent.namespaceURI, tag);
  part.setAttribute("class", className);
  for (const [name, value] of Object.entries(attributes)) {
    part.setAttribute(name, String(value));
  }
  part.textContent = text;
  parent.append(part);
}

export default page(Normalising);
