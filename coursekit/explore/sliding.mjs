// Slide a kernel over an image: the page's half of coursekit.explore.slide_kernel.
// One module that needs nothing else, as anywidget loads it.

const NUMBERS_UP_TO = 12; // larger images are drawn as pixels without numbers
const TERMS_UP_TO = 25; // longer sums are shortened
const TICK = 450; // milliseconds per step of Play
const PIXEL_TICK = 30;
const PIXEL_TICKS = 300; // a run over a large image takes about this many ticks

// ---- The arithmetic (compared with coursekit.filters by the tests) ----

/** The kernel turned by half a turn: both axes reversed. */
export function flipped(kernel) {
  return kernel.map((line) => [...line].reverse()).reverse();
}

/** The pairs {weight, pixel} under a kernel at (row, column), line by line. */
export function terms(image, kernel, row, column) {
  return kernel.map((line, m) =>
    line.map((weight, n) => ({ weight, pixel: image[row + m][column + n] })),
  );
}

export function sumAt(image, kernel, row, column) {
  let sum = 0;
  for (let m = 0; m < kernel.length; m++) {
    for (let n = 0; n < kernel[m].length; n++) {
      sum += kernel[m][n] * image[row + m][column + n];
    }
  }
  return sum;
}

/** Cross-correlation at every place where the kernel fits. */
export function correlate(image, kernel) {
  const rows = image.length - kernel.length + 1;
  const columns = image[0].length - kernel[0].length + 1;
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => sumAt(image, kernel, row, column)),
  );
}

/** A number short enough for a cell: two or three decimals, or an exponent. */
export function format(value) {
  const size = Math.abs(value);
  if (size < 1e-9) return "0";
  const decimals = size < 0.01 ? 3 : 2;
  const long = size >= 1e5 || size < 0.0005;
  const text = long ? value.toExponential(1) : String(+value.toFixed(decimals));
  return text.replace(/-/g, "−");
}

function isExact(value) {
  const shown = Number(format(value).replace(/−/g, "-"));
  return Math.abs(shown - value) <= 1e-9 * Math.max(1, Math.abs(value));
}

/** The sign before a sum: "=" if all its numbers are shown exactly, "≈" if not. */
export function equality(lines, sum) {
  const numbers = [sum, ...lines.flat().flatMap((t) => [t.weight, t.pixel])];
  return numbers.every(isExact) ? "=" : "≈";
}

const bracketed = (value) => (value < 0 ? `(${format(value)})` : format(value));

// ---- Colours ----

function range(values) {
  const all = values.flat();
  const low = all.reduce((a, b) => Math.min(a, b));
  const high = all.reduce((a, b) => Math.max(a, b));
  return { low, high, top: Math.max(Math.abs(low), Math.abs(high)) || 1 };
}

/** From near black to near white, so that both differ from the page. */
function grey(value, { low, high }) {
  const share = high > low ? (value - low) / (high - low) : 0.5;
  return Math.round(26 + share * (248 - 26));
}

const signOf = (value) => (Math.abs(value) < 1e-9 ? "zero" : value > 0 ? "plus" : "minus");

function paintGrey(cell, value, limits) {
  const level = grey(value, limits);
  cell.style.background = `rgb(${level} ${level} ${level})`;
  cell.style.color = level > 117 ? "#000" : "#fff";
}

function paintSigned(cell, value, limits) {
  cell.dataset.sign = signOf(value);
  cell.style.setProperty("--share", (Math.abs(value) / limits.top).toFixed(3));
}

// ---- Small helpers for the page ----

function make(parent, tag, className = "", attributes = {}, text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text) node.textContent = text;
  parent.append(node);
  return node;
}

const shape = (values) => [values.length, values[0].length];
const times = (values) => shape(values).join(" × ");
const clamp = (value, last) => Math.min(Math.max(value, 0), last);

/** A title and, below it, the place for a grid. */
function panel(parent, title, values) {
  const box = make(parent, "div", "cks-panel");
  const head = make(box, "div", "cks-title");
  const name = make(head, "span", "", {}, title);
  make(head, "small", "", {}, times(values));
  return { box, name };
}

// ---- Grids: cells with numbers, or a canvas of pixels. Both know show, mark, focus ----

