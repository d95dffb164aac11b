/** The picture as a PNG file, with the words that stand above it on the page. */

import { element } from "../dom.js";

const MARGIN = 16;

/** @param {import("../frame.js").Frame} frame @param {import("./colours.js").Palette} palette */
export function savePicture({ root, canvas, title, headings }, { named }) {
  const ratio = window.devicePixelRatio || 1;
  const [whole, picture] = [root, canvas].map((part) => part.getBoundingClientRect());
  const height = picture.bottom - whole.top + 2 * MARGIN;
  const sheet = element("canvas", {
    width: String(Math.round((whole.width + 2 * MARGIN) * ratio)),
    height: String(Math.round(height * ratio)),
  });
  const context = /** @type {CanvasRenderingContext2D} */ (sheet.getContext("2d"));
  context.fillStyle = named.background;
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.scale(ratio, ratio);
  context.translate(MARGIN - whole.left, MARGIN - whole.top);
  context.drawImage(canvas, picture.left, picture.top, picture.width, picture.height);
  for (const part of [title, headings]) writeWords(context, part);
  for (const { left, top, width, height } of rectsOf(headings, ".closed")) {
    context.strokeStyle = named.muted;
    context.lineWidth = 2;
    context.setLineDash([4, 4]);
    context.strokeRect(left + 1, top + 1, width - 2, height - 2);
  }
  sheet.toBlob((blob) => {
    const href = URL.createObjectURL(/** @type {Blob} */ (blob));
    element("a", { href, download: "reading.png" }).click();
    setTimeout(() => URL.revokeObjectURL(href));
  });
}

/** Every word where it stands on the page. @param {CanvasRenderingContext2D} context @param {Element} part */
function writeWords(context, part) {
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  context.textBaseline = "alphabetic";
  while (texts.nextNode()) {
    const text = /** @type {Text} */ (texts.currentNode);
    const { fontWeight, fontSize, fontFamily, color } = getComputedStyle(
      /** @type {Element} */ (text.parentElement),
    );
    context.font = `${fontWeight} ${fontSize} ${fontFamily}`;
    context.fillStyle = color;
    for (const { 0: word, index } of text.data.matchAll(/\S+/g)) {
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      const { left, top, width, height } = range.getBoundingClientRect();
      const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = context.measureText(word);
      if (width) context.fillText(word, left, top + (height + up - down) / 2);
    }
  }
}

/** @param {Element} part @param {string} selector */
const rectsOf = (part, selector) =>
  Array.from(part.querySelectorAll(selector), (found) => found.getBoundingClientRect());
