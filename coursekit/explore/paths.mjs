// Paths through residual blocks, and the gradient along them, by length: the page's half
// of coursekit.explore.paths.
/** @import { AnyModel } from "@anywidget/types" */
/** @import { Pair } from "./kit/numbers.mjs" */
/** @typedef {{blocks: number, out: number, factor: number}} Stack */

import { bar, button, slider } from "./kit/controls.mjs";
import { help, make, panel, style } from "./kit/page.mjs";
import { page, Walk } from "./kit/widget.mjs";

/** @type {[keyof Stack, string, string, Pair, number][]} trait, name, symbol, …, unit */
const SLIDERS = [
  ["blocks", "Blocks", "n", [1, 54], 1],
  ["factor", "Factor of a branch", "r", [10, 150], 100],
  ["out", "Blocks out", "d", [0, 10], 1],
];
const ALL_NUMBERED = 20; // more lengths than this and only every sixth has its number

// ---- The arithmetic (compared with coursekit.explore.paths by the tests) ----

/**
 * In how many ways 0, 1, … n of n blocks can be chosen: a row of Pascal's triangle.
 * @param {number} n
 */
function choices(n) {
  let row = [1];
  for (let i = 0; i < n; i++) {
    row = [1, ...row.slice(1).map((count, k) => count + row[k]), 1];
  }
  return row;
}

/**
 * By length: something of the paths that are left.
 * @param {Stack} stack
 * @param {(count: number, length: number) => number} value
 */
function byLength({ blocks, out }, value) {
  const counts = choices(blocks - out);
  return Array.from({ length: blocks + 1 }, (_, k) => value(counts[k] ?? 0, k));
}

/**
 * The paths that are left, as shares of the whole network's.
 * @param {Stack} stack
 */
export const pathShares = (stack) =>
  byLength(stack, (count) => count / 2 ** stack.blocks);

/**
 * The sizes of gradients that are left, as shares of the whole sum.
 * @param {Stack} stack
 */
export function gradientShares(stack) {
  const whole = (1 + stack.factor) ** stack.blocks;
  return byLength(stack, (count, k) => (count * stack.factor ** k) / whole);
}

/**
 * Of the paths that are left: all alike, and weighted with their gradients.
 * @param {Stack} stack
 */
export function meanLengths({ blocks, out, factor }) {
  const left = blocks - out;
  return [left / 2, (left * factor) / (1 + factor)];
}

/** @param {number} share */
export function percent(share) {
  if (share < 0.00005) return "less than 0.01 %";
  return `${(Math.floor(1e4 * share + 0.5) / 100).toFixed(2)} %`;
}

/** @param {number} value */
const tenths = (value) => (Math.floor(10 * value + 0.5) / 10).toFixed(1);

/** @param {number[]} shares */
const sum = (shares) => shares.reduce((a, b) => a + b, 0);

/** @param {number} blocks */
const pathsOf = (blocks) => (2 ** blocks).toLocaleString("en");

/**
 * What there is to see, in numbers.
 * @param {Stack} stack
 * @param {number} length
 */
export function sentence(stack, length) {
  const { blocks, out, factor } = stack;
  const [plain, weighted] = meanLengths(stack).map(tenths);
  const ways = [pathShares(stack), gradientShares(stack)];
  const left = ways.map((shares) => percent(sum(shares)));
  const upTo = ways.map((shares) => percent(sum(shares.slice(0, length + 1))));
  const paths = `${pathsOf(blocks - out)} ${blocks > out ? "paths" : "path"}`;
  const lesion = ` of ${pathsOf(blocks)} left, ${left[0]}, with ${left[1]} of the whole gradient`;
  return (
    `Blocks ${blocks}, ${out} out, factor ${factor.toFixed(2)}: ` +
    `${paths}${out ? lesion : ""}. Mean length ${plain}; weighted with the gradients, ` +
    `${weighted}. Length ${length} or less: ${upTo[0]} of all paths, ` +
    `${upTo[1]} of the whole gradient.`
  );
}

// ---- The widget ----

class Paths extends Walk {
  /**
   * @param {AnyModel} model
   * @param {Element} el
   */
  constructor(model, el) {
    super(model, el, "Paths through residual blocks");
    this.start = { ...this.stack, length: this.column };
    const sliders = make(this.root, "div", "cks-three-sliders");
    this.setters = SLIDERS.map(([name, words, symbol, limits, unit]) =>
      slider(
        sliders,
        words,
        symbol,
        limits,
        (value) => this.turn({ [name]: value / unit }),
        (value) => (unit === 1 ? String(value) : (value / unit).toFixed(2)),
      ),
    );
    this.profiles = ["Paths", "Gradient"].map((name) => new Profile(this.root, name));
    this.profiles[1].focus = () => this.profiles[0].focus();
    this.axis = make(this.root, "div", "cks-lengths", { "aria-hidden": "true" });
    this.words = make(this.root, "p", "cks-verdict");
    this.buildControls();
    for (const profile of this.profiles) this.listen(profile, (_, k) => [0, k]);
    this.watch(["blocks", "factor", "out", "length"], () => this.schedule());
    this.draw();
  }

