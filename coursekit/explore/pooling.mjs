// Walk over a pooling and send a gradient back: the page's half of
// coursekit.explore.pooling.
/** @import { AnyModel } from "@anywidget/types" */
/** @import { Grid, Pair } from "./kit/numbers.mjs" */
/** @typedef {"max" | "average"} Kind */
/** @typedef {{input: Grid, k: number, s: number, kind: Kind, back: boolean}} State */

import { bar, button, checkbox, slider } from "./kit/controls.mjs";
import { NumberGrid } from "./kit/grids.mjs";
import { each, range, shape, span } from "./kit/numbers.mjs";
import { help, make, panel, style } from "./kit/page.mjs";
import { page, Walk } from "./kit/widget.mjs";

/** @type {("k" | "s" | "kind" | "back" | "row" | "column")[]} */
const TRAITS = ["k", "s", "kind", "back", "row", "column"];

// ---- The arithmetic (compared with torch by the tests) ----

/**
 * The numbers of a window, row by row.
 * @param {Grid} input
 * @param {number} k
 * @param {number} top
 * @param {number} left
 */
const windowAt = (input, k, top, left) =>
  input.slice(top, top + k).map((line) => line.slice(left, left + k));

/**
 * What the numbers of a window get of its gradient: all of it the first of the largest,
 * or each the same part.
 * @param {Grid} window
 * @param {Kind} kind
 * @returns {Grid}
 */
export function sharesOf(window, kind) {
  const all = window.flat();
  const winner = all.indexOf(Math.max(...all));
  const share = (/** @type {number} */ place) =>
    kind === "max" ? Number(place === winner) : 1 / all.length;
  return window.map((line, r) => line.map((_, c) => share(r * line.length + c)));
}

/**
 * The output, and what each number of the input gets if each output sends 1 back.
 * @param {State} state
 */
export function pooled({ input, k, s, kind }) {
  const [rows, columns] = shape(input).map((side) => Math.floor((side - k) / s) + 1);
  const output = Array.from({ length: rows }, () => Array(columns).fill(0));
  const gradient = input.map((line) => line.map(() => 0));
  each(output, (row, column) => {
    const window = windowAt(input, k, s * row, s * column);
    each(sharesOf(window, kind), (r, c, share) => {
      output[row][column] += share * window[r][c];
      gradient[s * row + r][s * column + c] += share;
    });
  });
  return { output, gradient };
}

/**
 * The window in words, and what has been sent back.
 * @param {State} state
 * @param {number} row
 * @param {number} column
 */
export function sentence(state, row, column) {
  const { input, k, s, kind, back } = state;
  const [top, left] = [s * row, s * column];
  const window = windowAt(input, k, top, left);
  const where = `${span("row", top, k)}, ${span("column", left, k)}`;
  const place = kind === "max" ? winnerOf(window, top, left) : null;
  const forward = place
    ? largest(window, where, place)
    : `${sum(window)}/${k * k}, the mean of ${where}.`.replace("-", "−");
  const words = `output[${row}, ${column}] = ${forward}`;
  return back ? `${words} ${sentBack(state, place)}` : words;
}

/** @param {Grid} values */
const sum = (values) => values.flat().reduce((a, b) => a + b);

/**
 * Where the first of the largest numbers stands in the input.
 * @param {Grid} window
 * @param {number} top
 * @param {number} left
 * @returns {Pair}
 */
function winnerOf(window, top, left) {
  const all = window.flat();
  const place = all.indexOf(Math.max(...all));
  const width = window[0].length;
  return [top + Math.floor(place / width), left + (place % width)];
}

/**
 * @param {Grid} window
 * @param {string} where
 * @param {Pair} place
 */
function largest(window, where, [row, column]) {
  const top = Math.max(...window.flat());
  const tied = window.flat().filter((value) => value === top).length;
  const words = `${top}, the largest of ${where}: input[${row}, ${column}].`;
  const more = ` ${tied} of them tie; the first in reading order counts.`;
  return (tied > 1 ? words + more : words).replace("-", "−");
}

/**
 * @param {State} state
 * @param {Pair | null} winner
 */
function sentBack(state, winner) {
  const { output, gradient } = pooled(state);
  const all = gradient.flat();
  const share = `1/${state.k ** 2} of its gradient of 1 goes to each of them.`;
  const words = winner
    ? `Its gradient of 1 goes there; input[${winner[0]}, ${winner[1]}] gets ` +
      `${gradient[winner[0]][winner[1]]} in all.`
    : share;
  const nothing = all.filter((value) => value === 0).length;
  return (
    `${words} ${nothing} of ${all.length} numbers get 0, and the others together ` +
    `${output.flat().length}, 1 from each output.`
  );
}

// ---- The widget ----

