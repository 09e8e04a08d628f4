// Sliders for the size of a convolution's output: the page's half of
// coursekit.explore.output_size.
/** @import { AnyModel } from "@anywidget/types" */
/** @import { Pair } from "./kit/numbers.mjs" */
/** @typedef {{n: number, k: number, p: number, s: number, dilation: number}} Sizes */
/** @typedef {ReturnType<typeof lineOf>} Line */

import { bar, button, slider } from "./kit/controls.mjs";
import { Area } from "./kit/grids.mjs";
import { help, make, panel, style } from "./kit/page.mjs";
import { page, Walk } from "./kit/widget.mjs";

/** @type {[keyof Sizes, string, string, string][]} trait, name, symbol, spoken */
const SLIDERS = [
  ["n", "Input", "n", "n"],
  ["k", "Kernel", "k", "kernel"],
  ["p", "Padding per side", "p", "padding"],
  ["s", "Stride", "s", "stride"],
  ["dilation", "Dilation", "d", "dilation"],
];
const STOPS_WITH_NUMBER = 12; // more stops than this and only the present one has one

// ---- The arithmetic (compared with coursekit.explore.sizes by the tests) ----

/**
 * A kernel on a row of cells: where it stops, and the cells that no weight reads.
 * @param {Sizes} sizes
 */
export function lineOf({ n, k, p, s, dilation }) {
  const padded = n + 2 * p;
  const reach = dilation * (k - 1) + 1;
  const stops = [];
  for (let stop = 0; stop + reach <= padded; stop += s) stops.push(stop);
  const weights = Array.from({ length: k }, (_, i) => i * dilation);
  const read = new Set(stops.flatMap((stop) => weights.map((at) => stop + at)));
  const cells = Array.from({ length: padded }, (_, cell) => cell);
  const unread = cells.filter((cell) => !read.has(cell));
  const leftOver = stops.length ? padded - stops[stops.length - 1] - reach : 0;
  return { padded, reach, stops, weights, unread, leftOver };
}

/**
 * The size formula with the numbers in it, step by step.
 * @param {Sizes} sizes
 */
export function steps({ n, k, p, s, dilation }) {
  const spare = n + 2 * p - dilation * (k - 1) - 1;
  return [
    `⌊(${n} + 2·${p} − ${dilation}·(${k} − 1) − 1)/${s}⌋ + 1`,
    `⌊${spare}/${s}⌋ + 1`,
    `${Math.floor(spare / s) + 1}`,
  ].map((step) => step.replace(/-/g, "−"));
}

/** @param {number} count */
const cells = (count) => (count === 1 ? "1 cell" : `${count} cells`);

/**
 * What the formula does not show: what is dropped, skipped, or does not fit.
 * @param {Sizes} sizes
 */
export function verdict(sizes) {
  const { padded, reach, stops, unread, leftOver } = lineOf(sizes);
  if (!stops.length) {
    return (
      `Does not fit: the kernel reaches over ${cells(reach)} and the ` +
      `padded input has ${padded}. There is no output.`
    );
  }
  const skipped = unread.length - leftOver;
  const are = skipped === 1 ? "is" : "are";
  const between = skipped ? ` ${cells(skipped)} in between ${are} never read.` : "";
  return ending(sizes, leftOver) + between;
}

/**
 * @param {Sizes} sizes
 * @param {number} leftOver
 */
function ending({ p }, leftOver) {
  if (!leftOver) return "Nothing is left over: the last stop ends at the last cell.";
  const inside = Math.max(0, leftOver - p);
  const kind = inside ? `${inside} of the input` : "only padding";
  const dropped = leftOver === 1 ? "cell" : cells(leftOver);
  return `The floor drops the last ${dropped} (${kind}): no stop reaches there.`;
}

// ---- The widget ----

