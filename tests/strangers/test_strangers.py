"""A stranger walks through the Train page, with the ids of others' runs and guessed tokens."""

import pytest
from streamlit.runtime.context import StreamlitHeaders

from mnist_rnn import runs
from mnist_rnn.runs import access
from mnist_rnn.runs.access import VARIABLE, fingerprint, new_token
from mnist_rnn.runs.ledger import row_of
from mnist_rnn.runs.status import FINISHED, QUEUED, RUNNING, STOPPED, Control
from tests.pages.in_process import button, opened
from tests.pages.train_page import (
    EPOCHS,
    MODEL,
    RATE,
    TRAIN,
    SilentSupervisor,
    field,
    labels,
    run_with_a_curve,
    said,
)
from tests.run_folders import list_runs
from ui import visitor

CODE = "the code of this class"


@pytest.fixture(autouse=True)
def class_room(tmp_path, monkeypatch):
    """An app for a class: nobody sits at its computer."""
    monkeypatch.setenv("MNIST_RNN_RUNS", str(tmp_path))
    monkeypatch.setenv(VARIABLE, CODE)
    monkeypatch.setattr("ui.stored.Supervisor", SilentSupervisor)
    monkeypatch.setattr("ui.visitor.at_the_computer", lambda: False)
    visitor.desk.cache_clear()
    yield
    visitor.desk.cache_clear()


def browser():
    """Another visitor: Streamlit's test has no cookies, so each session is somebody else."""
    return opened("train")


def start(page):
    page.run()
    button(page, "Start").click().run()
    assert not page.exception
    return runs.find(page.query_params["run"])


def open_desk(page):
    page.session_state["teacher"] = True
    page.run()


def enter(page, code):
    open_desk(page)
    page.text_input(key="teachers_code").set_value(code)
    button(page, "Open").click()
    open_desk(page)


def test_who_started_a_run_steers_it_and_a_stranger_only_watches(tmp_path):
    anna, ben = browser(), browser()
    run = start(anna)
    run.set_status(RUNNING)
    anna.run()
    assert {"Pause", "Stop"} <= set(labels(anna))
    ben.query_params["run"] = run.id
    ben.run()
    assert labels(ben) == ["Compare both", "Start"]
    assert not {RATE, EPOCHS} & {field.label for field in ben.number_input}
    assert not ben.toggle
    assert "Somebody else's run" in said(ben)
    button(anna, "Stop").click().run()
    assert run.control().state == STOPPED


@pytest.mark.parametrize("label", ["Pause", "Stop"])
def test_a_button_pressed_too_late_is_refused(monkeypatch, label):
    """The check stands where the change is made, not only where the button is drawn."""
    ben = browser()
    run = run_with_a_curve()
    run.set_status(RUNNING)
    with monkeypatch.context() as patched:
        patched.setattr("ui.train.one_run.may_change", lambda *_: True)
        ben.run()
        button(ben, label).click().run()
    assert run.control() == Control()
    assert "Only the one who started this run" in said(ben)


def test_a_course_set_by_a_stranger_is_refused(monkeypatch):
    ben = browser()
    run = run_with_a_curve()
    run.set_status(RUNNING)
    monkeypatch.setattr("ui.train.steer.may_change", lambda *_: True)
    ben.run()
    for label, value in ((RATE, 0.5), (EPOCHS, 9)):
        field(ben, label).set_value(value)
    button(ben, "Apply").click().run()
    assert run.control() == Control()
    assert not ben.exception


@pytest.mark.parametrize("name", ["shared", "pinned"])
def test_a_mark_set_by_a_stranger_is_refused(monkeypatch, name):
    ben = browser()
    run = run_with_a_curve()
    everything = access.Visitor("x", teacher=True)
    monkeypatch.setattr("ui.runs.marks.may_change", lambda *_: True)
    with monkeypatch.context() as drawn:
        drawn.setattr("ui.runs.marks.visitor", lambda: everything)
        ben.run()
        toggle = ben.toggle(key=f"{name}-{run.id}")
        toggle.set_value(not toggle.value).run()
    assert not (run.folder / "label.json").exists()


def test_an_owner_can_hide_a_run_and_not_pin_it(tmp_path):
    anna, ben = browser(), browser()
    run = start(anna)
    assert [toggle.key for toggle in anna.toggle] == [f"shared-{run.id}"]
    anna.toggle[0].set_value(False).run()
    assert not row_of(run).label.shared
    ben.query_params["run"] = run.id
    ben.run()
    assert "no such run" in said(ben)
    assert ben.selectbox(key="preset").value is not None
    assert run.id not in str(ben.main)
    assert "Stop" not in labels(ben)


