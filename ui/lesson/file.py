"""A lesson as a file that a teacher writes: `docs/lessons.md` says how."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from mnist_rnn.config import ROWS
from mnist_rnn.errors import UserError

FOLDER = Path(__file__).parents[2] / "content" / "lessons"
FIRST = "first"
PAGES = ("draw", "wirings", "train", "runs", "mistakes")
NUMBER = re.compile(r"\{([^{}]*)\}")
_AFTER = "then "
_SEEN = ("view", "digit", "row", "show", "networks", "change")
_STEP = ("question", "answers", "right", "sentence", "link")
_NEEDED = ("view", "question", "sentence")
_KEYS = {*_SEEN, *_STEP, *(_AFTER + key for key in _SEEN)}


@dataclass(frozen=True)
class Seen:
    """What is to be seen: on which view, of which digit, after which row, by which networks.

    digit: its class and the number of the test image, from 1; None for one that is drawn.
    show: what of the stage is switched on. networks: by key. change: of "What if?".
    """

    view: str = ""
    digit: tuple[int, int] | None = (5, 266)
    row: int = ROWS
    show: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    change: str = ""


@dataclass(frozen=True)
class Step:
    """One card: what is asked, and what is seen before it is answered and after that.

    The words may name numbers in braces. right: the right answer, empty where none is wrong.
    link: a label, a page and its query, for afterwards.
    """

    title: str
    text: str
    before: Seen
    after: Seen
    question: str
    answers: tuple[str, ...]
    right: str
    sentence: str
    link: tuple[str, str, dict[str, str]] | None


@dataclass(frozen=True)
class Lesson:
    """The steps of a file, and what is said of them all."""

    name: str
    title: str
    purpose: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Names:
    """What a lesson may name: views, changes of "What if?", switches, numbers, networks by key.

    pair: the networks of a step that names none.
    """

    views: Collection[str]
    changes: Collection[str]
    switches: Collection[str]
    numbers: Collection[str]
    networks: Collection[str]
    pair: tuple[str, ...]


def _wrong(line: int, problem: str) -> UserError:
    """A line that says nothing a lesson can say: its number, and what is wrong with it."""
    return UserError(f"line {line}: {' '.join(problem.split())}")


def names_of_lessons(folder: Path = FOLDER) -> list[str]:
    """What the lessons in a folder are called, the first one first."""
    names = (path.stem for path in folder.glob("*.md"))
    return sorted(names, key=lambda name: (name != FIRST, name))


def load_lesson(name: str, known: Names, folder: Path = FOLDER) -> Lesson:
    """The lesson of this name; raises UserError, with the line, if its file is not one."""
    if name not in names_of_lessons(folder):
        raise UserError("There is no lesson of this name.")
    path = folder / f"{name}.md"
    try:
        return parse_lesson(path.read_text(encoding="utf-8"), name, known)
    except UserError as wrong:
        raise UserError(f"{path.name}, {wrong}") from wrong
    except UnicodeDecodeError as error:
        raise UserError(f"{path.name} is not a text in UTF-8.") from error


def parse_lesson(text: str, name: str, known: Names) -> Lesson:
    """The lesson that a text holds; raises UserError that says what is wrong in which line."""
    head, *steps = _parts(text)
    if not steps:
        raise _wrong(1, "there is no step, which begins with `## ` and its title.")
    purpose = " ".join(line for _, line in head.lines if line)
    return Lesson(name, head.title, purpose, tuple(_step(part, known) for part in steps))


@dataclass(frozen=True)
class _Part:
    """A heading, in line `number`, and the numbered lines below it."""

    number: int
    title: str
    lines: list[tuple[int, str]]


def _parts(text: str) -> list[_Part]:
    """The title of a lesson, then its steps."""
    parts: list[_Part] = []
    for number, line in enumerate(text.splitlines(), 1):
        mark = "## " if parts else "# "
        if line.startswith(mark):
            parts.append(_Part(number, line.removeprefix(mark).strip(), []))
        elif parts:
            parts[-1].lines.append((number, line.strip()))
        elif line.strip():
            raise _wrong(number, "a lesson begins with `# ` and its title.")
    if not parts:
        raise _wrong(1, "a lesson begins with `# ` and its title.")
    return parts


def _step(part: _Part, known: Names) -> Step:
    end = next((i for i, (_, line) in enumerate(part.lines) if not line), len(part.lines))
    given: dict[str, str] = {}
    before, after = Seen(networks=known.pair), {}
    for number, line in part.lines[:end]:
        key, colon, value = (piece.strip() for piece in line.partition(":"))
        if not colon or key not in _KEYS:
            raise _wrong(number, f"`{key}` is nothing that a step has.")
        if key in given:
            raise _wrong(number, f"`{key}` stands here for the second time.")
        given[key] = value
        if key in _SEEN:
            before = replace(before, **_seen(key, value, number, known))
        elif key.startswith(_AFTER):
            after |= _seen(key.removeprefix(_AFTER), value, number, known)
        else:
            _check_words(key, value, number, known)
    for number, line in part.lines[end:]:
        _check_words("", line, number, known)
    for key in _NEEDED:
        if not given.get(key):
            raise _wrong(part.number, f"this step has no `{key}:`.")
    answers = _pieces(given.get("answers", ""), "|")
    right = given.get("right", "")
    if right and not NUMBER.search(right) and right not in answers:
        raise _wrong(part.number, f"the right answer, `{right}`, is none of the answers.")
    return Step(
        part.title,
        "\n".join(line for _, line in part.lines[end:]).strip(),
        before,
        replace(before, **after),
        given["question"],
        answers,
        right,
        given["sentence"],
        _link(given["link"]) if given.get("link") else None,
    )


def _seen(key: str, value: str, number: int, known: Names) -> Mapping[str, Any]:
    """A field of what is seen."""
    words = _pieces(value, ",")
    if key == "digit":
        return {key: _digit(words, number)}
    if key == "row":
        if not re.fullmatch(r"[0-9]{1,2}", value) or int(value) > ROWS:
            raise _wrong(number, f"a row is a number from 0 to {ROWS}.")
        return {key: int(value)}
    if key in ("view", "change"):
        names = known.views if key == "view" else known.changes
        if value not in names:
            raise _wrong(number, f"there is no {key} `{value}`; there are {_listed(names)}.")
        return {key: value}
    if key == "networks" and value == "none":
        return {key: ()}
    allowed = known.switches if key == "show" else known.networks
    for word in words:
        if word not in allowed:
            raise _wrong(number, f"`{word}` is none of {_listed(allowed)}.")
    return {key: words}


def _pieces(text: str, mark: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, text.split(mark))))


def _digit(words: tuple[str, ...], number: int) -> tuple[int, int] | None:
    """A test digit as in "5, 266", or "drawn"."""
    if words == ("drawn",):
        return None
    found = re.fullmatch(r"([0-9])(?:,([1-9][0-9]{0,2}))?", ",".join(words))
    if not found:
        raise _wrong(number, "a digit is `drawn`, or 0 to 9 and which test image, as in `5, 266`.")
    return int(found[1]), int(found[2] or 1)


def _link(value: str) -> tuple[str, str, dict[str, str]]:
    """What a link is called, and where it goes, as in "Compare both | train?units=50"."""
    label, _, address = (piece.strip() for piece in value.partition("|"))
    page, _, query = address.partition("?")
    return label, page, dict(parse_qsl(query))


def _check_words(key: str, value: str, number: int, known: Names) -> None:
    if key == "link" and not re.fullmatch(rf"[^|]+\|\s*({'|'.join(PAGES)})(\?.*)?", value):
        raise _wrong(number, "a link is its words, `|`, and a page, as in `Train it | train`.")
    for name in NUMBER.findall(value):
        if name_and_row(name)[0] not in known.numbers:
            raise _wrong(
                number, f"there is no number {{{name}}}; there are {_listed(known.numbers)}."
            )


def name_and_row(text: str) -> tuple[str, int]:
    """A number's name and after which row it is meant, the last unless it is said."""
    name, _, row = text.rpartition(" ")
    if re.fullmatch(r"[0-9]{1,2}", row) and 1 <= int(row) <= ROWS:
        return name, int(row)
    return text, ROWS


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
