/** The digit: its rows as far as they were read, and the row that is read now. */

import { ROWS } from "../sizes.js";
import { Cells } from "./brush.js";
import { grey } from "./colours.js";
import { legend } from "./memory.js";

/** @typedef {import("./brush.js").Brush} Brush */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./picture.js").View} View */

const ALL = { x: 0, width: ROWS };
const GHOST = 0.22;
const read = new Cells(ROWS, ROWS);
const toCome = new Cells(ROWS, ROWS);

/** @param {Brush} brush @param {Layout} layout @param {View} view */
export function drawDigit(brush, layout, { image, row, hide }) {
  const { axis, digit, rows, rem, phone, top } = layout;
  const { muted, line, background } = brush.colours;
  for (let i = 0; i < image.length; i++) {
    read.colours[i] = grey(image[i]);
    toCome.colours[i] = grey(Math.round(GHOST * image[i]));
  }
  read.update();
  toCome.update();

  const title = phone ? "rows" : "what the network sees";
  brush.text(title, digit.x, top - 0.7 * rem, { colour: muted });
  brush.fill("#000000", digit.x, rows.top, digit.width, rows.height);
  // Before the first row the whole digit is shown, unless it is hidden.
  brush.beside(row ? read : hide ? toCome : read, ALL, digit, rows, row || ROWS);
  if (row && !hide) brush.beside(toCome, ALL, digit, rows, ROWS, row);
  const end = rows.at(row);
  if (hide && row < ROWS) {
    brush.fill(background, digit.x, end, digit.width, rows.bottom - end);
    brush.frame(line, digit.x, end, digit.width, rows.bottom - end);
    if (rows.bottom - end > 2 * rem) {
      const middle = digit.x + digit.width / 2;
      const style = /** @type {const} */ ({ align: "center", colour: muted });
      brush.text("still to come", middle, (end + rows.bottom) / 2, style);
    }
  }
  for (const tick of [1, 7, 14, 21, 28]) {
    const y = (rows.at(tick - 1) + rows.at(tick)) / 2;
    if (row && Math.abs(tick - row) * rows.rowHeight < 1.15 * rem) continue;
    brush.text(tick, axis - 0.5 * rem, y, { align: "right", colour: muted });
  }
}

/**
 * The pixels of one row, large.
 * @param {Brush} brush @param {import("./layout.js").Span} place @param {number} row from 1
 * @param {number} y @param {number} height
 */
export function drawPixels(brush, place, row, y, height) {
  brush.strip(read, ALL, place, y, height, row - 1);
}

/** @param {Brush} brush @param {Layout} layout @param {View} view */
export function drawNow(brush, layout, { row, networks, every }) {
  const { axis, digit, rows, rem, phone, tight, crowded } = layout;
  if (phone) return;
  const { text, muted } = brush.colours;
  const [y, height] = [rows.bottom + 1.05 * rem, 2.05 * rem];
  if (row) {
    drawPixels(brush, digit, row, y, height);
    brush.frame(text, digit.x - 0.5, y - 0.5, digit.width + 1, height + 1, 1.25);
    brush.text("now", axis - 0.5 * rem, y + height / 2, { align: "right", weight: 700 });
  }
  if (tight || !networks.length) return;
  const long = every
    ? [
        "Memory: one column a unit, in ten",
        "groups, each for one digit. Green",
        "speaks for it, purple against it.",
      ]
    : [
        "Memory: its units in ten groups, each",
        "for one digit. A column is a group's",
        "mean, the strip shows every unit.",
      ];
  const short = ["Memory: ten groups,", "each for one digit"];
  if (crowded) legend(brush, digit.x, y + height + 3.25 * rem);
  const narrow = crowded || brush.measure(long[0], {}) > digit.width;
  (narrow ? short : long).forEach((words, i) => {
    brush.text(words, digit.x, y + height + (0.85 + 1.2 * i) * rem, { colour: muted });
  });
}
