// The sizes of LeNet-5 as sliders, its counts as bars: the page's half of
// coursekit.explore.counting.
/** @import { AnyModel } from "@anywidget/types" */
/** @typedef {"side" | "k1" | "k2" | "c1" | "c2" | "units"} Name */
/** @typedef {Record<Name, number>} Sizes */
/** @typedef {"convolution" | "pooling" | "dense"} Kind */
/** @typedef {{name: string, kind: Kind, size: number[], parameters: number, multiplyAdds: number}} Layer */

import { bar, button, slider } from "./kit/controls.mjs";
import { help, make, style } from "./kit/page.mjs";
import { page, Widget } from "./kit/widget.mjs";

/** @type {[Name, string, string][]} trait, name, symbol */
const SLIDERS = [
  ["side", "Side of the image", "n"],
  ["k1", "Kernel, conv 1", "k₁"],
  ["c1", "Channels, conv 1", "c₁"],
  ["k2", "Kernel, conv 2", "k₂"],
  ["c2", "Channels, conv 2", "c₂"],
  ["units", "Units, dense 1", "u"],
];
const HIDDEN = 84;
const CLASSES = 10;

// ---- The arithmetic (compared with coursekit.anatomy.count_layers by the tests) ----

/**
 * The layers from the first convolution to the output.
 * @param {Sizes} sizes
 * @returns {Layer[]}
 */
export function layersOf({ side, k1, k2, c1, c2, units }) {
  const first = side - k1 + 1;
  const half = Math.floor(first / 2);
  const second = half - k2 + 1;
  const last = Math.floor(second / 2);
  return [
    convolution("conv 1", 1, c1, k1, first),
    pool("pool 1", c1, half),
    convolution("conv 2", c1, c2, k2, second),
    pool("pool 2", c2, last),
    dense("dense 1", c2 * last * last, units),
    dense("dense 2", units, HIDDEN),
    dense("output", HIDDEN, CLASSES),
  ];
}

/**
 * @param {string} name
 * @param {number} inputs channels
 * @param {number} outputs channels
 * @param {number} k
 * @param {number} side of the output
 * @returns {Layer}
 */
function convolution(name, inputs, outputs, k, side) {
  const weights = inputs * k * k;
  return {
    name,
    kind: "convolution",
    size: [outputs, side, side],
    parameters: outputs * (weights + 1),
    multiplyAdds: outputs * side * side * weights,
  };
}

/**
 * @param {string} name
 * @param {number} channels
 * @param {number} side of the output
 * @returns {Layer}
 */
const pool = (name, channels, side) => ({
  name,
  kind: "pooling",
  size: [channels, side, side],
  parameters: 0,
  multiplyAdds: 0,
});

/**
 * @param {string} name
 * @param {number} inputs
 * @param {number} outputs
 * @returns {Layer}
 */
const dense = (name, inputs, outputs) => ({
  name,
  kind: "dense",
  size: [outputs],
  parameters: outputs * (inputs + 1),
  multiplyAdds: outputs * inputs,
});

/**
 * @param {Layer[]} layers
 * @param {"parameters" | "multiplyAdds"} what
 * @param {Kind} [kind] of these layers only
 */
const sumOf = (layers, what, kind) =>
  layers
    .filter((layer) => !kind || layer.kind === kind)
    .reduce((sum, layer) => sum + layer[what], 0);

/** @param {number} count */
const grouped = (count) => count.toLocaleString("en-US");

/**
 * A share with one decimal, rounded in whole numbers as in Python.
 * @param {number} part
 * @param {number} whole
 */
function percent(part, whole) {
  const tenths = Math.floor((2000 * part + whole) / (2 * whole));
  return `${Math.floor(tenths / 10)}.${tenths % 10} %`;
}

/**
 * Both totals, and which kind of layer has most of them.
 * @param {Layer[]} layers
 */
export function sentence(layers) {
  const weights = sumOf(layers, "parameters");
  const work = sumOf(layers, "multiplyAdds");
  const still = percent(sumOf(layers, "parameters", "dense"), weights);
  const busy = percent(sumOf(layers, "multiplyAdds", "convolution"), work);
  return (
    `${grouped(weights)} parameters, ${still} of them in dense layers; ` +
    `${grouped(work)} multiply-adds, ${busy} of them in convolutions.`
  );
}

// ---- The widget ----

class Counting extends Widget {
  /**
   * @param {AnyModel} model
   * @param {Element} el
   */
  constructor(model, el) {
    super(model, el, "Counts of LeNet-5");
    const box = make(this.root, "div", "cks-count-sliders");
    const limits = model.get("limits");
    this.setters = SLIDERS.map(([name, words, symbol]) =>
      slider(box, words, symbol, limits[name], (value) => this.turn({ [name]: value })),
    );
    const table = make(this.root, "table", "cks-counts");
    const head = make(make(table, "thead"), "tr");
    for (const word of ["layer", "output", "parameters", "multiply-adds"]) {
      make(head, "th", "", { scope: "col" }, word);
    }
    this.body = make(table, "tbody");
    this.foot = make(make(table, "tfoot"), "tr");
    this.words = make(this.root, "p", "cks-verdict");
    this.buildControls();
    this.watch(
      SLIDERS.map(([name]) => name),
      () => this.schedule(),
    );
    this.draw();
  }

  buildControls() {
    const controls = bar(this.root);
    button(controls, "LeNet-5", () => this.turn(this.model.get("usual")));
    const legend = make(controls, "div", "cks-legend", { "aria-hidden": "true" });
    for (const [kind, words] of [
      ["convolution", "convolutions"],
      ["dense", "dense layers"],
    ]) {
      make(legend, "span", "cks-count-key", { "data-kind": kind });
      make(legend, "span", "", {}, words);
    }
    help(
      this.root,
      "Turn the sliders by mouse or with the keys [←][→][Home][End]. A bar is as long as " +
        "the layer's share of all. Convolutions are not padded; biases are parameters.",
    );
  }

  /** @returns {Sizes} */
  get sizes() {
    const [side, k1, c1, k2, c2, units] = SLIDERS.map(([name]) => this.model.get(name));
    return { side, k1, k2, c1, c2, units };
  }

  /** @param {Partial<Sizes>} change */
  turn(change) {
    for (const [name, value] of Object.entries(change)) this.model.set(name, value);
    this.model.save_changes();
  }

  draw() {
    super.draw();
    for (const [i, [name]] of SLIDERS.entries()) this.setters[i](this.model.get(name));
    const layers = layersOf(this.sizes);
    const weights = sumOf(layers, "parameters");
    const work = sumOf(layers, "multiplyAdds");
    this.body.replaceChildren();
    for (const layer of layers) {
      const row = make(this.body, "tr");
      make(row, "th", "", { scope: "row" }, layer.name);
      make(row, "td", "", {}, layer.size.join(" × "));
      count(row, layer.kind, layer.parameters, weights);
      count(row, layer.kind, layer.multiplyAdds, work);
    }
    this.foot.replaceChildren();
    make(this.foot, "th", "", { scope: "row" }, "all");
    for (const text of ["", grouped(weights), grouped(work)]) {
      make(this.foot, "td", "", {}, text);
    }
    const words = sentence(layers);
    this.words.textContent = words;
    this.say(words);
  }
}

/**
 * A number before its bar.
 * @param {Element} row
 * @param {Kind} kind
 * @param {number} value
 * @param {number} whole
 */
function count(row, kind, value, whole) {
  const cell = make(row, "td", "", { "data-kind": kind }, grouped(value));
  style(cell, { "--share": value / whole });
}

export default page(Counting);
