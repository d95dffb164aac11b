/** The reading stage: what is shown now, and what changes it. It owns the row while it is there. */

import { commandsOf } from "./controls/commands.js";
import { listenToKeys } from "./controls/keys.js";
import { Player } from "./controls/player.js";
import { listenToPointer } from "./controls/pointer.js";
import { Presenter } from "./controls/presenter.js";
import { Frame } from "./frame.js";
import { networkCalled, whenOneComes } from "./network/networks.js";
import { drawingToImage } from "./pen/ink.js";
import { Pen } from "./pen/pen.js";
import { Palette } from "./picture/colours.js";
import { layOut } from "./picture/layout.js";
import { drawPicture } from "./picture/picture.js";
import { stepHeight } from "./picture/step.js";
import { Post } from "./post.js";
import { aloud, percent, say, sharesOf } from "./sentences.js";
import { ROWS } from "./sizes.js";

/** @typedef {import("./network/networks.js").Network} Network */
/** @typedef {import("./controls/controls.js").Switch} Switch */

/**
 * What is drawn on. pixels: its side; width: the pen's there; element: unless it is Streamlit's.
 * @typedef {{ pixels: number, width: number, element?: HTMLCanvasElement }} Canvas
 */

/**
 * What the server tells. image: grey levels, where nothing drawn is shown; label: the
 * class of that image; row, and turn, which is higher whenever the server has changed the row;
 * strokes: of the canvas of this version; chosen: the numbers of those that are read; ways: whether
 * nothing but the stage is shown yet, or a lesson; answered: the number of the last message that the
 * server has had.
 * @typedef {{
 *   title: string, lede: string, networks: (import("./headings.js").Called & { name: string })[],
 *   strokes: import("./pen/ink.js").Stroke[], chosen: number[], version: number, canvas: Canvas,
 *   image: Uint8Array | null, label: number | null, row: number, turn: number, on: Switch[],
 *   answered: number,
 *   ways: "" | "first" | "lesson",
 * }} Told
 */

/**
 * What takes the stage's messages, if anything does, and what hears every movement of the pen, unless
 * that hears the canvas itself.
 * @typedef {{ receive?: Post["send"], drawn?: () => void }} Server
 */

export class Stage {
  #stop = new AbortController();
  #frame = 0;
  #turn = -1;
  #hover = 0;
  /** @type {Network[]} */
  #networks = [];
  /** @type {Uint8Array} */
  #image = new Uint8Array(ROWS * ROWS);
  /** Whether the image has to be made, and read, again. */
  #stale = true;

