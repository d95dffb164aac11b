"""The teacher's desk: the right code opens it, and guessing takes for ever."""

import logging

import pytest

from mnist_rnn.errors import UserError
from mnist_rnn.runs import access
from mnist_rnn.runs.access import MOST_WRONG, MOST_WRONG_IN_ALL, WINDOW_SECONDS, TeachersDesk

CODE = "ABCD-EFGH-JKLM"


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(clock):
    return TeachersDesk(CODE, clock)


def guess(desk, owner, times):
    for _ in range(times):
        with pytest.raises(UserError, match="not the teacher's code"):
            desk.enter(owner, "WRONG")


@pytest.mark.parametrize("typed", [CODE, "abcd-efgh-jklm", " ABCDEFGHJKLM "])
def test_the_code_opens_the_desk_for_this_visitor_until_they_leave(desk, typed):
    desk.enter("anna", typed)
    assert (desk.is_teacher("anna"), desk.is_teacher("ben")) == (True, False)
    desk.leave("anna")
    assert not desk.is_teacher("anna")


@pytest.mark.parametrize("typed", ["", "-", CODE[:-1], CODE + "X", "É" * 12])
def test_no_other_code_does(desk, typed):
    with pytest.raises(UserError, match="not the teacher's code"):
        desk.enter("ben", typed)
    assert not desk.is_teacher("ben")


def test_who_guesses_must_wait_even_with_the_right_code(desk, clock):
    guess(desk, "ben", MOST_WRONG)
    with pytest.raises(UserError, match="60 seconds"):
        desk.enter("ben", CODE)
    desk.enter("anna", CODE)
    clock.now += WINDOW_SECONDS + 1
    desk.enter("ben", CODE)
    assert desk.is_teacher("ben")


def test_new_names_give_no_new_guesses_without_end(desk, clock):
    for n in range(MOST_WRONG_IN_ALL):
        guess(desk, f"visitor {n}", 1)
    with pytest.raises(UserError, match="Too many"):
        desk.enter("another", "WRONG")
    clock.now += WINDOW_SECONDS + 1
    guess(desk, "another", 1)
    assert len(desk._wrong) == 2


def test_the_environment_sets_the_code_unless_it_is_short(monkeypatch, caplog):
    monkeypatch.setenv(access.VARIABLE, " long enough ")
    assert access.teachers_code() == "long enough"
    monkeypatch.setenv(access.VARIABLE, "short")
    with caplog.at_level(logging.WARNING):
        assert access.teachers_code() != "short"
    assert access.VARIABLE in caplog.text
    monkeypatch.delenv(access.VARIABLE)
    drawn = {access.teachers_code() for _ in range(100)}
    assert len(drawn) == 100
    assert all(len(code) == 14 for code in drawn)
