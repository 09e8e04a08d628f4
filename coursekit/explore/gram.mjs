// Small maps and what their Gram matrix notices: the page's half of
// coursekit.explore.gram.
/** @import { AnyModel } from "@anywidget/types" */
/** @import { Grid, Pair } from "./kit/numbers.mjs" */

import { bar, button } from "./kit/controls.mjs";
import { NumberGrid } from "./kit/grids.mjs";
import { each, range, shape } from "./kit/numbers.mjs";
import { help, make, panel, style } from "./kit/page.mjs";
import { page, Walk } from "./kit/widget.mjs";

const ALONE = 1; // the filter that is shuffled alone, counted from 0
const NUMBERS = 3; // a click goes through 0, 1 and 2

// ---- The arithmetic (compared with coursekit.explore.gram by the tests) ----

/**
 * A map whose place number i holds what was at place order[i].
 * @param {Grid} map
 * @param {number[]} order
 */
export function shuffle(map, order) {
  const columns = map[0].length;
  const all = map.flat();
  return map.map((line, r) => line.map((_, c) => all[order[r * columns + c]]));
}

/**
 * G: for each two maps the sum over all places of the product of their numbers.
 * @param {Grid[]} maps
 * @returns {Grid}
 */
export function gram(maps) {
  const rows = maps.map((map) => map.flat());
  return rows.map((one) =>
    rows.map((other) => one.reduce((sum, value, k) => sum + value * other[k], 0)),
  );
}

/** @param {Grid} matrix */
const words = (matrix) => matrix.map((row) => `[${row.join(" ")}]`).join(", ");

/**
 * The matrix, and how far it is from that of the start.
 * @param {Grid[]} maps
 * @param {Grid[]} start
 */
export function sentence(maps, start) {
  const now = gram(maps);
  const before = gram(start);
  let squares = 0;
  each(now, (i, j, value) => {
    squares += (value - before[i][j]) ** 2;
  });
  if (!squares) return `G is ${words(now)}, as at the start: the style loss is 0.`;
  const [filters, places] = [maps.length, maps[0].flat().length];
  const factor = 4 * filters ** 2 * places ** 2;
  const millionths = Math.floor((2e6 * squares + factor) / (2 * factor));
  return (
    `G is ${words(now)}; at the start it was ${words(before)}. Σ(G − A)² is ` +
    `${squares.toLocaleString("en")}, and divided by 4·${filters}²·${places}² the ` +
    `style loss is ${(millionths / 1e6).toFixed(6)}.`
  );
}

/**
 * What the filters answer at a place, and what it adds to the matrix.
 * @param {Grid[]} maps
 * @param {number} row
 * @param {number} column
 */
export function place(maps, row, column) {
  const answers = maps.map((map) => map[row][column]);
  const adds = answers.map((one) => answers.map((other) => one * other));
  return (
    `Place [${row}, ${column}]: the filters answer ${answers.join(", ")}, ` +
    `which adds ${words(adds)} to G.`
  );
}

// ---- The widget ----

class Gram extends Walk {
  /**
   * @param {AnyModel} model
   * @param {Element} el
   */
  constructor(model, el) {
    super(model, el, "Maps and their Gram matrix");
    this.shuffles = 0;
    this.spoken = "";
    const stage = make(this.root, "div", "cks-maps");
    const [rows, columns] = shape(this.maps[0]);
    style(stage, { "--all-columns": columns * this.maps.length });
    this.grids = this.maps.map((map, i) => {
      const { box } = panel(stage, `Filter ${i + 1}`, `${rows} × ${columns}`);
      const grid = new NumberGrid(box, `Filter ${i + 1}`, map, [1, 1]);
      this.listen(grid, (row, column) => [row, column]);
      grid.field.addEventListener("click", () => this.change(i));
      return grid;
    });
    const matrices = make(this.root, "div", "cks-maps cks-matrices");
    const names = ["Gram matrix G", "at the start, A"];
    const empty = gram(this.maps);
    this.matrices = names.map(
      (name) => new NumberGrid(panel(matrices, name).box, name, empty),
    );
    this.adds = make(this.root, "p", "cks-place");
    this.verdict = make(this.root, "p", "cks-verdict");
    this.buildControls();
    this.watch(["maps"], () => this.schedule());
    this.draw();
  }

