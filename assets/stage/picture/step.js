/** One step of a network with its real numbers, in the place of the row that is open. */

import { lastStep } from "../sentences.js";
import { colourOf, drawBars, isClosed } from "./answers.js";
import { drawInput } from "./digit.js";
import { columnOf, drawStrip } from "./memory.js";

/** @typedef {import("./brush.js").Brush} Brush */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./layout.js").Place} Place */
/** @typedef {import("./picture.js").View} View */
/** @typedef {import("../networks.js").Network} Network */
/** @typedef {import("../cells.js").Step} Step */

/**
 * A strip of units: a symbol, what it means, and the value of each unit. A gate's values go from 0
 * to 1; others are divided by `reach`, and speak for or against the unit's digit.
 * @typedef {{
 *   symbol: string, words: string, value: (unit: number) => number, reach?: number, gate?: boolean,
 * }} Strip
 */

const PADDING_REM = 0.25;
const STRIP_REM = 1.95;
const LEAST_REM = 12.3;
/** Sums are coloured from -2 to 2: beyond that, tanh hardly changes. */
const SUMS = 2;

/** How high a row has to be for every strip of these networks, in rem. @param {Network[]} networks */
export function stepHeight(networks) {
  const strips = networks.map(({ cell }) => ({ simple_rnn: 4, gru: 5, lstm: 7 })[cell]);
  return Math.max(LEAST_REM, STRIP_REM * Math.max(...strips) + 2 * PADDING_REM);
}

/** What a step is made of, in its order. @param {Network} network @param {number} t from 0 @returns {Strip[]} */
export function stripsOf(network, t) {
  const { before, hidden, given, recalled, gates, memoryBefore, memory } = network.reader.steps[t];
  const { units } = network;
  const of =
    (/** @type {Float32Array} */ array, block = 0) =>
    (/** @type {number} */ unit) =>
      array[block * units + unit];
  const [old, now] = [sub(t), sub(t + 1)];
  if (network.cell === "gru")
    return [
      { symbol: `h${old}`, words: "old memory", value: of(before) },
      { symbol: "z", words: "how much of it stays", value: of(gates), gate: true },
      { symbol: "r", words: "how much of it is used", value: of(gates, 1), gate: true },
      { symbol: "n", words: "new memory", value: of(gates, 2) },
      { symbol: `h${now}`, words: "mixed by z", value: of(hidden) },
    ];
  if (network.cell === "lstm") {
    const reach = Math.max(1, largest(memoryBefore), largest(memory));
    const scale = `±${reach.toFixed(1)}`;
    return [
      { symbol: `c${old}`, words: `old cell, ${scale}`, value: of(memoryBefore), reach },
      { symbol: "f", words: "how much stays", value: of(gates, 1), gate: true },
      { symbol: "i", words: "how much enters", value: of(gates), gate: true },
      { symbol: "n", words: "new memory", value: of(gates, 2) },
      { symbol: `c${now}`, words: `new cell, ${scale}`, value: of(memory), reach },
      { symbol: "o", words: "how much shows", value: of(gates, 3), gate: true },
      { symbol: `h${now}`, words: "what shows", value: of(hidden) },
    ];
  }
  return [
    { symbol: `h${old}`, words: "old memory", value: of(before) },
    { symbol: `h${old}U`, words: "passed on", value: of(recalled), reach: SUMS },
    { symbol: `+ x${now}W + b`, words: "the row", value: of(given), reach: SUMS },
    { symbol: `= h${now}`, words: "after tanh", value: of(hidden) },
  ];
}

/** The strips and the scores of one network. @param {Brush} brush @param {Layout} layout @param {Place} place @param {Network} network @param {View} view @param {number} framed a unit, or -1 */
export function drawStep(brush, layout, { memory, answers }, network, view, framed) {
  const { rows, rem, phone } = layout;
  const { background, muted, text } = brush.colours;
  const { signs, bands } = network.groups;
  const [top, height] = [rows.at(view.row - 1), rows.openHeight];
  const t = lastStep(view.row, network.timesteps);
  const inner = top + PADDING_REM * rem;
  if (!phone || view.showMemory) {
    brush.fill(background, memory.x - 2, top, memory.width + 4, height);
    const strips = stripsOf(network, t);
    const each = (height - 2 * PADDING_REM * rem) / strips.length;
    strips.forEach(({ symbol, words, value, reach = 1, gate }, i) => {
      const y = inner + i * each;
      const end = brush.text(symbol, memory.x, y + 0.55 * rem, { weight: 700, size: 0.95 });
      const begin = end + 0.4 * rem;
      const room = memory.x + memory.width + 1.35 * rem - begin;
      brush.text(words, begin, y + 0.55 * rem, { colour: muted, room });
      const [at, high] = [y + 1.1 * rem, each - 1.2 * rem];
      drawStrip(brush, network, memory, at, high, (unit) =>
        gate
          ? brush.palette.open(value(unit))
          : brush.palette.signed((signs[unit] * value(unit)) / reach),
      );
      if (framed < 0) return;
      const digit = bands.findIndex((band) => band.includes(framed));
      const column = columnOf(memory, digit, rem);
      const share = (bands[digit].indexOf(framed) + 0.5) / bands[digit].length;
      brush.frame(text, column.x + share * column.width - 3, at - 2, 6, high + 4, 1.5);
    });
  }
  if (phone && view.showMemory) return;
  const { x, width } = answers;
  if (isClosed(network, view)) {
    brush.hatch(x, top, width, height);
    brush.card(x + width / 2, top + height / 2, width, "no question", `at row ${view.row}`);
    return;
  }
  brush.fill(background, x, top, width, height);
  const room = width + 2;
  brush.text(`softmax(h${sub(t + 1)}V + c)`, x, inner + 0.55 * rem, { colour: muted, room });
  drawBars(brush, answers, network, view, inner + 1.2 * rem, height - 1.9 * rem, true);
  if (phone) return;
  const y = top + height / 2;
  brush.arrow(colourOf(brush, network, view.row), memory.x + memory.width + 3, x - 2, y, 2.5);
}

