"""A link holds the settings that are not the default ones, and gives them back."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_rnn.config import Config, ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.presets import PRESETS
from ui.train import link


@pytest.mark.parametrize("name", PRESETS)
def test_a_link_gives_every_preset_back(name: str) -> None:
    model, train = PRESETS[name].model, PRESETS[name].train
    given = dict(parse_qsl(link.query(Config(model, train))))
    assert (link.from_query(given) or Config()) == (model, train)


def test_a_link_holds_only_what_is_not_the_default() -> None:
    assert link.query(Config()) == ""
    assert link.query(Config(ModelConfig(units=3), TrainConfig(learning_rate=0.1))) == (
        "units=3&learning_rate=0.1"
    )


def test_parameters_of_others_are_left_alone() -> None:
    assert link.from_query({"run": "x", "both": "1"}) is None
    given = {"run": "x", "units": "3", "seed": "y"}
    link.forget(given)
    assert given == {"run": "x"}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"units": "many"}, "units must be a number, not 'many'"),
        ({"units": "0"}, "units must be a whole number from 1"),
        ({"learning_rate": "nan"}, "learning_rate must be a number from"),
        ({"head": "two_to_two"}, "head must be one of"),
        ({"epochs": "9" * 5000}, "epochs must be"),
        ({"train_images": "100", "batch_size": "200"}, "must not be larger"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_bad_value_is_told_in_a_sentence(given: dict[str, str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        link.from_query(given)


@given(
    given=st.dictionaries(
        st.sampled_from([*ModelConfig().to_dict(), *TrainConfig().to_dict()]), st.text()
    )
)
def test_any_text_gives_settings_or_one_sentence(given: dict[str, str]) -> None:
    try:
        link.from_query(given)
    except UserError as error:
        assert "\n" not in str(error)
