// Step through a transposed convolution: the page's half of coursekit.explore.transposed.
/** @import { AnyModel } from "@anywidget/types" */
/** @import { Grid, Pair } from "./kit/numbers.mjs" */

import { bar, button } from "./kit/controls.mjs";
import { NumberGrid } from "./kit/grids.mjs";
import { bracketed, each, format, range, shape, span } from "./kit/numbers.mjs";
import { help, make, panel, style } from "./kit/page.mjs";
import { page, Walk } from "./kit/widget.mjs";

/** @typedef {{row: number, column: number, old: number, added: number}} Sum */

// ---- The arithmetic (compared with torch by the tests) ----

/**
 * The sum of the stamps of the first `count` cells, in reading order.
 * @param {Grid} input
 * @param {Grid} kernel
 * @param {number} s the stride
 * @param {number} count
 * @returns {Grid}
 */
export function stamped(input, kernel, s, count) {
  const [rows, columns] = shape(input);
  const [m, n] = shape(kernel);
  const output = Array.from({ length: s * (rows - 1) + m }, () =>
    Array.from({ length: s * (columns - 1) + n }, () => 0),
  );
  for (let i = 0; i < count; i++) {
    const row = Math.floor(i / columns);
    const column = i % columns;
    each(kernel, (r, c, weight) => {
      output[s * row + r][s * column + c] += input[row][column] * weight;
    });
  }
  return output;
}

/**
 * How many of the first `count` stamps lie on each cell of the output.
 * @param {Grid} input
 * @param {Grid} kernel
 * @param {number} s
 * @param {number} count
 */
export function overlaps(input, kernel, s, count) {
  const ones = (/** @type {Grid} */ grid) => grid.map((line) => line.map(() => 1));
  return stamped(ones(input), ones(kernel), s, count);
}

// ---- The widget ----

class Transposed extends Walk {
  /**
   * @param {AnyModel} model
   * @param {Element} el
   */
  constructor(model, el) {
    super(model, el, "Step through a transposed convolution");
    /** @type {Grid} */
    this.input = model.get("input");
    /** @type {Grid} */
    this.kernel = model.get("kernel");
    /** @type {number} */
    this.s = model.get("s");
    this.tick = 900;
    this.full = this.after(this.input.flat().length);
    const stage = this.buildStage();
    this.inputGrid = this.buildInput(stage);
    this.buildKernel(stage);
    this.outputGrid = this.buildOutput(stage);
    this.stamp = make(this.root, "div", "cks-stamp");
    this.buildControls();
    this.draw();
  }

  /** @returns {Pair} */
  get last() {
    const [rows, columns] = shape(this.input);
    return [rows - 1, columns - 1];
  }

  /** The number of the last stamp, counted from 1. */
  get number() {
    return this.row * shape(this.input)[1] + this.column + 1;
  }

  /** @param {number} count */
  after(count) {
    return stamped(this.input, this.kernel, this.s, count);
  }

  // -- The page --

  buildStage() {
    const all = [this.input, this.kernel, this.full].map((grid) => shape(grid)[1]);
    style(this.root, { "--all-columns": all.reduce((a, b) => a + b) });
    return make(this.root, "div", "cks-stage");
  }

  /** @param {Element} parent */
  buildInput(parent) {
    const { box } = panel(parent, "Input", shape(this.input).join(" × "));
    const grid = new NumberGrid(box, "Input", this.input, [1, 1]);
    this.fill(grid, this.input);
    this.listen(grid, (row, column) => [row, column]);
    return grid;
  }

  /** @param {Element} parent */
  buildKernel(parent) {
    const operand = make(parent, "div", "cks-operand");
    make(operand, "div", "cks-sign cks-operator", { title: "stamps" }, "·");
    const { box } = panel(operand, "Kernel", shape(this.kernel).join(" × "));
    this.fill(new NumberGrid(box, "Kernel", this.kernel), this.kernel);
  }

  /** @param {Element} parent */
  buildOutput(parent) {
    const operand = make(parent, "div", "cks-operand");
    make(operand, "div", "cks-sign", {}, "→");
    const size = `${shape(this.full).join(" × ")}, stride ${this.s}`;
    const { box } = panel(operand, "Output so far", size);
    const grid = new NumberGrid(box, "Output", this.full, shape(this.kernel));
    grid.fit(this.full);
    this.listen(grid, (row, column) => [
      Math.floor(row / this.s),
      Math.floor(column / this.s),
    ]);
    return grid;
  }

  /**
   * @param {NumberGrid} grid
   * @param {Grid} values
   */
  fill(grid, values) {
    const limits = range(values);
    grid.fit(values);
    each(values, (row, column, value) =>
      grid.show(row, column, value, limits, this.paint),
    );
  }

  /** @returns {"grey" | "signed"} */
  get paint() {
    const all = [...this.input.flat(), ...this.kernel.flat()];
    return all.some((value) => value < 0) ? "signed" : "grey";
  }

  buildControls() {
    const controls = bar(this.root);
    this.addButtons(controls);
    button(controls, "Reset", () => this.reset());
    help(
      this.root,
      "Point at a cell, or use the keys [←][↑][→][↓][Home][End] and [space] " +
        "(next stamp). The output holds all stamps up to the framed one.",
    );
  }

  // -- Drawing --

  draw() {
    super.draw();
    const { row, column, s, number } = this;
    const output = this.after(number);
    const counts = overlaps(this.input, this.kernel, s, number);
    const limits = range(this.full);
    each(output, (r, c, value) =>
      this.outputGrid.show(r, c, counts[r][c] ? value : null, limits, this.paint),
    );
    this.inputGrid.mark(row, column);
    this.outputGrid.mark(s * row, s * column);
    this.outputGrid.lay(this.kernel, s * row, s * column);
    const words = this.words();
    this.stamp.replaceChildren();
    make(this.stamp, "div", "cks-words", {}, words);
    this.writeSums(this.sums(counts));
    if (!this.timer) this.say(words);
  }

  words() {
    const { row, column, s, number } = this;
    const [m, n] = shape(this.kernel);
    const value = format(this.input[row][column]);
    const where = `${span("row", s * row, m)}, ${span("column", s * column, n)}`;
    const total = this.input.flat().length;
    return `stamp ${number} of ${total}: input[${row}, ${column}] = ${value} on ${where}`;
  }

  /**
   * The cells of the last stamp that others had stamped before.
   * @param {Grid} counts
   * @returns {Sum[]}
   */
  sums(counts) {
    const { row, column, s } = this;
    const before = this.after(this.number - 1);
    /** @type {Sum[]} */
    const found = [];
    each(this.kernel, (r, c, weight) => {
      const [y, x] = [s * row + r, s * column + c];
      const added = this.input[row][column] * weight;
      if (counts[y][x] > 1) found.push({ row: y, column: x, old: before[y][x], added });
    });
    return found;
  }

  /** @param {Sum[]} sums */
  writeSums(sums) {
    const box = make(this.stamp, "div", "cks-overlaps");
    if (!sums.length) make(box, "span", "", {}, "no overlap with earlier stamps");
    for (const { row, column, old, added } of sums) {
      const total = format(old + added);
      const text = `[${row}, ${column}]: ${format(old)} + ${bracketed(added)} = ${total}`;
      make(box, "span", "", {}, text);
    }
  }
}

export default page(Transposed);
