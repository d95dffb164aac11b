/** Where everything of the picture stands, in pixels of the page. */

import { ROWS } from "../sizes.js";

const LEAST_ROW = 10;

/**
 * A place from left to right.
 * @typedef {{ x: number, width: number }} Span
 */

/**
 * Where a network stands; on a phone memory and answers share a place. maps: thumbnails of the
 * feature maps of a network that goes map by map, else of no width.
 * @typedef {Span & { maps: Span, memory: Span, answers: Span }} Place
 */

/**
 * @typedef {{
 *   width: number, height: number, rem: number, phone: boolean, tight: boolean, crowded: boolean,
 *   axis: number, digit: Span, top: number, rows: Rows, tray: number, networks: Place[],
 * }} Layout
 */

/** The 28 rows from top to bottom; one of them may be open, and takes the tray's place too. */
export class Rows {
  /**
   * @param {number} top @param {number} height of all rows @param {number} open a row, 0 for none
   * @param {number} openHeight
   */
  constructor(top, height, open = 0, openHeight = 0) {
    this.top = top;
    this.height = height;
    this.open = open;
    this.bottom = top + height;
    this.rowHeight = open ? (height - openHeight) / (ROWS - 1) : height / ROWS;
    this.openHeight = open ? openHeight : this.rowHeight;
  }

  /**
   * The height of the line below so many rows, which need not be whole.
   * @param {number} rows
   */
  at(rows) {
    const { open, top, rowHeight, openHeight } = this;
    if (!open || rows <= open - 1) return top + rows * rowHeight;
    if (rows >= open) return top + (rows - 1) * rowHeight + openHeight;
    return top + (open - 1) * rowHeight + (rows - open + 1) * openHeight;
  }

  /**
   * The row at a height, 1 to 28.
   * @param {number} y
   */
  rowAt(y) {
    let row = 1;
    while (row < ROWS && y >= this.at(row)) row++;
    return row;
  }

  /**
   * The stretches of the first so many rows that are not open, as pairs of rows.
   * @param {number} rows
   * @returns {number[][]}
   */
  stretches(rows) {
    const { open } = this;
    if (!open || rows < open) return [[0, rows]];
    return [
      [0, open - 1],
      [open, rows],
    ].filter(([from, to]) => to > from);
  }
}

/**
 * @param {{
 *   width: number, height: number, rem: number, phone: boolean, tight: boolean,
 *   byMap: boolean[], open: number, openHeight: number,
 * }} room height: of the whole picture, as far as there is that much; byMap: of each network,
 *   whether it goes map by map; open: the row that is open, 0 for none.
 * @returns {Layout}
 */
export function layOut({ width, height, rem, phone, tight, byMap, open, openHeight }) {
  const count = byMap.length;
  const crowded = count > 2;
  const shares = phone ? [0.08, 0.27, 0.02, 0.02] : [0.04, 0.245, 0.034, 0.036];
  const [axisShare, digitShare, gapShare, betweenShare] = shares;
  const axis = Math.max(axisShare * width, (phone ? 2 : 2.5) * rem);
  const between = betweenShare * width * (crowded ? 0.7 : 1);
  const top = 1.5 * rem;
  const tray = (phone || tight ? 3.5 : 7.4) * rem;
  const full = Math.max((height - top - tray) / ROWS, LEAST_ROW) * ROWS;
  const digit = { x: axis, width: (crowded && !phone ? 0.14 : digitShare) * width };
  // Alone it is as wide as it is high.
  if (!count) digit.width = Math.min(full, width - axis);
  const left = axis + digit.width + gapShare * width;
  const each = (width - left - between * (count - 1) - 2) / count;
  const rows = open
    ? new Rows(top, full + tray, open, Math.min(openHeight, full + tray - 150))
    : new Rows(top, full);

  const networks = byMap.map((maps, i) => {
    const x = left + i * (each + between);
    const thumbnail = maps && !phone ? Math.min(full / 8, 0.2 * each) : 0;
    const start = x + (thumbnail ? thumbnail + 0.5 * rem : 0);
    const rest = each - (start - x);
    if (phone) {
      const whole = { x, width: each };
      return { ...whole, maps: { x, width: 0 }, memory: whole, answers: whole };
    }
    const wire = 1.35 * rem;
    const memory = { x: start, width: Math.round((rest - wire) * (crowded ? 0.39 : 0.455)) };
    const answers = { x: start + memory.width + wire, width: rest - wire - memory.width };
    return { x, width: each, maps: { x, width: thumbnail }, memory, answers };
  });
  const whole = top + full + tray;
  return {
    width,
    height: whole,
    rem,
    phone,
    tight,
    crowded,
    axis,
    digit,
    top,
    rows,
    tray,
    networks,
  };
}
