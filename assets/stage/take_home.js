/** A reading in a file of its own, `take_home.html`: the stage without a server. */

import { keep } from "./network/networks.js";
import { Surface } from "./pen/surface.js";
import { Stage } from "./stage.js";
import { told } from "./told.js";

/**
 * Fill the page with the stage and with something to draw on.
 * @param {HTMLElement} parent @param {any} data what `told` takes @param {Uint8Array[]} files weights
 */
export function openAtHome(parent, data, files) {
  for (const file of files) keep(file, file);
  const surface = new Surface(data.canvas.pixels, (end) => {
    const strokes = stage.pen.strokes.slice(0, end);
    show({ strokes, chosen: [...strokes.keys()], version: shown.version + 1 });
  });
  const place = document.createElement("div");
  parent.replaceChildren(surface.element, place);

  const canvas = { ...data.canvas, element: surface.canvas };
  const lede = document.querySelector("meta[name=description]")?.getAttribute("content") ?? "";
  let shown = { ...told(data), title: document.title, lede, canvas };
  const server = { drawn: () => surface.draw(stage.pen.strokes) };
  const stage = new Stage(place, shown, server);
  const show = (/** @type {Partial<import("./stage.js").Told>} */ changed) => {
    shown = { ...shown, ...changed };
    stage.update(shown, server);
    server.drawn();
  };
  show({});
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => show({}));
}
