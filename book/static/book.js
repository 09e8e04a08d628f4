// What the pages of the book do by themselves: widgets come to life, what scrolls can be
// reached by keyboard, and the map shows the lines of one lesson.

/** @typedef {{default?: unknown, render: (props: {model: Model, el: Element}) => void}} Explorer */

/** The values of a widget, as anywidget's model without a kernel behind it. */
class Model {
  /** @param {Record<string, unknown>} values */
  constructor(values) {
    this.values = values;
    /** @type {Map<string, Set<() => void>>} */
    this.heard = new Map();
  }

  /** @param {string} name */
  get(name) {
    return this.values[name];
  }

  /**
   * @param {string} name
   * @param {unknown} value
   */
  set(name, value) {
    if (this.values[name] === value) return;
    this.values[name] = value;
    for (const action of this.heard.get(`change:${name}`) ?? []) action();
  }

  /**
   * @param {string} event
   * @param {() => void} action
   */
  on(event, action) {
    this.heard.set(event, (this.heard.get(event) ?? new Set()).add(action));
  }

  /**
   * @param {string} event
   * @param {() => void} action
   */
  off(event, action) {
    this.heard.get(event)?.delete(action);
  }

  save_changes() {}
}

/** Where a page has the picture of a widget, put the widget. */
function wake() {
  /** @type {Record<string, Explorer>} */
  const known = Reflect.get(window, "explorers") ?? {};
  for (const place of document.querySelectorAll("[data-explorer]")) {
    const explorer = known[place.getAttribute("data-explorer") ?? ""];
    const stored = place.querySelector("script[type='application/json']");
    if (!explorer || !stored) continue;
    place.querySelector("figure")?.remove();
    const values = JSON.parse(stored.textContent ?? "{}");
    explorer.render({ model: new Model(values), el: place });
  }
}

/** The widgets ask for the theme in JupyterLab's words. */
function follow() {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const tell = () => {
    const { theme } = document.body.dataset;
    const light = theme === "light" || (theme !== "dark" && !dark.matches);
    document.body.dataset.jpThemeLight = String(light);
  };
  new MutationObserver(tell).observe(document.body, {
    attributeFilter: ["data-theme"],
  });
  dark.addEventListener("change", tell);
  tell();
}

/** What is wider than its place scrolls, by keyboard as well. */
function reach() {
  const wide = "pre, .table-wrapper, .output.text_html, div.math, .scrolls";
  for (const part of document.querySelectorAll(wide)) {
    const scrolls = part.scrollWidth > part.clientWidth;
    if (scrolls) part.setAttribute("tabindex", "0");
    else if (!part.hasAttribute("role")) part.removeAttribute("tabindex");
  }
}

/** Point at a lesson of the map, and its lines stand out. */
function point() {
  for (const box of document.querySelectorAll(".map [data-name]")) {
    const name = box.getAttribute("data-name");
    const lines = `.map path[data-from="${name}"], .map path[data-to="${name}"]`;
    const mark = (/** @type {boolean} */ on) => {
      for (const line of document.querySelectorAll(lines)) {
        line.classList.toggle("marked", on);
      }
    };
    for (const event of ["pointerenter", "focus"]) {
      box.addEventListener(event, () => mark(true));
    }
    for (const event of ["pointerleave", "blur"]) {
      box.addEventListener(event, () => mark(false));
    }
  }
}

follow();
point();
reach();
// The scripts of the widgets come after this one.
document.addEventListener("DOMContentLoaded", wake);
window.addEventListener("load", reach);
window.addEventListener("resize", reach);
