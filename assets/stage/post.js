/**
 * What the stage tells the server: one message at a time, the next once that has been answered.
 *
 * With each message the browser sends what it knows of every control of the page. Sent before the
 * answer to an earlier one has come, it would take back what the server has changed meanwhile.
 */

/** @typedef {import("./controls/controls.js").Switch} Switch */
/** @typedef {import("./controls/controls.js").Way} Way */
/**
 * What the server may be asked for: a test digit, something to draw on, or a way on from here.
 * @typedef {number | "pen" | Way | "on"} Wish
 */
/** Where the stage rests. @typedef {{ row: number, on: Switch[] }} Resting */

const REST_MILLISECONDS = 400;

export class Post {
  #timer = 0;
  /** Where the server knows the stage to rest. */
  #known = "";
  /** @type {Wish[]} */
  #wishes = [];
  #sent = 0;
  #answered = 0;
  /** How often the server has put the stage elsewhere. */
  #turn = 0;

  /**
   * @param {() => Resting} resting
   * @param {(message: Resting & Record<"turn" | "number", number> & { wish: Wish | null }) => void} send
   */
  constructor(resting, send) {
    this.resting = resting;
    this.send = send;
  }

  /** Tell where the stage is, unless it moves on soon. */
  rest() {
    this.hold();
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.#next();
    }, REST_MILLISECONDS);
  }

  /** The stage is moving: where it is now is of no use to anybody. */
  hold() {
    clearTimeout(this.#timer);
    this.#timer = -1;
  }

  /** @param {Wish} wish */
  ask(wish) {
    this.#wishes.push(wish);
    this.#next();
  }

  /** The server has put the stage where it is. @param {number} turn */
  moved(turn) {
    this.#turn = turn;
    this.#known = JSON.stringify(this.resting());
  }

  /** @param {number} number of the last message that the server has had */
  answered(number) {
    // A server that was started anew counts from the beginning.
    if (number < this.#answered || number > this.#sent) this.#sent = number;
    this.#answered = number;
    this.#next();
  }

  #next() {
    if (this.#sent > this.#answered) return;
    const wish = this.#wishes.shift() ?? null;
    const known = JSON.stringify(this.resting());
    if (wish === null && (this.#timer || this.#known === known)) return;
    this.#known = known;
    this.send({ ...this.resting(), turn: this.#turn, wish, number: ++this.#sent });
  }
}