class OutputSize extends Walk {
  /**
   * @param {AnyModel} model
   * @param {Element} el
   */
  constructor(model, el) {
    super(model, el, "Output size of a convolution");
    this.line = lineOf(this.sizes);
    this.setters = this.buildSliders();
    this.formula = make(this.root, "div", "cks-formula");
    this.verdict = make(this.root, "p", "cks-verdict");
    const rows = make(this.root, "div", "cks-lines");
    make(rows, "span", "cks-gutter", {}, "row");
    this.strip = new Area(rows);
    this.numbers = make(rows, "div", "cks-gutter cks-stops", {
      "aria-hidden": "true",
    });
    this.stairs = new Area(rows);
    this.stairs.field.classList.add("cks-stops");
    const stage = make(this.root, "div", "cks-squares");
    this.input = panel(stage, "Input");
    this.square = new Area(
      this.input.box,
      "Input with its padding; arrow keys move the kernel",
    );
    this.output = panel(stage, "Output");
    this.result = new Area(this.output.box, "Output; arrow keys move");
    this.buildControls();
    this.follow();
    this.spoken = "";
    this.watch(
      SLIDERS.map(([name]) => name),
      () => this.schedule(),
    );
    this.draw();
  }

  /** @returns {Sizes} */
  get sizes() {
    const [n, k, p, s, dilation] = SLIDERS.map(([name]) => this.model.get(name));
    return { n, k, p, s, dilation };
  }

  /** @returns {Pair} */
  get last() {
    const last = Math.max(0, this.line.stops.length - 1);
    return [last, last];
  }

  buildSliders() {
    const box = make(this.root, "div", "cks-sliders");
    const limits = this.model.get("limits");
    return SLIDERS.map(([name, words, symbol]) =>
      slider(box, words, symbol, limits[name], (value) => this.turn(name, value)),
    );
  }

  buildControls() {
    const controls = bar(this.root);
    this.addButtons(controls);
    button(controls, "Reset", () => this.reset());
    const legend = make(controls, "div", "cks-legend", { "aria-hidden": "true" });
    for (const [kind, words] of [
      ["padding", "padding"],
      ["weight-on", "under a weight"],
      ["unread", "never read"],
    ]) {
      make(legend, "span", `cks-swatch cks-${kind}`);
      make(legend, "span", "", {}, words);
    }
    help(
      this.root,
      "Point at a grid, or use the keys [←][↑][→][↓][Home][End] and [space] " +
        "(next stop). Places in the output count from 0.",
    );
  }

  /** The kernel follows the mouse on each grid. */
  follow() {
    const near = (/** @type {number} */ cell) =>
      Math.round((cell - (this.line.reach - 1) / 2) / this.sizes.s);
    const focus = () => this.square.focus();
    this.listen(this.square, (row, column) => [near(row), near(column)]);
    this.listen(this.result, (row, column) => [row, column]);
    for (const area of [this.strip, this.stairs]) area.focus = focus;
    this.listen(this.strip, (_, column) => [this.row, near(column)]);
    this.listen(this.stairs, (stop) => [this.row, stop]);
  }

  /**
   * A slider was moved.
   * @param {keyof Sizes} name
   * @param {number} value
   */
  turn(name, value) {
    this.pause();
    this.model.set(name, value);
    this.line = lineOf(this.sizes);
    this.move(this.row, this.column);
  }

  // -- Drawing --

  draw() {
    super.draw();
    this.line = lineOf(this.sizes);
    const [row, column] = [this.row, this.column].map((at) =>
      Math.min(at, this.last[0]),
    );
    for (const [i, [name]] of SLIDERS.entries()) this.setters[i](this.model.get(name));
    this.drawWords();
    this.drawStrip();
    this.drawStairs(column);
    this.drawSquare(row, column);
    this.drawResult(row, column);
    if (!this.timer) this.say(this.sentence(row, column));
  }

