"""The same training by four engines, on this machine, in one run.

    python3 -m venv .venv-peers
    .venv-peers/bin/pip install -r benchmarks/requirements.txt
    .venv-peers/bin/python -m benchmarks.peers [--epochs 12] [--out FILE] [--plot FILE]

Network and images are those of 2016: a SimpleRNN of 50 units, batches of 100 and RMSprop,
50,000 training images, 10,000 validation images after each epoch; only the learning rate is
doubled, so that 95% is in reach. All engines have the same first weights and the same images in
the same order. Each has a process of its own, and they take turns, epoch by epoch, so that a busy
machine slows all alike; while one works the others wait for their standard input.

Seconds from the start count the time in which an engine had its turn: interpreter, imports,
reading the images, compiling, training and validating. Seconds an epoch are the median of the
epochs after the first, in which there is compiling, and include the validation. The ratio is the
median over the epochs of seconds by seconds of `fit` in the same turn. Memory is the peak resident
set of the process. The tables go to standard output, everything that was measured to a JSON file.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.peers.results import Curve, table
from mnist_rnn.config import READING_HEADS

ENGINES = ("this_project", "keras_fit", "pytorch", "jax_scan")


def main() -> None:
    parser = argparse.ArgumentParser(description="Four engines train the same network.")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--learning-rate", type=float, default=0.002)
    parser.add_argument("--heads", nargs="+", choices=READING_HEADS, default=READING_HEADS)
    parser.add_argument("--out", type=Path, metavar="JSON")
    parser.add_argument("--plot", type=Path, metavar="PNG")
    options = parser.parse_args()
    results: dict[str, dict[str, Curve]] = {}
    for head in options.heads:
        results[head] = measured(head, options.epochs, options.seed, options.learning_rate)
        print(f"{table(head, results[head])}\n", flush=True)
    if options.out:
        options.out.write_text(json.dumps(results, indent=1), encoding="utf-8")
    if options.plot:
        from benchmarks.peers.plot import draw  # noqa: PLC0415 - the tables do without matplotlib

        draw(results, options.plot)


def measured(head: str, epochs: int, seed: int, learning_rate: float) -> dict[str, Curve]:
    """What each engine reached and when, by its name."""
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "first.safetensors")
        recipe = (head, str(epochs), str(seed), str(learning_rate), file)
        command = [sys.executable, "-m", "benchmarks.peers.first_weights", *recipe]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        racers = {engine: Racer(engine, file) for engine in ENGINES}
        for turn in range(epochs):
            # Taking turns at going first spreads what else the machine does over all.
            for engine in (*ENGINES[turn % len(ENGINES) :], *ENGINES[: turn % len(ENGINES)]):
                racers[engine].epoch()
        return {engine: racer.stop() for engine, racer in racers.items()}


class Racer:
    """An engine's process, and the clock of its turns."""

    def __init__(self, engine: str, file: str) -> None:
        self._command = [sys.executable, "-m", "benchmarks.peers.run", engine, file]
        self._process: subprocess.Popen[str] | None = None
        self._curve: Curve = {"seconds": [], "accuracy": [], "memory": 0}

    def epoch(self) -> None:
        """Let it train for an epoch; the first one starts the process."""
        began = time.perf_counter()
        if self._process is None:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        print(file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"It ended early: {' '.join(self._command)}")
        done = json.loads(line)
        self._curve["seconds"].append(time.perf_counter() - began)
        self._curve["accuracy"].append(done["accuracy"])
        self._curve["memory"] = done["memory"]

    def stop(self) -> Curve:
        """End the process; what it did."""
        self._process.communicate()
        return self._curve


if __name__ == "__main__":
    main()
