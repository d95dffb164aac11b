/**
 * Reading a digit, timestep by timestep: what a trained network remembers and thinks.
 *
 * The forward pass of `mnist_rnn/network/reader.py`, one image at a time, into arrays that are made
 * once: it runs at every movement of the pen.
 */

import { CLASSES, ROWS } from "../sizes.js";
import { cellOf } from "./cells.js";
import { addProduct, convolve, largest, relu, softmax } from "./layers.js";

/** @typedef {import("./cells.js").Step} Step */

const PIXELS = ROWS * ROWS;

/** A trained network that reads rows, and its latest reading. */
export class Reader {
  /** @type {Record<string, Float32Array>} */
  #weights;
  /**
   * What the products of a timestep are added to.
   * @type {{ fromX: Float32Array, fromH: Float32Array }}
   */
  #biases;
  /** The numbers of an image from 0 to 1 or so. */
  #pixels = new Float32Array(PIXELS);
  /**
   * What each convolution makes of them, (28, 28, filters).
   * @type {Float32Array[]}
   */
  #maps;
  // By timestep, as views that are made once: reading makes none.
  /** @type {Float32Array[]} */
  #inputs;
  /** @type {Float32Array[]} */
  #logits;
  /** @type {Float32Array[]} */
  #probabilities;

  /**
   * Throws an Error if this network reads no rows.
   * @param {import("./weights.js").Weights} weights
   */
  constructor({ tensors, card }) {
    const { backbone, head, cell, units, order, filters } = card.model;
    if (head !== "many_to_one" && head !== "many_to_many")
      throw new Error(`A network with the head ${head} reads no rows.`);
    const convolves = backbone === "cnn_rnn";
    const timesteps = convolves && order === "map_major" ? filters * ROWS : ROWS;
    const features = convolves && order === "row_major" ? filters * ROWS : ROWS;
    this.card = card;
    this.cell = cellOf(card.model);
    this.timesteps = timesteps;
    this.features = features;
    const sums = this.cell.gates.length * units;

    /** (timesteps, features), what the recurrent layer read. */
    this.sequence = new Float32Array(timesteps * features);
    /** (timesteps, units), what it remembered after each timestep. */
    this.hidden = new Float32Array(timesteps * units);
    /** How far from 0 its values go: 1, or without bounds as far as they did. */
    this.reach = 1;
    /** (timesteps, 10), the head applied to each hidden state. */
    this.logits = new Float32Array(timesteps * CLASSES);
    /** (timesteps, 10), the softmax of the logits. */
    this.probabilities = new Float32Array(timesteps * CLASSES);

    this.#inputs = rows(this.sequence, timesteps);
    this.#logits = rows(this.logits, timesteps);
    this.#probabilities = rows(this.probabilities, timesteps);
    const hidden = rows(this.hidden, timesteps);
    const [fromX, fromH, gates] = [1, 2, 3].map(() =>
      rows(new Float32Array(timesteps * sums), timesteps),
    );
    const memory = rows(new Float32Array(cell === "lstm" ? timesteps * units : 0), timesteps);
    const empty = new Float32Array(units);
    /**
     * The numbers of each timestep, between `sequence` and `hidden`.
     * @type {Step[]}
     */
    this.steps = hidden.map((after, t) => ({
      fromX: fromX[t],
      fromH: fromH[t],
      gates: gates[t],
      before: t ? hidden[t - 1] : empty,
      hidden: after,
      memoryBefore: t ? memory[t - 1] : empty,
      memory: memory[t],
    }));

    this.#weights = Object.fromEntries(
      Object.entries(tensors).map(([name, { values }]) => [name, values]),
    );
    // A GRU has two rows of biases, one for each product.
    const biases = rows(this.#weights["rnn.bias"], cell === "gru" ? 2 : 1);
    this.#biases = { fromX: biases[0], fromH: biases[1] ?? new Float32Array(sums) };
    this.#maps = ["conv1", "conv2"].map(() => new Float32Array(convolves ? PIXELS * filters : 0));
  }

  /**
   * Read an image, (28, 28) grey levels 0..255 with bright ink, into the arrays of this reader.
   * @param {Uint8Array} image
   */
  read(image) {
    const scale = this.card.model.scaling === "twice" ? 255 ** 2 : 255;
    for (let i = 0; i < PIXELS; i++) this.#pixels[i] = image[i] / scale;
    if (this.card.model.backbone === "rnn") this.sequence.set(this.#pixels);
    else this.#readMaps();
    this.steps.forEach((step, t) => {
      step.fromX.set(this.#biases.fromX);
      addProduct(step.fromX, this.#inputs[t], this.#weights["rnn.kernel"]);
      step.fromH.set(this.#biases.fromH);
      addProduct(step.fromH, step.before, this.#weights["rnn.recurrent_kernel"]);
      this.cell.step(step);
      this.#logits[t].set(this.#weights["head.bias"]);
      addProduct(this.#logits[t], step.hidden, this.#weights["head.kernel"]);
      softmax(this.#logits[t], this.#probabilities[t]);
    });
    if (!this.cell.bounded) this.reach = Math.max(1, largest(this.hidden));
  }

  /** The feature maps of two convolutions as a sequence. */
  #readMaps() {
    const { activation, order, filters } = this.card.model;
    /** @type {Float32Array} */
    let maps = this.#pixels;
    ["conv1", "conv2"].forEach((layer, i) => {
      const [kernel, bias] = ["kernel", "bias"].map((part) => this.#weights[`${layer}.${part}`]);
      convolve(maps, kernel, bias, this.#maps[i]);
      maps = this.#maps[i]; // (28, 28, filters)
      if (activation === "relu") relu(maps);
    });
    for (let row = 0, i = 0; row < ROWS; row++)
      for (let column = 0; column < ROWS; column++)
        for (let map = 0; map < filters; map++, i++) {
          const line = order === "map_major" ? map * ROWS + row : row * filters + map;
          this.sequence[line * ROWS + column] = maps[i];
        }
  }
}

/**
 * An array (count, n) as its rows.
 * @param {Float32Array} array
 * @param {number} count
 */
function rows(array, count) {
  const n = array.length / count;
  return Array.from({ length: count }, (_, i) => array.subarray(i * n, (i + 1) * n));
}
