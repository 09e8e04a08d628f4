// Buttons, boxes to tick and sliders; every one of them works by mouse and keyboard.
/** @import { Pair } from "./numbers.mjs" */

import { make } from "./page.mjs";

/** @param {Element} parent */
export const bar = (parent) => make(parent, "div", "cks-controls");

/**
 * @param {Element} parent
 * @param {string} text
 * @param {() => void} action
 */
export function button(parent, text, action) {
  const node = make(parent, "button", "cks-button", { type: "button" }, text);
  node.addEventListener("click", action);
  return node;
}

/**
 * @param {Element} parent
 * @param {string} text
 * @param {(ticked: boolean) => void} action
 */
export function checkbox(parent, text, action) {
  const label = make(parent, "label", "cks-checkbox");
  const box = make(label, "input", "", { type: "checkbox" });
  label.append(text);
  box.addEventListener("change", () => action(box.checked));
  return box;
}

/**
 * A slider over whole numbers with its name and its number; returns how to set it.
 * @param {Element} parent
 * @param {string} name what a screen reader says
 * @param {string} symbol what stands for it in a formula
 * @param {Pair} limits the first and the last number
 * @param {(value: number) => void} action
 * @param {(value: number) => string} [show] how the number is written
 */
export function slider(parent, name, symbol, [first, last], action, show = String) {
  const label = make(parent, "label", "cks-slider");
  make(label, "span", "", {}, `${name} `);
  make(label, "i", "", { "aria-hidden": "true" }, symbol);
  const shown = make(label, "output", "", { "aria-hidden": "true" });
  const input = make(label, "input", "", {
    type: "range",
    min: String(first),
    max: String(last),
    "aria-label": name,
  });
  input.addEventListener("input", () => action(input.valueAsNumber));
  return (/** @type {number} */ value) => {
    input.value = String(value);
    shown.textContent = show(value);
    input.setAttribute("aria-valuetext", show(value));
  };
}
