// A widget: its model, its part of the page, and how something walks over a grid in it.
/** @import { AnyModel, RenderProps } from "@anywidget/types" */
/** @import { Pair } from "./numbers.mjs" */

import { button } from "./controls.mjs";
import { clamp } from "./numbers.mjs";
import { make } from "./page.mjs";

/** @typedef {{field: HTMLElement, shape: Pair, focus: () => void}} Board */

/** What moves a slider. */
const STEERING = /^(Arrow|Page|Home$|End$)/;

/** A part of the page that shows a model. A widget says how: `draw`. */
export class Widget {
  /**
   * @param {AnyModel} model
   * @param {Element} el
   * @param {string} label what a screen reader calls the widget
   */
  constructor(model, el, label) {
    this.model = model;
    this.root = make(el, "div", "cks", { role: "group", "aria-label": label });
    this.live = make(el, "div", "cks-live", { role: "status", "aria-live": "polite" });
    this.root.append(this.live);
    /** @type {(() => void)[]} */
    this.closing = [];
    this.waiting = false;
    // At the window, for JupyterLab's shortcuts take the arrow keys at the document.
    const pressed = (/** @type {KeyboardEvent} */ event) => this.pressed(event);
    window.addEventListener("keydown", pressed, true);
    this.closing.push(() => window.removeEventListener("keydown", pressed, true));
  }

  /**
   * Call `action` when one of Python's values changes, on either side.
   * @param {string[]} names
   * @param {() => void} action
   */
  watch(names, action) {
    for (const name of names) {
      this.model.on(`change:${name}`, action);
      this.closing.push(() => this.model.off(`change:${name}`, action));
    }
  }

  close() {
    for (const end of this.closing) end();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!this.root.contains(target)) return;
    if (!(target instanceof HTMLInputElement)) this.key(event, target);
    else if (STEERING.test(event.key)) event.stopPropagation();
  }

  /**
   * A key was pressed on something that is neither a slider nor a box to tick.
   * @param {KeyboardEvent} _event
   * @param {HTMLElement} _target
   */
  key(_event, _target) {}

  /**
   * For screen readers.
   * @param {string} sentence
   */
  say(sentence) {
    this.live.textContent = sentence;
  }

  /** Draw once after several values have changed. */
  schedule() {
    if (this.waiting) return;
    this.waiting = true;
    queueMicrotask(() => {
      if (this.waiting) this.draw();
    });
  }

  draw() {
    this.waiting = false;
  }
}

/**
 * Something that walks over a grid, cell by cell: `row` and `column` of the model.
 * A widget says how far (`last`), what is drawn (`draw`), and what each visit leaves
 * behind (`visit`); it listens to its boards and has a bar of buttons.
 */
export class Walk extends Widget {
  /**
   * @param {AnyModel} model
   * @param {Element} el
   * @param {string} label
   */
  constructor(model, el, label) {
    super(model, el, label);
    /** @type {Board[]} */
    this.boards = [];
    this.timer = 0;
    this.tick = 450; // milliseconds per step of Play
    this.stride = 1; // cells per step of Play
    this.watch(["row", "column"], () => this.schedule());
    this.closing.push(() => clearInterval(this.timer));
  }

  /** @returns {number} */
  get row() {
    return this.model.get("row");
  }

  /** @returns {number} */
  get column() {
    return this.model.get("column");
  }

  /**
   * The last row and the last column.
   * @returns {Pair}
   */
  get last() {
    return [0, 0];
  }

  /**
   * @param {number} _row
   * @param {number} _column
   */
  visit(_row, _column) {}

  /** @param {Element} bar */
  addButtons(bar) {
    this.playButton = button(bar, "▶ Play", () =>
      this.timer ? this.pause() : this.play(),
    );
    button(bar, "Step", () => this.step());
  }

  // -- Mouse and keys --

