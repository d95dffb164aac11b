/** What Python tells the stage, out of the JSON that `mnist_rnn/stage.py` makes of it. */

/**
 * @param {any} data
 * @returns {import("./stage.js").Told}
 */
export const told = (data) => ({
  ...data,
  image: data.image && bytesOf(data.image),
  strokes: data.strokes.map(unpacked),
});

/** @param {string} base64 */
const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/**
 * A stroke out of its width and how its steps change, as `_packed` in `mnist_rnn/stage.py` has it.
 * @param {[number, string]} packed
 */
function unpacked([width, text]) {
  const changes = [];
  let [number, shift] = [0, 0];
  for (const byte of bytesOf(text)) {
    number |= (byte & 127) << shift;
    shift += 7;
    if (byte > 127) continue;
    changes.push((number >>> 1) ^ -(number & 1));
    [number, shift] = [0, 0];
  }
  const points = [];
  let [x, y, stepX, stepY] = [0, 0, 0, 0];
  for (let i = 0; i < changes.length; i += 2) {
    stepX += changes[i];
    stepY += changes[i + 1];
    x += stepX;
    y += stepY;
    points.push([x / 100, y / 100]);
  }
  return { points, width };
}
