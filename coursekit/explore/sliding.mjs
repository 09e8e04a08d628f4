// Slide a kernel over an image: the page's half of coursekit.explore.slide_kernel.
/** @import { AnyModel } from "@anywidget/types" */
/** @import { AnyGrid } from "./kit/grids.mjs" */
/** @import { Grid, Pair } from "./kit/numbers.mjs" */
/** @typedef {{weight: number, pixel: number}} Term */

import { bar, button, checkbox } from "./kit/controls.mjs";
import { NumberGrid, PixelGrid } from "./kit/grids.mjs";
import {
  bracketed,
  each,
  format,
  isExact,
  range,
  shape,
  signOf,
} from "./kit/numbers.mjs";
import { calm, help, make, panel, style } from "./kit/page.mjs";
import { page, Walk } from "./kit/widget.mjs";

const NUMBERS_UP_TO = 12; // larger images are drawn as pixels without numbers
const TERMS_UP_TO = 25; // longer sums are shortened
const PIXEL_TICK = 30; // milliseconds per step of Play over pixels
const PIXEL_TICKS = 300; // a run over a large image takes about this many ticks

// ---- The arithmetic (compared with coursekit.filters by the tests) ----

/**
 * The kernel turned by half a turn: both axes reversed.
 * @param {Grid} kernel
 */
export function flipped(kernel) {
  return kernel.map((line) => [...line].reverse()).reverse();
}

/**
 * The pairs {weight, pixel} under a kernel at (row, column), line by line.
 * @param {Grid} image
 * @param {Grid} kernel
 * @param {number} row
 * @param {number} column
 */
export function terms(image, kernel, row, column) {
  return kernel.map((line, m) =>
    line.map((weight, n) => ({ weight, pixel: image[row + m][column + n] })),
  );
}

/**
 * @param {Grid} image
 * @param {Grid} kernel
 * @param {number} row
 * @param {number} column
 */
export function sumAt(image, kernel, row, column) {
  let sum = 0;
  for (let m = 0; m < kernel.length; m++) {
    for (let n = 0; n < kernel[m].length; n++) {
      sum += kernel[m][n] * image[row + m][column + n];
    }
  }
  return sum;
}

/**
 * Cross-correlation at every place where the kernel fits.
 * @param {Grid} image
 * @param {Grid} kernel
 */
export function correlate(image, kernel) {
  const rows = image.length - kernel.length + 1;
  const columns = image[0].length - kernel[0].length + 1;
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => sumAt(image, kernel, row, column)),
  );
}

/**
 * The sign before a sum: "=" if all its numbers are shown exactly, "≈" if not.
 * @param {Term[][]} lines
 * @param {number} sum
 */
export function equality(lines, sum) {
  const numbers = [sum, ...lines.flat().flatMap((t) => [t.weight, t.pixel])];
  return numbers.every(isExact) ? "=" : "≈";
}

// ---- The widget ----

class SlidingKernel extends Walk {
  /**
   * @param {AnyModel} model
   * @param {Element} el
   */
  constructor(model, el) {
    super(model, el, "Slide a kernel over an image");
    /** @type {Grid} */
    this.image = model.get("image");
    /** @type {Grid} */
    this.stored = model.get("kernel");
    this.kernel = this.stored;
    this.output = correlate(this.image, this.stored);
    this.imageRange = range(this.image);
    this.outputRange = range(this.output);
    this.numbers = Math.max(...shape(this.image)) <= NUMBERS_UP_TO;
    this.visited = new Set();
    this.setPace();
    const stage = this.buildStage();
    this.imageGrid = this.buildImage(stage);
    const operand = make(stage, "div", "cks-operand");
    this.sign = make(operand, "div", "cks-sign cks-operator");
    const { box, name } = panel(operand, "Kernel", shape(this.stored).join(" × "));
    box.classList.add("cks-kernel");
    this.kernelName = name;
    this.kernelGrid = this.weights(box, "Kernel");
    this.patch = this.numbers ? null : this.buildPatch(box);
    this.outputGrid = this.buildOutput(make(stage, "div", "cks-operand"));
    this.sumBox = make(this.root, "div", "cks-sum");
    this.flipBox = this.buildControls();
    this.turn();
    this.watch(["flip"], () => this.turn(true));
  }

  setPace() {
    if (this.numbers) return;
    this.tick = PIXEL_TICK;
    this.stride = Math.ceil(this.output.flat().length / PIXEL_TICKS);
  }

  /** @returns {Pair} */
  get last() {
    const [rows, columns] = shape(this.output);
    return [rows - 1, columns - 1];
  }

  // -- The page --

  buildStage() {
    const columns = [this.image, this.stored, this.output].map((v) => shape(v)[1]);
    const all = this.numbers ? columns.reduce((a, b) => a + b) : 20;
    style(this.root, { "--all-columns": all });
    return make(this.root, "div", "cks-stage");
  }

  /**
   * @param {Element} parent
   * @param {string} label
   * @param {Grid} values
   * @param {Pair} frameShape
   * @returns {AnyGrid}
   */
  grid(parent, label, values, frameShape) {
    if (this.numbers) return new NumberGrid(parent, label, values, frameShape);
    const largest = Math.max(...shape(this.image));
    return new PixelGrid(parent, label, values, frameShape, largest);
  }

  /** @param {Element} parent */
  buildImage(parent) {
    const { box } = panel(parent, "Image", shape(this.image).join(" × "));
    const grid = this.grid(box, "Image", this.image, shape(this.stored));
    grid.fit(this.image);
    each(this.image, (row, column, value) =>
      grid.show(row, column, value, this.imageRange, "grey"),
    );
    const [up, left] = shape(this.stored).map((size) => Math.floor((size - 1) / 2));
    this.listen(grid, (row, column) => [row - up, column - left]);
    return grid;
  }