/** Indices along the upper and the left edge; the field of cells inside them. */
function ruled(parent, [rows, columns]) {
  const plot = make(parent, "div", "cks-plot");
  const edges = [
    make(plot, "div", "cks-columns", { "aria-hidden": "true" }),
    make(plot, "div", "cks-rows", { "aria-hidden": "true" }),
  ];
  [columns, rows].forEach((count, i) => {
    for (let index = 0; index < count; index++) make(edges[i], "span", "", {}, `${index}`);
  });
  return plot;
}

function frame(field, [rows, columns]) {
  const box = make(field, "div", "cks-frame", { "aria-hidden": "true" });
  box.style.setProperty("--frame-rows", rows);
  box.style.setProperty("--frame-columns", columns);
  return (row, column) => {
    box.style.setProperty("--row", row);
    box.style.setProperty("--column", column);
  };
}

class NumberGrid {
  constructor(parent, label, values, frameShape = null) {
    this.label = label;
    const [rows, columns] = shape(values);
    const plot = frameShape ? ruled(parent, [rows, columns]) : parent;
    this.field = make(plot, "div", "cks-field cks-numbers", {
      role: frameShape ? "grid" : "table",
      "aria-label": `${label}, ${rows} rows and ${columns} columns`,
    });
    this.field.style.setProperty("--columns", columns);
    this.field.style.setProperty("--rows", rows);
    const role = frameShape ? "gridcell" : "cell";
    this.cells = values.map((line) => {
      const row = make(this.field, "div", "cks-row", { role: "row" });
      return line.map(() => {
        const cell = make(row, "div", "cks-cell", { role });
        make(cell, "span", "cks-value");
        return cell;
      });
    });
    if (frameShape) {
      this.moveFrame = frame(this.field, frameShape);
      this.cells.flat().forEach((cell) => cell.setAttribute("tabindex", "-1"));
    }
  }

  /** One size of type for all numbers, set by the longest. */
  fit(values) {
    const longest = Math.max(2, ...values.flat().map((value) => format(value).length));
    this.field.style.setProperty("--length", longest);
  }

  /** Write `value` (null: not known yet) into a cell. */
  show(row, column, value, limits, paint) {
    const cell = this.cells[row][column];
    const text = value === null ? "" : format(value);
    cell.firstChild.textContent = text;
    cell.classList.toggle("cks-empty", value === null);
    cell.setAttribute(
      "aria-label",
      `row ${row}, column ${column}: ${text || "not computed yet"}`,
    );
    cell.removeAttribute("data-sign");
    if (value === null) cell.removeAttribute("style");
    else paint(cell, value, limits);
  }

  /** Lay weights on the cells from (row, column) on, and take them off all others. */
  lay(kernel, row, column) {
    const [rows, columns] = shape(kernel);
    this.cells.forEach((line, r) =>
      line.forEach((cell, c) => {
        const inside = r >= row && r < row + rows && c >= column && c < column + columns;
        const weight = inside ? kernel[r - row][c - column] : null;
        cell.classList.toggle("cks-under", inside);
        cell.querySelector(".cks-weight")?.remove();
        if (!inside) return;
        const strip = make(cell, "span", "cks-weight", { "aria-hidden": "true" });
        const text = format(weight);
        strip.textContent = text.length < 4 ? `×${text}` : text;
        strip.dataset.sign = signOf(weight);
      }),
    );
  }

  mark(row, column) {
    this.moveFrame(row, column);
    this.current?.setAttribute("tabindex", "-1");
    this.current?.removeAttribute("aria-current");
    this.current = this.cells[row][column];
    this.current.setAttribute("tabindex", "0");
    this.current.setAttribute("aria-current", "true");
  }

  focus() {
    this.current.focus({ preventScroll: true });
  }
}

class PixelGrid {
  constructor(parent, label, values, frameShape, size) {
    const [rows, columns] = shape(values);
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
    this.context = canvas.getContext("2d");
    this.moveFrame = frame(this.field, frameShape);
  }

