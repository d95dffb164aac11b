/** The reading stage: what is shown now, and what changes it. It owns the row while it is there. */

import { Frame } from "./frame.js";
import { drawingToImage } from "./ink.js";
import { listenToKeys } from "./keys.js";
import { networkCalled, whenOneComes } from "./networks.js";
import { Pen } from "./pen.js";
import { Palette } from "./picture/colours.js";
import { layOut, ROWS } from "./picture/layout.js";
import { drawPicture } from "./picture/picture.js";
import { stepHeight } from "./picture/step.js";
import { aloud, lastStep, percent, say } from "./sentences.js";

/** @typedef {import("./networks.js").Network} Network */
/** @typedef {import("./controls.js").Switch} Switch */

/**
 * What the server tells. image: grey levels as base64, where nothing drawn is shown; label: the
 * class of that image; row, and turn, which is higher whenever the server has changed the row;
 * strokes: of the canvas of this version, as `strokes.js` unpacks them.
 * @typedef {{
 *   title: string, lede: string, networks: (import("./heads.js").Called & { name: string })[],
 *   strokes: import("./ink.js").Stroke[], version: number, canvas: { pixels: number, width: number },
 *   image: Uint8Array | null, label: number | null, row: number, turn: number, on: Switch[],
 * }} Told
 */

/**
 * What keys and buttons do.
 * @typedef {{
 *   play: () => void, step: (rows: number) => void, go: (row: number) => void,
 *   faster: (levels: number) => void, digit: (digit: number) => void,
 *   toggle: (which: Switch) => void, showMemory: () => void,
 * }} Commands
 */

/** What the server is told: the row and switches at rest, and the digit that was asked for. @typedef {{ rest: (row: number, on: Switch[]) => void, digit: (digit: number) => void }} Server */

const SPEEDS = [1, 2, 4];
const ROW_MILLISECONDS = 1000;
const REST_MILLISECONDS = 400;
const PHONE_PIXELS = 640;
const TIGHT_PIXELS = 700;
const BELOW_PIXELS = 10;

export class Stage {
  #stop = new AbortController();
  #frame = 0;
  #timer = 0;
  #rest = 0;
  #turn = -1;
  #told = "";
  #row = 0;
  #speed = SPEEDS[0];
  #playing = false;
  #hover = 0;
  #showMemory = false;
  /** @type {Set<Switch>} */
  #on = new Set();
  /** @type {Network[]} */
  #networks = [];
  /** @type {Uint8Array} */
  #image = new Uint8Array(ROWS * ROWS);
  /** Whether the image has to be read again, and made of the strokes before. */
  #stale = true;

