// What every widget's part of the page is made of.

/**
 * A new element at the end of `parent`.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Element} parent
 * @param {Tag} tag
 * @param {string} [className]
 * @param {Record<string, string>} [attributes]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(parent, tag, className = "", attributes = {}, text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  for (const [name, value] of Object.entries(attributes)) {
    node.setAttribute(name, value);
  }
  if (text) node.textContent = text;
  parent.append(node);
  return node;
}

/**
 * Numbers that the style sheet computes with, such as `--row`.
 * @param {HTMLElement} node
 * @param {Record<string, number>} values
 */
export function style(node, values) {
  for (const [name, value] of Object.entries(values)) {
    node.style.setProperty(name, String(value));
  }
}

/**
 * A title with a size beside it and, below, the place for a grid.
 * @param {Element} parent
 * @param {string} title
 * @param {string} [size]
 */
export function panel(parent, title, size = "") {
  const box = make(parent, "div", "cks-panel");
  const head = make(box, "div", "cks-title");
  const name = make(head, "span", "", {}, title);
  const small = make(head, "small", "", {}, size);
  return { box, name, small };
}

/**
 * A line of help; the words in brackets are keys: "press [Home]".
 * @param {Element} parent
 * @param {string} words
 */
export function help(parent, words) {
  const line = make(parent, "p", "cks-help");
  for (const part of words.split(/(\[[^\]]+\])/)) {
    if (part.startsWith("[")) make(line, "kbd", "", {}, part.slice(1, -1));
    else line.append(part);
  }
}

/** Does the reader want things to stand still? */
export const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
