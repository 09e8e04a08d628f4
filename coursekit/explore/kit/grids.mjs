// Grids: cells with numbers, or a canvas of pixels. Both know show, mark and focus.
/** @import { Paint } from "./colours.mjs" */
/** @import { Grid, Limits, Pair } from "./numbers.mjs" */

import { fills, paintCell } from "./colours.mjs";
import { each, format, shape, signOf } from "./numbers.mjs";
import { make, style } from "./page.mjs";

/** @typedef {NumberGrid | PixelGrid} AnyGrid */

const PIXELS_WIDE = 320;

/**
 * Indices along the upper and the left edge; the field of cells inside them.
 * @param {Element} parent
 * @param {Pair} shape
 */
function ruled(parent, [rows, columns]) {
  const plot = make(parent, "div", "cks-plot");
  const edges = [
    make(plot, "div", "cks-columns", { "aria-hidden": "true" }),
    make(plot, "div", "cks-rows", { "aria-hidden": "true" }),
  ];
  for (const [i, count] of [columns, rows].entries()) {
    for (let index = 0; index < count; index++) {
      make(edges[i], "span", "", {}, `${index}`);
    }
  }
  return plot;
}

/**
 * A frame of rows × columns cells that lies on a field; move it by the function.
 * @param {Element} field
 * @param {Pair} shape
 */
export function frame(field, [rows, columns]) {
  const box = make(field, "div", "cks-frame", { "aria-hidden": "true" });
  style(box, { "--frame-rows": rows, "--frame-columns": columns });
  return (/** @type {number} */ row, /** @type {number} */ column) =>
    style(box, { "--row": row, "--column": column });
}

/** Cells with numbers; with a frame they can be pointed at, without one only read. */
export class NumberGrid {
  /**
   * @param {Element} parent
   * @param {string} label
   * @param {Grid} values
   * @param {Pair | null} frameShape
   */
  constructor(parent, label, values, frameShape = null) {
    this.shape = shape(values);
    const [rows, columns] = this.shape;
    this.field = make(
      frameShape ? ruled(parent, this.shape) : parent,
      "div",
      "cks-field cks-numbers",
      {
        role: frameShape ? "grid" : "table",
        "aria-label": `${label}, ${rows} rows and ${columns} columns`,
      },
    );
    this.cells = this.makeCells(values, frameShape ? "gridcell" : "cell");
    if (!frameShape) return;
    this.moveFrame = frame(this.field, frameShape);
    for (const cell of this.cells.flat()) cell.tabIndex = -1;
  }

  /**
   * @param {Grid} values
   * @param {string} role
   */
  makeCells(values, role) {
    return values.map((line) => {
      const row = make(this.field, "div", "cks-row", { role: "row" });
      return line.map(() => {
        const cell = make(row, "div", "cks-cell", { role });
        make(cell, "span", "cks-value");
        return cell;
      });
    });
  }

  /**
   * One size of type for all numbers, set by the longest.
   * @param {Grid} values
   */
  fit(values) {
    const lengths = values.flat().map((value) => format(value).length);
    style(this.field, { "--length": Math.max(2, ...lengths) });
  }

  /**
   * Write `value` (null: not known yet) into a cell.
   * @param {number} row
   * @param {number} column
   * @param {number | null} value
   * @param {Limits} limits
   * @param {Paint} paint
   */
  show(row, column, value, limits, paint) {
    const cell = this.cells[row][column];
    const text = value === null ? "" : format(value);
    cell.children[0].textContent = text;
    cell.classList.toggle("cks-empty", value === null);
    const words = text || "not computed yet";
    cell.setAttribute("aria-label", `row ${row}, column ${column}: ${words}`);
    cell.removeAttribute("data-sign");
    if (value === null) cell.removeAttribute("style");
    else paintCell(cell, value, limits, paint);
  }

