/** What a network does to whole arrays: products, convolution, softmax. Nothing here makes one. */

import { ROWS } from "../sizes.js";

const WINDOW = 3;

/** Which numbers of a product's input are not zero; none is longer than this. */
const nonzero = new Int32Array(1024);

/**
 * out += x @ kernel. Zeros are left out, most of a digit's rows is paper; of the others four at a
 * time, so that `out` is read and written less often.
 * @param {Float32Array} out (m)
 * @param {Float32Array} x (n)
 * @param {Float32Array} kernel (n, m)
 */
export function addProduct(out, x, kernel) {
  const m = out.length;
  let count = 0;
  for (let k = 0; k < x.length; k++) if (x[k] !== 0) nonzero[count++] = k;
  let i = 0;
  for (; i + 3 < count; i += 4) {
    const k0 = nonzero[i];
    const k1 = nonzero[i + 1];
    const k2 = nonzero[i + 2];
    const k3 = nonzero[i + 3];
    const x0 = x[k0];
    const x1 = x[k1];
    const x2 = x[k2];
    const x3 = x[k3];
    const row0 = k0 * m;
    const row1 = k1 * m;
    const row2 = k2 * m;
    const row3 = k3 * m;
    for (let j = 0; j < m; j++)
      out[j] +=
        x0 * kernel[row0 + j] +
        x1 * kernel[row1 + j] +
        x2 * kernel[row2 + j] +
        x3 * kernel[row3 + j];
  }
  for (; i < count; i++) {
    const k = nonzero[i];
    const xk = x[k];
    const row = k * m;
    for (let j = 0; j < m; j++) out[j] += xk * kernel[row + j];
  }
}

/**
 * A 3x3 convolution with zero padding 1. As in every deep learning library, the kernel is not
 * flipped (a cross-correlation).
 * @param {Float32Array} maps (28, 28, inputs)
 * @param {Float32Array} kernel (3, 3, inputs, outputs)
 * @param {Float32Array} bias (outputs)
 * @param {Float32Array} out (28, 28, outputs)
 */
export function convolve(maps, kernel, bias, out) {
  const outputs = bias.length;
  const inputs = maps.length / (ROWS * ROWS);
  for (let row = 0, o = 0; row < ROWS; row++)
    for (let column = 0; column < ROWS; column++, o += outputs) {
      for (let j = 0; j < outputs; j++) out[o + j] = bias[j];
      for (let y = 0; y < WINDOW; y++)
        for (let x = 0; x < WINDOW; x++) {
          const seenRow = row + y - 1;
          const seenColumn = column + x - 1;
          if (seenRow < 0 || seenRow >= ROWS || seenColumn < 0 || seenColumn >= ROWS) continue;
          const seen = (seenRow * ROWS + seenColumn) * inputs;
          let k = (y * WINDOW + x) * inputs * outputs;
          for (let i = 0; i < inputs; i++, k += outputs) {
            const value = maps[seen + i];
            if (value !== 0) for (let j = 0; j < outputs; j++) out[o + j] += value * kernel[k + j];
          }
        }
    }
}

/** @param {Float32Array} values */
export function relu(values) {
  for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] = 0;
}

/**
 * How far from 0 the values go.
 * @param {Float32Array} values
 */
export const largest = (values) =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/**
 * Probabilities (n) of logits (n); the largest logit is taken off first against overflow.
 * @param {Float32Array} logits
 * @param {Float32Array} probabilities
 */
export function softmax(logits, probabilities) {
  let top = -Infinity;
  let sum = 0;
  for (const logit of logits) top = Math.max(top, logit);
  for (let k = 0; k < logits.length; k++) sum += probabilities[k] = Math.exp(logits[k] - top);
  for (let k = 0; k < logits.length; k++) probabilities[k] /= sum;
}