class Pooling extends Walk {
  /**
   * @param {AnyModel} model
   * @param {Element} el
   */
  constructor(model, el) {
    super(model, el, "Pooling");
    this.tick = 700;
    this.start = TRAITS.map((name) => model.get(name));
    this.drawn = "";
    const sliders = make(this.root, "div", "cks-pool-sliders");
    const limits = model.get("limits");
    this.setK = slider(sliders, "Window", "k", limits.k, (k) => this.change({ k }));
    this.setS = slider(sliders, "Stride", "s", limits.s, (s) => this.change({ s }));
    this.stage = make(this.root, "div", "cks-pools");
    this.rebuild();
    this.words = make(this.root, "p", "cks-pool-words");
    const controls = bar(this.root);
    this.addButtons(controls);
    this.sender = button(controls, "Send a gradient back", () =>
      this.change({ back: !this.state.back }),
    );
    button(controls, "Reset", () => this.restart());
    this.average = checkbox(controls, "Average, not maximum", (ticked) =>
      this.change({ kind: ticked ? "average" : "max" }),
    );
    help(
      this.root,
      "Point at a cell, or use the keys [←][↑][→][↓][Home][End] and [space] (next " +
        "output). Below a number of the window: its share of the output's gradient.",
    );
    this.watch(["k", "s", "kind", "back"], () => this.schedule());
    this.draw();
  }

  /** @returns {State} */
  get state() {
    const [k, s, kind, back] = TRAITS.map((name) => this.model.get(name));
    return { input: this.model.get("input"), k, s, kind, back };
  }

  /** @returns {Pair} */
  get last() {
    const { input, k, s } = this.state;
    const [rows, columns] = shape(input).map((side) => Math.floor((side - k) / s));
    return [rows, columns];
  }

  // -- Changing --

  /**
   * A slider, a button or the box.
   * @param {Partial<State>} change
   */
  change(change) {
    this.pause();
    for (const [name, value] of Object.entries(change)) this.model.set(name, value);
    this.move(this.row, this.column);
  }

  /** As it was at first. */
  restart() {
    this.pause();
    for (const [i, name] of TRAITS.entries()) this.model.set(name, this.start[i]);
    this.model.save_changes();
  }

  // -- Drawing --

  /** Grids of the sizes that k and s give. */
  rebuild() {
    const { input, k, s } = this.state;
    const { output } = pooled(this.state);
    this.drawn = `${k},${s}`;
    this.boards = [];
    this.stage.replaceChildren();
    const columns = 2 * input[0].length + output[0].length;
    style(this.stage, { "--all-columns": columns });
    const near = (/** @type {number} */ cell) => Math.round((cell - (k - 1) / 2) / s);
    this.inputGrid = this.grid("Input", input, [k, k], near);
    this.outputGrid = this.grid("Output", output, [1, 1], (cell) => cell);
    this.gradientGrid = this.grid("Gradient for the input", input, [k, k], near);
  }

  /**
   * @param {string} name
   * @param {Grid} values
   * @param {Pair} frame
   * @param {(cell: number) => number} near the output that a cell stands for
   */
  grid(name, values, frame, near) {
    const { box } = panel(this.stage, name, shape(values).join(" × "));
    const grid = new NumberGrid(box, name, values, frame);
    this.listen(grid, (row, column) => [near(row), near(column)]);
    return grid;
  }

  draw() {
    super.draw();
    const { input, k, s, kind, back } = this.state;
    if (this.drawn !== `${k},${s}`) this.rebuild();
    const [row, column] = [
      Math.min(this.row, this.last[0]),
      Math.min(this.column, this.last[1]),
    ];
    const { output, gradient } = pooled(this.state);
    this.setK(k);
    this.setS(s);
    this.average.checked = kind === "average";
    this.sender.setAttribute("aria-pressed", String(back));
    this.fill(this.inputGrid, input);
    this.fill(this.outputGrid, output);
    this.fill(this.gradientGrid, gradient, back);
    const [top, left] = [s * row, s * column];
    this.inputGrid?.lay(sharesOf(windowAt(input, k, top, left), kind), top, left);
    this.inputGrid?.mark(top, left);
    this.outputGrid?.mark(row, column);
    this.gradientGrid?.mark(top, left);
    const words = sentence(this.state, row, column);
    this.words.textContent = words;
    if (!this.timer) this.say(words);
  }

  /**
   * @param {NumberGrid | undefined} grid
   * @param {Grid} values
   * @param {boolean} [known]
   */
  fill(grid, values, known = true) {
    const limits = range(values);
    const paint = this.state.input.flat().some((value) => value < 0);
    grid?.fit(values);
    each(values, (row, column, value) =>
      grid?.show(row, column, known ? value : null, limits, paint ? "signed" : "grey"),
    );
  }
}

export default page(Pooling);
