/** The bar below the picture: real buttons, and one slider for the row. */

import { element, icon } from "../dom.js";
import { ROWS } from "../sizes.js";

const ICONS = {
  start: "M5 1v8L1 5zM9 1v8L5 5z",
  back: "M8 1v8L2 5zM1 1h1v8H1z",
  forward: "M2 1v8l6-4zM8 1h1v8H8z",
  play: "M2 1v8l7-4z",
  pause: "M2 1h2v8H2zM6 1h2v8H6z",
};

/** What the buttons do. @typedef {import("./commands.js").Commands} Commands */

/** What can be switched on and off, by name. @typedef {"step" | "peek" | "every" | "hide"} Switch */

/** @type {Record<Switch, { label: string, key: string, title: string }>} */
export const SWITCHES = {
  step: { label: "One step", key: "S", title: "Open the row: what goes in, what comes out" },
  peek: { label: "Peek", key: "P", title: "What if it were asked now?" },
  every: { label: "Every unit", key: "U", title: "One column for each hidden unit" },
  hide: { label: "Hide digit", key: "H", title: "Hide the rows that are still to come" },
};

/** Where one may go on from the first screen, by name. @typedef {"draw" | "lesson" | "all"} Way */

/** @type {Record<Way, string>} */
const WAYS = { lesson: "Start the lesson", draw: "Draw yours", all: "All views" };

export class Controls {
  /** @param {Commands} commands */
  constructor(commands) {
    const button = (
      /** @type {string} */ label,
      /** @type {string} */ kind,
      /** @type {() => void} */ press,
    ) => {
      const made = element("button", {
        type: "button",
        class: `stage-${kind}`,
        "aria-label": label,
      });
      made.title = label;
      made.addEventListener("click", press);
      return made;
    };
    const start = button("To the start (Home)", "start", () => commands.go(0));
    const back = button("One row back (←)", "back", () => commands.step(-1));
    const forward = button("One row on (→)", "forward", () => commands.step(1));
    start.append(icon(ICONS.start));
    back.append(icon(ICONS.back));
    forward.append(icon(ICONS.forward));
    this.play = button("Play", "play", () => commands.play());
    this.speed = button("Speed", "speed", () => commands.faster(0));
    this.range = element("input", {
      type: "range",
      min: "0",
      max: String(ROWS),
      step: "1",
      "aria-label": "Row",
    });
    this.range.addEventListener("input", () => commands.go(this.range.valueAsNumber));
    this.row = element("span", { class: "stage-row" });
    this.memory = button("Memory", "memory", () => commands.showMemory());
    this.memory.textContent = "Memory";
    /** @type {Map<Switch, HTMLButtonElement>} */
    this.switches = new Map();
    for (const [name, { label, key, title }] of Object.entries(SWITCHES)) {
      const which = /** @type {Switch} */ (name);
      const made = button(label, which, () => commands.toggle(which));
      made.textContent = label;
      made.title = `${title} (${key})`;
      this.switches.set(which, made);
    }
    this.draw = button("Draw", "pen", () => commands.draw());
    this.draw.textContent = "Draw";
    this.draw.title = "Draw a digit (D)";
    this.present = button("Present", "present", () => commands.present());
    const save = button("Save the picture as PNG", "save", () => commands.save());
    save.textContent = "PNG";
    const ways = Object.entries(WAYS).map(([name, label]) => {
      const made = button(label, name, () => commands.take(/** @type {Way} */ (name)));
      made.textContent = label;
      return made;
    });
    this.ways = element("div", { class: "stage-ways" }, ...ways);
    const moving = [start, back, this.play, forward, this.speed, this.range, this.row];
    this.element = element(
      "div",
      { class: "stage-controls" },
      element("div", { class: "stage-bar" }, ...moving, this.memory),
      element(
        "div",
        { class: "stage-switches" },
        ...this.switches.values(),
        this.draw,
        save,
        this.present,
      ),
      this.ways,
    );
  }

  /**
   * @param {{
   *   row: number, playing: boolean, speed: number, on: Set<Switch>, canPeek: boolean,
   *   showMemory: boolean, aloud: string, presenting: boolean, penOut: boolean, waysOn: boolean,
   * }} shown
   */
  update({ row, playing, speed, on, canPeek, showMemory, aloud, presenting, penOut, waysOn }) {
    const label = playing ? "Pause" : "Play";
    if (this.play.textContent !== label) {
      this.play.replaceChildren(icon(playing ? ICONS.pause : ICONS.play), label);
      this.play.setAttribute("aria-label", label);
      this.play.title = `${label} (Space)`;
    }
    this.speed.textContent = `${speed}×`;
    this.speed.setAttribute("aria-label", `Speed: ${speed} times`);
    this.range.value = String(row);
    this.range.style.setProperty("--share", `${(100 * row) / ROWS}%`);
    this.range.setAttribute("aria-valuetext", aloud);
    this.row.replaceChildren("row ", element("b", {}, String(row)), ` of ${ROWS}`);
    for (const [name, button] of this.switches)
      button.setAttribute("aria-pressed", String(on.has(name)));
    this.switches.get("peek")?.toggleAttribute("hidden", !canPeek);
    this.ways.hidden = !waysOn;
    this.draw.hidden = !presenting;
    this.draw.setAttribute("aria-pressed", String(penOut));
    this.present.textContent = presenting ? "Leave" : "Present";
    this.present.setAttribute("aria-label", presenting ? "Leave" : "Present");
    this.present.title = presenting ? "Back to the page (F or Esc)" : "Fill the screen (F)";
    this.memory.textContent = showMemory ? "Answers" : "Memory";
    this.memory.setAttribute("aria-label", showMemory ? "Show the answers" : "Show the memory");
  }
}
