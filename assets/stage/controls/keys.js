/**
 * The keys of the stage, wherever on the page the focus is, unless a control has it. In a lesson the
 * page keys are the lesson's.
 */

import { ROWS } from "../sizes.js";

/** @typedef {import("./commands.js").Commands} Commands */

const CONTROL =
  "a, button, input, select, textarea, [contenteditable=true], [role=radio], [role=slider], [role=listbox]";
const GIVES_FOCUS_BACK = "button, input[type=range]";

/** @type {Record<string, (commands: Commands) => void>} */
const KEYS = {
  " ": (commands) => commands.play(),
  ArrowLeft: (commands) => commands.step(-1),
  ArrowUp: (commands) => commands.step(-1),
  PageUp: (commands) => commands.step(-1),
  ArrowRight: (commands) => commands.step(1),
  ArrowDown: (commands) => commands.step(1),
  PageDown: (commands) => commands.step(1),
  Home: (commands) => commands.go(0),
  End: (commands) => commands.go(ROWS),
  "+": (commands) => commands.faster(1),
  "=": (commands) => commands.faster(1),
  "-": (commands) => commands.faster(-1),
  s: (commands) => commands.toggle("step"),
  p: (commands) => commands.toggle("peek"),
  u: (commands) => commands.toggle("every"),
  h: (commands) => commands.toggle("hide"),
  d: (commands) => commands.draw(),
  f: (commands) => commands.present(),
  Escape: (commands) => commands.leave(),
  "?": (commands) => commands.help(),
};

/**
 * Listen until the signal. Whoever clicks a control of the page with a pointer gives the focus back
 * to the stage, so that Space plays and does not press that control again.
 * @param {HTMLElement} root of the stage @param {Commands} commands @param {AbortSignal} signal
 */
export function listenToKeys(root, commands, signal) {
  // Who came here by a click on a button of the page has left the focus there.
  const held = document.activeElement;
  if (held?.matches(GIVES_FOCUS_BACK) && !held.matches(":focus-visible"))
    root.focus({ preventScroll: true });
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.composedPath().some((part) => part instanceof Element && part.matches(CONTROL)))
        return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const press = /^\d$/.test(key) ? () => commands.digit(Number(key)) : KEYS[key];
      if (!press || (key.startsWith("Page") && commands.inLesson())) return;
      event.preventDefault();
      press(commands);
    },
    { signal },
  );
  document.addEventListener(
    "click",
    ({ detail, target }) => {
      if (!detail || !(target instanceof Element)) return;
      const control = target.closest(GIVES_FOCUS_BACK);
      if (control?.closest(".stMain, main") && !control.hasAttribute("aria-haspopup"))
        root.focus({ preventScroll: true });
    },
    { signal },
  );
}