  /**
   * The numbers when they have changed, else the place.
   * @param {number} row
   * @param {number} column
   */
  sentence(row, column) {
    const { sizes, line } = this;
    const count = line.stops.length;
    const all = SLIDERS.map(([name, , , spoken]) => `${spoken} ${sizes[name]}`);
    const numbers = `${all.join(", ")}: ${count} ${count === 1 ? "output" : "outputs"}`;
    if (numbers === this.spoken) return this.place(row, column);
    this.spoken = numbers;
    return count ? numbers : `${numbers}. ${verdict(sizes)}`;
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  place(row, column) {
    const { stops, reach } = this.line;
    const [from, left] = [row, column].map((stop) => (stops[stop] ?? 0) - this.sizes.p);
    return (
      `output row ${row}, column ${column}: input rows ${from} to ` +
      `${from + reach - 1}, columns ${left} to ${left + reach - 1}`
    ).replace(/-/g, "−");
  }

  drawWords() {
    const [first, second, result] = steps(this.sizes);
    this.formula.replaceChildren();
    const general = make(this.formula, "span", "cks-general");
    general.append("o = ⌊(n + 2p − d(k − 1) − 1)/s⌋ + 1");
    make(this.formula, "span", "", {}, `= ${first}`);
    make(this.formula, "span", "", {}, `= ${second}`);
    const end = make(this.formula, "span", "", {}, "= ");
    make(end, "b", "cks-total", {}, result);
    this.verdict.textContent = verdict(this.sizes);
    this.root.classList.toggle("cks-misfit", !this.line.stops.length);
  }

  drawStrip() {
    const { n, p } = this.sizes;
    const { padded, reach, unread } = this.line;
    style(this.root, { "--longest": Math.max(padded, reach) });
    this.strip.clear(1, padded);
    this.strip.field.classList.toggle("cks-long", Math.max(padded, reach) > 20);
    this.strip.mark("cells", 0, p, [1, n]);
    for (const cell of unread) this.strip.mark("unread", 0, cell);
    for (let i = 0; i < n; i++) this.strip.mark("index", 0, p + i, [1, 1], `${i}`);
  }

  /** @param {number} current */
  drawStairs(current) {
    const { padded, reach, weights, stops } = this.line;
    const shown = stops.length ? stops : [0];
    style(this.root, { "--stops": shown.length });
    this.stairs.clear(shown.length, Math.max(padded, reach));
    this.numbers.replaceChildren();
    for (const [i, stop] of shown.entries()) {
      const now = i === current ? "weight-on" : "stop";
      const numbered = shown.length <= STOPS_WITH_NUMBER || i === current;
      make(this.numbers, "span", "", {}, numbered && stops.length ? `${i}` : "");
      this.stairs.mark("reach", i, stop, [1, reach]);
      for (const at of weights) this.stairs.mark(now, i, stop + at);
    }
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  drawSquare(row, column) {
    const { n, p } = this.sizes;
    const { padded, reach, weights, stops, unread } = this.line;
    this.input.small.textContent = p
      ? `${n} × ${n}, padded ${padded} × ${padded}`
      : `${n} × ${n}`;
    style(this.root, { "--all": padded + stops.length, "--padded": padded });
    this.square.clear(padded, padded);
    this.square.mark("cells", p, p, [n, n]);
    for (const cell of unread) {
      this.square.mark("unread", 0, cell, [padded, 1]);
      this.square.mark("unread", cell, 0, [1, padded]);
    }
    if (!stops.length) return;
    for (const down of weights) {
      for (const across of weights) {
        this.square.mark("weight-on", stops[row] + down, stops[column] + across);
      }
    }
    this.square.mark("outline", stops[row], stops[column], [reach, reach]);
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  drawResult(row, column) {
    const count = this.line.stops.length;
    this.output.small.textContent = count ? `${count} × ${count}` : "none";
    this.result.field.hidden = !count;
    this.result.clear(count, count);
    if (!count) return;
    this.result.mark("cells", 0, 0, [count, count]);
    this.result.mark("weight-on", row, column);
    this.result.mark("outline", row, column);
  }
}

export default page(OutputSize);
