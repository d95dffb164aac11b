/** A network's memory: the hidden state after each row, in ten groups of units. */

import { meansOfGroups } from "../network/groups.js";
import { largest } from "../network/layers.js";
import { lastStep } from "../sentences.js";
import { CLASSES, ROWS } from "../sizes.js";
import { Cells } from "./brush.js";
import { grey } from "./colours.js";

/** @typedef {import("./brush.js").Brush} Brush */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./layout.js").Place} Place */
/** @typedef {import("./layout.js").Span} Span */
/** @typedef {import("./picture.js").View} View */
/** @typedef {import("../network/networks.js").Network} Network */

/** Means of a group are nearer to 0 than its units are. */
const MEANS_ARE_STRONGER = 1.4;

/** The tables of a network, made once. */
class Tables {
  /** @param {Network} network */
  constructor({ timesteps, units, filters, byMap }) {
    this.means = new Cells(CLASSES, timesteps);
    this.units = new Cells(units, timesteps);
    this.strip = new Cells(units, 1);
    this.maps = new Cells(ROWS, byMap ? filters * ROWS : 1);
    this.ten = new Float32Array(CLASSES);
  }
}

/** @type {WeakMap<Network, Tables>} */
const tables = new WeakMap();

/** @param {Network} network */
function tablesOf(network) {
  const found = tables.get(network) ?? new Tables(network);
  tables.set(network, found);
  return found;
}

/** @param {Brush} brush @param {Layout} layout @param {Place} place @param {Network} network @param {View} view */
export function drawMemory(brush, layout, place, network, { row, every }) {
  const { rows, rem, phone, top } = layout;
  const { memory } = place;
  const { line, muted } = brush.colours;
  if (!phone) {
    const words = memory.width > 8.2 * rem ? "memory (hidden state)" : "memory";
    brush.text(words, memory.x, top - 0.7 * rem, { colour: muted });
  }
  brush.frame(line, memory.x, rows.top, memory.width, rows.height);
  if (!row) return;
  const cells = every ? allUnits(brush, network) : allMeans(brush, network);
  let unit = 0;
  network.groups.bands.forEach((band, digit) => {
    const columns = every ? { x: unit, width: band.length } : { x: digit, width: 1 };
    brush.beside(cells, columns, columnOf(memory, digit, rem), rows, row);
    unit += band.length;
  });
}

/** @param {Brush} brush @param {Network} network */
function allMeans(brush, network) {
  const { means, ten } = tablesOf(network);
  network.reader.steps.forEach(({ hidden }, t) => {
    meansOfGroups(network.groups, hidden, ten);
    for (let digit = 0; digit < CLASSES; digit++)
      means.colours[t * CLASSES + digit] = brush.palette.signed(
        (MEANS_ARE_STRONGER * ten[digit]) / network.reader.reach,
      );
  });
  means.update();
  return means;
}

/** @param {Brush} brush @param {Network} network */
function allUnits(brush, network) {
  const { units } = tablesOf(network);
  const { bands, signs } = network.groups;
  let i = 0;
  for (const { hidden } of network.reader.steps)
    for (const band of bands)
      for (const unit of band)
        units.colours[i++] = brush.palette.signed(
          (signs[unit] * hidden[unit]) / network.reader.reach,
        );
  units.update();
  return units;
}

/**
 * The column of a group within a place.
 * @param {Span} place @param {number} digit @param {number} rem
 * @returns {Span}
 */
export function columnOf(place, digit, rem) {
  const gap = place.width < 6 * rem ? 1 : Math.max(2, 0.12 * rem);
  const width = place.width / CLASSES;
  return { x: place.x + digit * width + gap / 2, width: width - gap };
}

/**
 * One colour for every unit, in its groups.
 * @param {Brush} brush @param {Network} network @param {Span} place @param {number} y
 * @param {number} height @param {(unit: number) => number} colour packed
 */
