"""python -m tests.doors: more damaged files than the tests throw, until a door falls."""

import argparse
import itertools
import sys
import tempfile
import time
import warnings
from pathlib import Path

from tests.doors.entrances import DOORS
from tests.doors.fuzzer import Fallen, run_folder, throw

AT_A_TIME = 200


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.doors", description=__doc__)
    parser.add_argument("--cases", type=int, default=200_000, help="how many in all")
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after so long")
    parser.add_argument("--seed", type=int, default=1, help="other files for another seed")
    parser.add_argument("--door", choices=DOORS, nargs="+", default=list(DOORS))
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    end = time.monotonic() + 60 * options.minutes
    thrown = refused = 0
    with tempfile.TemporaryDirectory() as root:
        folder = run_folder(Path(root))
        for turn in itertools.count():
            for door in options.door:
                if thrown >= options.cases or time.monotonic() > end:
                    print(f"{thrown:,} cases, {refused:,} refused in one sentence, none fell")
                    return 0
                try:
                    refused += throw(door, AT_A_TIME, folder, options.seed * 1_000_000 + turn)
                except Fallen as fallen:
                    Path(f"fallen-{door.replace(' ', '_')}").write_bytes(fallen.data)
                    raise
                thrown += AT_A_TIME
    return 1


if __name__ == "__main__":
    sys.exit(main())
