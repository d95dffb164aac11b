"""A press while the browser asks for the page again, which ends callbacks at a touch of the state.

So do browsers that build a field late and report where it starts, and fingers that press twice.
"""

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

import ui.settings
import ui.train.start
import ui.visitor
from mnist_rnn import runs
from mnist_rnn.runs.status import RUNNING, STOPPED
from tests.analysis.trained_pair import trained_pair
from tests.pages.in_process import button
from tests.pages.train_page import (
    EPOCHS,
    MODEL,
    TRAIN,
    field,
    run_menu,
    run_with_a_curve,
    view_menu,
)
from tests.run_folders import list_runs


@pytest.fixture
def asked_again(monkeypatch):
    """Has the browser ask for the page once more, before or after something is done."""

    def during(place, name, *, after, says=None):
        done, asked = getattr(place, name), []

        def ask():
            if not asked:
                asked.append(True)
                request = RerunData(widget_states=says)
                get_script_run_ctx().script_requests.request_rerun(request)

        def doing(*args, **more):
            if not after:
                ask()
            result = done(*args, **more)
            ask()
            return result

        monkeypatch.setattr(place, name, doing)

    return during


@pytest.mark.parametrize("label", ["Start", "Compare both"])
def test_what_was_started_is_shown(page, asked_again, label):
    run_with_a_curve().set_status(STOPPED)
    page.run()
    asked_again(runs.queue, "join", after=True)
    button(page, label).click().run()
    assert not page.exception
    (_, *made) = list_runs()
    assert len(made) == 1 + (label == "Compare both")
    assert run_menu(page).value == made[0].id
    assert page.query_params["run"] == made[0].id


@pytest.mark.parametrize("label", ["Start", "Compare both"])
def test_what_a_browser_still_says_of_the_run_before_does_not_count(page, asked_again, label):
    run_with_a_curve().set_status(STOPPED)
    page.run()
    run, view = run_menu(page), view_menu(page)
    says = WidgetStates()
    says.widgets.add(id=run.proto.id, string_value=run.options[0])
    says.widgets.add(id=view.proto.id).string_array_value.data.append("Curves")
    asked_again(ui.train.start, "take_started", after=True, says=says)
    button(page, label).click().run()
    assert not page.exception
    (_, *made) = list_runs()
    assert run_menu(page).value == made[0].id
    assert view_menu(page).value == ("Curves" if label == "Start" else "Both heads")


@pytest.mark.parametrize("label", ["Start", "Compare both"])
def test_a_press_is_not_lost_and_starts_once(page, asked_again, label):
    page.run()
    asked_again(ui.train.start, "chosen", after=False)
    button(page, label).click().run()
    assert not page.exception
    assert len(list_runs()) == 1 + (label == "Compare both")


def test_a_run_is_stopped(page, asked_again):
    run = runs.create(MODEL, TRAIN)
    run.set_status(RUNNING)
    page.run()
    asked_again(ui.visitor, "visitor", after=False)
    button(page, "Stop").click().run()
    assert not page.exception
    assert run.control().state == STOPPED


def test_both_runs_are_stopped(page, asked_again):
    pair = trained_pair(RUNNING)
    page.query_params["both"] = "1"
    page.run()
    asked_again(ui.visitor, "visitor", after=False)
    button(page, "Stop both").click().run()
    assert not page.exception
    assert [run.control().state for run in pair] == [STOPPED, STOPPED]


def test_a_preset_is_taken_whole(page, asked_again):
    page.run()
    asked_again(ui.settings, "as_table", after=True)
    page.selectbox(key="preset").set_value("rnn-many_to_one-three-units").run()
    assert not page.exception
    assert page.number_input(key="units").value == 3
    assert page.number_input(key="epochs").value == 10


def test_what_is_steered_is_applied(page, asked_again):
    run = run_with_a_curve()
    run.set_status(RUNNING)
    page.run()
    field(page, EPOCHS).set_value(9)
    asked_again(ui.visitor, "visitor", after=False)
    button(page, "Apply").click().run()
    assert not page.exception
    assert run.control().epochs == 9
