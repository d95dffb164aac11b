/**
 * From the strokes of a drawing to the 28x28 image that a network reads.
 *
 * The formula of `mnist_rnn/digits/ink.py`, operation by operation, so that both make the very same
 * image.
 */

import { clip, roundHalfToEven } from "../numbers.js";
import { ROWS } from "../sizes.js";

/**
 * A line drawn without lifting the pen: points [x, y] and the pen's width, in canvas pixels.
 * @typedef {{ points: number[][], width: number }} Stroke
 */

const BOX = 20;
const PEN = 2.4;
const SUBPIXELS = 4;

/** Coverage of the subpixels of the box, in rows of `BOX * SUBPIXELS`. */
const cover = new Float64Array((BOX * SUBPIXELS) ** 2);
/** Grey levels of the pixels of the box, in rows of `BOX`. */
const grey = new Uint8Array(BOX * BOX);

/**
 * The image (28, 28) of a drawing, bright ink; null if there is no ink or nothing but dots.
 * @param {Stroke[]} strokes
 * @returns {Uint8Array | null}
 */
export function drawingToImage(strokes) {
  const lines = strokes.filter(({ points, width }) => longerSide(boundsOf([points])) > width / 2);
  if (!lines.length) return null;
  const bounds = boundsOf(lines.map((stroke) => stroke.points));
  const scale = (BOX - PEN) / longerSide(bounds);
  const width = sideOf((bounds.right - bounds.left) * scale);
  const height = sideOf((bounds.bottom - bounds.top) * scale);

  cover.fill(0);
  /** @param {number[]} point */
  const inSubpixels = ([x, y]) => [
    ((x - bounds.left) * scale + PEN / 2) * SUBPIXELS,
    ((y - bounds.top) * scale + PEN / 2) * SUBPIXELS,
  ];
  for (const { points } of lines) {
    let start = inSubpixels(points[0]);
    for (const point of points) {
      const end = inSubpixels(point);
      coverSegment(start, end, width * SUBPIXELS, height * SUBPIXELS);
      start = end;
    }
  }
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      grey[row * BOX + column] = roundHalfToEven(255 * meanOfPixel(row, column));
  return centred(width, height);
}

/**
 * Add what the pen covers along a segment, in subpixels, to `cover`.
 * @param {number[]} start [x, y]
 * @param {number[]} end [x, y]
 * @param {number} width of the part of `cover` that is used
 * @param {number} height
 */
function coverSegment([startX, startY], [endX, endY], width, height) {
  const radius = (PEN * SUBPIXELS) / 2;
  const reach = radius + 0.5;
  const left = Math.max(Math.floor(Math.min(startX, endX) - reach), 0);
  const top = Math.max(Math.floor(Math.min(startY, endY) - reach), 0);
  const right = Math.min(Math.ceil(Math.max(startX, endX) + reach), width);
  const bottom = Math.min(Math.ceil(Math.max(startY, endY) + reach), height);
  const alongX = endX - startX;
  const alongY = endY - startY;
  const squared = alongX * alongX + alongY * alongY || 1; // A point: t is 0.
  for (let row = top; row < bottom; row++)
    for (let column = left; column < right; column++) {
      const x = column + 0.5 - startX;
      const y = row + 0.5 - startY;
      const t = clip((x * alongX + y * alongY) / squared, 0, 1);
      const awayX = x - t * alongX;
      const awayY = y - t * alongY;
      const inside = clip(radius - Math.sqrt(awayX * awayX + awayY * awayY) + 0.5, 0, 1);
      const at = row * BOX * SUBPIXELS + column;
      if (inside > cover[at]) cover[at] = inside;
    }
}

/**
 * The mean coverage of a pixel of the box; row by row, as NumPy adds it up.
 * @param {number} row @param {number} column
 */
function meanOfPixel(row, column) {
  let sum = 0;
  for (let y = 0; y < SUBPIXELS; y++) {
    let sumOfRow = 0;
    for (let x = 0; x < SUBPIXELS; x++)
      sumOfRow += cover[(row * SUBPIXELS + y) * BOX * SUBPIXELS + column * SUBPIXELS + x];
    sum += sumOfRow;
  }
  return sum / SUBPIXELS ** 2;
}

/**
 * The used part of `grey`, moved by whole pixels to where MNIST has its centre of mass.
 * @param {number} width @param {number} height
 */
function centred(width, height) {
  let mass = 0;
  let across = 0;
  let down = 0;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const level = grey[row * BOX + column];
      mass += level;
      across += level * column;
      down += level * row;
    }
  const left = clip(place(mass, across), 0, ROWS - width);
  const top = clip(place(mass, down), 0, ROWS - height);
  const image = new Uint8Array(ROWS * ROWS);
  for (let row = 0; row < height; row++)
    image.set(grey.subarray(row * BOX, row * BOX + width), (top + row) * ROWS + left);
  return image;
}

/**
 * Where the first column goes for the centre of mass to be in column 14; half-way cases go right.
 * @param {number} mass @param {number} moment the sum of mass * column
 */
function place(mass, moment) {
  return Math.floor((256 * ((ROWS / 2) * mass - moment) + 129 * mass) / (256 * mass));
}

/** @param {number[][][]} lines */
function boundsOf(lines) {
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (const line of lines)
    for (const [x, y] of line) {
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
    }
  return { left, top, right, bottom };
}

/** @param {{ left: number, top: number, right: number, bottom: number }} bounds */
const longerSide = ({ left, top, right, bottom }) => Math.max(right - left, bottom - top);

/**
 * How many pixels ink takes up whose line has this extent.
 * @param {number} extent
 */
const sideOf = (extent) => Math.min(Math.ceil(extent + PEN - 1e-9), BOX);
