/** What is drawn on where there is no Streamlit: a plain canvas, Undo and Clear. */

import { element } from "../dom.js";

/** @typedef {import("./ink.js").Stroke} Stroke */

const SHARPNESS = 2;

export class Surface {
  /**
   * @param {number} pixels its side
   * @param {(end: number) => void} keep the strokes up to this one, counted as in a slice
   */
  constructor(pixels, keep) {
    const side = String(pixels * SHARPNESS);
    const label = "Draw a digit here, with a mouse, a pen or a finger";
    this.canvas = element("canvas", {
      width: side,
      height: side,
      role: "img",
      "aria-label": label,
    });
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    this.context.scale(SHARPNESS, SHARPNESS);
    Object.assign(this.context, { lineCap: "round", lineJoin: "round", strokeStyle: "#ffffff" });
    // Else a finger would scroll, and the browser would tell of it a second time, as of a mouse.
    this.canvas.addEventListener("touchstart", (event) => event.preventDefault(), {
      passive: false,
    });
    const [undo, clear] = Object.entries({ Undo: -1, Clear: 0 }).map(([name, end]) => {
      const button = element("button", { type: "button" }, name);
      button.addEventListener("click", () => keep(end));
      return button;
    });
    this.buttons = [undo, clear];
    this.element = element(
      "div",
      { class: "surface" },
      this.canvas,
      element("div", { class: "surface-buttons" }, undo, clear),
    );
  }

  /** @param {Stroke[]} strokes */
  draw(strokes) {
    const { context, canvas } = this;
    context.clearRect(0, 0, canvas.width, canvas.height);
    for (const { points, width } of strokes) {
      context.lineWidth = width;
      context.beginPath();
      for (const [x, y] of points) context.lineTo(x, y);
      context.stroke();
    }
    for (const button of this.buttons) button.disabled = !strokes.length;
  }
}
