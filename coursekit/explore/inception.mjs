// What the branches of an inception module cost: the page's half of
// coursekit.explore.inception.
/** @import { AnyModel } from "@anywidget/types" */
/** @typedef {{inputs: number, one: number, before_three: number, three: number,
 *   before_five: number, five: number, pooled: number, side: number,
 *   reduced: boolean}} Module */
/** @typedef {[number, number, number]} Layer side of the kernels, maps in, maps out */
/** @typedef {{name: string, layers: Layer[], maps: number}} Branch */

import { bar, button, checkbox, slider } from "./kit/controls.mjs";
import { help, make, style } from "./kit/page.mjs";
import { page, Widget } from "./kit/widget.mjs";

/** @type {[Exclude<keyof Module, "reduced">, string][]} trait, name */
const SLIDERS = [
  ["inputs", "Maps in"],
  ["one", "1×1"],
  ["before_three", "1×1 before 3×3"],
  ["three", "3×3"],
  ["before_five", "1×1 before 5×5"],
  ["five", "5×5"],
  ["pooled", "1×1 after pooling"],
  ["side", "Side of the maps"],
];
const IDLE = ["before_three", "before_five", "pooled"]; // without the 1×1 layers

// ---- The arithmetic (compared with coursekit.explore.inception by the tests) ----

/**
 * The branches in the order in which their maps are stacked.
 * @param {Module} module
 * @returns {Branch[]}
 */
export function branches(module) {
  const { inputs, one, before_three, three, before_five, five, pooled, reduced } =
    module;
  /** @type {(k: number, before: number, maps: number) => Layer[]} */
  const kernels = (k, before, maps) =>
    reduced
      ? [
          [1, inputs, before],
          [k, before, maps],
        ]
      : [[k, inputs, maps]];
  return [
    { name: "1×1", layers: [[1, inputs, one]], maps: one },
    { name: "3×3", layers: kernels(3, before_three, three), maps: three },
    { name: "5×5", layers: kernels(5, before_five, five), maps: five },
    {
      name: "pool",
      layers: reduced ? [[1, inputs, pooled]] : [],
      maps: reduced ? pooled : inputs,
    },
  ];
}

/** @param {number[]} values */
const sum = (values) => values.reduce((a, b) => a + b, 0);

/** @param {Layer} layer */
const weightsOf = ([k, inputs, outputs]) => k * k * inputs * outputs;

/** @param {Branch} branch */
const weights = ({ layers }) => sum(layers.map(weightsOf));

/** @param {Branch} branch */
const parameters = (branch) =>
  weights(branch) + sum(branch.layers.map(([, , outputs]) => outputs));

/**
 * Maps that come out, parameters, multiply-adds.
 * @param {Module} module
 */
export function totals(module) {
  const every = branches(module);
  return [
    sum(every.map(({ maps }) => maps)),
    sum(every.map(parameters)),
    module.side ** 2 * sum(every.map(weights)),
  ];
}

/** @param {number} value */
const grouped = (value) => value.toLocaleString("en");

/** @param {Module} module */
function sums(module) {
  const [maps, params, work] = totals(module);
  return `${maps} maps, ${grouped(params)} parameters, ${grouped(work)} multiply-adds`;
}

/**
 * The sums both ways, and where most of the work is.
 * @param {Module} module
 */
export function verdict(module) {
  const every = branches(module);
  const work = every.map(weights);
  const most = work.indexOf(Math.max(...work));
  const share = Math.floor((200 * work[most] + sum(work)) / (2 * sum(work)));
  return (
    `With the 1×1 layers ${sums({ ...module, reduced: true })}; without them ` +
    `${sums({ ...module, reduced: false })}. ${module.reduced ? "With" : "Without"} ` +
    `them the ${every[most].name} branch does ${share} % of the work.`
  );
}

/**
 * The multiply-adds of a branch as a product: places times weights.
 * @param {Branch} branch
 * @param {number} side
 */
export function product({ layers }, side) {
  if (!layers.length) return "no weights";
  const parts = layers.map(([k, inputs, outputs]) =>
    (k === 1 ? [inputs, outputs] : [k, k, inputs, outputs]).join("·"),
  );
  const all = parts.length > 1 ? `(${parts.join(" + ")})` : parts[0];
  return `${side}·${side}·${all}`;
}

// ---- The widget ----