  /**
   * A grid as large as the kernel, to be read only.
   * @param {Element} parent
   * @param {string} label
   */
  weights(parent, label) {
    const grid = new NumberGrid(parent, label, this.stored);
    grid.field.classList.toggle("cks-small", shape(this.stored)[1] > 7);
    return grid;
  }

  /** @param {Element} parent */
  buildPatch(parent) {
    make(parent, "div", "cks-title cks-below", {}, "Pixels under it");
    return this.weights(parent, "Pixels under the kernel");
  }

  /** @param {Element} parent */
  buildOutput(parent) {
    make(parent, "div", "cks-sign", {}, "=");
    const { box } = panel(parent, "Output", shape(this.output).join(" × "));
    const grid = this.grid(box, "Output", this.output, [1, 1]);
    this.listen(grid, (row, column) => [row, column]);
    return grid;
  }

  buildControls() {
    const controls = bar(this.root);
    this.addButtons(controls);
    button(controls, "Show all", () => this.showAll());
    button(controls, "Reset", () => this.reset());
    help(
      this.root,
      "Point at a cell, or use the keys [←][↑][→][↓][Home][End] and [space] " +
        "(next cell). Rows and columns count from 0, as in Python.",
    );
    return checkbox(controls, "Flip the kernel (true convolution)", (flip) => {
      this.model.set("flip", flip);
      this.model.save_changes();
    });
  }

  // -- Moving --

  reset() {
    this.visited.clear();
    super.reset();
    this.redrawOutput();
    this.draw();
  }

  showAll() {
    this.pause();
    each(this.output, (row, column) => this.visit(row, column));
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  visit(row, column) {
    if (this.visited.has(`${row},${column}`)) return;
    this.visited.add(`${row},${column}`);
    this.showOutput(row, column, this.output[row][column]);
  }

  // -- Drawing --

  /** The kernel was turned round, or is shown for the first time. */
  turn(animate = false) {
    const flip = this.model.get("flip");
    this.kernel = flip ? flipped(this.stored) : this.stored;
    this.output = correlate(this.image, this.kernel);
    this.outputRange = range(this.output);
    this.flipBox.checked = flip;
    this.sign.textContent = flip ? "∗" : "⋆";
    this.sign.title = flip ? "true convolution" : "cross-correlation";
    this.kernelName.textContent = flip ? "Flipped kernel" : "Kernel";
    this.showKernel();
    if (animate) halfTurn(this.kernelGrid.field);
    this.redrawOutput();
    this.draw();
  }

  showKernel() {
    const limits = range(this.kernel);
    this.kernelGrid.fit(this.kernel);
    this.outputGrid.fit(this.output);
    this.patch?.fit(this.image);
    each(this.kernel, (row, column, weight) =>
      this.kernelGrid.show(row, column, weight, limits, "signed"),
    );
  }

  redrawOutput() {
    each(this.output, (row, column, value) => {
      const seen = this.visited.has(`${row},${column}`);
      this.showOutput(row, column, seen ? value : null);
    });
  }

  /**
   * @param {number} row
   * @param {number} column
   * @param {number | null} value
   */
  showOutput(row, column, value) {
    const signed = this.stored.flat().some((weight) => weight < 0);
    const paint = signed ? "signed" : "grey";
    this.outputGrid.show(row, column, value, this.outputRange, paint);
  }

  draw() {
    super.draw();
    const { row, column } = this;
    this.visit(row, column);
    this.imageGrid.mark(row, column);
    this.outputGrid.mark(row, column);
    this.imageGrid.lay(this.kernel, row, column);
    this.drawPatch(row, column);
    this.drawSum(row, column);
    const sum = format(this.output[row][column]);
    if (!this.timer) this.say(`row ${row}, column ${column}: sum ${sum}`);
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  drawPatch(row, column) {
    const { patch } = this;
    if (!patch) return;
    each(this.kernel, (r, c) =>
      patch.show(r, c, this.image[row + r][column + c], this.imageRange, "grey"),
    );
    patch.lay(this.kernel, 0, 0);
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  drawSum(row, column) {
    const lines = terms(this.image, this.kernel, row, column);
    const sum = this.output[row][column];
    this.sumBox.replaceChildren();
    make(this.sumBox, "div", "cks-name", {}, `output[${row}, ${column}] =`);
    const box = make(this.sumBox, "div", "cks-terms");
    const all = lines.flat();
    const long = all.length > TERMS_UP_TO;
    style(box, { "--columns": long ? 6 : lines[0].length });
    const shown = long ? [...all.slice(0, 10), null, all[all.length - 1]] : all;
    for (const [i, term] of shown.entries()) writeTerm(box, term, i);
    const end = make(this.sumBox, "div", "cks-end", {}, `${equality(lines, sum)} `);
    make(end, "b", "cks-total", {}, format(sum));
  }
}

/**
 * @param {Element} box
 * @param {Term | null} term null: what was left out
 * @param {number} index
 */
function writeTerm(box, term, index) {
  const node = make(box, "span", "cks-term");
  make(node, "span", "cks-plus", {}, index ? " + " : "");
  const product = make(node, "span", "", {}, term ? "" : "…");
  if (!term) return;
  node.dataset.zero = String(term.weight * term.pixel === 0);
  const weight = make(product, "b", "", {}, bracketed(term.weight));
  weight.dataset.sign = signOf(term.weight);
  product.append(`·${bracketed(term.pixel)}`);
}

/** @param {Element} node */
function halfTurn(node) {
  if (calm()) return;
  node.animate([{ rotate: "-180deg" }, { rotate: "0deg" }], {
    duration: 450,
    easing: "ease-in-out",
  });
}

export default page(SlidingKernel);
