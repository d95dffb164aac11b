/**
 * The equations of the recurrent cells, one timestep each: those of `mnist_rnn/network/cells.py`,
 * but for the gradients: the browser reads, it does not train.
 *
 * A cell is given what the input makes, `fromX` = x W + b, and what its memory makes,
 * `fromH` = h U (a GRU's plus a bias of its own): (gates * units) each, one gate after another.
 */

import { clip } from "../numbers.js";

/**
 * The numbers of one timestep; a step fills in `gates`, `hidden` and `memory`.
 *
 * fromX, fromH: (gates * units), as above.
 * gates: (gates * units), what passes through each gate, and the new memory that it would let in.
 * before, hidden: (units), the hidden state before and after.
 * memoryBefore, memory: (units), an LSTM's cell state before and after; others have none.
 * @typedef {{
 *   fromX: Float32Array, fromH: Float32Array, gates: Float32Array,
 *   before: Float32Array, hidden: Float32Array,
 *   memoryBefore: Float32Array, memory: Float32Array,
 * }} Step
 */

/**
 * gates: what they are called, in the order in which their weights and numbers lie. The plain cell
 * has none to hold back its new memory.
 * bounded: whether its hidden state stays between -1 and 1.
 * @typedef {{ gates: string[], step: (step: Step) => void, bounded: boolean }} Cell
 */

/** @typedef {"simple_rnn" | "gru" | "lstm"} CellName */
/** @typedef {"tanh" | "relu" | "sigmoid" | "linear"} Activation */

/** The most that is kept of a value without bounds: it may double at every timestep. */
const LARGEST = 1e10;

/** @type {Record<Activation, (sum: number) => number>} */
const ACTIVATIONS = {
  tanh: Math.tanh,
  relu: (sum) => Math.min(LARGEST, Math.max(0, sum)),
  sigmoid: (sum) => sigmoid(sum),
  linear: (sum) => clip(sum, -LARGEST, LARGEST),
};

/**
 * The plain recurrent cell (J. L. Elman, Finding structure in time, 1990).
 * @param {Activation} name
 * @returns {Cell}
 */
function simpleRnn(name) {
  const activation = ACTIVATIONS[name];
  const bounded = name === "tanh" || name === "sigmoid";
  return {
    gates: ["new"],
    step: ({ fromX, fromH, gates, hidden }) => {
      for (let j = 0; j < hidden.length; j++)
        hidden[j] = gates[j] = activation(fromX[j] + fromH[j]);
    },
    bounded,
  };
}

/**
 * A gated recurrent unit (Cho et al. 2014), reset after the product as in cuDNN.
 * @param {Step} step
 */
function gru({ fromX, fromH, gates, before, hidden }) {
  const units = hidden.length;
  for (let j = 0; j < units; j++) {
    const [r, n] = [units + j, 2 * units + j];
    const update = sigmoid(fromX[j] + fromH[j]);
    const reset = sigmoid(fromX[r] + fromH[r]);
    const fresh = Math.tanh(fromX[n] + reset * fromH[n]);
    hidden[j] = update * before[j] + (1 - update) * fresh;
    gates[j] = update;
    gates[r] = reset;
    gates[n] = fresh;
  }
}

/**
 * A long short-term memory (Hochreiter & Schmidhuber 1997, Gers et al. 2000).
 * @param {Step} step
 */
function lstm({ fromX, fromH, gates, hidden, memoryBefore, memory }) {
  const units = hidden.length;
  for (let j = 0; j < units; j++) {
    const [f, n, o] = [units + j, 2 * units + j, 3 * units + j];
    const input = sigmoid(fromX[j] + fromH[j]);
    const forget = sigmoid(fromX[f] + fromH[f]);
    const fresh = Math.tanh(fromX[n] + fromH[n]);
    const output = sigmoid(fromX[o] + fromH[o]);
    memory[j] = forget * memoryBefore[j] + input * fresh;
    hidden[j] = output * Math.tanh(memory[j]);
    gates[j] = input;
    gates[f] = forget;
    gates[n] = fresh;
    gates[o] = output;
  }
}

/** @type {Record<"gru" | "lstm", Cell>} */
const GATED = {
  gru: { gates: ["update", "reset", "new"], step: gru, bounded: true },
  lstm: { gates: ["input", "forget", "new", "output"], step: lstm, bounded: true },
};

/**
 * The cell of a network, with its activation.
 * @param {{ cell: CellName, rnn_activation: Activation }} model
 */
export const cellOf = ({ cell, rnn_activation }) =>
  cell === "simple_rnn" ? simpleRnn(rnn_activation) : GATED[cell];

/**
 * 1 / (1 + exp(-x)), written with tanh as NumPy's is.
 * @param {number} x
 */
const sigmoid = (x) => 0.5 * (1 + Math.tanh(0.5 * x));
