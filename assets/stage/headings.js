/** Above each network: when it is asked, what it says now, and one sentence. */

import { element } from "./dom.js";
import { percent } from "./sentences.js";
import { CLASSES } from "./sizes.js";

/** @typedef {import("./network/networks.js").Network} Network */
/** @typedef {import("./sentences.js").Said} Said */

/** What a page calls a network. @typedef {{ key: string, title: string }} Called */

/** What of a title its name or the picture says already. */
const AGAIN = /^RNN, |,? many-to-(one|many)/;

export class Heading {
  /** @param {Network} network @param {Called} called @param {boolean} crowded */
  constructor(network, { key, title }, crowded) {
    const detail = crowded ? title.replace(/,.*/, "") : title.replace(AGAIN, "");
    this.digit = element("div", { class: "stage-digit" });
    this.share = element("div", { class: "stage-share" });
    this.sentence = element("div", { class: "stage-sentence" });
    this.bars = Array.from({ length: CLASSES }, () => element("i"));
    this.shares = element("ol", { class: "stage-shares", "aria-hidden": "true" });
    this.shares.append(...this.bars.map((bar, digit) => element("li", {}, bar, String(digit))));
    this.element = element(
      "div",
      { class: "stage-heading", "data-reader": key },
      element(
        "div",
        { class: "stage-name" },
        wiring(network.once),
        element("span", { class: "stage-long" }, network.name),
        element("span", { class: "stage-short" }, network.shortName),
        element("small", { title }, detail),
      ),
      element("div", { class: "stage-said" }, this.digit, this.share, this.sentence),
      this.shares,
    );
    this.element.classList.toggle("once", network.once);
  }

  /** @param {Said} said @param {number[]} shares of each digit, none while it is not asked */
  update({ digit, share, guess, bold, plain }, shares) {
    const shut = digit === null;
    this.shares.classList.toggle("closed", shut);
    this.bars.forEach((bar, of) => {
      bar.style.height = `${100 * (shares[of] ?? 0)}%`;
    });
    this.element.dataset.answer = shut ? "" : String(digit);
    this.element.dataset.probability = shut ? "" : share.toFixed(6);
    this.digit.classList.toggle("closed", shut);
    this.digit.classList.toggle("guess", guess);
    this.digit.textContent = shut ? "" : String(digit);
    this.share.textContent = shut ? "" : percent(share);
    this.sentence.replaceChildren(element("b", {}, bold), plain);
  }
}

/** Three steps, and an arrow out of those after which it is asked. @param {boolean} once */
function wiring(once) {
  const steps = [3, 12, 21].map((x, i) => {
    const arrow = `<path d="M${x + 3} 10V2M${x} 5l3-4 3 4" class="wire"/>`;
    return `<rect x="${x}" y="11" width="6" height="6" rx="1.5"/>${!once || i === 2 ? arrow : ""}`;
  });
  const template = document.createElement("template");
  template.innerHTML = `<svg viewBox="0 0 30 18" aria-hidden="true">${steps.join("")}</svg>`;
  return /** @type {SVGElement} */ (template.content.firstElementChild);
}