class Inception extends Widget {
  /**
   * @param {AnyModel} model
   * @param {Element} el
   */
  constructor(model, el) {
    super(model, el, "Bill of an inception module");
    this.start = this.module;
    const box = make(this.root, "div", "cks-widths");
    const limits = model.get("limits");
    this.setters = SLIDERS.map(([name, words]) =>
      slider(box, words, "", limits[name], (value) => this.turn({ [name]: value })),
    );
    this.inputs = [...box.querySelectorAll("input")];
    const controls = bar(this.root);
    this.box = checkbox(controls, "with the 1×1 layers", (reduced) =>
      this.turn({ reduced }),
    );
    button(controls, "Reset", () => this.turn(this.start));
    this.buildLegend(controls);
    this.rows = this.buildTable();
    this.words = make(this.root, "p", "cks-verdict");
    help(
      this.root,
      "Turn the sliders with the mouse or the keys [←][→]; tick the box to see the " +
        "module with and without its 1×1 layers. Bars for the weights would look the " +
        "same: each weight is used once at every place.",
    );
    this.watch([...SLIDERS.map(([name]) => name), "reduced"], () => this.schedule());
    this.draw();
  }

  /** @returns {Module} */
  get module() {
    const names = [...SLIDERS.map(([name]) => name), "reduced"];
    const values = names.map((name) => [name, this.model.get(name)]);
    return Object.fromEntries(values);
  }

  /** @param {Element} parent */
  buildLegend(parent) {
    const legend = make(parent, "div", "cks-legend", { "aria-hidden": "true" });
    for (const kind of ["kernels", "narrow", "other"]) {
      make(legend, "span", `cks-swatch cks-${kind}`);
      make(legend, "span", `cks-key-${kind}`);
    }
    const [kernels, narrow, other] = [...legend.querySelectorAll("[class^=cks-key]")];
    kernels.textContent = "kernels";
    narrow.textContent = "1×1 layers before them";
    this.otherKey = other;
  }

  /** Branch, bar with its product, and three numbers. */
  buildTable() {
    const table = make(this.root, "table", "cks-bill");
    const head = make(make(table, "thead"), "tr");
    for (const words of ["branch", "", "multiply-adds", "parameters", "maps out"]) {
      make(head, "th", "", { scope: "col" }, words);
    }
    const body = make(table, "tbody");
    return ["1×1", "3×3", "5×5", "pool", "all"].map((name) => {
      const row = make(body, "tr");
      make(row, "th", "", { scope: "row" }, name);
      const cell = make(row, "td", "cks-work");
      const beam = make(cell, "div", "cks-bar", { "aria-hidden": "true" });
      for (const kind of ["other", "narrow", "kernels"]) {
        make(beam, "div", `cks-${kind}`);
      }
      const words = make(cell, "span", "cks-product");
      const numbers = [0, 1, 2].map(() => make(row, "td", "cks-number"));
      return { beam, words, numbers };
    });
  }

  /**
   * A slider, the box, or the button.
   * @param {Partial<Module>} values
   */
  turn(values) {
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    this.model.save_changes();
  }

  // -- Drawing --

  draw() {
    super.draw();
    const { module } = this;
    for (const [i, [name]] of SLIDERS.entries()) {
      this.setters[i](module[name]);
      this.inputs[i].disabled = !module.reduced && IDLE.includes(name);
    }
    this.box.checked = module.reduced;
    if (this.otherKey) {
      this.otherKey.textContent = `${module.reduced ? "without" : "with"} the 1×1 layers`;
    }
    this.drawBars(module);
    const [maps, params, work] = totals(module);
    this.write(4, "", [work, params, maps]);
    this.words.textContent = verdict(module);
    this.say(verdict(module));
  }

  /** @param {Module} module */
  drawBars(module) {
    const shown = branches(module);
    const others = branches({ ...module, reduced: !module.reduced });
    const top = Math.max(...shown.map(weights), ...others.map(weights));
    for (const [i, branch] of shown.entries()) {
      const last = branch.layers.at(-1);
      const kernels = last ? weightsOf(last) : 0;
      style(this.rows[i].beam, {
        "--other": weights(others[i]) / top,
        "--narrow": (weights(branch) - kernels) / top,
        "--kernels": kernels / top,
      });
      const work = module.side ** 2 * weights(branch);
      const numbers = [work, parameters(branch), branch.maps];
      this.write(i, product(branch, module.side), numbers);
    }
  }

  /**
   * @param {number} at
   * @param {string} words
   * @param {number[]} numbers
   */
  write(at, words, numbers) {
    const row = this.rows[at];
    row.words.textContent = words;
    for (const [i, value] of numbers.entries()) {
      row.numbers[i].textContent = grouped(value);
    }
  }
}

export default page(Inception);