  show(row, column, value, limits, paint) {
    this.context.clearRect(column, row, 1, 1);
    if (value === null) return;
    if (paint === paintGrey) {
      const level = grey(value, limits);
      this.context.fillStyle = `rgb(${level} ${level} ${level})`;
    } else {
      const share = Math.round((100 * Math.abs(value)) / limits.top);
      const end = value > 0 ? "94 60 153" : "230 97 1";
      this.context.fillStyle = `rgb(247 247 247)`;
      this.context.fillRect(column, row, 1, 1);
      this.context.fillStyle = `rgb(${end} / ${share}%)`;
    }
    this.context.fillRect(column, row, 1, 1);
  }

  // There are no numbers to fit, and the weights are laid on the patch beside the image.
  fit() {}

  lay() {}

  mark(row, column) {
    this.moveFrame(row, column);
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }
}

// ---- The widget ----

class SlidingKernel {
  constructor(model, el) {
    this.model = model;
    this.image = model.get("image");
    this.stored = model.get("kernel");
    this.signed = this.stored.flat().some((weight) => weight < 0);
    this.numbers = Math.max(...shape(this.image)) <= NUMBERS_UP_TO;
    this.visited = new Set();
    this.build(el);
    this.turn();
    this.refresh = () => this.schedule();
    this.turned = () => this.turn(true);
    this.pressed = (event) => this.key(event);
    // At the window, for JupyterLab's shortcuts take the arrow keys at the document.
    window.addEventListener("keydown", this.pressed, true);
    model.on("change:row", this.refresh);
    model.on("change:column", this.refresh);
    model.on("change:flip", this.turned);
  }

  close() {
    this.pause();
    window.removeEventListener("keydown", this.pressed, true);
    this.model.off("change:row", this.refresh);
    this.model.off("change:column", this.refresh);
    this.model.off("change:flip", this.turned);
  }

  get row() {
    return this.model.get("row");
  }

  get column() {
    return this.model.get("column");
  }

  get lastRow() {
    return this.output.length - 1;
  }

  get lastColumn() {
    return this.output[0].length - 1;
  }

  // -- The page --

  build(el) {
    this.root = make(el, "div", "cks", {
      role: "group",
      "aria-label": "Slide a kernel over an image",
    });
    const stage = make(this.root, "div", "cks-stage");
    this.output = correlate(this.image, this.stored);
    this.buildImage(stage);
    const filter = make(stage, "div", "cks-operand");
    this.sign = make(filter, "div", "cks-sign cks-operator");
    this.buildKernel(filter);
    const result = make(stage, "div", "cks-operand");
    make(result, "div", "cks-sign", {}, "=");
    this.buildOutput(result);
    this.sumBox = make(this.root, "div", "cks-sum");
    this.buildControls();
    this.live = make(this.root, "div", "cks-live", { role: "status", "aria-live": "polite" });
    this.listen(this.imageGrid, ([rows, columns]) => [
      Math.floor((rows - 1) / 2),
      Math.floor((columns - 1) / 2),
    ]);
    this.listen(this.outputGrid, () => [0, 0]);
  }

  grid(parent, label, values, frameShape) {
    if (this.numbers) return new NumberGrid(parent, label, values, frameShape);
    const size = Math.max(1, Math.floor(320 / Math.max(...shape(this.image))));
    return new PixelGrid(parent, label, values, frameShape, size);
  }

  buildImage(stage) {
    const columns = [this.image, this.stored, this.output].map((v) => shape(v)[1]);
    const all = this.numbers ? columns.reduce((a, b) => a + b) : 20;
    this.root.style.setProperty("--all-columns", all);
    const { box } = panel(stage, "Image", this.image);
    this.imageGrid = this.grid(box, "Image", this.image, shape(this.stored));
    this.imageGrid.fit(this.image);
    this.each(this.image, (row, column, value) =>
      this.imageGrid.show(row, column, value, this.imageRange, paintGrey),
    );
  }

  get imageRange() {
    this.imageLimits ??= range(this.image);
    return this.imageLimits;
  }

  buildKernel(stage) {
    const { box, name } = panel(stage, "Kernel", this.stored);
    box.classList.add("cks-kernel");
    this.kernelName = name;
    this.kernelGrid = new NumberGrid(box, "Kernel", this.stored);
    this.kernelGrid.field.classList.toggle("cks-small", shape(this.stored)[1] > 7);
    if (this.numbers) return;
    make(box, "div", "cks-title cks-below", {}, "Pixels under it");
    this.patch = new NumberGrid(box, "Pixels under the kernel", this.stored);
    this.patch.field.classList.toggle("cks-small", shape(this.stored)[1] > 7);
  }

