// Grey for pixels; two colours for positive and negative numbers.
/** @import { Limits } from "./numbers.mjs" */

import { signOf } from "./numbers.mjs";

/** @typedef {"grey" | "signed"} Paint */

/**
 * From near black to near white, so that both differ from the page.
 * @param {number} value
 * @param {Limits} limits
 */
function grey(value, { low, high }) {
  const share = high > low ? (value - low) / (high - low) : 0.5;
  return Math.round(26 + share * (248 - 26));
}

/**
 * Colour a cell, its number readable on it.
 * @param {HTMLElement} cell
 * @param {number} value
 * @param {Limits} limits
 * @param {Paint} paint
 */
export function paintCell(cell, value, limits, paint) {
  if (paint === "signed") {
    cell.dataset.sign = signOf(value);
    cell.style.setProperty("--share", (Math.abs(value) / limits.top).toFixed(3));
    return;
  }
  const level = grey(value, limits);
  cell.style.background = `rgb(${level} ${level} ${level})`;
  cell.style.color = level > 117 ? "#000" : "#fff";
}

/**
 * The colours that a pixel is filled with, one over the other.
 * @param {number} value
 * @param {Limits} limits
 * @param {Paint} paint
 */
export function fills(value, limits, paint) {
  const level = grey(value, limits);
  if (paint === "grey") return [`rgb(${level} ${level} ${level})`];
  const share = Math.round((100 * Math.abs(value)) / limits.top);
  const end = value > 0 ? "94 60 153" : "230 97 1";
  return ["rgb(247 247 247)", `rgb(${end} / ${share}%)`];
}
