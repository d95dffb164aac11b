/** The whole picture of a reading, on one canvas: what is shown in, pixels out. */

import { lastStep } from "../sentences.js";
import { ROWS } from "../sizes.js";
import { drawAnswers, drawAnswersNow } from "./answers.js";
import { Brush } from "./brush.js";
import { drawDigit, drawNow } from "./digit.js";
import { drawEquation } from "./equation.js";
import { drawMaps, drawMemory, drawMemoryNow } from "./memory.js";
import { drawStep, mostChanged } from "./step.js";

/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./layout.js").Place} Place */
/** @typedef {import("../network/networks.js").Network} Network */

/**
 * What is shown. image: (28, 28) grey levels; row: how many rows are read, 0 to 28; peek: guesses
 * of networks that are not asked; hide: no ghost of the rows to come; every: every unit, not means
 * of groups; step: the row is open; hover: the row below the pointer, 0 for none; showMemory: on a
 * phone, memory instead of answers; penOut: the digit's place is drawn on.
 * @typedef {{
 *   image: Uint8Array, networks: Network[], row: number, peek: boolean, hide: boolean,
 *   every: boolean, step: boolean, hover: number, showMemory: boolean, penOut: boolean,
 * }} View
 */

/**
 * @param {CanvasRenderingContext2D} context @param {import("./colours.js").Palette} palette
 * @param {Layout} layout @param {View} view @param {number} ratio device pixels to one of the page
 */
export function drawPicture(context, palette, layout, view, ratio) {
  const brush = new Brush(context, palette, layout.rem, ratio);
  const { rows, phone } = layout;
  context.clearRect(0, 0, layout.width, layout.height);
  drawDigit(brush, layout, view);
  const open = rows.open > 0;
  const explained = view.networks.find(({ once }) => !once) ?? view.networks[0];
  view.networks.forEach((network, i) => {
    const place = layout.networks[i];
    if (place.maps.width) drawMaps(brush, layout, place, network, view);
    if (!phone || view.showMemory) drawMemory(brush, layout, place, network, view);
    if (!phone || !view.showMemory) drawAnswers(brush, layout, place, network, view);
    if (!phone) drawWires(brush, layout, place, network, view);
    else nameBriefly(brush, layout, place, network);
    if (open) drawStep(brush, layout, place, network, view, unitOf(network, explained, view));
    else {
      if (!phone || view.showMemory) drawMemoryNow(brush, layout, place, network, view);
      if (!phone || !view.showMemory) drawAnswersNow(brush, layout, place, network, view);
      if (!phone) drawKept(brush, layout, place, view);
    }
  });
  if (open && explained)
    drawEquation(brush, layout, view, explained, unitOf(explained, explained, view));
  if (!open && !view.penOut) drawNow(brush, layout, view);
  if (view.row) drawReadingRow(brush, layout, view);
  if (view.hover && view.hover !== view.row) drawHovered(brush, layout, view);
}

/** @param {Brush} brush @param {Layout} layout @param {Place} place @param {Network} network */
function nameBriefly(brush, { top, rem }, { x }, { shortName }) {
  brush.text(shortName, x, top - 0.7 * rem, { weight: 700 });
}

/** @param {Network} network @param {Network} explained @param {View} view */
const unitOf = (network, explained, { row }) =>
  network === explained ? mostChanged(network.reader.steps[lastStep(row, network.timesteps)]) : -1;

/**
 * From memory to answer, wherever the network is asked.
 * @param {Brush} brush
 * @param {Layout} layout
 * @param {Place} place
 * @param {Network} network
 * @param {View} view
 */
