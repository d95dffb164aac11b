/** What of a reading is shown: the row, how it moves on by itself, and what is switched on. */

import { clip } from "../numbers.js";
import { ROWS } from "../sizes.js";

/** @typedef {import("./controls.js").Switch} Switch */

const SPEEDS = [1, 2, 4];
const ROW_MILLISECONDS = 1000;

export class Player {
  #timer = 0;
  row = 0;
  speed = SPEEDS[0];
  playing = false;
  /** On a phone, the memory instead of the answers. */
  showMemory = false;
  /** @type {Set<Switch>} */
  on = new Set();

  /** @param {() => void} changed called after every change */
  constructor(changed) {
    this.changed = changed;
  }

  /** Play from the next row on, after the last from the first; or stop. */
  play() {
    if (this.playing) {
      this.stop();
    } else {
      this.playing = true;
      if (this.row === ROWS) this.row = 0;
      this.#next();
    }
    this.changed();
  }

  /** Stay at this row. */
  stop() {
    clearTimeout(this.#timer);
    this.playing = false;
  }

  /** @param {number} row */
  go(row) {
    this.stop();
    this.row = clip(row, 0, ROWS);
    this.changed();
  }

  /**
   * Another speed by so many levels; by none: the next, and after the last the first.
   * @param {number} levels
   */
  faster(levels) {
    const level = SPEEDS.indexOf(this.speed) + (levels || 1);
    const last = SPEEDS.length - 1;
    this.speed = SPEEDS[levels ? clip(level, 0, last) : level % SPEEDS.length];
    this.changed();
  }

  /** @param {Switch} which */
  toggle(which) {
    if (!this.on.delete(which)) this.on.add(which);
    if (this.on.has("step") && !this.row) this.row = 1;
    if (which === "step" && this.on.has("step")) this.showMemory = true;
    this.changed();
  }

  /** What a link has to reproduce. */
  get resting() {
    return { row: this.row, on: [...this.on].sort() };
  }

  #next() {
    this.row++;
    if (this.row === ROWS) {
      this.playing = false;
      return;
    }
    this.#timer = setTimeout(() => {
      this.#next();
      this.changed();
    }, ROW_MILLISECONDS / this.speed);
  }
}
