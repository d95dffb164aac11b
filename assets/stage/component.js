/** The stage and the weights as components of Streamlit's page. */

import { element } from "./dom.js";
import { forget, keep } from "./network/networks.js";
import { Stage } from "./stage.js";
import { told } from "./told.js";

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
export async function stage({ data, parentElement, setStateValue }) {
  await styled;
  const server = { receive: (/** @type {object} */ message) => setStateValue("post", message) };
  const here = stages.get(parentElement);
  if (here) here.update(told(data), server);
  else stages.set(parentElement, new Stage(parentElement, told(data), server));
  return () => {
    stages.get(parentElement)?.stop();
    stages.delete(parentElement);
  };
}

/** A network's weights, for as long as they are on the page. @param {Component<Uint8Array>} component */
export function weights({ data, parentElement }) {
  const name = keep(data, parentElement);
  return () => forget(name, parentElement);
}

/**
 * A picture with a button around each digit on it, in percent of its sides; the one that is clicked
 * is told.
 * @param {Component<{
 *   picture: string, boxes: Record<"left" | "top" | "width" | "height", number>[], chosen: number,
 * }>} component
 */
export function photo({ data: { picture, boxes, chosen }, parentElement, setTriggerValue }) {
  const digits = boxes.map((box, number) => {
    const label = `Digit ${number + 1} of ${boxes.length}`;
    const pressed = String(number === chosen);
    const digit = element("button", { "aria-label": label, "aria-pressed": pressed });
    for (const [name, percent] of Object.entries(box)) digit.style.setProperty(name, `${percent}%`);
    digit.addEventListener("click", () => setTriggerValue("chosen", number));
    return digit;
  });
  const hadFocus = parentElement.contains(document.activeElement);
  const shown = element("img", { src: picture, alt: "The uploaded picture" });
  parentElement.replaceChildren(element("div", { class: "photo" }, shown, ...digits));
  if (hadFocus) digits[chosen].focus();
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
