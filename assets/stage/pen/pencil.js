/**
 * From where the pointer was to the stroke that the server will get: what Fabric.js's pencil, the
 * one of the canvas, makes of it when the pen is lifted.
 */

import { clip, roundHalfToEven } from "../numbers.js";

/** @typedef {import("./ink.js").Stroke} Stroke */

const DECIMATION = 0.4;
const CURVE_STEP_PIXELS = 3;

/**
 * The stroke along the positions [x, y] of a pointer: curves from middle to middle, as points with
 * two decimals, like those of `strokes_from_canvas` in `mnist_rnn/digits/strokes.py`.
 * @param {number[][]} positions at least one, in canvas pixels
 * @param {number} width of the pen
 * @returns {Stroke}
 */
export function pencil(positions, width) {
  const kept = decimated(positions.length === 1 ? [positions[0], positions[0]] : positions);
  // Fabric.js makes the ends longer by this much, so that a click is a dot.
  const longer = width / 1000;
  const last = kept.length - 1;
  const many = kept.length > 2;
  const [firstX, firstY] = many ? signs(kept[1], kept[2]) : [1, 0];
  const [lastX, lastY] = many ? signs(kept[last - 1], kept[last]) : [1, 0];
  const line = [[kept[0][0] - firstX * longer, kept[0][1] - firstY * longer]];
  for (let i = 0; i < last; i++) {
    const [control, next] = [kept[i], kept[i + 1]];
    if (control[0] === next[0] && control[1] === next[1]) continue;
    const middle = [(control[0] + next[0]) / 2, (control[1] + next[1]) / 2];
    addCurve(line, control, middle);
  }
  line.push([kept[last][0] + lastX * longer, kept[last][1] + lastY * longer]);
  const points = line.map((point) => point.map((value) => roundHalfToEven(value * 100) / 100));
  return { points, width };
}

/**
 * The positions without those too near to the one before, and without the last but one: Fabric.js
 * leaves that out as well.
 * @param {number[][]} positions
 */
function decimated(positions) {
  if (positions.length <= 2) return positions;
  const kept = [positions[0]];
  for (let i = 1; i < positions.length - 2; i++) {
    const [x, y] = kept[kept.length - 1];
    const [dx, dy] = [positions[i][0] - x, positions[i][1] - y];
    if (dx * dx + dy * dy >= DECIMATION ** 2) kept.push(positions[i]);
  }
  kept.push(positions[positions.length - 1]);
  return kept;
}

/**
 * Continue a line along a quadratic curve, in steps of some pixels.
 * @param {number[][]} line @param {number[]} control @param {number[]} end
 */
function addCurve(line, control, end) {
  const start = line[line.length - 1];
  const length =
    Math.hypot(control[0] - start[0], control[1] - start[1]) +
    Math.hypot(end[0] - control[0], end[1] - control[1]);
  const steps = Math.trunc(clip(length / CURVE_STEP_PIXELS, 1, 100)) + 1;
  for (let step = 1; step <= steps; step++) {
    const t = step / steps;
    const s = 1 - t;
    line.push([0, 1].map((i) => s * s * start[i] + 2 * s * t * control[i] + t * t * end[i]));
  }
}

/** @param {number[]} from @param {number[]} to */
const signs = (from, to) => [Math.sign(to[0] - from[0]), Math.sign(to[1] - from[1])];