function drawWires(brush, { rows }, { memory, answers }, network, { row }) {
  const { once, every } = brush.colours;
  const { context } = brush;
  const [from, to] = [memory.x + memory.width + 3, answers.x - 2];
  const middle = (/** @type {number} */ of) => (rows.at(of - 1) + rows.at(of)) / 2;
  if (network.once) {
    if (rows.open === ROWS) return;
    context.globalAlpha = row < ROWS ? 0.5 : 1;
    brush.arrow(once, from, to, middle(ROWS), 2.5, row < ROWS ? [3, 3] : []);
    context.globalAlpha = 1;
    return;
  }
  context.globalAlpha = 0.45;
  for (let past = 1; past < row; past++)
    brush.fill(every, from, middle(past) - 0.6, to - from - 1, 1.25);
  context.globalAlpha = 1;
  if (row && rows.open !== row) brush.arrow(every, from, to, middle(row), 2.5);
}

/** @param {Brush} brush @param {Layout} layout @param {Place} place @param {View} view */
function drawKept(brush, { rows, rem }, { memory }, { row }) {
  if (!row || row > 24 || memory.width < 6.5 * rem) return;
  const { context, colours } = brush;
  const y = rows.at(row) + 0.35 * rem;
  const x = memory.x + 0.8 * rem;
  brush.fill(colours.muted, x - 1, y, 2, rem);
  context.beginPath();
  context.moveTo(x, y + 1.45 * rem);
  context.lineTo(x - 0.32 * rem, y + 0.95 * rem);
  context.lineTo(x + 0.32 * rem, y + 0.95 * rem);
  context.fill();
  brush.text(`kept for row ${row + 1}`, x + 0.7 * rem, y + 0.75 * rem, { colour: colours.muted });
}

/**
 * Two lines around the row that is read, its number, and where it goes.
 * @param {Brush} brush
 * @param {Layout} layout
 * @param {View} view
 */
function drawReadingRow(brush, { rows, rem, digit, networks, width, phone, axis }, { row }) {
  const { text, scan, background } = brush.colours;
  const { context } = brush;
  const [top, bottom] = [brush.snap(rows.at(row - 1)), brush.snap(rows.at(row))];
  for (const y of [top, bottom]) brush.fill(text, digit.x - 2, y - 1, width - digit.x + 1, 2);
  if (!rows.open) {
    // Over the ink a dark line would not be seen.
    for (const [y, side] of [
      [top, -1],
      [bottom, 1],
    ]) {
      brush.fill("#000000", digit.x, y - 1.5, digit.width, 3);
      brush.fill(scan, digit.x, y + side - 0.6, digit.width, 1.25);
    }
  }
  const [tagWidth, tagHeight] = [(phone ? 1.45 : 1.85) * rem, 1.5 * rem];
  const y = rows.open ? top + tagHeight / 2 + 2 : (top + bottom) / 2;
  const right = axis - 0.35 * rem;
  context.fillStyle = text;
  context.beginPath();
  context.roundRect(right - tagWidth, y - tagHeight / 2, tagWidth, tagHeight, 0.35 * rem);
  context.fill();
  context.beginPath();
  context.moveTo(right - 1, y - 0.35 * rem);
  context.lineTo(axis - 1, y);
  context.lineTo(right - 1, y + 0.35 * rem);
  context.fill();
  const type = /** @type {const} */ ({ align: "center", weight: 700, size: 1 });
  brush.text(row, right - tagWidth / 2, y, { ...type, colour: background });
  const next = networks[0];
  if (phone || rows.open || !next) return;
  const from = digit.x + digit.width + 0.3 * rem;
  brush.arrow(text, from, next.x - 0.3 * rem, (top + bottom) / 2);
}

/** @param {Brush} brush @param {Layout} layout @param {View} view */
function drawHovered(brush, { rows, axis, rem, digit, width }, { hover }) {
  const y = (rows.at(hover - 1) + rows.at(hover)) / 2;
  const { muted, background } = brush.colours;
  brush.fill(muted, digit.x, y, width - digit.x, 1);
  brush.fill(background, 0, y - 0.6 * rem, axis - 0.1 * rem, 1.2 * rem);
  brush.text(hover, axis - 0.5 * rem, y, { align: "right", weight: 700 });
}
