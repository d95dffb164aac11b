/** What a network reads in one step: pixels of the digit, or what convolutions made of them. */

import { largest } from "../network/layers.js";
import { lastStep } from "../sentences.js";
import { ROWS } from "../sizes.js";
import { Cells } from "./brush.js";
import { grey } from "./colours.js";
import { drawPixels } from "./digit.js";

/** @typedef {import("./brush.js").Brush} Brush */
/** @typedef {import("./layout.js").Span} Span */
/** @typedef {import("../network/networks.js").Network} Network */

/**
 * index: of the step, from 1; words: what is read; brief: the same where there is little room;
 * from: what the sum of a unit got from it.
 * @typedef {{ index: number, words: string, brief: string, from: string }} Input
 */

/** @type {WeakMap<Network, Cells>} */
const tables = new WeakMap();

/**
 * What a network reads in the last step of a row, 1 to 28.
 * @param {Pick<Network, "timesteps" | "filters" | "byMap" | "convolves">} network
 * @param {number} row
 * @returns {Input}
 */
export function inputOf({ timesteps, filters, byMap, convolves }, row) {
  const step = lastStep(row, timesteps);
  if (byMap) {
    const words = `map ${Math.floor(step / ROWS) + 1}, row ${(step % ROWS) + 1}`;
    return { index: step + 1, words, brief: words, from: "the map's row" };
  }
  const features = `28 × ${filters} features`;
  if (convolves)
    return {
      index: row,
      words: `${features} of row ${row}`,
      brief: features,
      from: "the features",
    };
  return { index: row, words: `row ${row}: 28 pixels`, brief: "28 pixels", from: "the row" };
}

/**
 * Whether each network's input stands in its own column: they do not read the same.
 * @param {Pick<Network, "convolves">[]} networks
 */
export const readApart = (networks) =>
  networks.length > 1 && networks.some(({ convolves }) => convolves);

/**
 * The numbers that a network reads in the last step of a row; of feature maps one below the other,
 * grey where they are 0.
 * @param {Brush} brush
 * @param {Network} network
 * @param {number} row
 * @param {Span} place
 * @param {number} y
 * @param {number} height
 */
export function drawInput(brush, network, row, place, y, height) {
  if (network.convolves) drawFeatures(brush, network, row, place, y, height);
  else drawPixels(brush, place, row, y, height);
  brush.frame(brush.colours.line, place.x, y, place.width, height);
}

/**
 * @param {Brush} brush
 * @param {Network} network
 * @param {number} row
 * @param {Span} place
 * @param {number} y
 * @param {number} height
 */
function drawFeatures(brush, network, row, place, y, height) {
  const { sequence, features } = network.reader;
  const count = features / ROWS;
  const cells = tables.get(network) ?? new Cells(ROWS, count);
  tables.set(network, cells);
  const reach = largest(sequence) || 1;
  const start = lastStep(row, network.timesteps) * features;
  for (let i = 0; i < features; i++)
    cells.colours[i] = grey(Math.round(128 + (127 * sequence[start + i]) / reach));
  cells.update();
  const each = height / count;
  for (let i = 0; i < count; i++)
    brush.strip(cells, { x: 0, width: ROWS }, place, y + i * each, each, i);
}