  /** @param {HTMLElement} parent @param {Told} told @param {Server} server */
  constructor(parent, told, server) {
    this.told = told;
    this.server = server;
    /** @type {Commands} */
    const commands = {
      play: () => this.#play(!this.#playing),
      step: (rows) => this.#go(this.#row + rows),
      go: (row) => this.#go(row),
      faster: (levels) => this.#faster(levels),
      digit: (digit) => this.server.digit(digit),
      toggle: (which) => this.#toggle(which),
      showMemory: () => {
        this.#showMemory = !this.#showMemory;
        this.#changed();
      },
    };
    this.frame = new Frame(commands);
    parent.append(this.frame.root);
    this.pen = new Pen(told.canvas, () => this.#drawn());
    this.palette = new Palette(this.frame.root);
    const { signal } = this.#stop;
    listenToKeys(this.frame.root, commands, signal);
    this.#listenToPointer(this.frame.canvas, signal);
    const resized = new ResizeObserver(() => this.#soon());
    resized.observe(parent);
    signal.addEventListener("abort", () => resized.disconnect());
    signal.addEventListener(
      "abort",
      whenOneComes(() => this.update(this.told, this.server)),
    );
    window.addEventListener("resize", () => this.#soon(), { signal });
    document.fonts.addEventListener("loadingdone", () => this.#soon(), { signal });
    this.update(told, server);
  }

  /** @param {Told} told @param {Server} server */
  update(told, server) {
    this.told = told;
    this.server = server;
    if (told.turn > this.#turn) {
      this.#turn = told.turn;
      this.#row = told.row;
      this.#on = new Set(told.on);
      this.#told = this.#resting();
    }
    this.pen.confirm(told.strokes, told.version);
    const called = told.networks.filter(({ name }) => networkCalled(name));
    const networks = called.map(({ name }) => /** @type {Network} */ (networkCalled(name)));
    const names = JSON.stringify(called);
    if (names !== this.frame.heads.dataset.called) {
      this.frame.heads.dataset.called = names;
      this.frame.name(networks, called);
    }
    this.#networks = networks;
    this.frame.title.textContent = told.title;
    this.frame.lede.textContent = told.lede;
    this.#restyle();
    this.#stale = true;
    this.#soon();
  }

  stop() {
    this.#stop.abort();
    this.pen.stop();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    clearTimeout(this.#rest);
    this.frame.root.remove();
  }

  /** The pen has moved: everything is read at once, to the last row. */
  #drawn() {
    this.#play(false);
    this.#row = ROWS;
    this.#stale = true;
    this.#changed();
  }

  /** @param {boolean} playing */
  #play(playing) {
    clearTimeout(this.#timer);
    this.#playing = playing;
    if (playing) {
      this.#row = this.#row === ROWS ? 1 : this.#row + 1;
      this.#timer = setTimeout(() => this.#tick(), ROW_MILLISECONDS / this.#speed);
    }
    this.#changed();
  }

  #tick() {
    if (this.#row < ROWS) this.#row++;
    if (this.#row === ROWS) this.#playing = false;
    else this.#timer = setTimeout(() => this.#tick(), ROW_MILLISECONDS / this.#speed);
    this.#changed();
  }

  /** @param {number} row */
  #go(row) {
    this.#row = Math.max(0, Math.min(ROWS, row));
    this.#play(false);
  }

  /** Another speed by so many levels; by none: the next, and after the last the first. @param {number} levels */
  #faster(levels) {
    const next = SPEEDS.indexOf(this.#speed) + (levels || 1);
    this.#speed = levels
      ? SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, next))]
      : SPEEDS[next % SPEEDS.length];
    this.#changed();
  }

  /** @param {Switch} which */
  #toggle(which) {
    if (!this.#on.delete(which)) this.#on.add(which);
    if (which === "step" && this.#on.has("step") && !this.#row) this.#row = 1;
    this.#changed();
  }

  #resting() {
    return JSON.stringify([this.#row, [...this.#on].sort()]);
  }

  /** Show it, and let the server know once it rests. */
  #changed() {
    this.#soon();
    clearTimeout(this.#rest);
    if (this.#playing || this.pen.down) return;
    this.#rest = setTimeout(() => {
      if (this.#told === this.#resting()) return;
      this.#told = this.#resting();
      this.server.rest(this.#row, [...this.#on]);
    }, REST_MILLISECONDS);
  }

  #soon() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  /** Light or dark, as the page is. */
  #restyle() {
    const { root } = this.frame;
    const channels = getComputedStyle(document.querySelector(".stApp") ?? document.body)
      .backgroundColor.match(/\d+/g)
      ?.slice(0, 3)
      .map(Number);
    const theme = Math.max(...(channels ?? [255])) < 128 ? "dark" : "light";
    if (root.dataset.theme === theme) return;
    root.dataset.theme = theme;
    this.palette = new Palette(root);
  }

  #read() {
    const { told, pen } = this;
    this.#stale = false;
    this.#image = drawingToImage(pen.strokes) ?? told.image ?? new Uint8Array(ROWS * ROWS);
    for (const { reader } of this.#networks) reader.read(this.#image);
  }

  /** The class of what is shown, if it is known. */
  get #label() {
    return this.#image === this.told.image ? this.told.label : null;
  }

  #draw() {
    if (this.#stale) this.#read();
    const { frame, palette } = this;
    const { root, canvas } = frame;
    const on = this.#on;
    const open = on.has("step") && this.#row && !this.pen.down ? this.#row : 0;
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const scroll = root.closest(".stMain")?.scrollTop ?? 0;
    const top = canvas.getBoundingClientRect().top + scroll;
    const below = frame.controls.bar.offsetHeight + BELOW_PIXELS + 0.5 * rem;
    const width = root.clientWidth;
    if (!width) return;
    const phone = width < PHONE_PIXELS;
    const layout = layOut({
      width,
      height: phone ? 0 : window.innerHeight - top - below,
      rem,
      phone,
      tight: window.innerHeight < TIGHT_PIXELS,
      byMap: this.#networks.map(({ byMap }) => byMap),
      open,
      openHeight: open ? stepHeight(this.#networks) * rem : 0,
    });
    const ratio = window.devicePixelRatio || 1;
    frame.place(layout, ratio);
    const view = {
      image: this.#image,
      networks: this.#networks,
      row: this.#row,
      peek: on.has("peek"),
      hide: on.has("hide"),
      every: on.has("every"),
      step: open > 0,
      hover: this.#hover,
      showMemory: this.#showMemory,
    };
    drawPicture(frame.context, palette, layout, view, ratio);
    this.rows = layout.rows;
    this.#tell(view.peek);
  }

  /** @param {boolean} peek */
  #tell(peek) {
    const { frame } = this;
    const [row, drawing] = [this.#row, this.pen.down];
    const moment = { peek, drawing, ink: this.#image.some(Boolean), label: this.#label };
    const said = this.#networks.map((network) => say(network, row, moment));
    frame.say(said);
    const called = this.#networks.map(({ name }, i) => ({ name, said: said[i] }));
    const sentence = aloud(row, called);
    frame.controls.update({
      row,
      playing: this.#playing,
      speed: this.#speed,
      on: this.#on,
      canPeek: this.#networks.some(({ once }) => once),
      showMemory: this.#showMemory,
      aloud: sentence,
    });
    frame.read.hidden = row > 0 || drawing || !this.#networks.length;
    Object.assign(frame.root.dataset, {
      row: String(row),
      rows: String(ROWS),
      playing: String(this.#playing),
      peek: String(peek),
    });
    frame.canvas.setAttribute("aria-label", sentence);
    if (this.#playing || drawing) return;
    const whole = called.map(({ name, said: { bold, plain } }) => `${name}: ${bold} ${plain}`);
    const shares = this.#networks.map((network, i) => ({
      name: network.name,
      shares: said[i].digit === null ? [] : sharesOf(network, row),
    }));
    frame.tell(`${sentence}. ${whole.join(" ")}`, shares);
  }

  /** A click or a drag on the picture chooses the row. @param {HTMLElement} canvas @param {AbortSignal} signal */
  #listenToPointer(canvas, signal) {
    const rowAt = (/** @type {MouseEvent} */ event) => this.rows?.rowAt(event.offsetY) ?? 0;
    const onRows = (/** @type {MouseEvent} */ event) =>
      this.rows && event.offsetY >= this.rows.top && event.offsetY < this.rows.bottom;
    const point = (/** @type {number} */ row) => {
      if (row === this.#hover) return;
      this.#hover = row;
      this.#soon();
    };
    canvas.addEventListener("click", (event) => onRows(event) && this.#go(rowAt(event)), {
      signal,
    });
    canvas.addEventListener(
      "pointermove",
      (event) => {
        if (event.pointerType === "touch") return;
        if (event.buttons & 1 && onRows(event)) this.#go(rowAt(event));
        else point(onRows(event) ? rowAt(event) : 0);
      },
      { signal },
    );
    canvas.addEventListener("pointerleave", () => point(0), { signal });
  }
}

/** @param {Network} network @param {number} row */
function sharesOf({ probabilities, timesteps }, row) {
  const step = lastStep(row, timesteps);
  return Array.from(probabilities.subarray(step * 10, step * 10 + 10), percent);
}
