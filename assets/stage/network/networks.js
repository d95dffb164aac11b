/** The networks whose weights have come to this page, and what the stage draws of them. */

import { ROWS } from "../sizes.js";
import { groupUnits } from "./groups.js";
import { Reader } from "./reader.js";
import { parseWeights } from "./weights.js";

/** @typedef {import("./groups.js").Groups} Groups */

/** A network and its latest reading. */
export class Network {
  /** @param {import("./weights.js").Weights} weights with the tensor "memory.means", (11, units) */
  constructor(weights) {
    this.reader = new Reader(weights);
    const { head, units, filters } = weights.card.model;
    this.units = units;
    this.filters = filters;
    this.cell = weights.card.model.cell;
    this.activation = weights.card.model.rnn_activation;
    this.timesteps = this.reader.timesteps;
    this.probabilities = this.reader.probabilities;
    /** Whether it is asked only after the last row. */
    this.once = head === "many_to_one";
    /** Whether it goes through the digit map by map, not row by row. */
    this.byMap = this.timesteps !== ROWS;
    this.convolves = weights.card.model.backbone === "cnn_rnn";
    this.groups = groupUnits(
      weights.tensors["head.kernel"].values,
      weights.tensors["memory.means"].values,
    );
  }

  /** What it is called: when it is asked. */
  get name() {
    if (this.once) return "Asked once";
    return this.byMap ? "Asked at every step" : "Asked after every row";
  }

  /** The same, where there is little room. */
  get shortName() {
    if (this.once) return this.name;
    return this.byMap ? "Every step" : "Every row";
  }
}

/** @type {Map<string, Network>} */
const networks = new Map();
/**
 * What holds each of them: while the page is laid out anew, a new place may come before the old goes.
 * @type {Map<string, Set<object>>}
 */
const holders = new Map();
/** @type {Set<() => void>} */
const waiting = new Set();

/** @param {string} name */
export const networkCalled = (name) => networks.get(name);

/**
 * Be told whenever another network has come; returns what ends that.
 * @param {() => void} hear
 */
export function whenOneComes(hear) {
  waiting.add(hear);
  return () => waiting.delete(hear);
}

/**
 * Keep the network of a file, under the name in its metadata, which is returned.
 * @param {Uint8Array} file @param {object} holder
 */
export function keep(file, holder) {
  const weights = parseWeights(file);
  const name = /** @type {{ name: string }} */ (/** @type {unknown} */ (weights.card)).name;
  holders.set(name, (holders.get(name) ?? new Set()).add(holder));
  if (!networks.has(name)) {
    networks.set(name, new Network(weights));
    for (const hear of waiting) hear();
  }
  return name;
}

/**
 * Let go of a network, which goes with its last holder.
 * @param {string} name @param {object} holder
 */
export function forget(name, holder) {
  holders.get(name)?.delete(holder);
  if (!holders.get(name)?.size) networks.delete(name);
}
