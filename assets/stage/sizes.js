/** The sizes that everything here is made for. */

/** Rows of an image, and pixels in each. */
export const ROWS = 28;

/** Digits, and answers of a network. */
export const CLASSES = 10;
