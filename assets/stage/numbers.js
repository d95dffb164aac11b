/** @param {number} value @param {number} least @param {number} most */
export const clip = (value, least, most) => Math.max(least, Math.min(value, most));

/** @param {number} value */
export function roundHalfToEven(value) {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}
