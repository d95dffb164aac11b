/** What a network says of a digit after a row: its answer, and one sentence in two halves. */

import { CLASSES, ROWS } from "./sizes.js";

/**
 * A network as far as it is quoted. once: whether it is asked only after the last row.
 * probabilities: (timesteps, 10).
 * @typedef {{ once: boolean, timesteps: number, probabilities: Float32Array }} Answers
 */

/**
 * peek: show what it would say where it never learned to answer. drawing: the pen is down.
 * ink: whether there is anything to read. label: the class of the digit, if that is known.
 * @typedef {{ peek?: boolean, drawing?: boolean, ink?: boolean, label?: number | null }} Moment
 */

/**
 * digit: what it says, null while it is not asked; share: how probable it thinks that, 0 to 1.
 * guess: whether that is a guess where it was never trained. The sentence begins in bold; `plain` has
 * its line breaks.
 * @typedef {{
 *   digit: number | null, share: number, guess: boolean, bold: string, plain: string,
 * }} Said
 */

/**
 * The last timestep, from 0, that a row (1 to 28) ends; -1 before the first row.
 * @param {number} row @param {number} timesteps
 */
export const lastStep = (row, timesteps) => (row * timesteps) / ROWS - 1;

/**
 * A probability, 0 to 1, in words.
 * @param {number} share
 */
export const percent = (share) => (share >= 0.995 ? ">99%" : `${Math.round(share * 100)}%`);

/**
 * The digits from the most to the least probable after a timestep.
 * @param {Float32Array} probabilities @param {number} step
 */
export function ranked(probabilities, step) {
  const of = (/** @type {number} */ digit) => probabilities[step * CLASSES + digit];
  return [...Array(CLASSES).keys()].sort((a, b) => of(b) - of(a) || a - b);
}

/**
 * What a network says after a row, 0 (nothing read) to 28.
 * @param {Answers} network @param {number} row @param {Moment} moment
 * @returns {Said}
 */
export function say(network, row, { peek = false, drawing = false, ink = true, label = null }) {
  if (!ink) return closed("Nothing to read yet.", "\nDraw a digit.");
  const last = row === ROWS;
  if (network.once && !last && !(peek && row))
    return closed("Not asked yet.", "\nIt answers once, after row 28.");
  if (!row) return closed("Nothing read yet.", "\nIt answers after every row.");

  const { probabilities, timesteps } = network;
  const step = lastStep(row, timesteps);
  const [digit, second, third] = ranked(probabilities, step);
  const of = (/** @type {number} */ other) => probabilities[step * CLASSES + other];
  const share = of(digit);
  const guess = network.once && !last;
  /** @type {(bold: string, plain: string) => Said} */
  const said = (bold, plain) => ({ digit, share, guess, bold, plain });

  if (guess) return said("If asked now:", ` ${digit}.\nIt was never trained to answer here.`);
  if (drawing) return said("So far.", "");
  const { since, before, steady } = history(network, step);
  const unit = timesteps === ROWS ? "row" : "step";
  if (last) {
    const verdict = label === null ? "" : label === digit ? " Right." : ` Wrong: it is a ${label}.`;
    if (share < 0.6) return said("Unsure to the end:", `\n${digit} or ${second}.${verdict}`);
    if (network.once) return said(`Asked once: ${digit},`, `\nand only now.${verdict}`);
    const way = before === null ? "and kept to it" : `after saying ${before} first`;
    return said(`Settled on ${digit} at ${unit} ${since + 1},`, `\n${way}.${verdict}`);
  }
  if (share < 0.3) return said("Undecided.", "\nToo little seen yet.");
  if (share < 0.6) {
    const also = of(third) > 0.1 ? `, so is ${third}` : "";
    return said(`Leaning to ${digit}.`, `\n${second} is possible${also}.`);
  }
  if (before !== null && !steady)
    return said("Changed its mind:", `\nnot ${before}, but ${digit}.`);
  if (share >= 0.95) return said(`Sure of ${digit},`, `\nits answer since ${unit} ${since + 1}.`);
  const doubt = of(second) > 0.1 ? `${second} is still possible.` : "Not certain yet.";
  return said(`Says ${digit}`, ` since ${unit} ${since + 1}.\n${doubt}`);
}

/**
 * The row in one sentence, for those who hear the picture.
 * @param {number} row @param {{ name: string, said: Said }[]} networks
 */
export function aloud(row, networks) {
  const answers = networks.map(({ name, said: { digit, share, guess, bold } }) => {
    if (digit === null) return `${name}: ${bold.replace(/\.$/, "").toLowerCase()}`;
    return `${name} ${guess ? "would say" : "says"} ${digit}, ${percent(share)}`;
  });
  return `${row ? `row ${row} of ${ROWS}` : "before the first row"}: ${answers.join("; ")}`;
}

/** @param {string} bold @param {string} plain @returns {Said} */
const closed = (bold, plain) => ({ digit: null, share: 0, guess: false, bold, plain });

/**
 * How a network came to what it says after a step: since which step that has been its answer, which
 * other answer it was sure of (60%) before, and whether it has been so for three rows.
 * @param {Answers} network @param {number} step
 */
function history({ probabilities, timesteps }, step) {
  const [digit] = ranked(probabilities, step);
  let since = step;
  while (since > 0 && ranked(probabilities, since - 1)[0] === digit) since--;
  /** @type {number | null} */
  let before = null;
  for (let t = 0; t < since; t++) {
    const [first] = ranked(probabilities, t);
    if (first !== digit && probabilities[t * CLASSES + first] >= 0.6) before = first;
  }
  return { since, before, steady: step - since >= (3 * timesteps) / ROWS };
}

/**
 * How probable each digit is, as far as the network is asked.
 * @param {Answers} network @param {Said} said @param {number} row
 */
export function sharesOf({ probabilities, timesteps }, { digit }, row) {
  if (digit === null) return [];
  const step = lastStep(row, timesteps);
  return Array.from(probabilities.subarray(step * CLASSES, (step + 1) * CLASSES));
}
