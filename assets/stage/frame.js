/** The page around the picture: title, headings, canvas, controls, and what is said of it aloud. */

import { Controls } from "./controls/controls.js";
import { drawn, Help } from "./controls/help.js";
import { element } from "./dom.js";
import { Heading } from "./headings.js";

/** @typedef {import("./network/networks.js").Network} Network */
/** @typedef {import("./headings.js").Called} Called */
/** @typedef {import("./sentences.js").Said} Said */
/** @typedef {import("./picture/layout.js").Layout} Layout */

const PHONE_PIXELS = 640;
const TIGHT_PIXELS = 700;
const BELOW_REM = 1.1;

let stages = 0;

export class Frame {
  /** @type {Heading[]} */
  #headings = [];

  /**
   * @param {import("./controls/commands.js").Commands} commands
   * @param {boolean} asks whether somebody can be asked for test digits
   */
  constructor(commands, asks) {
    const id = `stage-title-${stages++}`;
    this.title = element("h1", { id });
    this.lede = element("p", { class: "stage-lede" });
    this.help = new Help(asks);
    this.keys = element("div", { class: "stage-keys" });
    const most = element("span", { "aria-hidden": "true" });
    most.append(...drawn(["Space"]), " play ", ...drawn(["←", "→"]), " row ");
    most.append(element("span", { class: "stage-fill" }, ...drawn(["F"]), " full screen"));
    most.append(element("span", { class: "stage-leave" }, ...drawn(["F"]), " leave"));
    this.keys.append(most, this.help.button);
    this.headings = element("div", { class: "stage-headings" });
    this.canvas = element("canvas", { role: "img" });
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    this.read = element("button", { type: "button", class: "stage-read" }, "Read it");
    this.read.append(element("kbd", {}, "Space"));
    this.read.addEventListener("click", () => commands.play());
    this.figure = element("div", { class: "stage-figure" }, this.canvas, this.read);
    this.controls = new Controls(commands);
    this.live = element("p", { class: "stage-hidden", "aria-live": "polite" });
    this.table = element("table");
    this.root = element(
      "section",
      { class: "stage", "aria-labelledby": id, tabindex: "-1" },
      element("header", {}, this.title, this.keys),
      this.lede,
      this.headings,
      this.figure,
      this.controls.element,
      this.help.list,
      this.live,
      element("div", { class: "stage-hidden" }, this.table),
    );
  }

  /** @param {Network[]} networks @param {Called[]} called */
  name(networks, called) {
    this.#headings = networks.map(
      (network, i) => new Heading(network, called[i], networks.length > 2),
    );
    this.root.classList.toggle("crowded", networks.length > 2);
    this.headings.replaceChildren(...this.#headings.map((heading) => heading.element));
  }

  /** @param {Said[]} said @param {number[][]} shares of each digit, none where it is not asked */
  say(said, shares) {
    this.#headings.forEach((heading, i) => {
      heading.update(said[i], shares[i]);
    });
  }

  /** A square on the digit down to its last row, in pixels of the window. @param {Layout} layout */
  boxOfDigit({ digit, rows }) {
    const { left, top } = this.canvas.getBoundingClientRect();
    const side = Math.min(digit.width, rows.height);
    return { left: left + digit.x, top: top + rows.bottom - side, side };
  }

  /** Light or dark, as the page is; returns whether that is another theme than before. */
  restyle() {
    const page = document.querySelector(".stApp") ?? document.body;
    const levels = getComputedStyle(page).backgroundColor.match(/[\d.]+/g) ?? ["255"];
    const theme = Math.max(...levels.slice(0, 3).map(Number)) < 128 ? "dark" : "light";
    if (this.root.dataset.theme === theme) return false;
    this.root.dataset.theme = theme;
    return true;
  }

  /** How much room there is for the picture, in pixels; on a phone the page may scroll. */
  room() {
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const width = this.root.clientWidth;
    const scrolled = this.root.closest(".stMain")?.scrollTop ?? window.scrollY;
    const top = this.canvas.getBoundingClientRect().top + scrolled;
    const below = this.controls.element.offsetHeight + BELOW_REM * rem;
    const phone = width < PHONE_PIXELS;
    const tight = window.innerHeight < TIGHT_PIXELS;
    return { width, height: phone ? 0 : window.innerHeight - top - below, rem, phone, tight };
  }

  /**
   * Give everything its place.
   * @param {Layout} layout @param {number} ratio device pixels to one of the page
   */
  place({ width, height, networks, phone, tight }, ratio) {
    this.root.classList.toggle("phone", phone);
    this.root.classList.toggle("tight", tight);
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== w || this.canvas.height !== h) {
      Object.assign(this.canvas, { width: w, height: h });
      Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    }
    this.#headings.forEach(({ element: { style } }, i) => {
      style.left = phone ? "" : `${networks[i].x}px`;
      style.width = phone ? "" : `${Math.min(networks[i].width + 20, width - networks[i].x)}px`;
    });
    if (networks.length) this.read.style.left = `${(networks[0].x + width) / 2}px`;
  }

  /**
   * For those who hear the picture: the sentence, and all ten shares.
   * @param {string} sentence @param {{ name: string, shares: string[] }[]} rows
   */
  tell(sentence, rows) {
    if (this.live.textContent !== sentence) this.live.textContent = sentence;
    const cells = (/** @type {string[]} */ words) => words.map((word) => element("td", {}, word));
    this.table.replaceChildren(
      element("caption", {}, "How probable each digit is now"),
      element("tr", {}, ...cells(["", ..."0123456789"])),
      ...rows.map(({ name, shares }) => element("tr", {}, ...cells([name, ...shares]))),
    );
  }
}
