/**
 * The pen on the page's canvas, Streamlit's or one of ours, heard while it moves.
 *
 * The server owns the strokes. One that was drawn since it last told them is pending until it tells
 * that one too, or another canvas has taken this one's place; never by the clock: networks are slow.
 */

import { pencil } from "./pencil.js";

/** @typedef {import("./ink.js").Stroke} Stroke */

/** What the page's canvases have in their class, whose name ends with the canvas's version. */
const CANVAS_CLASS = "st-key-canvas-";

export class Pen {
  /** @type {Stroke[]} */
  #confirmed = [];
  /** @type {Stroke[]} */
  #pending = [];
  /** @type {{ id: number | "mouse", box: DOMRect, positions: number[][] } | null} */
  #current = null;
  #version = -1;
  #stop = new AbortController();

  /**
   * @param {import("../stage.js").Canvas} canvas
   * @param {() => void} moved called at every movement, and when the pen is lifted
   */
  constructor(canvas, moved) {
    this.canvas = canvas;
    this.moved = moved;
    // What Fabric.js, the canvas's own library, listens to: pointer events have other positions.
    this.#on(["mousedown", "touchstart"], (point, event) => this.#down(point, event));
    this.#on(["mousemove", "touchmove"], (point) => this.#move(point));
    this.#on(["mouseup", "touchend", "touchcancel"], (point) => this.#up(point));
  }

  /** Whether the pen is down. */
  get down() {
    return this.#current !== null;
  }

  /** Whether there is something on the canvas that the server has not told yet. */
  get ahead() {
    return this.down || this.#pending.length > 0;
  }

  /** Everything on the canvas as it is now. */
  get strokes() {
    const strokes = [...this.#confirmed, ...this.#pending];
    return this.#current ? [...strokes, this.#stroke(this.#current.positions)] : strokes;
  }

  /**
   * What the server knows to be on the canvas, and the canvas's version.
   * @param {Stroke[]} strokes @param {number} version
   */
  confirm(strokes, version) {
    const known = (/** @type {Stroke} */ { points }) =>
      strokes.some(
        (other) => near(points[0], other.points[0]) && near(ending(points), ending(other.points)),
      );
    this.#pending = version === this.#version ? this.#pending.filter((own) => !known(own)) : [];
    if (version !== this.#version) this.#current = null;
    this.#confirmed = strokes;
    this.#version = version;
  }

  stop() {
    this.#stop.abort();
  }

  /**
   * @param {string[]} names
   * @param {(point: Touch | MouseEvent, event: MouseEvent | TouchEvent) => void} hear
   */
  #on(names, hear) {
    for (const name of names)
      document.addEventListener(
        name,
        (event) => {
          const ours = /** @type {MouseEvent | TouchEvent} */ (event);
          for (const point of "changedTouches" in ours ? ours.changedTouches : [ours])
            hear(point, ours);
        },
        { capture: true, passive: true, signal: this.#stop.signal },
      );
  }

  /** @param {Touch | MouseEvent} point @param {MouseEvent | TouchEvent} event */
  #down(point, event) {
    const canvas =
      this.#current || ("button" in event && event.button) ? null : this.#drawnOn(event);
    if (!canvas) return;
    this.#current = { id: idOf(point), box: canvas.getBoundingClientRect(), positions: [] };
    this.#move(point);
  }

  /** @param {Touch | MouseEvent} point */
  #move(point) {
    if (this.#current?.id !== idOf(point)) return;
    const { box, positions } = this.#current;
    const scale = this.canvas.pixels / box.width;
    const [x, y] = [(point.clientX - box.left) * scale, (point.clientY - box.top) * scale];
    const last = positions[positions.length - 1];
    if (last && last[0] === x && last[1] === y) return;
    positions.push([x, y]);
    this.moved();
  }

  /** @param {Touch | MouseEvent} point */
  #up(point) {
    if (this.#current?.id !== idOf(point)) return;
    this.#pending.push(this.#stroke(this.#current.positions));
    this.#current = null;
    this.moved();
  }

  /**
   * The canvas that the pen is on and draws on; Streamlit's is in an open shadow root.
   * @param {Event} event
   */
  #drawnOn(event) {
    const path = event.composedPath();
    const { element } = this.canvas;
    if (element) return path[0] === element ? element : null;
    const ours = path.some(
      (part) =>
        part instanceof Element &&
        [...part.classList].some((name) => name.startsWith(CANVAS_CLASS)),
    );
    if (!ours || !(path[0] instanceof HTMLCanvasElement)) return null;
    // In the canvas's edit mode a drag moves strokes.
    const root = /** @type {ShadowRoot | Document} */ (path[0].getRootNode());
    return root.querySelector("[aria-pressed=true]") ? null : path[0];
  }

  /** @param {number[][]} positions */
  #stroke(positions) {
    return pencil(positions, this.canvas.width);
  }
}

/** @param {Touch | MouseEvent} point */
const idOf = (point) => ("identifier" in point ? point.identifier : "mouse");

/** @param {number[][]} points */
const ending = (points) => points[points.length - 1];

/** @param {number[]} a @param {number[]} b */
const near = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]) < 1;
