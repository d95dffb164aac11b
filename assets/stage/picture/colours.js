/** The colours of the picture, out of the style sheet, so that both themes are in one place. */

import { clip } from "../numbers.js";

/** The variables of styles.css, without their dashes. */
const NAMES = /** @type {const} */ ([
  "background",
  "text",
  "muted",
  "line",
  "panel",
  "hatch",
  "once",
  "every",
  "guess",
  "scan",
  "for-0",
  "for-1",
  "for-2",
  "against-0",
  "against-1",
  "against-2",
]);
const LEVELS = 127;

/** @typedef {Record<(typeof NAMES)[number], string>} Named */

export class Palette {
  /** @type {Uint32Array} of 2 * LEVELS + 1 colours from -1 to 1, packed as in ImageData */
  #signed;
  /** @type {Uint32Array} of LEVELS + 1 colours from 0 to 1 */
  #open;

  /** @param {Element} element that has the variables */
  constructor(element) {
    const style = getComputedStyle(element);
    this.font = style.fontFamily;
    this.named = /** @type {Named} */ (
      Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]))
    );
    const ramp = (/** @type {"for" | "against"} */ side) =>
      /** @type {const} */ ([0, 1, 2]).map((i) => rgb(this.named[`${side}-${i}`]));
    const [against, support] = [ramp("against"), ramp("for")];
    this.#signed = Uint32Array.from({ length: 2 * LEVELS + 1 }, (_, i) => {
      const value = (i - LEVELS) / LEVELS;
      return packed(along(value < 0 ? against : support, Math.abs(value)));
    });
    const gate = [rgb(this.named["for-0"]), rgb(this.named.text)];
    this.#open = Uint32Array.from({ length: LEVELS + 1 }, (_, i) =>
      packed(along(gate, i / LEVELS)),
    );
  }

  /**
   * For (1) and against (-1), packed.
   * @param {number} value
   */
  signed(value) {
    return this.#signed[LEVELS + Math.round(LEVELS * clip(value, -1, 1))];
  }

  /**
   * How far a gate is open, 0 to 1, packed.
   * @param {number} value
   */
  open(value) {
    return this.#open[Math.round(LEVELS * clip(value, 0, 1))];
  }
}

/**
 * A grey level 0..255, packed.
 * @param {number} level
 */
export const grey = (level) => packed([level, level, level]);

/** @param {number[]} colour */
const packed = ([red, green, blue]) => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;

/** @param {string} hex */
const rgb = (hex) => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16));

/** @param {number[][]} stops @param {number} share from the first to the last */
function along(stops, share) {
  const place = share * (stops.length - 1);
  const i = Math.min(Math.floor(place), stops.length - 2);
  return stops[i].map((from, c) => Math.round(from + (stops[i + 1][c] - from) * (place - i)));
}
