/**
 * The weights of a network out of a safetensors file, as `mnist_rnn/network/weights.py` writes it.
 *
 * The file: the length of a header in 8 bytes, little-endian; the header, a JSON object of dtype,
 * shape and place of each tensor, and of the metadata; then the numbers of all tensors.
 */

/**
 * values: the numbers, the last axis of `shape` running fastest.
 * @typedef {{ shape: number[], values: Float32Array }} Tensor
 */

/**
 * What `ModelConfig` in `mnist_rnn/config.py` says of a network.
 * @typedef {{
 *   backbone: "rnn" | "cnn_rnn",
 *   head: "many_to_one" | "many_to_many" | "one_to_one" | "one_to_many",
 *   cell: "simple_rnn" | "gru" | "lstm",
 *   units: number,
 *   order: "map_major" | "row_major",
 *   filters: number,
 *   activation: "linear" | "relu",
 *   rnn_activation: "tanh" | "relu" | "sigmoid" | "linear",
 *   scaling: "once" | "twice",
 * }} ModelConfig
 */

/**
 * What is known about the weights. The logits have been divided by `temperature` already.
 * @typedef {{
 *   model: ModelConfig,
 *   temperature?: number,
 *   accuracy_by_timestep: number[] | null,
 *   accuracy_by_digit: number[] | null,
 * }} Card
 */

/** @typedef {{ tensors: Record<string, Tensor>, card: Card }} Weights */

/**
 * The tensors and the metadata of a safetensors file; throws an Error if it is none, or if it holds
 * other numbers than float32.
 * @param {ArrayBuffer | Uint8Array} file
 * @returns {Weights}
 */
export function parseWeights(file) {
  const bytes = file instanceof Uint8Array ? file : new Uint8Array(file);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 8 + Number(view.getBigUint64(0, true));
  const { __metadata__: metadata, ...header } = JSON.parse(
    new TextDecoder().decode(bytes.subarray(8, start)),
  );
  /** @type {Record<string, Tensor>} */
  const tensors = {};
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(header)) {
    if (dtype !== "F32") throw new Error(`${name} holds ${dtype} numbers, not F32.`);
    // A copy, as a Float32Array must begin at a multiple of 4 bytes.
    const copy = bytes.slice(start + data_offsets[0], start + data_offsets[1]);
    tensors[name] = { shape, values: new Float32Array(copy.buffer) };
  }
  const entries = Object.entries(metadata).map(([key, text]) => [key, JSON.parse(text)]);
  const card = Object.fromEntries(entries);
  card.model.rnn_activation ??= "tanh"; // Older files do not tell it.
  return { tensors, card };
}