/** The row itself, the equation, and one unit in numbers. @param {Brush} brush @param {Layout} layout @param {Network} network whose unit that is @param {View} view @param {number} framed */
export function drawEquation(brush, layout, network, view, framed) {
  const { rows, rem, digit, phone } = layout;
  const { background, muted, line } = brush.colours;
  const { row } = view;
  const [top, height] = [rows.at(row - 1), rows.openHeight];
  const t = lastStep(row, network.timesteps);
  brush.fill(background, digit.x - 1, top, digit.width + 2, height);
  const end = brush.text(`x${sub(t + 1)}`, digit.x, top + 0.8 * rem, { weight: 700, size: 0.95 });
  const room = digit.x + digit.width - end;
  brush.text(inputTitle(network, row, t), end + 0.4 * rem, top + 0.8 * rem, {
    colour: muted,
    room,
  });
  drawInput(brush, layout, network, t, top + 1.45 * rem, 2 * rem);
  brush.frame(line, digit.x, top + 1.45 * rem, digit.width, 2 * rem);
  if (phone || layout.crowded) return;
  const times = network.timesteps === 28 ? "28 times" : `${network.timesteps} times`;
  brush.text(`The same step, ${times}:`, digit.x, top + 4.5 * rem, { colour: muted });
  const { equations, numbers } = inWords(network, t, framed);
  let y = top + 5.8 * rem;
  for (const equation of equations) {
    brush.text(equation, digit.x, y, { size: 1.25, weight: 600 });
    y += 1.6 * rem;
  }
  for (const [words, strong] of numbers) {
    brush.text(words, digit.x, y, strong ? { size: 1.05, weight: 600 } : { colour: muted });
    y += 1.3 * rem;
  }
}

/** @param {Network} network @param {number} row @param {number} t */
function inputTitle({ convolves, byMap, filters }, row, t) {
  if (byMap) return `map ${Math.floor(t / 28) + 1}, row ${(t % 28) + 1}`;
  return convolves ? `row ${row} of ${filters} maps` : `row ${row}: 28 pixels`;
}

/** @param {Network} network @param {number} t @param {number} unit @returns {{ equations: string[], numbers: [string, boolean][] }} */
function inWords(network, t, unit) {
  const { before, hidden, given, recalled, gates, memoryBefore, memory } = network.reader.steps[t];
  const gate = (/** @type {number} */ block) => gates[block * network.units + unit];
  const framed = `Unit ${unit + 1}, framed:`;
  if (network.cell === "gru") {
    const [z, n] = [gate(0), gate(2)];
    return {
      equations: ["hₜ = z hₜ₋₁ + (1 − z) n"],
      numbers: [
        [`${framed} ${number(before[unit])} until now.`, false],
        [`${number(z)} · ${bracketed(before[unit])} + ${number(1 - z)} · ${bracketed(n)}`, true],
        [`= ${number(hidden[unit])}`, true],
        ["what stays; what is new", false],
      ],
    };
  }
  if (network.cell === "lstm") {
    const [i, f, n, o] = [gate(0), gate(1), gate(2), gate(3)];
    const old = memoryBefore[unit];
    return {
      equations: ["cₜ = f cₜ₋₁ + i n", "hₜ = o tanh(cₜ)"],
      numbers: [
        [`${framed} its cell held ${number(old)}.`, false],
        [`${number(f)} · ${bracketed(old)} + ${number(i)} · ${bracketed(n)}`, true],
        [`= ${number(memory[unit])}; what stays, what is new`, false],
        [`${number(o)} · tanh(${number(memory[unit])}) = ${number(hidden[unit])}`, true],
      ],
    };
  }
  const sign = recalled[unit] < 0 ? "−" : "+";
  const sum = `${number(given[unit])} ${sign} ${number(Math.abs(recalled[unit]))}`;
  return {
    equations: ["hₜ = tanh(xₜW + hₜ₋₁U + b)"],
    numbers: [
      [`${framed} ${number(before[unit])} until now.`, false],
      [`tanh(${sum}) = ${number(hidden[unit])}`, true],
      ["from the row; from memory", false],
    ],
  };
}

/** The unit that a step changed most. @param {Step} step */
export function mostChanged({ before, hidden }) {
  let found = 0;
  for (let unit = 1; unit < hidden.length; unit++)
    if (Math.abs(hidden[unit] - before[unit]) > Math.abs(hidden[found] - before[found]))
      found = unit;
  return found;
}

/** @param {Float32Array} values */
const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** @param {number} value */
const number = (value) => (Math.abs(value) < 0.005 ? "0.00" : value.toFixed(2).replace("-", "−"));

/** @param {number} value */
const bracketed = (value) => (value < -0.005 ? `(${number(value)})` : number(value));

/** A whole number as an index below the line. @param {number} index */
const sub = (index) => String(index).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]);
