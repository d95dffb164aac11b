"""The rooms of the code, and which way imports between them may point."""

import ast
from collections import Counter
from graphlib import TopologicalSorter

import pytest

from tests.app_server import PROJECT

# From the ground up: a room imports from its own floor and from lower ones.
FLOORS = (
    {"errors", "places_to_train", "open_files"},
    {"settings", "progress", "files", "recurrent_config"},
    {"config"},
    {"presets", "differences"},
    {"digits"},
    {"network"},
    {"evaluation"},
    {"runs"},
    {"analysis", "training", "stage"},
    {"figures", "take_home"},
    {"commands"},
    {"ui"},
    {"pages"},
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
# A command that trains imports the training when it is run, and only then.
MAY_TRAIN = ("mnist_rnn/training/", "mnist_rnn/commands/train.py")


def files_of_the_product():
    return sorted(f for top in ("mnist_rnn", "ui", "pages") for f in PROJECT.glob(f"{top}/**/*.py"))


def imported_by(file):
    """The dotted names of the modules that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def room_of(module):
    top, *inner = module.split(".")
    return inner[0] if top == "mnist_rnn" and inner else top


def test_only_training_imports_keras_or_tensorflow():
    importers = [
        f
        for f in files_of_the_product()
        if {"keras", "tensorflow"} & set(map(room_of, imported_by(f)))
    ]
    assert all("mnist_rnn/training/" in file.as_posix() for file in importers) and importers


@pytest.mark.parametrize(
    "file", files_of_the_product(), ids=lambda f: f.relative_to(PROJECT).as_posix()
)
def test_imports_point_down(file):
    module = ".".join(file.relative_to(PROJECT).with_suffix("").parts)
    floor = FLOOR.get(room_of(module), len(FLOORS))
    for name in imported_by(file):
        room = room_of(name)
        assert FLOOR.get(room, 0) <= floor, f"{module} imports {name}, which is above it"
        if room == "training" and not file.relative_to(PROJECT).as_posix().startswith(MAY_TRAIN):
            pytest.fail(f"{module} imports {name}: only the training process may")


def test_imports_make_no_circle():
    modules = {
        ".".join(f.relative_to(PROJECT).with_suffix("").parts): f for f in files_of_the_product()
    }
    graph = {
        module: {
            found
            for name in imported_by(file)
            if (found := name if name in modules else name.rpartition(".")[0]) in modules
        }
        for module, file in modules.items()
    }
    TopologicalSorter(graph).prepare()  # CycleError names the circle.


@pytest.mark.parametrize("top", ["mnist_rnn", "ui", "pages", "assets/stage", "tests", "benchmarks"])
def test_no_room_is_crowded(top):
    modules = [f for f in (PROJECT / top).rglob("*") if f.suffix in {".py", ".js"}]
    named = [f for f in modules if f.name not in {"__init__.py", "conftest.py"}]
    counts = Counter(file.parent.relative_to(PROJECT).as_posix() for file in named)
    assert counts and {room: count for room, count in counts.items() if count > 13} == {}
