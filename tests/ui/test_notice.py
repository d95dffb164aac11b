"""What people typed is shown letter by letter, wherever a page says it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.app_server import PROJECT
from tests.doors.hostile import MARKED, SENTENCES
from ui.notice import plainly


def read_back(markdown):
    """The text that Markdown without any mark in it shows."""
    assert not re.search(r"(?<!\\)[`*\[\]<>$&|~]", markdown)
    return re.sub(r"\\(.)", r"\1", markdown).replace("\u2060", "")


@pytest.mark.parametrize("text", MARKED)
def test_nothing_that_is_a_mark_is_left_without_a_backslash(text):
    assert read_back(plainly(text)) == text


@given(st.text(st.characters(exclude_characters="\u2060")))
def test_no_text_loses_a_letter(text):
    assert read_back(plainly(text)) == " ".join(text.split())


@pytest.mark.parametrize("text", SENTENCES)
def test_a_plain_sentence_stays_as_it_is(text):
    assert plainly(text) == text


def test_problems_are_told_through_one_door():
    """st.error takes Markdown, and a problem may quote anyone."""
    pages = [*PROJECT.glob("ui/**/*.py"), *PROJECT.glob("pages/*.py")]
    told = [page.name for page in pages if re.search(r"\bst\.error\(", page.read_text())]
    assert told == ["notice.py"]