  /**
   * Lay weights on the cells from (row, column) on, and take them off all others.
   * @param {Grid} kernel
   * @param {number} row
   * @param {number} column
   */
  lay(kernel, row, column) {
    each(this.cells, (r, c, cell) => {
      const weight = kernel[r - row]?.[c - column];
      cell.classList.toggle("cks-under", weight !== undefined);
      cell.querySelector(".cks-weight")?.remove();
      if (weight === undefined) return;
      const strip = make(cell, "span", "cks-weight", { "aria-hidden": "true" });
      const text = format(weight);
      strip.textContent = text.length < 4 ? `×${text}` : text;
      strip.dataset.sign = signOf(weight);
    });
  }

  /**
   * Frame the cells from (row, column) on; that one can be reached by Tab.
   * @param {number} row
   * @param {number} column
   */
  mark(row, column) {
    this.moveFrame?.(row, column);
    this.current?.setAttribute("tabindex", "-1");
    this.current?.removeAttribute("aria-current");
    this.current = this.cells[row][column];
    this.current.setAttribute("tabindex", "0");
    this.current.setAttribute("aria-current", "true");
  }

  focus() {
    this.current?.focus({ preventScroll: true });
  }
}

/** A canvas with one pixel for a number, and a frame. */
export class PixelGrid {
  /**
   * @param {Element} parent
   * @param {string} label
   * @param {Grid} values
   * @param {Pair} frameShape
   * @param {number} largest the number of pixels that fill the usual width
   */
  constructor(parent, label, values, frameShape, largest) {
    this.shape = shape(values);
    const [rows, columns] = this.shape;
    const size = Math.max(1, Math.floor(PIXELS_WIDE / largest));
    this.field = make(parent, "div", "cks-field cks-pixels", {
      role: "application",
      tabindex: "0",
      "aria-roledescription": "picture",
      "aria-label": `${label}, ${rows} rows and ${columns} columns; arrow keys move`,
    });
    this.field.style.setProperty("--cell", `${size}px`);
    const canvas = make(this.field, "canvas", "", { "aria-hidden": "true" });
    canvas.width = columns;
    canvas.height = rows;
    canvas.style.width = `${columns * size}px`;
    canvas.style.height = `${rows * size}px`;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.moveFrame = frame(this.field, frameShape);
  }

  /**
   * @param {number} row
   * @param {number} column
   * @param {number | null} value
   * @param {Limits} limits
   * @param {Paint} paint
   */
  show(row, column, value, limits, paint) {
    this.context.clearRect(column, row, 1, 1);
    if (value === null) return;
    for (const fill of fills(value, limits, paint)) {
      this.context.fillStyle = fill;
      this.context.fillRect(column, row, 1, 1);
    }
  }

  // There are no numbers to fit, and no room for weights.
  fit() {}

  lay() {}

  /**
   * @param {number} row
   * @param {number} column
   */
  mark(row, column) {
    this.moveFrame(row, column);
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }
}

/** Cells without numbers; what is in them is laid on by `mark`. */
export class Area {
  /**
   * @param {Element} parent
   * @param {string} [label] with one it can be reached by Tab, without it is a picture
   */
  constructor(parent, label = "") {
    /** @type {Pair} */
    this.shape = [1, 1];
    this.field = make(parent, "div", "cks-field cks-area");
    if (label) {
      this.field.tabIndex = 0;
      this.field.setAttribute("role", "application");
      this.field.setAttribute("aria-roledescription", "picture");
      this.field.setAttribute("aria-label", label);
    } else this.field.setAttribute("aria-hidden", "true");
  }

  /**
   * Empty it and give it so many cells.
   * @param {number} rows
   * @param {number} columns
   */
  clear(rows, columns) {
    this.shape = [rows, columns];
    style(this.field, { "--rows": rows, "--columns": columns });
    this.field.replaceChildren();
  }

  /**
   * Lay something of a kind (a class of the style sheet) on cells from (row, column) on.
   * @param {string} kind
   * @param {number} row
   * @param {number} column
   * @param {Pair} [size]
   * @param {string} [text]
   */
  mark(kind, row, column, [rows, columns] = [1, 1], text = "") {
    const node = make(this.field, "div", `cks-mark cks-${kind}`, {}, text);
    const area = `${row + 1} / ${column + 1} / span ${rows} / span ${columns}`;
    node.style.gridArea = area;
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }
}
