/**
 * Hidden units in ten groups, each for the digit that its units speak for.
 *
 * A unit speaks for a digit as far as it is higher, or lower, for that digit than for others, times
 * its weight in that digit's score. That depends on the weights alone: units stay where they are
 * while a drawing is edited.
 */

import { CLASSES } from "../sizes.js";

/**
 * bands: for each digit, the numbers of its units, alike ones side by side.
 * signs: (units), 1 where a high value speaks for the digit, -1 where a low one does.
 * @typedef {{ bands: number[][], signs: Float32Array }} Groups
 */

/**
 * @param {Float32Array} kernel (units, 10), the head's weights
 * @param {Float32Array} means (11, units), of the hidden state after the last row: over the digits
 *   of each class, and over all
 * @returns {Groups}
 */
export function groupUnits(kernel, means) {
  const units = kernel.length / CLASSES;
  const votes = kernel.map((weight, i) => weight - meanOf(kernel, Math.floor(i / CLASSES)));
  const pairs = Array.from({ length: units * CLASSES }, (_, i) => {
    const [unit, digit] = [Math.floor(i / CLASSES), i % CLASSES];
    const apart = means[digit * units + unit] - means[CLASSES * units + unit];
    return { unit, digit, speaks: votes[i] * apart };
  });
  pairs.sort((a, b) => b.speaks - a.speaks);

  const room = Math.ceil(units / CLASSES);
  /** @type {number[][]} */
  const bands = Array.from({ length: CLASSES }, () => []);
  const signs = new Float32Array(units);
  for (const { unit, digit } of pairs) {
    if (signs[unit] || bands[digit].length === room) continue;
    bands[digit].push(unit);
    signs[unit] = votes[unit * CLASSES + digit] < 0 ? -1 : 1;
  }
  const profile = (/** @type {number} */ unit) =>
    Array.from({ length: CLASSES }, (_, digit) => {
      const apart = means[digit * units + unit] - means[CLASSES * units + unit];
      return signs[unit] * apart;
    });
  return { bands: bands.map((band) => alikeSideBySide(band, profile)), signs };
}

/**
 * The mean of sign times value of each group, (10), of the hidden state (units) of one timestep.
 * @param {Groups} groups @param {Float32Array} hidden @param {Float32Array} out
 */
export function meansOfGroups({ bands, signs }, hidden, out) {
  bands.forEach((band, digit) => {
    let sum = 0;
    for (const unit of band) sum += signs[unit] * hidden[unit];
    out[digit] = band.length ? sum / band.length : 0;
  });
}

/**
 * From the first unit on, each is followed by the one most like it.
 * @param {number[]} band @param {(unit: number) => number[]} profile
 */
function alikeSideBySide(band, profile) {
  const rest = band.map((unit) => ({ unit, numbers: profile(unit) }));
  const line = rest.splice(0, 1);
  while (rest.length) {
    const last = line[line.length - 1];
    const likeness = rest.map((other) => cosine(last.numbers, other.numbers));
    line.push(...rest.splice(likeness.indexOf(Math.max(...likeness)), 1));
  }
  return line.map(({ unit }) => unit);
}

/** @param {number[]} a @param {number[]} b */
function cosine(a, b) {
  const dot = (/** @type {number[]} */ x, /** @type {number[]} */ y) =>
    x.reduce((sum, value, i) => sum + value * y[i], 0);
  return dot(a, b) / (Math.sqrt(dot(a, a) * dot(b, b)) || 1);
}

/** @param {Float32Array} kernel @param {number} unit */
const meanOf = (kernel, unit) =>
  kernel.subarray(unit * CLASSES, (unit + 1) * CLASSES).reduce((a, b) => a + b) / CLASSES;