@pytest.mark.parametrize(
    "guess",
    [
        lambda run, token: new_token(),
        lambda run, token: row_of(run).owner,
        lambda run, token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda run, token: token.swapcase(),
        lambda run, token: "",
        lambda run, token: run.id,
    ],
)
def test_a_guessed_token_opens_nothing_and_the_real_one_everything(monkeypatch, guess):
    token = new_token()
    run = runs.create(MODEL, TRAIN, owner=fingerprint(token))
    run.set_status(RUNNING)
    for cookie, shown in ((guess(run, token), False), (token, True)):
        monkeypatch.setattr(
            "streamlit.runtime.context.ContextProxy.cookies", {visitor.COOKIE: cookie}
        )
        page = browser()
        page.query_params["run"] = run.id
        page.run()
        assert ("Stop" in labels(page)) == shown


def test_a_third_run_of_a_student_is_refused_in_one_sentence(tmp_path):
    anna = browser()
    start(anna), start(anna)
    button(anna, "Start").click().run()
    assert len(list_runs()) == 2
    assert [error.value[:27] for error in anna.error] == ["You have 2 unfinished runs,"]


def test_the_place_in_the_line_and_the_time_are_told(tmp_path):
    start(browser()).set_status(RUNNING)
    start(browser())
    anna = browser()
    start(anna)
    assert "2 runs are ahead of this one." in said(anna)
    assert "It starts in " in said(anna)
    assert " and ends in " in said(anna)


def test_a_wrong_code_opens_no_desk_and_the_right_one_does():
    page = browser()
    enter(page, "guessed")
    assert "not the teacher's code" in said(page)
    assert "Clear the queue (0)" not in labels(page)
    enter(page, CODE)
    assert "Clear the queue (0)" in labels(page)
    button(page, "Leave the teacher's mode").click()
    open_desk(page)
    assert "Open" in labels(page)


def test_the_teacher_clears_the_line_and_deletes_what_is_not_pinned():
    pinned, ended = run_with_a_curve(), run_with_a_curve()
    for run in (pinned, ended):
        run.set_status(FINISHED)
    pinned.mark(pinned=True)
    waiting, under_way = start(browser()), start(browser())
    under_way.set_status(RUNNING)
    page = browser()
    enter(page, CODE)
    button(page, "Clear the queue (1)").click()
    open_desk(page)
    assert [run.control().state for run in (waiting, under_way)] == [STOPPED, RUNNING]
    button(page, "Stop what is under way (1)").click()
    open_desk(page)
    assert under_way.control().state == STOPPED
    assert button(page, "Delete what has ended (1)").disabled
    page.checkbox(key="sure").check()
    open_desk(page)
    button(page, "Delete what has ended (1)").click()
    open_desk(page)
    assert not page.exception
    assert list_runs() == [pinned, waiting, under_way]


def test_a_desk_that_was_left_in_another_tab_does_nothing():
    waiting = start(browser())
    page = browser()
    enter(page, CODE)
    visitor.desk().leave(fingerprint(page.session_state["visitor_token"]))
    button(page, "Clear the queue (1)").click()
    page.run()
    assert (waiting.status().state, waiting.control()) == (QUEUED, Control())


HOME = {"Host": "localhost:8501", "Origin": "http://localhost:8501"}


@pytest.mark.parametrize(
    "case",
    [
        (HOME, None, {}, True),
        ({"Host": "127.0.0.1:80", "Origin": "http://[::1]:80"}, None, {}, True),
        (HOME, "192.168.0.7", {}, False),
        (HOME | {"X-Forwarded-For": "192.168.0.7"}, None, {}, False),
        (HOME | {"Via": "1.1 proxy"}, None, {}, False),
        (HOME | {"Origin": "https://school.example"}, None, {}, False),
        (HOME | {"Host": "school.example"}, None, {}, False),
        (HOME | {"Origin": "http://[::1"}, None, {}, False),
        ({"Host": "localhost"}, None, {}, False),
        ({}, None, {}, False),
        (HOME, None, {visitor.AT_HOME: "no"}, False),
        (HOME, None, {VARIABLE: CODE}, False),
        (HOME, None, {VARIABLE: CODE, visitor.AT_HOME: "yes"}, True),
        (HOME | {"Forwarded": "for=1"}, None, {visitor.AT_HOME: "yes"}, False),
        (HOME, "192.168.0.7", {visitor.AT_HOME: "yes"}, False),
    ],
)
@pytest.mark.parametrize("headless", [False, True])
def test_only_who_sits_at_the_computer_is_the_teacher_without_a_code(
    monkeypatch, real_at_the_computer, case, headless
):
    headers, address, environment, trusted = case

    class Context:
        ip_address = address

    Context.headers = StreamlitHeaders(headers.items())
    monkeypatch.delenv(VARIABLE)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("ui.visitor.st.context", Context)
    monkeypatch.setattr("ui.visitor.st.get_option", {"server.headless": headless}.get)
    expected = trusted and (not headless or environment.get(visitor.AT_HOME) == "yes")
    assert real_at_the_computer() == expected
