"""The words of the field, explained where they first stand."""

import pytest

from ui.page import CONTENT, explained, section

PAGES = [
    file.stem
    for file in CONTENT.glob("*.md")
    if file.stem != "glossary" and "\n## words\n" in file.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_explains_its_words_as_the_glossary_does(page: str) -> None:
    told = explained(page).split("\n\n")
    for name, words in zip(section(page, "words").split(", "), told, strict=True):
        assert words.startswith(f"**{name}**")
        assert words.rpartition(": ")[2] in section("glossary", "words")


def test_a_word_stands_with_its_formula() -> None:
    assert "**unit** $h_{t,i}$: one of these numbers" in explained("unit")
