"""Every preset says what it will show, and the menu opens with the quick one."""

import re

import pytest

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.presets import PRESETS
from ui.page import CONTENT, section


def test_every_preset_has_its_words_and_no_words_are_left_over() -> None:
    text = (CONTENT / "presets.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^## (.+)$", text, re.MULTILINE)) == sorted(PRESETS)


@pytest.mark.parametrize("name", PRESETS)
def test_the_words_of_a_preset_are_a_few_sentences(name: str) -> None:
    assert 30 < len(section("presets", name)) < 330


def test_the_menu_opens_with_the_settings_that_the_page_opens_with() -> None:
    first = next(iter(PRESETS.values()))
    assert (first.model, first.train) == (ModelConfig(), TrainConfig())


def test_presets_of_one_kind_stand_together_and_no_two_are_called_the_same() -> None:
    kinds = [preset.kind for preset in PRESETS.values()]
    assert list(dict.fromkeys(kinds)) == [
        "One minute",
        "2016",
        "Failure",
        "Draw page",
        "Wirings",
        "Other",
    ]
    assert sorted(kinds, key=list(dict.fromkeys(kinds)).index) == kinds
    assert len({(preset.kind, preset.title) for preset in PRESETS.values()}) == len(PRESETS)
