"""A class at the Draw page while one training runs: how long they wait, and what it costs.

    python -m benchmarks.load [--students 30] [--pace 4] [--seconds 60] [--sessions 300]

Starts the real server and a training of 2016, opens the page for all students at once, and lets
each draw a stroke every few seconds: half to one and a half times the pace after the last one was
due, whether or not it has been answered. A stroke's time runs from when it was due until the stage
has been told of it. The training is timed alone before and after.

Then the class leaves, and several hundred others come, draw one stroke each, and go. Streamlit
keeps up to 128 closed sessions for two minutes, so memory is looked at when half of them have come
and gone, when all have, and after those two minutes. The students' own processor time is taken
from the same computer.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import psutil
from websockets.exceptions import WebSocketException

from benchmarks.load.report import Findings, table
from benchmarks.load.streamlit_client import Student, random_stroke
from benchmarks.usage import Usage, Watch
from mnist_rnn import runs
from mnist_rnn.presets import PRESETS
from mnist_rnn.runs import Run
from mnist_rnn.runs.metrics import Metrics
from mnist_rnn.runs.status import STOPPED
from tests.app_server import AppServer, serving

PRESET, MOST_EPOCHS = PRESETS["rnn-many_to_one-2016"], 1000
OPENING_SECONDS, ALONE_SECONDS = 10.0, 20.0
# Streamlit drops the sessions that were closed 120 seconds ago when it closes another one.
EXPIRY_SECONDS = 122.0
STROKES_OF_A_DIGIT, VISITORS_AT_ONCE = 3, 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--pace", type=float, default=4.0, help="seconds from stroke to stroke")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long they draw")
    parser.add_argument("--sessions", type=int, default=300, help="how many come after them")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # An app goes on at its start with the runs that are there.
        run = runs.create(PRESET.model, replace(PRESET.train, epochs=MOST_EPOCHS), Path(folder))
        with serving(Path(folder), at_home=False) as app:
            try:
                print(table(asyncio.run(measure(app, run, options))))
            finally:
                asyncio.run(stop(run))


async def measure(app: AppServer, run: Run, options: argparse.Namespace) -> Findings:
    found = Findings(options.students, options.pace, options.sessions)
    say("A first visitor, and the training starts")
    await visit(app.url, found)
    await until(lambda: Metrics(run.metrics).refresh().chunks)
    watch = Watch(psutil.Process(app.process.pid), run)
    found.megabytes["one visit"] = watch.app_megabytes()
    say("The training alone")
    found.alone.append(await used(watch, ALONE_SECONDS))
    say(f"A class of {options.students}")
    await teach(app.url, watch, options, found)
    say("The training alone again")
    found.alone.append(await used(watch, ALONE_SECONDS))
    await stop(run)
    for moment in ("half", "all"):
        say(f"{options.sessions // 2} visitors come and go")
        await come_and_go(app.url, options.sessions // 2, found)
        found.megabytes[moment] = watch.app_megabytes()
    say("The closed sessions expire")
    await asyncio.sleep(EXPIRY_SECONDS)
    await visit(app.url, found)
    found.megabytes["expired"] = watch.app_megabytes()
    return found


@dataclass(frozen=True)
class Lesson:
    """When the doors open and when the students draw, on the clock of `time.perf_counter`."""

    opens: float
    begins: float
    ends: float
    pace: float


async def teach(url: str, watch: Watch, options: argparse.Namespace, found: Findings) -> None:
    """Let a class come, draw, and go."""
    opens = time.perf_counter()
    begins = opens + OPENING_SECONDS
    lesson = Lesson(opens, begins, begins + options.seconds, options.pace)
    async with asyncio.TaskGroup() as group:
        for number in range(options.students):
            group.create_task(attend(url, lesson, np.random.default_rng(number), found))
        await sleep_until(lesson.begins)
        found.class_usage = await used(watch, options.seconds)
        found.megabytes["class"] = watch.app_megabytes()
        found.worker_megabytes = watch.worker_megabytes()


async def attend(url: str, lesson: Lesson, random: np.random.Generator, found: Findings) -> None:
    """One student's lesson."""
    drawing: list[dict] = []
    try:
        async with Student(url) as student:
            found.openings.append(student.received - lesson.opens)
            due = lesson.begins + random.uniform(0, lesson.pace)
            while due < lesson.ends:
                await sleep_until(due)
                drawing = [*drawing, random_stroke(random)][-STROKES_OF_A_DIGIT:]
                await student.draw(drawing)
                found.waits.append(student.received - due)
                due += lesson.pace * random.uniform(0.5, 1.5)
            await sleep_until(lesson.ends + 1)
            found.errors += student.errors
    except (OSError, WebSocketException):
        found.lost += 1


async def come_and_go(url: str, visitors: int, found: Findings) -> None:
    """Let so many students come for one stroke, a few of them at a time."""
    room = asyncio.Semaphore(VISITORS_AT_ONCE)

    async def visit_when_there_is_room() -> None:
        async with room:
            await visit(url, found)

    await asyncio.gather(*(visit_when_there_is_room() for _ in range(visitors)))


async def visit(url: str, found: Findings) -> None:
    try:
        async with Student(url) as student:
            await student.draw([random_stroke(np.random.default_rng())])
            found.errors += student.errors
    except (OSError, WebSocketException):
        found.lost += 1


async def used(watch: Watch, seconds: float) -> Usage:
    """What is used in each of the coming seconds."""
    before = watch.look()
    await asyncio.sleep(seconds)
    return watch.look().a_second_since(before)


async def stop(run: Run) -> None:
    run.steer(state=STOPPED)
    await until(lambda: run.status().ended)


async def until(condition: Callable[[], object]) -> None:
    while not condition():
        await asyncio.sleep(0.2)


async def sleep_until(moment: float) -> None:
    await asyncio.sleep(moment - time.perf_counter())


def say(text: str) -> None:
    print(f"{text} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
