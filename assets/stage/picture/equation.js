/** What is read in an open row, the equation of each cell shown, and one unit in numbers. */

import { lastStep } from "../sentences.js";
import { LEAST_SIZE } from "./brush.js";
import { drawPixels } from "./digit.js";
import { drawInput, inputOf, readApart } from "./input.js";

/** @typedef {import("./brush.js").Brush} Brush */
/** @typedef {import("./brush.js").Type} Type */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./picture.js").View} View */
/** @typedef {import("../network/networks.js").Network} Network */

/** A line of text, and how high it is, in rem. @typedef {{ words: string, type: Type, rem: number }} Line */

/** @typedef {{ name: string, equations: string[] }} Equations */

/** @type {Record<"gru" | "lstm", Equations>} */
const GATED = {
  gru: {
    name: "GRU",
    equations: ["n = tanh(xₜW + b + r (hₜ₋₁U + b′))", "hₜ = z hₜ₋₁ + (1 − z) n"],
  },
  lstm: { name: "LSTM", equations: ["cₜ = f cₜ₋₁ + i n", "hₜ = o tanh(cₜ)"] },
};
const SCALES = [1, 0.9, 0.85, 0.8, 0.75];
const PADDING_REM = 0.5;

/**
 * @param {Brush} brush
 * @param {Layout} layout
 * @param {View} view
 * @param {Network} explained whose unit is told in numbers
 * @param {number} unit
 */
export function drawEquation(brush, layout, view, explained, unit) {
  const { rows, rem, digit } = layout;
  const { background, line } = brush.colours;
  const { row, networks } = view;
  const [top, height] = [rows.at(row - 1), rows.openHeight];
  brush.fill(background, digit.x - 1, top, digit.width + 2, height);
  let y = top + PADDING_REM * rem;
  const apart = readApart(networks);
  if (!apart || networks.some(({ byMap }) => !byMap)) {
    nameInput(brush, layout, view, explained, y + 0.3 * rem);
    const [at, high] = [top + 1.45 * rem, 2 * rem];
    if (apart) {
      drawPixels(brush, digit, row, at, high);
      brush.frame(line, digit.x, at, digit.width, high);
    } else drawInput(brush, explained, row, digit, at, high);
    y = at + high + PADDING_REM * rem;
  }
  drawLines(brush, layout, view, explained, unit, y);
}

/**
 * @param {Brush} brush
 * @param {Layout} layout
 * @param {View} view
 * @param {Network} explained
 * @param {number} y
 */
function nameInput(brush, { digit, phone, crowded }, { row, networks }, explained, y) {
  const { muted } = brush.colours;
  if (readApart(networks)) {
    const words = phone || crowded ? `row ${row}` : `row ${row}: 28 pixels`;
    brush.text(words, digit.x, y, { colour: muted });
    return;
  }
  const { index, words, brief } = inputOf(explained, row);
  const end = brush.text(`x${sub(index)}`, digit.x, y, { weight: 700, size: 0.95 });
  const x = end + 0.4 * brush.rem;
  const fit = digit.x + digit.width - x;
  brush.text(phone || crowded ? brief : words, x, y, { colour: muted, fit });
}

/**
 * The equations and the numbers, smaller where that makes them fit; if nothing does, no numbers.
 * @param {Brush} brush
 * @param {Layout} layout
 * @param {View} view
 * @param {Network} explained
 * @param {number} unit
 * @param {number} top
 */
function drawLines(brush, { rows, rem, digit }, view, explained, unit, top) {
  const { muted } = brush.colours;
  const cells = view.networks.map(equationsOf);
  const unlike = cells.filter(({ name }, i) => cells.findIndex((c) => c.name === name) === i);
  /** @type {(words: string, strong?: number) => Line} */
  const line = (words, strong) =>
    strong
      ? { words, type: { size: strong, weight: 600 }, rem: 1.35 * strong }
      : { words, type: { colour: muted }, rem: 1.3 };
  const equations = unlike.flatMap(({ name, equations: each }) => [
    line(unlike.length > 1 ? `${name}, each step:` : timesOf(view.networks)),
    ...each.map((words) => line(words, 1.2)),
  ]);
  const where = placeOf(explained, view.networks);
  const numbers = inNumbers(explained, view.row, unit, where).map(([words, strong]) =>
    line(words, strong ? 1.05 : 0),
  );
  const room = rows.at(view.row) - top - 0.3 * rem;
  const tries = [[...equations, ...numbers], equations].flatMap((lines) =>
    SCALES.map((scale) => wrapped(brush, lines, scale, digit.width)),
  );
  const heightOf = (/** @type {Line[]} */ lines) =>
    lines.reduce((sum, { rem: high }) => sum + high, 0) * rem;
  const lines = tries.find((some) => heightOf(some) <= room) ?? tries[tries.length - 1];
  let y = top;
  for (const { words, type, rem: high } of lines) {
    brush.text(words, digit.x, y + (high / 2) * rem, { ...type, fit: digit.width });
    y += high * rem;
  }
}