  /**
   * Go where the mouse points on a board.
   * @param {Board} board
   * @param {(row: number, column: number) => Pair} place
   */
  listen(board, place) {
    this.boards.push(board);
    let seen = "";
    const follow = (/** @type {PointerEvent} */ event) => {
      // A page that scrolls under a resting mouse is not a move of the mouse.
      const spot = `${event.screenX},${event.screenY}`;
      if (event.type === "pointermove" && (spot === seen || this.timer)) return;
      seen = spot;
      this.move(...place(...cellAt(board, event)));
    };
    board.field.addEventListener("pointermove", follow);
    board.field.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.pause();
      follow(event);
      this.draw();
      board.focus();
    });
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement} target
   */
  key(event, target) {
    const board = this.boards.find(({ field }) => field.contains(target));
    if (!board || event.altKey || event.shiftKey) return;
    const moves = this.moves(event.ctrlKey || event.metaKey);
    if (!(event.key in moves)) return;
    event.preventDefault();
    event.stopPropagation();
    this.pause();
    this.move(...moves[event.key]);
    this.draw();
    board.focus();
  }

  /**
   * Where each key leads to.
   * @param {boolean} whole Home and End go to the first and the last cell of all
   * @returns {Record<string, Pair>}
   */
  moves(whole) {
    const { row, column } = this;
    const [lastRow, lastColumn] = this.last;
    return {
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      Home: [whole ? 0 : row, 0],
      End: [whole ? lastRow : row, lastColumn],
      " ": this.following(),
    };
  }

  // -- Moving --

  /**
   * @param {number} row
   * @param {number} column
   */
  set(row, column) {
    this.model.set("row", row);
    this.model.set("column", column);
  }

  /**
   * Move as near as possible, and tell Python.
   * @param {number} row
   * @param {number} column
   */
  move(row, column) {
    const [lastRow, lastColumn] = this.last;
    this.set(clamp(row, lastRow), clamp(column, lastColumn));
    this.model.save_changes();
  }

  /**
   * The next cell in reading order; after the last one, the first.
   * @returns {Pair}
   */
  following() {
    const [lastRow, lastColumn] = this.last;
    const width = lastColumn + 1;
    const next = (this.row * width + this.column + 1) % (width * (lastRow + 1));
    return [Math.floor(next / width), next % width];
  }

  get atEnd() {
    const [lastRow, lastColumn] = this.last;
    return this.row === lastRow && this.column === lastColumn;
  }

  step() {
    this.pause();
    this.move(...this.following());
  }

  play() {
    if (this.atEnd) this.reset();
    this.timer = window.setInterval(() => this.playOn(), this.tick);
    if (this.playButton) this.playButton.textContent = "⏸ Pause";
  }

  playOn() {
    for (let i = 0; i < this.stride && !this.atEnd; i++) {
      this.set(...this.following());
      this.visit(this.row, this.column);
    }
    this.model.save_changes();
    if (this.atEnd) this.pause();
  }

  pause() {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = 0;
    if (this.playButton) this.playButton.textContent = "▶ Play";
    this.schedule();
  }

  reset() {
    this.pause();
    this.move(0, 0);
  }
}

/**
 * The cell of a board below the mouse.
 * @param {Board} board
 * @param {MouseEvent} event
 * @returns {Pair}
 */
function cellAt({ field, shape: [rows, columns] }, event) {
  const box = field.getBoundingClientRect();
  const row = Math.floor((rows * (event.clientY - box.top)) / box.height);
  const column = Math.floor((columns * (event.clientX - box.left)) / box.width);
  return [clamp(row, rows - 1), clamp(column, columns - 1)];
}

/**
 * What anywidget asks of a module.
 * @param {new (model: AnyModel, el: Element) => Widget} Kind
 */
export const page = (Kind) => ({
  /** @param {Pick<RenderProps, "model" | "el">} props */
  render({ model, el }) {
    const widget = new Kind(model, el);
    return () => widget.close();
  },
});
