// Rows of units over a row of pixels, and what one of them sees: the page's half of
// coursekit.explore.receptive_field.
/** @import { AnyModel } from "@anywidget/types" */
/** @import { Pair } from "./kit/numbers.mjs" */
/** @typedef {[number, number, number, number]} Spec kernel, stride, padding, dilation */
/** @typedef {{count: number, jump: number, left: number}} Row */

import { bar, button } from "./kit/controls.mjs";
import { Area } from "./kit/grids.mjs";
import { clamp } from "./kit/numbers.mjs";
import { help, make, style } from "./kit/page.mjs";
import { page, Walk } from "./kit/widget.mjs";

// ---- The arithmetic (compared with coursekit.plots.sight by the tests) ----

/**
 * The pixels, and each layer above them: how many units, how many pixels apart, and
 * where unit 0 begins. Every unit stands over the middle of what it sees.
 * @param {Spec[]} layers
 * @param {number} pixels
 */
export function rowsOf(layers, pixels) {
  /** @type {Row[]} */
  const rows = [{ count: pixels, jump: 1, left: 0 }];
  for (const [k, s, p, d] of layers) {
    const below = rows[rows.length - 1];
    const reach = d * (k - 1);
    rows.push({
      count: Math.max(0, Math.floor((below.count + 2 * p - reach - 1) / s) + 1),
      jump: below.jump * s,
      left: below.left + (reach / 2 - p) * below.jump,
    });
  }
  return rows;
}

/**
 * What a unit of the last layer sees: pixels, units of layer 1, …, itself. Numbers
 * outside of a row are padding.
 * @param {Spec[]} layers
 * @param {number} unit
 */
export function seenBy(layers, unit) {
  const seen = [[unit]];
  for (const [k, s, p, d] of [...layers].reverse()) {
    const below = new Set(
      seen[0].flatMap((i) => Array.from({ length: k }, (_, m) => i * s - p + m * d)),
    );
    seen.unshift([...below].sort((one, other) => one - other));
  }
  return seen;
}

/**
 * What a unit sees, in words.
 * @param {Row[]} rows
 * @param {number[][]} seen
 * @param {number} unit
 */
export function sentence(rows, seen, unit) {
  const layer = seen.length - 1;
  if (!layer) return `Pixel ${unit} sees itself.`;
  const [first, last] = ends(seen[0]);
  const size = last - first + 1;
  const words = [
    `Unit ${unit} of layer ${layer} sees pixels ${first} to ${last}, ${size} in all`,
  ];
  const outside =
    Math.max(0, Math.min(-first, size)) +
    Math.max(0, Math.min(last - rows[0].count + 1, size));
  if (outside) words.push(`${outside} of them padding`);
  const holes = size - seen[0].length;
  if (holes) words.push(`${holes} of them skipped`);
  return `${words.join(", ")}.`.replace(/-/g, "−");
}

/**
 * @param {number[]} sorted
 * @returns {Pair}
 */
const ends = (sorted) => [sorted[0], sorted[sorted.length - 1]];

/**
 * The unit of a row that stands nearest to a place.
 * @param {Row} row
 * @param {number} middle in pixels
 */
export const nearest = ({ count, jump, left }, middle) =>
  clamp(Math.round((middle - 0.5 - left) / jump), count - 1);

// ---- The widget ----

class ReceptiveField extends Walk {
  /**
   * @param {AnyModel} model
   * @param {Element} el
   */
  constructor(model, el) {
    super(model, el, "Receptive field");
    /** @type {Spec[]} */
    this.layers = model.get("layers");
    this.rows = rowsOf(this.layers, model.get("pixels"));
    this.span = this.wholeSpan();
    const stage = make(this.root, "div", "cks-tower");
    this.names = make(stage, "div", "cks-storeys", { "aria-hidden": "true" });
    this.area = new Area(stage, "Units of all layers; arrow keys move");
    this.words = make(this.root, "p", "cks-verdict");
    this.nameRows();
    const controls = bar(this.root);
    this.addButtons(controls);
    button(controls, "Reset", () => this.toTop());
    help(
      this.root,
      "Point at a unit, or use the keys [←][→] along a layer, [↑][↓] to the layer above " +
        "or below, [Home][End] and [space] (next unit). Dashed boxes are padding.",
    );
    this.listen(this.area, (row, column) => this.unitAt(row, column));
    this.watch(["layer", "unit"], () => this.schedule());
    this.draw();
  }

  /** Rows are counted from the top: 0 is the last layer. */
  get row() {
    return this.layers.length - this.model.get("layer");
  }

  /** @returns {number} */
  get column() {
    return this.model.get("unit");
  }

  /** @returns {Pair} */
  get last() {
    return [this.layers.length, this.rowAt(this.row).count - 1];
  }

  /** @param {number} row */
  rowAt(row) {
    return this.rows[this.layers.length - row];
  }

  /**
   * The first pixel and the one behind the last that any unit sees, padding included.
   * @returns {Pair}
   */
  wholeSpan() {
    const seen = this.rows.flatMap(({ count }, layer) =>
      [0, count - 1].flatMap((unit) =>
        ends(seenBy(this.layers.slice(0, layer), unit)[0]),
      ),
    );
    return [Math.min(0, ...seen), Math.max(...seen) + 1];
  }

