// Numbers short enough for a cell, and the shapes of grids.

/** @typedef {number[][]} Grid rows of equal length */
/** @typedef {[number, number]} Pair rows and columns, or row and column */
/** @typedef {{low: number, high: number, top: number}} Limits */

/**
 * A number short enough for a cell: two or three decimals, or an exponent.
 * @param {number} value
 */
export function format(value) {
  const size = Math.abs(value);
  if (size < 1e-9) return "0";
  const decimals = size < 0.01 ? 3 : 2;
  const long = size >= 1e5 || size < 0.0005;
  const text = long ? value.toExponential(1) : String(+value.toFixed(decimals));
  return text.replace(/-/g, "−");
}

/**
 * The same, negative numbers in brackets.
 * @param {number} value
 */
export const bracketed = (value) => (value < 0 ? `(${format(value)})` : format(value));

/**
 * Does `format` show all of the number?
 * @param {number} value
 */
export function isExact(value) {
  const shown = Number(format(value).replace(/−/g, "-"));
  return Math.abs(shown - value) <= 1e-9 * Math.max(1, Math.abs(value));
}

/** @param {number} value */
export const signOf = (value) =>
  Math.abs(value) < 1e-9 ? "zero" : value > 0 ? "plus" : "minus";

/**
 * Where greys begin (at 0 or below) and end, and the largest size, 1 if all are 0.
 * @param {Grid} values
 * @returns {Limits}
 */
export function range(values) {
  const all = values.flat();
  const low = all.reduce((a, b) => Math.min(a, b), 0);
  const largest = all.reduce((a, b) => Math.max(a, b));
  const top = Math.max(Math.abs(low), Math.abs(largest)) || 1;
  return { low, high: Math.max(largest, low + 1e-9), top };
}

/**
 * @param {unknown[][]} values
 * @returns {Pair}
 */
export const shape = (values) => [values.length, values[0].length];

/**
 * The nearest number from 0 to `last`.
 * @param {number} value
 * @param {number} last
 */
export const clamp = (value, last) => Math.min(Math.max(value, 0), last);

/**
 * Visit every cell of a grid.
 * @template T
 * @param {T[][]} values
 * @param {(row: number, column: number, value: T) => void} visit
 */
export function each(values, visit) {
  for (const [r, line] of values.entries()) {
    for (const [c, value] of line.entries()) visit(r, c, value);
  }
}

/**
 * "row 3", or "rows 2 to 4".
 * @param {string} what
 * @param {number} first
 * @param {number} count
 */
export const span = (what, first, count) =>
  count === 1 ? `${what} ${first}` : `${what}s ${first} to ${first + count - 1}`;
