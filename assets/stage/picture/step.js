/** One step of a network with its real numbers, in the place of the row that is open. */

import { largest } from "../network/layers.js";
import { lastStep } from "../sentences.js";
import { colourOf, drawBars, isClosed } from "./answers.js";
import { SHORT, sub } from "./equation.js";
import { drawInput, inputOf, readApart } from "./input.js";
import { columnOf, drawStrip } from "./memory.js";

/** @typedef {import("./brush.js").Brush} Brush */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./layout.js").Place} Place */
/** @typedef {import("./picture.js").View} View */
/** @typedef {import("../network/networks.js").Network} Network */
/** @typedef {import("../network/cells.js").Step} Step */

/**
 * A strip of units: a symbol, what it means, and the value of each unit. A gate's values go from 0
 * to 1; others are divided by `reach`, and speak for or against the unit's digit.
 * @typedef {{
 *   symbol: string, words: string, value: (unit: number) => number, reach?: number, gate?: boolean,
 * }} Strip
 */

const PADDING_REM = 0.25;
const STRIP_REM = 1.95;
/** An input in a network's own column takes as much room as so many strips. */
const INPUT_STRIPS = 1.5;
const STRIPS = { simple_rnn: 4, gru: 5, lstm: 8 };
/** What the words beside the strips take up, if there are one cell and two networks. */
const WORDS_REM = { simple_rnn: 12.3, gru: 15.8, lstm: 15.8 };
const MANY_WORDS_REM = 18.5;
/** Sums are coloured as far as that: beyond it, the function of them hardly changes. */
const SUMS = { tanh: 2, sigmoid: 4 };

/**
 * How high a row has to be for every strip and word of these networks, in rem.
 * @param {Network[]} networks
 */
export function stepHeight(networks) {
  const cells = [...new Set(networks.map(({ cell }) => cell))];
  const crowded = networks.length > 2 || cells.length > 1;
  const words = crowded ? MANY_WORDS_REM : Math.max(...cells.map((cell) => WORDS_REM[cell]));
  const own = readApart(networks) ? INPUT_STRIPS : 0;
  const strips = Math.max(...cells.map((cell) => STRIPS[cell])) + own;
  return Math.max(words, STRIP_REM * strips + 2 * PADDING_REM);
}

/**
 * What a step is made of, in its order.
 * @param {Network} network
 * @param {number} t from 0
 * @returns {Strip[]}
 */
function stripsOf(network, t) {
  const { before, hidden, fromX, fromH, gates, memoryBefore, memory } = network.reader.steps[t];
  const { units } = network;
  const of =
    (/** @type {Float32Array} */ array, block = 0) =>
    (/** @type {number} */ unit) =>
      array[block * units + unit];
  const [old, now] = [sub(t), sub(t + 1)];
  if (network.cell === "gru")
    return [
      { symbol: `h${old}`, words: "old memory", value: of(before) },
      { symbol: "r", words: "how much n takes", value: of(gates, 1), gate: true },
      { symbol: "n", words: "new memory", value: of(gates, 2) },
      { symbol: "z", words: "how much stays", value: of(gates), gate: true },
      { symbol: `h${now}`, words: "mixed by z", value: of(hidden) },
    ];
  if (network.cell === "lstm") {
    const reach = Math.max(1, largest(memoryBefore), largest(memory));
    const scale = within(reach);
    return [
      { symbol: `h${old}`, words: "old memory", value: of(before) },
      { symbol: `c${old}`, words: `old cell, ${scale}`, value: of(memoryBefore), reach },
      { symbol: "f", words: "how much stays", value: of(gates, 1), gate: true },
      { symbol: "i", words: "how much enters", value: of(gates), gate: true },
      { symbol: "n", words: "new memory", value: of(gates, 2) },
      { symbol: `c${now}`, words: `new cell, ${scale}`, value: of(memory), reach },
      { symbol: "o", words: "how much shows", value: of(gates, 3), gate: true },
      { symbol: `h${now}`, words: "what shows", value: of(hidden) },
    ];
  }
  const { activation } = network;
  if (activation === "tanh" || activation === "sigmoid") {
    const reach = SUMS[activation];
    return [
      { symbol: `h${old}`, words: "old memory", value: of(before) },
      { symbol: `h${old}U`, words: "passed on", value: of(fromH), reach },
      { symbol: `+ x${now}W + b`, words: "the input", value: of(fromX), reach },
      { symbol: `= h${now}`, words: `after ${activation}`, value: of(hidden) },
    ];
  }
  const reach = Math.max(1, largest(before), largest(hidden));
  const sums = Math.max(1, largest(fromH), largest(fromX));
  const last = activation === "linear" ? "the sum" : `after ${activation}`;
  return [
    { symbol: `h${old}`, words: `old memory, ${within(reach)}`, value: of(before), reach },
    { symbol: `h${old}U`, words: `passed on, ${within(sums)}`, value: of(fromH), reach: sums },
    {
      symbol: `+ x${now}W + b`,
      words: `input, ${within(sums)}`,
      value: of(fromX),
      reach: sums,
    },
    { symbol: `= h${now}`, words: `${last}, ${within(reach)}`, value: of(hidden), reach },
  ];
}

