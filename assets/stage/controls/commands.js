/** What keys and buttons do. */

import { savePicture } from "../picture/save.js";
import { ROWS } from "../sizes.js";

/** @typedef {import("./controls.js").Switch} Switch */
/** @typedef {import("./controls.js").Way} Way */

/**
 * @typedef {{
 *   play: () => void, step: (rows: number) => void, go: (row: number) => void,
 *   faster: (levels: number) => void, digit: (digit: number) => void,
 *   toggle: (which: Switch) => void, showMemory: () => void, save: () => void,
 *   draw: () => void, present: () => void, leave: () => void, help: () => void,
 *   take: (way: Way) => void, inLesson: () => boolean,
 * }} Commands
 */

/**
 * @param {import("../stage.js").Stage} stage
 * @param {() => void} soon draws the picture again
 * @returns {Commands}
 */
export function commandsOf(stage, soon) {
  const { player, post, presenter } = stage;
  const inLesson = () => stage.told.ways === "lesson";
  return {
    play: () => player.play(),
    step: (rows) => {
      const over = player.row + rows > ROWS && !player.playing;
      if (over && inLesson()) post.ask("on");
      else player.go(player.row + rows);
    },
    go: (row) => player.go(row),
    faster: (levels) => player.faster(levels),
    digit: (digit) => {
      presenter.takePen(false);
      post.ask(digit);
    },
    toggle: (which) => player.toggle(which),
    showMemory: () => {
      player.showMemory = !player.showMemory;
      soon();
    },
    save: () => savePicture(stage.frame, stage.palette),
    draw: () => {
      if (!presenter.on) return;
      presenter.takePen(!presenter.penOut);
      if (!presenter.penOut) return;
      player.go(ROWS);
      post.ask("pen");
    },
    present: () => presenter.toggle(),
    leave: () => presenter.leave(),
    help: () => stage.frame.help.toggle(),
    take: (way) => post.ask(way),
    inLesson,
  };
}
