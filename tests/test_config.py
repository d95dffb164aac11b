"""Settings: a round trip through JSON, and every limit of the tables."""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_rnn.config import ModelConfig, TrainConfig, check_pair
from mnist_rnn.errors import UserError
from mnist_rnn.presets import PRESETS
from mnist_rnn.settings import Setting, settings

TABLES = [ModelConfig, TrainConfig]
SETTINGS = [
    pytest.param(table, name, kind, rule, id=name)
    for table in TABLES
    for name, (kind, rule) in settings(table).items()
]


def _values(kind: type, rule: Setting) -> st.SearchStrategy[object]:
    """Everything that a setting allows."""
    if rule.choices:
        return st.sampled_from(rule.choices)
    if kind is int:
        return st.integers(int(rule.minimum), int(rule.maximum))
    return st.floats(rule.minimum, rule.maximum)


def _configs(table: type) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {name: _values(kind, rule) for name, (kind, rule) in settings(table).items()}
    )


@given(values=_configs(ModelConfig))
def test_model_config_survives_json(values: dict[str, object]) -> None:
    if values["backbone"] == "cnn_rnn" and str(values["head"]).startswith("one"):
        with pytest.raises(UserError, match="goes with the backbone rnn only"):
            ModelConfig(**values)
        return
    config = ModelConfig(**values)
    assert ModelConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config
    if config.head == "one_to_many":
        assert (config.timesteps, config.features) == (28, 10 + config.styles)
        return
    assert config.timesteps * config.features == 28 * 28 * (
        config.filters if config.backbone == "cnn_rnn" else 1
    )


@given(values=_configs(TrainConfig))
def test_train_config_survives_json(values: dict[str, object]) -> None:
    if values["batch_size"] > values["train_images"]:
        with pytest.raises(UserError, match="batch_size"):
            TrainConfig(**values)
        return
    config = TrainConfig(**values)
    assert TrainConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config


@given(values=st.dictionaries(st.sampled_from(sorted(settings(TrainConfig))), st.from_type(object)))
def test_any_values_give_a_config_or_one_sentence(values: dict[str, object]) -> None:
    try:
        config = TrainConfig.from_dict(values)
    except UserError as error:
        assert "\n" not in str(error)
        return
    assert TrainConfig.from_dict(config.to_dict()) == config


@pytest.mark.parametrize(("table", "name", "kind", "rule"), SETTINGS)
def test_each_limit_is_named(table: type, name: str, kind: type, rule: Setting) -> None:
    if rule.choices:
        wrong = ["", "RNN", 1, None, ["rnn"]]
    else:
        wrong = [rule.minimum - 1, rule.maximum + 1, math.nan, math.inf, "5", None, True, [1]]
    if kind is int:
        wrong.append(rule.minimum + 0.5)
    for value in wrong:
        with pytest.raises(UserError, match=f"^{name} must be "):
            table.from_dict({name: value})


@pytest.mark.parametrize(("table", "name", "kind", "rule"), SETTINGS)
def test_limits_themselves_are_allowed(table: type, name: str, kind: type, rule: Setting) -> None:
    # Sizes that go together, whatever the setting under test.
    roomy = {"train_images": 50_000, "batch_size": 1} if table is TrainConfig else {}
    for value in rule.choices or (rule.minimum, rule.maximum):
        partner = {"batch_size": 1} if name == "train_images" else {}
        network = {"backbone": "cnn_rnn"} if name in ("order", "filters", "activation") else {}
        network |= {"head": "one_to_many"} if name == "styles" else {}
        config = table.from_dict(roomy | network | partner | {name: value})
        assert getattr(config, name) == value
        assert type(getattr(config, name)) is kind


@pytest.mark.parametrize("table", TABLES)
def test_unknown_setting_is_named(table: type) -> None:
    with pytest.raises(UserError, match="no setting called 'layers'"):
        table.from_dict({"layers": 2})


@pytest.mark.parametrize("values", [[], "rnn", None, 3])
def test_what_is_no_table_is_refused(values: object) -> None:
    with pytest.raises(UserError, match="table of settings"):
        ModelConfig.from_dict(values)


def test_settings_without_effect_make_no_difference() -> None:
    plain = ModelConfig()
    assert ModelConfig(order="row_major", filters=4, activation="relu") == plain
    assert replace(plain, backbone="cnn_rnn", filters=4).filters == 4
    assert ModelConfig(styles=3) == plain
    assert replace(plain, head="one_to_many", scaling="twice", styles=3).scaling == "once"
    assert ModelConfig(head="one_to_one", cell="gru") == ModelConfig(head="one_to_one")


@pytest.mark.parametrize("training", [{"non_digits": 0.1}, {"calibration": "temperature"}])
def test_what_draws_has_nothing_to_doubt(training: dict[str, object]) -> None:
    check_pair(ModelConfig(head="one_to_many"), TrainConfig())
    check_pair(ModelConfig(head="one_to_one"), TrainConfig(**training))
    with pytest.raises(UserError, match="names no class"):
        check_pair(ModelConfig(head="one_to_many"), TrainConfig(**training))


@pytest.mark.parametrize("share", ["dropout", "recurrent_dropout"])
def test_dropout_goes_with_a_simple_rnn_only(share: str) -> None:
    train = TrainConfig(**{share: 0.2})
    check_pair(ModelConfig(), train)
    for model in (ModelConfig(cell="gru"), ModelConfig(head="one_to_one")):
        with pytest.raises(UserError, match="simple_rnn only"):
            check_pair(model, train)


def test_files_without_an_rnn_activation_are_read_as_tanh() -> None:
    older = ModelConfig().to_dict()
    del older["rnn_activation"]
    assert ModelConfig.from_dict(older).rnn_activation == "tanh"
    assert ModelConfig(cell="lstm", rnn_activation="relu") == ModelConfig(cell="lstm")


@pytest.mark.parametrize("table", TABLES)
def test_every_setting_has_a_label_and_help(table: type) -> None:
    for _, rule in settings(table).values():
        assert rule.label
        assert rule.help.endswith(".")


def test_recipes_of_2016_are_among_the_presets() -> None:
    for backbone, rate in (("rnn", 0.001), ("cnn_rnn", 0.003)):
        for head in ("many_to_one", "many_to_many"):
            preset = PRESETS[f"{backbone}-{head}-2016"]
            assert preset.model == ModelConfig(backbone=backbone, head=head, units=50)
            assert preset.train == TrainConfig(
                epochs=200,
                learning_rate=rate,
                batch_size=100,
                optimizer="rmsprop_2016",
                recurrent_init="orthogonal_2016",
            )
            written = PRESETS[f"{backbone}-{head}-2016-as_written"]
            assert written.model == replace(preset.model, scaling="twice")
            assert written.train == preset.train
