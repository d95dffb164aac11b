/** What a network answers: a ribbon for each digit, as wide as it is probable; or a seal. */

import { clip } from "../numbers.js";
import { lastStep, percent, ranked } from "../sentences.js";
import { CLASSES, ROWS } from "../sizes.js";

/** @typedef {import("./brush.js").Brush} Brush */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./layout.js").Place} Place */
/** @typedef {import("./layout.js").Span} Span */
/** @typedef {import("./picture.js").View} View */
/** @typedef {import("../network/networks.js").Network} Network */

const TOO_FAINT = 0.015;

/** @param {Brush} brush @param {Layout} layout @param {Place} place @param {Network} network @param {View} view */
export function drawAnswers(brush, layout, { answers }, network, { row, peek }) {
  const { rows, rem, phone, top } = layout;
  const { background, panel, line, muted, guess } = brush.colours;
  const { x, width } = answers;
  const peeking = network.once && peek && row > 0 && row < ROWS;
  const words = peeking ? "answer: only guesses" : "answer";
  if (!phone) brush.text(words, x, top - 0.7 * rem, { colour: muted });
  for (let digit = 0; digit < CLASSES; digit++) {
    const colour = digit % 2 ? background : panel;
    brush.fill(colour, x + (digit * width) / CLASSES, rows.top, width / CLASSES, rows.height);
  }
  brush.frame(line, x, rows.top, width, rows.height);
  if (!network.once) {
    if (row) ribbons(brush, answers, network, layout, 0, row, brush.colours.every);
    else seal(brush, layout, answers, row, rows.bottom);
    return;
  }
  const end = rows.at(ROWS - 1);
  if (peek && row) ribbons(brush, answers, network, layout, 0, Math.min(row, ROWS - 1), guess);
  else seal(brush, layout, answers, row, end - 2);
  slot(brush, layout, answers, network, row, end);
}

/** Where a network that is asked once answers. @param {Brush} brush @param {Layout} layout @param {Span} answers @param {Network} network @param {number} row @param {number} top */
function slot(brush, layout, answers, network, row, top) {
  const { x, width } = answers;
  const { rows } = layout;
  const { background, once } = brush.colours;
  if (rows.open === ROWS) return;
  brush.fill(background, x, top - 1, width, rows.bottom - top + 1);
  const dash = row < ROWS ? [4, 3] : [];
  brush.frame(once, x, top, width, rows.bottom - top, 1.5, dash);
  if (row === ROWS) ribbons(brush, answers, network, layout, ROWS - 1, ROWS, once);
}

/** @param {Brush} brush @param {Layout} layout @param {Span} place @param {number} row @param {number} bottom */
function seal(brush, layout, { x, width }, row, bottom) {
  const { rows, phone, crowded, rem } = layout;
  brush.hatch(x, rows.top, width, bottom - rows.top);
  brush.frame(brush.colours.muted, x, rows.top, width, bottom - rows.top, 1.25);
  if (!row || (rows.open && row < ROWS)) return;
  const height = bottom - rows.top;
  const share = row === ROWS ? (rows.open ? 0.25 : 0.5) : row <= 14 ? 0.74 : 0.26;
  if (height < 4 * rem) return;
  const plain = row === ROWS || phone || crowded ? "until row 28" : "opens at row 28";
  const bold = row === ROWS ? "was not asked" : "not asked yet";
  brush.card(x + width / 2, rows.top + height * share, width, bold, plain);
}