  /** @returns {Stack} */
  get stack() {
    const [blocks, factor, out] = SLIDERS.map(([name]) => this.model.get(name));
    return { blocks, factor, out };
  }

  get row() {
    return 0;
  }

  /** The length up to which paths are counted. */
  get column() {
    return this.model.get("length");
  }

  /** @returns {Pair} */
  get last() {
    return [0, this.stack.blocks];
  }

  buildControls() {
    const controls = bar(this.root);
    button(controls, "Reset", () => this.turn(this.start));
    const legend = make(controls, "div", "cks-legend", { "aria-hidden": "true" });
    for (const [kind, words] of [
      ["short", "up to the length"],
      ["long", "longer"],
      ["gone", "gone with the blocks that are out"],
      ["middle", "mean length"],
    ]) {
      make(legend, "span", `cks-swatch cks-${kind}`);
      make(legend, "span", "", {}, words);
    }
    help(
      this.root,
      "Point at a bar to count the paths up to its length, or use the keys " +
        "[←][→][Home][End]. Each row of bars has a scale of its own.",
    );
  }

  /**
   * @param {number} _row
   * @param {number} column
   */
  set(_row, column) {
    this.model.set("length", column);
  }

  /**
   * A slider was moved, or all are set back.
   * @param {Partial<Stack & {length: number}>} values
   */
  turn(values) {
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    const { blocks, out } = this.stack;
    this.model.set("out", Math.min(out, blocks));
    this.move(0, this.column);
    this.schedule(); // a slider that went too far goes back
  }

  draw() {
    super.draw();
    const { stack } = this;
    const length = Math.min(this.column, stack.blocks);
    for (const [i, [name, , , , unit]] of SLIDERS.entries()) {
      this.setters[i](Math.round(stack[name] * unit));
    }
    const means = meanLengths(stack);
    for (const [i, shares] of [pathShares, gradientShares].entries()) {
      const whole = shares({ ...stack, out: 0 });
      this.profiles[i].draw(whole, shares(stack), length, means[i]);
    }
    this.drawAxis(stack.blocks);
    this.words.textContent = sentence(stack, length);
    this.say(sentence(stack, length));
  }

  /** @param {number} blocks */
  drawAxis(blocks) {
    if (this.axis.childElementCount === blocks + 1) return;
    this.axis.replaceChildren();
    for (let k = 0; k <= blocks; k++) {
      const numbered = blocks < ALL_NUMBERED || k % 6 === 0;
      make(this.axis, "span", "", {}, numbered ? `${k}` : "");
    }
  }
}

/** A bar for each length: what is left, before what there was. */
class Profile {
  /**
   * @param {Element} parent
   * @param {string} name
   */
  constructor(parent, name) {
    const { box, small } = panel(parent, name, "by length");
    this.small = small;
    /** @type {Pair} */
    this.shape = [1, 1];
    this.field = make(box, "div", "cks-field cks-profile", {
      role: "application",
      tabindex: name === "Paths" ? "0" : "-1",
      "aria-roledescription": "picture",
      "aria-label": `${name} by length; arrow keys choose a length`,
    });
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  /**
   * @param {number[]} whole
   * @param {number[]} left
   * @param {number} length
   * @param {number} mean
   */
  draw(whole, left, length, mean) {
    this.fit(whole.length);
    const top = Math.max(...whole);
    for (const [k, share] of whole.entries()) {
      const node = /** @type {HTMLElement} */ (this.field.children[k]);
      style(node, { "--whole": share / top, "--left": left[k] / top });
      node.classList.toggle("cks-short", k <= length);
      node.classList.toggle("cks-now", k === length);
    }
    style(this.field, { "--mean": (mean + 0.5) / whole.length });
    this.small.textContent = `by length; mean ${tenths(mean)}`;
  }

  /** @param {number} count */
  fit(count) {
    if (this.shape[1] === count && this.field.childElementCount) return;
    this.shape = [1, count];
    this.field.replaceChildren();
    for (let k = 0; k < count; k++) make(this.field, "div", "cks-length");
  }
}

export default page(Paths);
