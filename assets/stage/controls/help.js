/** The keys of the stage, and a list of them all. */

import { element } from "../dom.js";

/** @type {[string[], string][]} */
const KEYS = [
  [["Space"], "play, and pause"],
  [["←", "→"], "one row back, one row on; also ↑ and ↓, Page Up and Page Down"],
  [["Home", "End"], "before the first row, after the last"],
  [["+", "−"], "faster, slower"],
  [["S"], "one step of the network, in numbers"],
  [["P"], "peek: what if it were asked now?"],
  [["U"], "every unit"],
  [["H"], "hide the rows to come"],
  [["F"], "fill the screen; again, or Esc: back to the page"],
  [["D"], "while the screen is filled: something to draw on"],
  [["?"], "this list"],
];
/** @type {[string[], string]} */
const DIGITS = [["0", "…", "9"], "a test digit of this class; again: the next one"];

let lists = 0;

export class Help {
  /** @param {boolean} asks whether somebody can be asked for test digits */
  constructor(asks) {
    const id = `stage-help-${lists++}`;
    const rows = (asks ? [DIGITS, ...KEYS] : KEYS).map(([keys, does]) =>
      element("tr", {}, element("th", { scope: "row" }, ...drawn(keys)), element("td", {}, does)),
    );
    const caption = element("caption", {}, "Keys");
    this.list = element(
      "div",
      { id, class: "stage-help", popover: "auto" },
      element("table", {}, caption, ...rows),
    );
    const name = { type: "button", popovertarget: id, "aria-label": "Keys", title: "All keys (?)" };
    this.button = element("button", name, "?");
  }

  toggle() {
    this.list.togglePopover();
  }
}

/** @param {string[]} keys */
export const drawn = (keys) => keys.map((key) => element("kbd", {}, key));
