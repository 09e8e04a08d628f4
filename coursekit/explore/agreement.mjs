// Votes that agree, one that is turned away, and its coupling by round: the page's half
// of coursekit.explore.agreement.
/** @import { AnyModel } from "@anywidget/types" */
/** @import { Pair } from "./kit/numbers.mjs" */
/** @typedef {[number, number]} Vector */
/** @typedef {{shares: number[][], poses: Vector[]}} Round shares: part by whole */

import { bar, button, slider } from "./kit/controls.mjs";
import { help, make, panel, style } from "./kit/page.mjs";
import { page, Walk } from "./kit/widget.mjs";

const LENGTH = 2;
const ROUNDS = 6;
const WHOLES = ["face", "clock"];
const PARTS = ["part 1", "part 2", "part 3"];
const STEP = 5; // degrees of an arrow key

// ---- The arithmetic (compared with coursekit.explore.agreement by the tests) ----

/**
 * Votes of three parts, for the face and for the clock.
 * @param {number} turn degrees
 * @returns {Vector[][]}
 */
export const votesFor = (turn) =>
  [
    [0, 0],
    [0, 120],
    [turn, 240],
  ].map((pair) =>
    pair.map((degrees) => {
      const angle = (degrees * Math.PI) / 180;
      return [LENGTH * Math.cos(angle), LENGTH * Math.sin(angle)];
    }),
  );

/**
 * Couplings and poses of every round.
 * @param {Vector[][]} votes
 * @param {number} count
 */
export function routed(votes, count) {
  let logits = votes.map((row) => row.map(() => 0));
  /** @type {Round[]} */
  const rounds = [];
  for (let round = 0; round < count; round++) {
    const shares = logits.map(softmax);
    const poses = votes[0].map((_, j) => pose(votes, shares, j));
    rounds.push({ shares, poses });
    logits = logits.map((row, i) =>
      row.map((logit, j) => logit + dot(votes[i][j], poses[j])),
    );
  }
  return rounds;
}

/** @param {number[]} logits */
function softmax(logits) {
  const top = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - top));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

/**
 * The squashed sum of the votes for a whole.
 * @param {Vector[][]} votes
 * @param {number[][]} shares
 * @param {number} j
 * @returns {Vector}
 */
function pose(votes, shares, j) {
  const [x, y] = [0, 1].map((axis) =>
    votes.reduce((sum, row, i) => sum + shares[i][j] * row[j][axis], 0),
  );
  const length = Math.hypot(x, y);
  const factor = length / (1 + length ** 2);
  return [x * factor, y * factor];
}

/**
 * @param {Vector} one
 * @param {Vector} other
 */
const dot = (one, other) => one[0] * other[0] + one[1] * other[1];

/**
 * A round in numbers.
 * @param {number} turn
 * @param {number} round counted from 1
 * @param {Round} found
 */
export function sentence(turn, round, { shares, poses }) {
  const [face, clock] = poses.map((vector) => Math.hypot(...vector).toFixed(2));
  return (
    `Turned by ${turn}°, round ${round}: ${shares[2][0].toFixed(2)} of the third part ` +
    `is with the face, ${shares[0][0].toFixed(2)} of each of the others. The face is ` +
    `${face} long, the clock ${clock}.`
  );
}

/**
 * How far a place is turned from the right, as seen from the middle: 0 to 180 degrees.
 * @param {number} across
 * @param {number} down
 */
export const turnAt = (across, down) =>
  Math.round((Math.abs(Math.atan2(-down, across)) * 180) / Math.PI);

// ---- The widget ----

class Agreement extends Walk {
  /**
   * @param {AnyModel} model
   * @param {Element} el
   */
  constructor(model, el) {
    super(model, el, "Routing by agreement");
    this.tick = 900;
    /** @type {Pair} */
    this.start = [this.row, this.column];
    const sliders = make(this.root, "div", "cks-two-sliders");
    this.setTurn = slider(sliders, "Turn of the third vote", "°", [0, 180], (turn) =>
      this.go(turn, this.column),
    );
    this.setRound = slider(sliders, "Round", "r", [1, ROUNDS], (round) =>
      this.go(this.row, round - 1),
    );
    const stage = make(this.root, "div", "cks-dials");
    this.dials = WHOLES.map((name) => new Dial(stage, name, name === "face"));
    this.shares = new Shares(stage);
    this.words = make(this.root, "p", "cks-verdict");
    const controls = bar(this.root);
    this.addButtons(controls);
    button(controls, "Reset", () => this.go(...this.start));
    help(
      this.root,
      "Votes are as thick as their couplings. That of part 3 is orange; for the face the " +
        "two others lie on each other. The arrow in the colour of the text is the pose. " +
        "The rim means length 2 for votes, 1 for the pose.",
    );
    help(
      this.root,
      "Point at the face to turn the third vote, at a column to choose a round; or use " +
        "the keys [←][→] (turn), [↑][↓] (round), [Home][End] and [space] (next round).",
    );
    const face = this.dials[0];
    this.listen(face, (row, column) => [turnAt(column - 100, row - 100), this.column]);
    this.shares.focus = () => face.focus();
    this.listen(this.shares, (_, column) => [this.row, column]);
    this.watch(["turn", "round"], () => this.schedule());
    this.draw();
  }

