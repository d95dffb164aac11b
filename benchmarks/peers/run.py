"""One engine in a process of its own: an epoch for each line on standard input.

    python -m benchmarks.peers.run ENGINE FILE

The file is of `benchmarks.peers.first_weights`. After each epoch it prints a line of JSON:
`accuracy` on the validation images, and `memory`, the most bytes that the process has held so far.
"""

import importlib
import json
import resource
import sys
from pathlib import Path

from benchmarks.peers.task import Task


def main() -> None:
    engine, file = sys.argv[1:]
    epoch = importlib.import_module(f"benchmarks.peers.{engine}").start(Task.load(Path(file)))
    for number, _ in enumerate(sys.stdin, start=1):
        accuracy = epoch(number)
        print(json.dumps({"accuracy": accuracy, "memory": most_bytes()}), flush=True)


def most_bytes() -> int:
    """The peak of this process's resident memory."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else 1024 * most


if __name__ == "__main__":
    main()
