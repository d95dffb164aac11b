/** The pointer on the picture: a click or a drag chooses the row, and hovering points it out. */

/**
 * @param {HTMLElement} canvas
 * @param {{
 *   rows: () => import("../picture/layout.js").Rows | undefined,
 *   go: (row: number) => void, hover: (row: number) => void,
 * }} picture
 * @param {AbortSignal} signal
 */
export function listenToPointer(canvas, { rows, go, hover }, signal) {
  /** @type {(event: MouseEvent) => number} */
  const rowAt = ({ offsetY }) => {
    const all = rows();
    return all && offsetY >= all.top && offsetY < all.bottom ? all.rowAt(offsetY) : 0;
  };
  const choose = (/** @type {number} */ row) => row && go(row);
  canvas.addEventListener("click", (event) => choose(rowAt(event)), { signal });
  canvas.addEventListener(
    "pointermove",
    (event) => {
      // A finger that moves scrolls the page.
      if (event.pointerType === "touch") return;
      if (event.buttons & 1) choose(rowAt(event));
      else hover(rowAt(event));
    },
    { signal },
  );
  canvas.addEventListener("pointerleave", () => hover(0), { signal });
}