  /** Degrees. */
  get row() {
    return this.model.get("turn");
  }

  /** Rounds, from 0. */
  get column() {
    return this.model.get("round") - 1;
  }

  /** @returns {Pair} */
  get last() {
    return [180, ROUNDS - 1];
  }

  get atEnd() {
    return this.column === ROUNDS - 1;
  }

  // -- Moving --

  /** @returns {Record<string, Pair>} */
  moves() {
    const { row, column } = this;
    return {
      ArrowLeft: [row + STEP, column], // the way that the arrow's tip goes
      ArrowRight: [row - STEP, column],
      ArrowUp: [row, column + 1],
      ArrowDown: [row, column - 1],
      Home: [0, column],
      End: [180, column],
      " ": this.following(),
    };
  }

  /**
   * The next round; after the last one, the first.
   * @returns {Pair}
   */
  following() {
    return [this.row, (this.column + 1) % ROUNDS];
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  set(row, column) {
    this.model.set("turn", row);
    this.model.set("round", column + 1);
  }

  /**
   * A slider or a button.
   * @param {number} row
   * @param {number} column
   */
  go(row, column) {
    this.pause();
    this.move(row, column);
  }

  /** Play begins again at the first round. */
  reset() {
    this.go(this.row, 0);
  }

  // -- Drawing --

  draw() {
    super.draw();
    const [turn, at] = [this.row, this.column];
    const votes = votesFor(turn);
    const rounds = routed(votes, ROUNDS);
    this.setTurn(turn);
    this.setRound(at + 1);
    const { shares, poses } = rounds[at];
    for (const [j, dial] of this.dials.entries()) {
      dial.draw(
        votes.map((row) => row[j]),
        shares.map((row) => row[j]),
        poses[j],
      );
    }
    this.shares.draw(rounds, at);
    const words = sentence(turn, at + 1, rounds[at]);
    this.words.textContent = words;
    if (!this.timer) this.say(words);
  }
}

/** A whole: the votes for it, thick by their coupling, and its pose. */
class Dial {
  /**
   * @param {Element} parent
   * @param {string} name
   * @param {boolean} steered
   */
  constructor(parent, name, steered) {
    const { box, small } = panel(parent, name);
    this.length = small;
    /** @type {Pair} */
    this.shape = [201, 201]; // an odd number: one cell is the middle
    this.field = make(box, "div", "cks-field cks-dial");
    if (!steered) this.field.setAttribute("aria-hidden", "true");
    else {
      this.field.tabIndex = 0;
      this.field.classList.add("cks-steered");
      this.field.setAttribute("role", "application");
      this.field.setAttribute("aria-roledescription", "picture");
      this.field.setAttribute("aria-label", "Votes for the face; arrow keys turn one");
    }
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  /**
   * @param {Vector[]} votes
   * @param {number[]} shares
   * @param {Vector} pose
   */
  draw(votes, shares, pose) {
    this.field.replaceChildren();
    for (const [i, vote] of votes.entries()) {
      const kind = i === votes.length - 1 ? "cks-arrow cks-odd" : "cks-arrow";
      this.arrow(kind, vote, 1, 1 + 9 * shares[i]);
    }
    const length = Math.hypot(...pose);
    if (length > 0.01) this.arrow("cks-arrow cks-pose", pose, length, 4);
    this.length.textContent = `length ${length.toFixed(2)}`;
  }

  /**
   * @param {string} kind
   * @param {Vector} vector
   * @param {number} share of the radius
   * @param {number} thick in pixels
   */
  arrow(kind, [x, y], share, thick) {
    const node = make(this.field, "div", kind);
    const angle = (-Math.atan2(y, x) * 180) / Math.PI;
    style(node, { "--angle": angle, "--share": share, "--thick": thick });
  }
}

/** The couplings with the face, a row for each part and a column for each round. */
class Shares {
  /** @param {Element} parent */
  constructor(parent) {
    const { box } = panel(parent, "coupling with the face", "by round");
    const plot = make(box, "div", "cks-shares", { "aria-hidden": "true" });
    const names = make(plot, "div", "cks-share-names");
    for (const name of PARTS) make(names, "span", "", {}, name);
    /** @type {Pair} */
    this.shape = [PARTS.length, ROUNDS];
    this.field = make(plot, "div", "cks-field cks-share-field");
    const numbers = make(plot, "div", "cks-share-rounds");
    for (let round = 1; round <= ROUNDS; round++) {
      make(numbers, "span", "", {}, `${round}`);
    }
    this.cells = PARTS.map((_, i) =>
      Array.from({ length: ROUNDS }, () => {
        const odd = i === PARTS.length - 1 ? " cks-odd" : "";
        const cell = make(this.field, "div", `cks-share${odd}`);
        make(cell, "span", "");
        return cell;
      }),
    );
  }

  focus() {}

  /**
   * @param {Round[]} rounds
   * @param {number} at
   */
  draw(rounds, at) {
    for (const [round, { shares }] of rounds.entries()) {
      for (const [i, row] of this.cells.entries()) {
        const cell = row[round];
        style(cell, { "--share": shares[i][0] });
        cell.children[0].textContent = shares[i][0].toFixed(2);
        cell.classList.toggle("cks-now", round === at);
      }
    }
  }
}

export default page(Agreement);