/**
 * The strips and the scores of one network.
 * @param {Brush} brush
 * @param {Layout} layout
 * @param {Place} place
 * @param {Network} network
 * @param {View} view
 * @param {number} framed a unit, or -1
 */
export function drawStep(brush, layout, place, network, view, framed) {
  const { phone } = layout;
  if (!phone || view.showMemory) drawStrips(brush, layout, place, network, view, framed);
  if (!phone || !view.showMemory) drawScores(brush, layout, place, network, view);
}

/**
 * @param {Brush} brush
 * @param {Layout} layout
 * @param {Place} place
 * @param {Network} network
 * @param {View} view
 * @param {number} framed
 */
function drawStrips(brush, layout, { maps, memory }, network, { row, networks }, framed) {
  const { rows, rem } = layout;
  const narrow = layout.phone || layout.crowded;
  const { background, muted, text } = brush.colours;
  const { signs, bands } = network.groups;
  const [top, height] = [rows.at(row - 1), rows.openHeight];
  brush.fill(background, memory.x - 2, top, memory.width + 4, height);
  const strips = stripsOf(network, lastStep(row, network.timesteps));
  const own = readApart(networks) ? INPUT_STRIPS : 0;
  const each = (height - 2 * PADDING_REM * rem) / (strips.length + own);
  let y = top + PADDING_REM * rem;
  const name = (/** @type {string} */ symbol, /** @type {string} */ words) => {
    const type = { weight: 700, size: 0.95, fit: memory.width };
    const begin = brush.text(symbol, memory.x, y + 0.55 * rem, type) + 0.4 * rem;
    const room = memory.x + memory.width + 1.35 * rem - begin;
    if (words) brush.text(words, begin, y + 0.55 * rem, { colour: muted, room });
  };
  if (own) {
    const { index, brief } = inputOf(network, row);
    name(`x${sub(index)}`, narrow ? brief.replace(" features", "") : brief);
    if (narrow && maps.width)
      brief.split(", ").forEach((words, i) => {
        brush.text(words, maps.x, y + (1.7 + 1.2 * i) * rem, { colour: muted, fit: maps.width });
      });
    drawInput(brush, network, row, memory, y + 1.1 * rem, own * each - 1.2 * rem);
    y += own * each;
  }
  for (const { symbol, words, value, reach = 1, gate } of strips) {
    name(symbol, narrow ? "" : words);
    const [at, high] = [y + 1.1 * rem, each - 1.2 * rem];
    y += each;
    drawStrip(brush, network, memory, at, high, (unit) =>
      gate
        ? brush.palette.open(value(unit))
        : brush.palette.signed((signs[unit] * value(unit)) / reach),
    );
    if (framed < 0) continue;
    const digit = bands.findIndex((band) => band.includes(framed));
    const column = columnOf(memory, digit, rem);
    const share = (bands[digit].indexOf(framed) + 0.5) / bands[digit].length;
    brush.frame(text, column.x + share * column.width - 3, at - 2, 6, high + 4, 1.5);
  }
}

/**
 * @param {Brush} brush
 * @param {Layout} layout
 * @param {Place} place
 * @param {Network} network
 * @param {View} view
 */
function drawScores(brush, { rows, rem, phone }, { memory, answers }, network, view) {
  const { background, muted } = brush.colours;
  const [top, height] = [rows.at(view.row - 1), rows.openHeight];
  const { x, width } = answers;
  if (isClosed(network, view)) {
    brush.hatch(x, top, width, height);
    brush.card(x + width / 2, top + height / 2, width, "no question", `at row ${view.row}`);
    return;
  }
  brush.fill(background, x, top, width, height);
  const inner = top + PADDING_REM * rem;
  const words = `softmax(h${sub(lastStep(view.row, network.timesteps) + 1)}V + c)`;
  brush.text(words, x, inner + 0.55 * rem, { colour: muted, fit: width });
  drawBars(brush, answers, network, view, inner + 1.2 * rem, height - 1.9 * rem, true);
  if (phone) return;
  const y = top + height / 2;
  brush.arrow(colourOf(brush, network, view.row), memory.x + memory.width + 3, x - 2, y, 2.5);
}

/**
 * The unit that a step changed most.
 * @param {Step} step
 */
export function mostChanged({ before, hidden }) {
  let found = 0;
  for (let unit = 1; unit < hidden.length; unit++)
    if (Math.abs(hidden[unit] - before[unit]) > Math.abs(hidden[found] - before[found]))
      found = unit;
  return found;
}

/**
 * How far a scale of colours goes to both sides.
 * @param {number} reach
 */
const within = (reach) => `±${reach < 1000 ? reach.toFixed(1) : SHORT.format(reach)}`;