  buildOutput(stage) {
    const { box } = panel(stage, "Output", this.output);
    this.outputGrid = this.grid(box, "Output", this.output, [1, 1]);
  }

  buildControls() {
    const bar = make(this.root, "div", "cks-controls");
    const button = (text, action) => {
      const node = make(bar, "button", "cks-button", { type: "button" }, text);
      node.addEventListener("click", action);
      return node;
    };
    this.playButton = button("▶ Play", () => (this.timer ? this.pause() : this.play()));
    button("Step", () => this.step());
    button("Show all", () => this.showAll());
    button("Reset", () => this.reset());
    const label = make(bar, "label", "cks-flip");
    this.flipBox = make(label, "input", "", { type: "checkbox" });
    label.append("Flip the kernel (true convolution)");
    this.flipBox.addEventListener("change", () => {
      this.model.set("flip", this.flipBox.checked);
      this.model.save_changes();
    });
    const help = make(this.root, "p", "cks-help");
    help.append("Point at a cell, or use the keys ");
    for (const key of ["←", "↑", "→", "↓", "Home", "End"]) make(help, "kbd", "", {}, key);
    help.append(" and ");
    make(help, "kbd", "", {}, "space");
    help.append(" (next cell). Rows and columns count from 0, as in Python.");
  }

  each(values, visit) {
    values.forEach((line, r) => line.forEach((value, c) => visit(r, c, value)));
  }

  // -- Mouse and keys --