  // -- Moving --

  /**
   * Where the mouse is: rows of units and rows between them, columns of half pixels.
   * @param {number} row
   * @param {number} column
   * @returns {Pair}
   */
  unitAt(row, column) {
    const level = Math.round(row / 2);
    const middle = this.span[0] + (column + 0.5) / 2;
    return [level, nearest(this.rowAt(level), middle)];
  }

  /** @returns {Record<string, Pair>} */
  moves() {
    const { row, column } = this;
    return {
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      ArrowUp: this.beside(-1),
      ArrowDown: this.beside(1),
      Home: [row, 0],
      End: [row, this.last[1]],
      " ": this.following(),
    };
  }

  /**
   * The unit of the next row up or down that stands nearest.
   * @param {number} step
   * @returns {Pair}
   */
  beside(step) {
    const row = clamp(this.row + step, this.layers.length);
    const { jump, left } = this.rowAt(this.row);
    return [row, nearest(this.rowAt(row), left + this.column * jump + 0.5)];
  }

  /** @returns {Pair} */
  following() {
    return [this.row, (this.column + 1) % this.rowAt(this.row).count];
  }

  get atEnd() {
    return this.column === this.last[1];
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  set(row, column) {
    this.model.set("layer", this.layers.length - row);
    this.model.set("unit", column);
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  move(row, column) {
    const level = clamp(row, this.layers.length);
    this.set(level, clamp(column, this.rowAt(level).count - 1));
    this.model.save_changes();
  }

  /** Play begins again at the first unit of its layer. */
  reset() {
    this.pause();
    this.move(this.row, 0);
  }

  /** The middle unit of the last layer. */
  toTop() {
    this.pause();
    this.move(0, Math.floor((this.rowAt(0).count - 1) / 2));
  }

  // -- Drawing --

  nameRows() {
    const [first, end] = this.span;
    style(this.root, {
      "--levels": 2 * this.layers.length + 1,
      "--halves": 2 * (end - first),
    });
    for (let layer = this.layers.length; layer >= 0; layer--) {
      const name = make(this.names, "div", "cks-storey");
      name.style.gridRow = `${2 * (this.layers.length - layer) + 1}`;
      make(name, "b", "", {}, layer ? `layer ${layer}` : "pixels");
      if (layer) make(name, "small", "", {}, described(this.layers[layer - 1]));
    }
  }

  draw() {
    super.draw();
    const layer = this.model.get("layer");
    const seen = seenBy(this.layers.slice(0, layer), this.column);
    this.area.clear(2 * this.layers.length + 1, 2 * (this.span[1] - this.span[0]));
    for (const [level, row] of this.rows.entries()) {
      this.drawRow(level, row, seen[level] ?? []);
      if (level < layer) this.drawBeam(level, seen);
    }
    const words = sentence(this.rows, seen, this.column);
    this.words.textContent = words;
    if (!this.timer) this.say(words);
  }

  /**
   * @param {number} level
   * @param {Row} row
   * @param {number[]} seen
   */
  drawRow(level, row, seen) {
    const top = 2 * (this.layers.length - level);
    const column = (/** @type {number} */ unit) =>
      2 * (row.left + unit * row.jump - this.span[0]);
    const lit = new Set(seen);
    for (let unit = 0; unit < row.count; unit++) {
      const kind = lit.has(unit) ? "unit cks-weight-on" : "unit";
      this.area.mark(kind, top, column(unit), [1, 2], `${unit}`);
    }
    for (const unit of seen) {
      const outside = unit < 0 || unit >= row.count;
      if (outside) this.area.mark("unit cks-nothing", top, column(unit), [1, 2]);
    }
    if (level === this.model.get("layer")) {
      this.area.mark("outline", top, column(this.column), [1, 2]);
    }
  }

  /**
   * From what is seen in one row to those who see it in the row above.
   * @param {number} level
   * @param {number[][]} seen
   */
  drawBeam(level, seen) {
    const width = this.span[1] - this.span[0];
    const [below, above] = [level, level + 1].map((at) => {
      const { jump, left } = this.rows[at];
      const [first, last] = ends(seen[at]).map((unit) => left + unit * jump);
      return [first, last + 1].map((x) => `${(100 * (x - this.span[0])) / width}%`);
    });
    const beam = make(this.area.field, "div", "cks-mark cks-beam");
    const row = 2 * (this.layers.length - level);
    beam.style.gridArea = `${row} / 1 / span 1 / -1`;
    beam.style.clipPath =
      `polygon(${above[0]} 0, ${above[1]} 0, ` + `${below[1]} 100%, ${below[0]} 100%)`;
  }
}

/**
 * A layer's numbers in few words: what is usual is left out.
 * @param {Spec} layer
 */
function described([k, s, p, d]) {
  const more = [
    s > 1 ? `, stride ${s}` : "",
    p > 0 ? `, padding ${p}` : "",
    d > 1 ? `, dilation ${d}` : "",
  ];
  return `kernel ${k}${more.join("")}`;
}

export default page(ReceptiveField);