export function drawStrip(brush, network, place, y, height, colour) {
  const { strip } = tablesOf(network);
  let i = 0;
  for (const band of network.groups.bands)
    for (const unit of band) strip.colours[i++] = colour(unit);
  strip.update();
  let unit = 0;
  network.groups.bands.forEach((band, digit) => {
    const columns = { x: unit, width: band.length };
    if (band.length) brush.strip(strip, columns, columnOf(place, digit, brush.rem), y, height);
    unit += band.length;
  });
}

/** What is in memory now, unit by unit, and what the colours mean. @param {Brush} brush @param {Layout} layout @param {Place} place @param {Network} network @param {View} view */
export function drawMemoryNow(brush, layout, { memory, maps }, network, { row }) {
  const { rows, rem, phone, tight, crowded } = layout;
  const { text, muted } = brush.colours;
  const wide = memory.width / CLASSES;
  const digits = (/** @type {number} */ y) => {
    for (let digit = 0; digit < CLASSES; digit++) {
      const x = memory.x + (digit + 0.5) * wide;
      brush.text(digit, x, y, { align: "center", size: wide < 13 ? 0.9 : 1, colour: muted });
    }
  };
  if (phone) {
    digits(rows.bottom + 0.7 * rem);
    legend(brush, memory.x, rows.bottom + 2.2 * rem);
    return;
  }
  const [y, height] = [rows.bottom + 1.05 * rem, 2.05 * rem];
  if (row) {
    const step = lastStep(row, network.timesteps);
    const { hidden } = network.reader.steps[step];
    const { signs } = network.groups;
    drawStrip(brush, network, memory, y, height, (unit) =>
      brush.palette.signed((signs[unit] * hidden[unit]) / network.reader.reach),
    );
    brush.frame(text, memory.x - 0.5, y - 0.5, memory.width + 1, height + 1, 1.25);
    if (maps.width) {
      const map = Math.floor(step / ROWS);
      brush.text(`map ${map + 1}`, maps.x, y + 0.5 * rem, { weight: 700 });
      brush.text(`row ${(step % ROWS) + 1}`, maps.x, y + 1.7 * rem);
    }
  }
  if (tight) return;
  if (wide >= 9) digits(y + height + 0.72 * rem);
  const below = y + height + (wide < 9 ? 0.85 : 2) * rem;
  if (!crowded) legend(brush, memory.x, below);
  brush.text(`${network.units} units`, memory.x, below + (crowded ? 0 : 1.2 * rem), {
    colour: muted,
  });
}

/** @param {Brush} brush @param {number} x @param {number} y */
export function legend(brush, x, y) {
  const { rem, colours } = brush;
  const size = 0.8 * rem;
  for (const [colour, words] of [
    [colours["for-2"], "for"],
    [colours["against-2"], "against"],
  ]) {
    brush.fill(colour, x, y - size / 2, size, size);
    x = brush.text(words, x + size + 0.25 * rem, y) + 0.55 * rem;
  }
}

/** The feature maps that a network goes through one after another. @param {Brush} brush @param {Layout} layout @param {Place} place @param {Network} network @param {View} view */
export function drawMaps(brush, { rows, rem, top }, { maps }, network, { row, hide }) {
  const { sequence } = network.reader;
  const { maps: cells } = tablesOf(network);
  brush.text(`${network.filters} maps`, maps.x, top - 0.7 * rem, { colour: brush.colours.muted });
  const reach = largest(sequence) || 1;
  const read = row * network.filters * ROWS;
  sequence.forEach((value, i) => {
    const level = 128 + (127 * value) / reach;
    const shown = i < read || !row ? 1 : hide ? 0 : 0.25;
    cells.colours[i] = shown ? grey(Math.round(level * shown)) : 0;
  });
  cells.update();
  brush.beside(cells, { x: 0, width: ROWS }, maps, rows, ROWS);
  for (let map = 1; map < network.filters; map++)
    brush.fill(
      brush.colours.background,
      maps.x,
      rows.at((map * ROWS) / network.filters) - 1,
      maps.width,
      2,
    );
}
