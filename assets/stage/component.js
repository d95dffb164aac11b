/** The stage and the weights as components of Streamlit's page. */

import { forget, keep } from "./networks.js";
import { Stage } from "./stage.js";

/** @typedef {import("./stage.js").Told} Told */

/**
 * What Streamlit gives a component, at every message and whenever the theme changes.
 * @template Data
 * @typedef {{
 *   data: Data, parentElement: HTMLElement,
 *   setStateValue: (name: string, value: unknown) => void,
 *   setTriggerValue: (name: string, value: unknown) => void,
 * }} Component
 */

/** @type {WeakMap<HTMLElement, Stage>} */
const stages = new WeakMap();

const styled = loadStyles();

/** @param {Component<any>} component */
export async function stage({ data, parentElement, setStateValue, setTriggerValue }) {
  await styled;
  /** @type {Told} */
  const told = {
    ...data,
    image: data.image && bytes(data.image),
    strokes: data.strokes.map(unpacked),
  };
  const server = {
    rest: (/** @type {object} */ at) => setStateValue("rest", at),
    digit: (/** @type {number} */ digit) => setTriggerValue("digit", digit),
  };
  const here = stages.get(parentElement);
  if (here) here.update(told, server);
  else stages.set(parentElement, new Stage(parentElement, told, server));
  return () => {
    stages.get(parentElement)?.stop();
    stages.delete(parentElement);
  };
}

/** A network's weights, for as long as they are on the page. @param {Component<Uint8Array>} component */
export function weights({ data }) {
  const name = keep(data);
  return () => forget(name);
}

/** The style sheet, once for the page: in a component's message it would be sent at every stroke. */
function loadStyles() {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL("styles.css", import.meta.url).href;
  return /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      link.onload = link.onerror = () => resolve();
      document.head.append(link);
    })
  );
}

/**
 * A stroke out of its width and the steps from point to point, as `ui/draw/reading.py` packs them.
 * @param {[number, string]} packed
 */
export function unpacked([width, text]) {
  const steps = [];
  let [number, shift] = [0, 0];
  for (const byte of bytes(text)) {
    number |= (byte & 127) << shift;
    shift += 7;
    if (byte > 127) continue;
    steps.push((number >>> 1) ^ -(number & 1));
    [number, shift] = [0, 0];
  }
  const points = [];
  let [x, y] = [0, 0];
  for (let i = 0; i < steps.length; i += 2) {
    x += steps[i];
    y += steps[i + 1];
    points.push([x / 100, y / 100]);
  }
  return { points, width };
}

/** @param {string} base64 */
const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
