"""The settings on the Train page: what is started with them, and how far they are from a preset."""

import pytest

from mnist_rnn.presets import PRESETS
from mnist_rnn.runs.status import QUEUED
from tests.pages.in_process import button
from tests.pages.train_page import labels, said
from tests.run_folders import list_runs


def test_an_empty_page_says_what_to_do(page):
    page.run()
    assert not page.exception
    assert "Press **Compare both**" in said(page)
    assert labels(page) == ["Compare both", "Start"]
    assert len(page.get("plotly_chart")) == 1


def test_start_puts_a_run_with_the_chosen_settings_into_the_queue(page):
    page.run()
    page.pills(key="head").set_value("many_to_many")
    page.number_input(key="epochs").set_value(3)
    page.number_input(key="train_images").set_value(5000)
    button(page, "Start").click().run()
    assert not page.exception
    (run,) = list_runs()
    model, train = run.config()
    assert (model.head, train.epochs, train.train_images) == ("many_to_many", 3, 5000)
    assert run.status().state == QUEUED
    assert page.query_params["run"] == run.id
    assert "next" in said(page)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_sets_all_widgets(page, name):
    page.run()
    page.selectbox(key="preset").set_value(name).run()
    assert page.selectbox(key="preset").value == name
    button(page, "Start").click().run()
    assert not page.exception
    (run,) = list_runs()
    assert run.config() == (PRESETS[name].model, PRESETS[name].train)


def test_settings_that_only_convolutions_have_appear_with_them(page):
    page.run()
    shown = [control.key for control in page.segmented_control]
    assert "order" not in shown
    page.segmented_control(key="backbone").set_value("cnn_rnn").run()
    shown = [control.key for control in page.segmented_control]
    assert "order" in shown


def test_what_a_hidden_widget_was_set_to_does_not_count(page):
    page.run()
    page.number_input(key="recurrent_dropout").set_value(0.3)
    page.segmented_control(key="kernel_regularizer").set_value("l2")
    page.segmented_control(key="cell").set_value("gru").run()
    assert "recurrent_dropout" not in [field.key for field in page.number_input]
    button(page, "Start").click().run()
    assert not page.error
    (run,) = list_runs()
    _, train = run.config()
    assert (train.recurrent_dropout, train.kernel_regularizer) == (0, "l2")


def test_settings_that_clash_are_told_in_one_sentence(page):
    page.run()
    page.number_input(key="train_images").set_value(100)
    page.number_input(key="batch_size").set_value(200)
    button(page, "Start").click().run()
    assert not page.exception
    assert [error.value for error in page.error] == [
        "batch_size (200) must not be larger than train_images (100)."
    ]
    assert list_runs() == []


def test_what_differs_from_the_preset_is_named_and_taken_back_by_a_click(page):
    page.run()
    assert "Undo" not in labels(page)
    page.selectbox(key="preset").set_value("rnn-many_to_many-2016").run()
    page.number_input(key="epochs").set_value(7)
    page.number_input(key="units").set_value(9).run()
    assert page.selectbox(key="preset").value == "rnn-many_to_many-2016"
    assert "Changed: hidden units 9, not 50; epochs 7, not 200" in said(page)
    marked = page.get("html")
    assert any(".st-key-units" in mark.proto.body for mark in marked)
    button(page, "Undo").click().run()
    assert not page.exception
    assert (page.number_input(key="epochs").value, page.number_input(key="units").value) == (
        200,
        50,
    )
    assert "Undo" not in labels(page)


def test_settings_of_a_link_are_told_as_changes_of_the_closest_preset(page):
    page.query_params["head"] = "many_to_many"
    page.query_params["seed"] = "3"
    page.run()
    assert page.selectbox(key="preset").value == "rnn-many_to_many-minute"
    assert "Changed: seed 3, not 0" in said(page)


def test_a_setting_without_effect_is_no_change(page):
    page.run()
    page.segmented_control(key="backbone").set_value("cnn_rnn").run()
    page.segmented_control(key="order").set_value("row_major").run()
    page.segmented_control(key="backbone").set_value("rnn").run()
    assert page.selectbox(key="preset").value == "rnn-many_to_one-minute"
    assert "Changed" not in said(page)


def test_a_preset_says_what_it_will_show(page):
    page.run()
    assert page.selectbox(key="preset").value == "rnn-many_to_one-minute"
    page.selectbox(key="preset").set_value("rnn-many_to_one-too-fast").run()
    assert "overshoots" in said(page)


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(page, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path / "file"))
    page.run()
    button(page, "Start").click().run()
    assert not page.exception
    assert "MNIST_RNN_RUNS" in page.error[0].value


def test_a_link_sets_the_widgets_and_leaves_the_address(page):
    page.query_params["units"] = "3"
    page.query_params["recurrent_init"] = "forgetful"
    page.run()
    assert not page.exception
    assert page.number_input(key="units").value == 3
    assert page.selectbox(key="recurrent_init").value == "forgetful"
    assert "units" not in page.query_params
    page.number_input(key="units").set_value(4).run()
    assert page.number_input(key="units").value == 4


def test_a_link_with_a_bad_value_is_told_and_changes_nothing(page):
    page.query_params["units"] = "0"
    page.query_params["seed"] = "3"
    page.run()
    assert not page.exception
    assert "units must be a whole number" in page.error[0].value
    assert page.number_input(key="seed").value == 0


def test_the_link_of_the_present_settings_can_be_copied(page):
    page.run()
    page.number_input(key="units").set_value(3).run()
    assert page.code[0].value.endswith("?units=3")