  /** @returns {Grid[]} */
  get maps() {
    return this.model.get("maps");
  }

  /** @returns {Pair} */
  get last() {
    const [rows, columns] = shape(this.maps[0]);
    return [rows - 1, columns - 1];
  }

  buildControls() {
    const controls = bar(this.root);
    const alone = `Shuffle filter ${ALONE + 1} alone`;
    button(controls, "Shuffle the places", () => this.shuffle(() => true));
    button(controls, alone, () => this.shuffle((i) => i === ALONE));
    button(controls, "Reset", () => this.reset());
    help(
      this.root,
      "Click a cell to change its number, 0, 1 or 2; or use the keys [←][↑][→][↓] " +
        "[Home][End] and [space] (change). The frame is on the same place in all maps; " +
        "what differs from the start is framed in the matrix.",
    );
  }

  // -- Changing --

  /** @param {Grid[]} maps */
  put(maps) {
    this.model.set("maps", maps);
    this.model.save_changes();
  }

  /**
   * The next number in the framed cell of a map.
   * @param {number} filter counted from 0
   */
  change(filter) {
    const { row, column } = this;
    const maps = structuredClone(this.maps);
    maps[filter][row][column] = (maps[filter][row][column] + 1) % NUMBERS;
    this.put(maps);
  }

  /**
   * Some of the maps get the next of the orders, all of them the same.
   * @param {(filter: number) => boolean} chosen
   */
  shuffle(chosen) {
    /** @type {number[][]} */
    const orders = this.model.get("orders");
    const order = orders[this.shuffles % orders.length];
    this.shuffles += 1;
    this.put(this.maps.map((map, i) => (chosen(i) ? shuffle(map, order) : map)));
  }

  reset() {
    this.shuffles = 0;
    this.model.set("maps", this.model.get("start"));
    super.reset();
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement} target
   */
  key(event, target) {
    const filter = this.boards.findIndex(({ field }) => field.contains(target));
    const held = event.altKey || event.shiftKey || event.ctrlKey || event.metaKey;
    if (filter < 0 || held || event.key !== " ") {
      super.key(event, target);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    this.change(filter);
  }

  // -- Drawing --

  draw() {
    super.draw();
    const { maps, row, column } = this;
    /** @type {Grid[]} */
    const start = this.model.get("start");
    const limits = range(maps.flat());
    for (const [i, grid] of this.grids.entries()) {
      each(maps[i], (r, c, value) => grid.show(r, c, value, limits, "grey"));
      grid.mark(row, column);
    }
    this.drawMatrices(gram(maps), gram(start));
    this.adds.textContent = place(maps, row, column);
    this.verdict.textContent = sentence(maps, start);
    this.tell();
  }

  /**
   * @param {Grid} now
   * @param {Grid} before
   */
  drawMatrices(now, before) {
    const limits = range([...now, ...before]);
    for (const [at, matrix] of [now, before].entries()) {
      const grid = this.matrices[at];
      grid.fit([...now, ...before]);
      each(matrix, (i, j, value) => {
        grid.show(i, j, value, limits, "grey");
        const changed = now[i][j] !== before[i][j];
        grid.cells[i][j].classList.toggle("cks-changed", changed && at === 0);
      });
    }
  }

  /** The matrix when the maps have changed, else the place. */
  tell() {
    const text = JSON.stringify(this.maps);
    const words = text === this.spoken ? this.adds : this.verdict;
    this.say(words.textContent ?? "");
    this.spoken = text;
  }
}

export default page(Gram);