/**
 * @param {Network} network
 * @returns {Equations}
 */
function equationsOf({ cell, activation }) {
  if (cell !== "simple_rnn") return GATED[cell];
  const name = activation === "tanh" ? "Simple RNN" : `Simple RNN, ${activation}`;
  return { name, equations: [`hₜ = ${applied(activation, "xₜW + hₜ₋₁U + b")}`] };
}

/**
 * A function of a sum, in writing.
 * @param {Network["activation"]} activation
 * @param {string} sum
 */
const applied = (activation, sum) => (activation === "linear" ? sum : `${activation}(${sum})`);

/** @param {Network[]} networks */
function timesOf(networks) {
  const times = [...new Set(networks.map(({ timesteps }) => timesteps))];
  return `The same step, ${times.join(" or ")} times:`;
}

/**
 * The lines at a scale, broken between words where they are too long.
 * @param {Brush} brush
 * @param {Line[]} lines
 * @param {number} scale
 * @param {number} width
 */
const wrapped = (brush, lines, scale, width) =>
  lines.flatMap(({ words, type, rem }) => {
    const scaled = { ...type, size: Math.max(LEAST_SIZE, scale * (type.size ?? 0.92)) };
    /** @type {string[]} */
    const broken = [];
    for (const word of words.split(" ")) {
      const longer = broken.length ? `${broken[broken.length - 1]} ${word}` : word;
      if (broken.length && brush.measure(longer, scaled) <= width)
        broken[broken.length - 1] = longer;
      else broken.push(word);
    }
    return broken.map((part) => ({ words: part, type: scaled, rem: scale * rem }));
  });

/**
 * Which of several networks that is.
 * @param {Network} network
 * @param {Network[]} networks
 */
function placeOf(network, networks) {
  const names = ["", ["left", "right"], ["left", "middle", "right"]][networks.length - 1];
  return names ? ` of the ${names[networks.indexOf(network)]} network` : "";
}

/**
 * One unit's step in numbers, and whether a line is one of numbers.
 * @param {Network} network
 * @param {number} row
 * @param {number} unit
 * @param {string} where
 * @returns {[string, boolean][]}
 */
function inNumbers(network, row, unit, where) {
  const t = lastStep(row, network.timesteps);
  const { before, hidden, fromX, fromH, gates, memoryBefore, memory } = network.reader.steps[t];
  const gate = (/** @type {number} */ block) => gates[block * network.units + unit];
  const framed = `Unit ${unit + 1}${where}, framed:`;
  if (network.cell === "gru") {
    const [z, n] = [gate(0), gate(2)];
    return [
      [`${framed} ${number(before[unit])} until now.`, false],
      [`${number(z)} · ${bracketed(before[unit])} + ${number(1 - z)} · ${bracketed(n)}`, true],
      [`= ${number(hidden[unit])}`, true],
      ["what stays; what is new", false],
    ];
  }
  if (network.cell === "lstm") {
    const [i, f, n, o] = [gate(0), gate(1), gate(2), gate(3)];
    const old = memoryBefore[unit];
    return [
      [`${framed} its cell held ${number(old)}.`, false],
      [`${number(f)} · ${bracketed(old)} + ${number(i)} · ${bracketed(n)}`, true],
      [`= ${number(memory[unit])}; what stays, what is new`, false],
      [`${number(o)} · tanh(${number(memory[unit])}) = ${number(hidden[unit])}`, true],
    ];
  }
  const sign = fromH[unit] < 0 ? "−" : "+";
  const sum = `${number(fromX[unit])} ${sign} ${number(Math.abs(fromH[unit]))}`;
  return [
    [`${framed} ${number(before[unit])} until now.`, false],
    [`${applied(network.activation, sum)} = ${number(hidden[unit])}`, true],
    [`from ${inputOf(network, row).from}; from memory`, false],
  ];
}

/** How numbers of thousands and more are written. */
export const SHORT = new Intl.NumberFormat("en", { notation: "compact" });

/** @param {number} value */
function number(value) {
  if (Math.abs(value) < 0.005) return "0.00";
  const written = Math.abs(value) < 1000 ? value.toFixed(2) : SHORT.format(value);
  return written.replace("-", "−");
}

/** @param {number} value */
const bracketed = (value) => (value < -0.005 ? `(${number(value)})` : number(value));

/**
 * A whole number as an index below the line.
 * @param {number} index
 */
export const sub = (index) => String(index).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]);