  listen(grid, centre) {
    const { field } = grid;
    let seen = "";
    const follow = (event) => {
      // A page that scrolls under a resting mouse is not a move of the mouse.
      const place = `${event.screenX},${event.screenY}`;
      if (event.type === "pointermove" && (place === seen || this.timer)) return;
      seen = place;
      const [row, column] = this.cellAt(field, event, grid);
      const [up, left] = centre(shape(this.stored));
      this.move(row - up, column - left);
    };
    field.addEventListener("pointermove", follow);
    field.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.pause();
      follow(event);
      this.draw();
      grid.focus();
    });
  }

  cellAt(field, event, grid) {
    const box = field.getBoundingClientRect();
    const [rows, columns] = shape(grid === this.imageGrid ? this.image : this.output);
    const row = Math.floor((rows * (event.clientY - box.top)) / box.height);
    const column = Math.floor((columns * (event.clientX - box.left)) / box.width);
    return [clamp(row, rows - 1), clamp(column, columns - 1)];
  }

  key(event) {
    const grids = [this.imageGrid, this.outputGrid];
    const grid = grids.find(({ field }) => field.contains(event.target));
    if (!grid || event.altKey || event.shiftKey) return;
    const { row, column } = this;
    const whole = event.ctrlKey || event.metaKey;
    const moves = {
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      Home: [whole ? 0 : row, 0],
      End: [whole ? this.lastRow : row, this.lastColumn],
      " ": this.following(),
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    event.stopPropagation();
    this.pause();
    this.move(...moves[event.key]);
    this.draw();
    grid.focus();
  }

  // -- Moving --

  set(row, column) {
    this.model.set("row", row);
    this.model.set("column", column);
  }

  /** Move as near as the kernel fits, and tell Python. */
  move(row, column) {
    this.set(clamp(row, this.lastRow), clamp(column, this.lastColumn));
    this.model.save_changes();
  }

  /** The next cell in reading order; after the last one, the first. */
  following(steps = 1) {
    const width = this.lastColumn + 1;
    const count = width * (this.lastRow + 1);
    const next = (this.row * width + this.column + steps) % count;
    return [Math.floor(next / width), next % width];
  }

  get atEnd() {
    return this.row === this.lastRow && this.column === this.lastColumn;
  }

  step() {
    this.pause();
    this.move(...this.following());
  }

  play() {
    if (this.atEnd) this.reset();
    const count = this.output.length * this.output[0].length;
    const steps = this.numbers ? 1 : Math.ceil(count / PIXEL_TICKS);
    const tick = () => {
      for (let i = 0; i < steps && !this.atEnd; i++) {
        this.set(...this.following());
        this.visit(this.row, this.column);
      }
      this.model.save_changes();
      if (this.atEnd) this.pause();
    };
    this.timer = setInterval(tick, this.numbers ? TICK : PIXEL_TICK);
    this.playButton.textContent = "⏸ Pause";
  }

  pause() {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
    this.playButton.textContent = "▶ Play";
    this.schedule();
  }

  reset() {
    this.pause();
    this.visited.clear();
    this.move(0, 0);
    this.redrawOutput();
    this.draw();
  }

  showAll() {
    this.pause();
    this.each(this.output, (row, column) => this.visit(row, column));
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
    const limits = range(this.kernel);
    this.kernelGrid.fit(this.kernel);
    this.outputGrid.fit(this.output);
    this.patch?.fit(this.image);
    this.each(this.kernel, (r, c, weight) =>
      this.kernelGrid.show(r, c, weight, limits, paintSigned),
    );
    if (animate) halfTurn(this.kernelGrid.field);
    this.redrawOutput();
    this.draw();
  }

  redrawOutput() {
    this.each(this.output, (row, column, value) => {
      const seen = this.visited.has(`${row},${column}`);
      this.showOutput(row, column, seen ? value : null);
    });
  }

  showOutput(row, column, value) {
    const paint = this.signed ? paintSigned : paintGrey;
    this.outputGrid.show(row, column, value, this.outputRange, paint);
  }

  visit(row, column) {
    if (this.visited.has(`${row},${column}`)) return;
    this.visited.add(`${row},${column}`);
    this.showOutput(row, column, this.output[row][column]);
  }

  /** Draw once after row and column have both changed. */
  schedule() {
    if (this.waiting) return;
    this.waiting = true;
    queueMicrotask(() => this.draw());
  }

  draw() {
    this.waiting = false;
    const { row, column } = this;
    this.visit(row, column);
    this.imageGrid.mark(row, column);
    this.outputGrid.mark(row, column);
    this.imageGrid.lay(this.kernel, row, column);
    if (this.patch) this.drawPatch(row, column);
    this.drawSum(row, column);
    const sum = format(this.output[row][column]);
    if (!this.timer) this.live.textContent = `row ${row}, column ${column}: sum ${sum}`;
  }

  drawPatch(row, column) {
    this.each(this.kernel, (r, c) =>
      this.patch.show(r, c, this.image[row + r][column + c], this.imageRange, paintGrey),
    );
    this.patch.lay(this.kernel, 0, 0);
  }

  drawSum(row, column) {
    const lines = terms(this.image, this.kernel, row, column);
    const sum = this.output[row][column];
    this.sumBox.replaceChildren();
    make(this.sumBox, "div", "cks-name", {}, `output[${row}, ${column}] =`);
    const box = make(this.sumBox, "div", "cks-terms");
    const long = lines.flat().length > TERMS_UP_TO;
    box.style.setProperty("--columns", long ? 6 : lines[0].length);
    const shown = long ? [...lines.flat().slice(0, 10), null, lines.flat().at(-1)] : lines.flat();
    shown.forEach((term, i) => writeTerm(box, term, i));
    const end = make(this.sumBox, "div", "cks-end", {}, `${equality(lines, sum)} `);
    make(end, "b", "cks-total", {}, format(sum));
  }
}

function writeTerm(box, term, index) {
  const node = make(box, "span", "cks-term");
  make(node, "span", "cks-plus", {}, index ? " + " : "");
  const product = make(node, "span", "", {}, term ? "" : "…");
  if (!term) return;
  node.dataset.zero = term.weight * term.pixel === 0;
  const weight = make(product, "b", "", {}, bracketed(term.weight));
  weight.dataset.sign = signOf(term.weight);
  product.append(`·${bracketed(term.pixel)}`);
}

function halfTurn(node) {
  if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  node.animate([{ rotate: "-180deg" }, { rotate: "0deg" }], { duration: 450, easing: "ease-in-out" });
}

function render({ model, el }) {
  const widget = new SlidingKernel(model, el);
  return () => widget.close();
}

export default { render };