/** Bars row by row, centred in the column of their digit. @param {Brush} brush @param {Span} place @param {Network} network @param {Layout} layout @param {number} from rows @param {number} to @param {string} colour */
function ribbons(brush, { x, width }, network, { rows }, from, to, colour) {
  const { probabilities, timesteps } = network;
  const column = width / CLASSES;
  const steps = timesteps / ROWS;
  for (const [begin, end] of rows.stretches(to)) {
    for (let t = Math.max(begin, from) * steps; t < end * steps; t++) {
      const top = rows.at(t / steps);
      const height = rows.at((t + 1) / steps) - top;
      // The answer of a network that is asked once stands for the whole row.
      const last = network.once && to === ROWS ? timesteps - 1 : t;
      for (let digit = 0; digit < CLASSES; digit++) {
        const share = probabilities[last * CLASSES + digit];
        if (share < TOO_FAINT) continue;
        const bar = Math.max(1.5, share * (column - 2));
        brush.fill(colour, x + digit * column + (column - bar) / 2, top, bar, height);
      }
    }
  }
}

/** What it answers now, as upright bars. @param {Brush} brush @param {Layout} layout @param {Place} place @param {Network} network @param {View} view */
export function drawAnswersNow(brush, layout, { answers }, network, view) {
  const { rows, rem, phone, tray } = layout;
  const y = rows.bottom + (phone ? 0.4 : 0.55) * rem;
  const height = tray - (phone ? 0.5 : 0.6) * rem;
  if (isClosed(network, view)) {
    const column = answers.width / CLASSES;
    const base = y + height - 1.3 * rem;
    brush.hatch(answers.x, y + 0.2 * rem, answers.width, base - y - 0.2 * rem);
    for (let digit = 0; digit < CLASSES; digit++) {
      const style = /** @type {const} */ ({ align: "center", colour: brush.colours.muted });
      brush.text(digit, answers.x + (digit + 0.5) * column, y + height - 0.57 * rem, style);
    }
  } else drawBars(brush, answers, network, view, y, height, !phone);
}

/** Whether a network is not asked yet. @param {Network} network @param {View} view */
export const isClosed = (network, { row, peek }) => !row || (network.once && row < ROWS && !peek);

/**
 * The colour of a network's answers: grey where they are guesses.
 * @param {Brush} brush @param {Network} network @param {number} row
 */
export function colourOf({ colours }, { once }, row) {
  if (once) return row < ROWS ? colours.guess : colours.once;
  return colours.every;
}

/**
 * @param {Brush} brush @param {Span} place @param {Network} network @param {View} view
 * @param {number} y @param {number} height @param {boolean} labelled
 */
export function drawBars(brush, { x, width }, network, { row }, y, height, labelled) {
  const { rem, colours } = brush;
  const { probabilities, timesteps } = network;
  const step = lastStep(row, timesteps);
  const column = width / CLASSES;
  const base = y + height - 1.25 * rem;
  const room = base - y - (labelled ? 1.05 * rem : 0);
  const order = ranked(probabilities, step);
  const [first, second] = order;
  const of = (/** @type {number} */ digit) => probabilities[step * CLASSES + digit];
  for (let digit = 0; digit < CLASSES; digit++) {
    const left = x + digit * column;
    const lead = digit === first;
    brush.fill(colours.line, left + 1.5, base - 1, column - 3, 1);
    const bar = of(digit) * room;
    if (of(digit) > 0.01)
      brush.fill(colourOf(brush, network, row), left + 1.5, base - bar, column - 3, bar);
    brush.text(digit, left + column / 2, base + 0.68 * rem, {
      align: "center",
      size: (lead ? 1.08 : 1) * (column < 14 ? 0.9 : 1),
      weight: lead ? 800 : 400,
      colour: lead ? colours.text : colours.muted,
    });
  }
  if (!labelled) return;
  for (const digit of [first, second]) {
    if (of(digit) < 0.1) continue;
    const overlaps =
      Math.abs(digit - first) * column < 2.2 * rem && (of(first) - of(digit)) * room < rem;
    if (digit !== first && overlaps) continue;
    const style = /** @type {const} */ ({ align: "center" });
    const weight = digit === first ? 700 : 400;
    const at = clip(x + (digit + 0.5) * column, x + 1.1 * rem, x + width - 1.1 * rem);
    brush.text(percent(of(digit)), at, base - of(digit) * room - 0.5 * rem, { ...style, weight });
  }
}
