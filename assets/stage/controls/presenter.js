/**
 * Presenting: nothing but the stage, on the whole screen where the browser allows it. The style
 * sheets do the rest, by two classes of the document: what is drawn on lies outside of the stage.
 * It goes on until somebody ends it: on the way to a lesson, and in it, stages come and go.
 */

const { classList } = document.documentElement;
const PRESENTING = "presenting";
const PEN_OUT = "pen-out";

// By Esc, which the browser keeps to itself in full screen, also while a lesson shows no stage.
document.addEventListener("fullscreenchange", () => {
  if (!document.fullscreenElement) classList.remove(PRESENTING, PEN_OUT);
});

export class Presenter {
  /** @param {() => void} changed called after every change @param {AbortSignal} signal */
  constructor(changed, signal) {
    this.changed = changed;
    document.addEventListener("fullscreenchange", () => changed(), { signal });
  }

  get on() {
    return classList.contains(PRESENTING);
  }

  /** Whether there is something to draw on, over the digit. */
  get penOut() {
    return classList.contains(PEN_OUT);
  }

  toggle() {
    if (this.on) return this.leave();
    this.#present(true);
    // Where it is refused, the page presents in its window.
    document.documentElement.requestFullscreen?.().catch(() => {});
  }

  leave() {
    if (!this.on) return;
    this.#present(false);
    if (document.fullscreenElement) document.exitFullscreen();
  }

  /** @param {boolean} out */
  takePen(out) {
    classList.toggle(PEN_OUT, out && this.on);
    this.changed();
  }

  /**
   * Where what is drawn on lies over the digit.
   * @param {{ left: number, top: number, side: number }} place in pixels of the window
   * @param {number} pixels its own side
   */
  placePen({ left, top, side }, pixels) {
    const { style } = document.documentElement;
    style.setProperty("--pen-left", `${left}px`);
    style.setProperty("--pen-top", `${top}px`);
    style.setProperty("--pen-side", `${side}px`);
    style.setProperty("--pen-scale", String(side / pixels));
  }

  /** @param {boolean} on */
  #present(on) {
    classList.toggle(PRESENTING, on);
    this.takePen(false);
  }
}
