/** What the parts of the picture draw with: text, hatching, arrows, and tables of coloured cells. */

import { ROWS } from "../sizes.js";

/** @typedef {import("./layout.js").Rows} Rows */
/** @typedef {import("./layout.js").Span} Span */

/**
 * size in rem; room: left out where it needs more; fit: made smaller, and then narrower, where it
 * needs more.
 * @typedef {{
 *   colour?: string, size?: number, weight?: number, align?: CanvasTextAlign, room?: number,
 *   fit?: number,
 * }} Type
 */

/** In rem: smaller type can't be read from the back row. */
export const LEAST_SIZE = 0.9;

/** A table of colours, one pixel each, to be stretched over a panel. */
export class Cells {
  /** @param {number} columns @param {number} rows */
  constructor(columns, rows) {
    this.canvas = Object.assign(document.createElement("canvas"), { width: columns, height: rows });
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    this.data = this.context.createImageData(columns, rows);
    /** Packed colours, (rows, columns). */
    this.colours = new Uint32Array(this.data.data.buffer);
  }

  /** Show the colours as they are now. */
  update() {
    this.context.putImageData(this.data, 0, 0);
  }
}

export class Brush {
  /**
   * @param {CanvasRenderingContext2D} context @param {import("./colours.js").Palette} palette
   * @param {number} rem @param {number} ratio device pixels to one of the page
   */
  constructor(context, palette, rem, ratio) {
    this.context = context;
    this.palette = palette;
    this.colours = palette.named;
    this.rem = rem;
    this.ratio = ratio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.imageSmoothingEnabled = false;
    context.textBaseline = "middle";
  }

  /** @param {number} value */
  snap(value) {
    return Math.round(value * this.ratio) / this.ratio;
  }

  /**
   * @param {string | number} words @param {number} x @param {number} y the middle
   * @param {Type} type
   * @returns {number} where it ends
   */
  text(words, x, y, type = {}) {
    const { colour = this.colours.text, size = 0.92, align = "left" } = type;
    const { room = Number.POSITIVE_INFINITY, fit = Number.POSITIVE_INFINITY } = type;
    const { context } = this;
    let width = this.measure(words, type);
    if (width > room) return x;
    if (width > fit) {
      const smaller = Math.max(Math.min(size, LEAST_SIZE), (size * fit) / width);
      width = Math.min(fit, this.measure(words, { ...type, size: smaller }));
    }
    context.fillStyle = colour;
    context.textAlign = align;
    context.fillText(String(words), x, y, width);
    return x + width;
  }

  /**
   * How wide it is; its font is the context's then.
   * @param {string | number} words @param {Type} type
   */
  measure(words, { size = 0.92, weight = 400 }) {
    this.context.font = `${weight} ${size * this.rem}px ${this.palette.font}`;
    return this.context.measureText(String(words)).width;
  }

  /** @param {string} colour @param {number} x @param {number} y @param {number} w @param {number} h */
  fill(colour, x, y, w, h) {
    const [left, top] = [this.snap(x), this.snap(y)];
    this.context.fillStyle = colour;
    this.context.fillRect(left, top, this.snap(x + w) - left, this.snap(y + h) - top);
  }

  /**
   * @param {string} colour @param {number} x @param {number} y @param {number} w @param {number} h
   * @param {number} line @param {number[]} dash
   */
  frame(colour, x, y, w, h, line = 1, dash = []) {
    const { context } = this;
    context.strokeStyle = colour;
    context.lineWidth = line;
    context.setLineDash(dash);
    context.strokeRect(x + line / 2, y + line / 2, w - line, h - line);
    context.setLineDash([]);
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h */
  hatch(x, y, w, h) {
    const { context } = this;
    context.save();
    context.beginPath();
    context.rect(x, y, w, h);
    context.clip();
    context.fillStyle = this.colours.panel;
    context.fillRect(x, y, w, h);
    context.strokeStyle = this.colours.hatch;
    context.lineWidth = 1.5;
    context.beginPath();
    for (let i = -h; i < w; i += 0.5 * this.rem) {
      context.moveTo(x + i, y + h);
      context.lineTo(x + i + h, y);
    }
    context.stroke();
    context.restore();
  }

  /**
   * A card with two lines in the middle of a place.
   * @param {number} x @param {number} y @param {number} width of the place
   * @param {string} bold @param {string} plain
   */
  card(x, y, width, bold, plain) {
    const { context, rem, colours } = this;
    const w = Math.min(width - 0.4 * rem, 8 * rem);
    const h = 3.4 * rem;
    context.beginPath();
    context.roundRect(x - w / 2, y - h / 2, w, h, 0.35 * rem);
    context.fillStyle = colours.background;
    context.fill();
    context.strokeStyle = colours.muted;
    context.lineWidth = 1.25;
    context.stroke();
    const size = w < 7 * rem ? 0.92 : 1;
    this.text(bold, x, y - 0.62 * rem, { align: "center", weight: 700, size });
    this.text(plain, x, y + 0.68 * rem, { align: "center", colour: colours.muted });
  }

  /**
   * @param {string} colour @param {number} x from @param {number} to @param {number} y
   * @param {number} line @param {number[]} dash
   */
  arrow(colour, x, to, y, line = 2, dash = []) {
    const { context, rem } = this;
    context.strokeStyle = context.fillStyle = colour;
    context.lineWidth = line;
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(to - 0.35 * rem, y);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    context.moveTo(to, y);
    context.lineTo(to - 0.4 * rem, y - 0.3 * rem);
    context.lineTo(to - 0.4 * rem, y + 0.3 * rem);
    context.fill();
  }

  /**
   * Some columns of cells beside the rows that caused them, down to a row; an open one is left out.
   * @param {Cells} cells @param {Span} columns which of them @param {Span} place
   * @param {Rows} rows @param {number} until @param {number} from
   */
  beside(cells, columns, place, rows, until, from = 0) {
    const scale = cells.canvas.height / ROWS;
    for (const [begin, end] of rows.stretches(until)) {
      const first = Math.max(begin, from);
      if (end <= first) continue;
      const [top, bottom] = [this.snap(rows.at(first)), this.snap(rows.at(end))];
      this.#stretch(cells, columns, place, top, bottom, first * scale, (end - first) * scale);
    }
  }

  /**
   * Some columns of one row of cells.
   * @param {Cells} cells @param {Span} columns @param {Span} place
   * @param {number} y @param {number} height @param {number} row
   */
  strip(cells, columns, place, y, height, row = 0) {
    this.#stretch(cells, columns, place, this.snap(y), this.snap(y + height), row, 1);
  }

  /**
   * @param {Cells} cells @param {Span} columns @param {Span} place @param {number} top
   * @param {number} bottom @param {number} row @param {number} count of rows
   */
  #stretch(cells, columns, place, top, bottom, row, count) {
    const left = this.snap(place.x);
    const width = this.snap(place.x + place.width) - left;
    const { x, width: across } = columns;
    this.context.drawImage(cells.canvas, x, row, across, count, left, top, width, bottom - top);
  }
}