  /** @param {HTMLElement} parent @param {Told} told @param {Server} server */
  constructor(parent, told, server) {
    this.told = told;
    this.server = server;
    const player = new Player(() => this.#changed());
    this.player = player;
    const post = new Post(
      () => player.resting,
      (message) => this.server.receive?.(message),
    );
    this.post = post;
    const { signal } = this.#stop;
    const presenter = new Presenter(() => {
      this.#stale = true;
      this.#soon();
    }, signal);
    this.presenter = presenter;
    const commands = commandsOf(this, () => this.#soon());
    this.frame = new Frame(commands, Boolean(server.receive));
    parent.append(this.frame.root);
    this.pen = new Pen(told.canvas, () => this.#drawn());
    this.palette = new Palette(this.frame.root);
    listenToKeys(this.frame.root, commands, signal);
    listenToPointer(
      this.frame.canvas,
      { rows: () => this.rows, go: commands.go, hover: (row) => this.#point(row) },
      signal,
    );
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
    const { frame, player } = this;
    this.server = server;
    if (told.turn > this.#turn) {
      this.#turn = told.turn;
      player.stop();
      player.row = told.row;
      player.on = new Set(told.on);
      // Each step of a lesson has its own picture.
      if (told.ways === "lesson" || player.on.has("step"))
        player.showMemory = player.on.has("step");
      this.post.moved(told.turn);
    }
    this.post.answered(told.answered);
    const cleared = told.version !== this.told.version && !told.strokes.length;
    this.told = told;
    if (cleared) player.go(0);
    this.pen.confirm(told.strokes, told.version);
    const called = told.networks.filter(({ name }) => networkCalled(name));
    this.#networks = called.map(({ name }) => /** @type {Network} */ (networkCalled(name)));
    const names = JSON.stringify(called);
    if (names !== frame.headings.dataset.called) {
      frame.headings.dataset.called = names;
      frame.name(this.#networks, called);
    }
    for (const ways of ["first", "lesson"]) frame.root.classList.toggle(ways, told.ways === ways);
    frame.title.textContent = told.title;
    frame.lede.textContent = told.lede;
    if (frame.restyle()) this.palette = new Palette(frame.root);
    this.#stale = true;
    this.#soon();
  }

  stop() {
    this.#stop.abort();
    this.pen.stop();
    this.player.stop();
    cancelAnimationFrame(this.#frame);
    this.post.hold();
    this.frame.root.remove();
  }

  /** The pen has moved: everything is read at once, to the last row. */
  #drawn() {
    this.#stale = true;
    this.server.drawn?.();
    this.player.go(ROWS);
  }

  /** Show it, and let the server know once it rests. */
  #changed() {
    // From the first row on there is a digit to look at where the pen has been.
    if (this.player.row < ROWS) this.presenter.takePen(false);
    this.#soon();
    if (this.player.playing || this.pen.down) this.post.hold();
    else this.post.rest();
  }

  /** @param {number} row */
  #point(row) {
    if (row === this.#hover) return;
    this.#hover = row;
    this.#soon();
  }

  #soon() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #read() {
    const { told, pen } = this;
    this.#stale = false;
    const read = pen.ahead ? pen.strokes : told.chosen.map((number) => told.strokes[number]);
    // With the pen out, an empty place waits for a drawing.
    const instead = this.presenter.penOut ? null : told.image;
    this.#image = drawingToImage(read) ?? instead ?? new Uint8Array(ROWS * ROWS);
    for (const { reader } of this.#networks) reader.read(this.#image);
  }

  /** The class of what is shown, if it is known. */
  get #label() {
    return this.#image === this.told.image ? this.told.label : null;
  }

  #draw() {
    if (this.#stale) this.#read();
    const { frame, palette } = this;
    const { row, on, showMemory } = this.player;
    const open = on.has("step") && !this.pen.down ? row : 0;
    const room = frame.room();
    if (!room.width) return;
    const layout = layOut({
      ...room,
      byMap: this.#networks.map(({ byMap }) => byMap),
      open,
      openHeight: open ? stepHeight(this.#networks) * room.rem : 0,
    });
    const ratio = window.devicePixelRatio || 1;
    frame.place(layout, ratio);
    const view = {
      image: this.#image,
      networks: this.#networks,
      row,
      peek: on.has("peek"),
      hide: on.has("hide"),
      every: on.has("every"),
      step: open > 0,
      hover: this.#hover,
      showMemory,
      penOut: this.presenter.penOut,
    };
    if (view.penOut) this.presenter.placePen(frame.boxOfDigit(layout), this.told.canvas.pixels);
    drawPicture(frame.context, palette, layout, view, ratio);
    this.rows = layout.rows;
    this.#tell(view.peek);
  }

  /** @param {boolean} peek */
  #tell(peek) {
    const { frame, player, presenter } = this;
    const { row, playing, speed, on, showMemory } = player;
    const drawing = this.pen.down;
    const moment = { peek, drawing, ink: this.#image.some(Boolean), label: this.#label };
    const said = this.#networks.map((network) => say(network, row, moment));
    frame.say(
      said,
      this.#networks.map((network, i) => sharesOf(network, said[i], row)),
    );
    const called = this.#networks.map(({ name }, i) => ({ name, said: said[i] }));
    const sentence = aloud(row, called);
    frame.controls.update({
      row,
      playing,
      speed,
      on,
      canPeek: this.#networks.some(({ once }) => once),
      showMemory,
      aloud: sentence,
      presenting: presenter.on,
      penOut: presenter.penOut,
      waysOn: this.told.ways === "first" && row === ROWS && !playing,
    });
    frame.read.hidden = row > 0 || drawing || !this.#networks.length;
    Object.assign(frame.root.dataset, {
      row: String(row),
      rows: String(ROWS),
      playing: String(playing),
      peek: String(peek),
    });
    frame.canvas.setAttribute("aria-label", sentence);
    if (playing || drawing) return;
    const whole = called.map(
      ({ name, said: { bold, plain } }) => `${name}: ${bold}${plain.replace("\n", " ")}`,
    );
    const shares = this.#networks.map((network, i) => ({
      name: network.name,
      shares: sharesOf(network, said[i], row).map(percent),
    }));
    frame.tell(`${sentence}. ${whole.join(" ")}`, shares);
  }
}
