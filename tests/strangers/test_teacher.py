"""The teacher's desk: the right code opens it at once, and a wrong one is answered late."""

import logging
import time

import pytest

from mnist_rnn.errors import UserError
from mnist_rnn.runs import access
from mnist_rnn.runs.access import LATE_SECONDS, TeachersDesk

CODE = "ABCD-EFGH-JKLM"


@pytest.fixture
def desk():
    return TeachersDesk(CODE)


@pytest.mark.parametrize("typed", [CODE, "abcd-efgh-jklm", " ABCDEFGHJKLM "])
def test_the_code_opens_the_desk_for_this_visitor_until_they_leave(desk, typed):
    desk.enter("anna", typed)
    assert (desk.is_teacher("anna"), desk.is_teacher("ben")) == (True, False)
    desk.leave("anna")
    assert not desk.is_teacher("anna")


@pytest.mark.parametrize("typed", ["", "-", CODE[:-1], CODE + "X", "É" * 12])
def test_no_other_code_does_and_each_guess_takes_its_time(desk, typed):
    begun = time.monotonic()
    with pytest.raises(UserError, match="not the teacher's code"):
        desk.enter("ben", typed)
    assert time.monotonic() - begun >= LATE_SECONDS
    assert not desk.is_teacher("ben")


def test_the_environment_sets_the_code_unless_it_is_short(monkeypatch, caplog):
    monkeypatch.setenv(access.VARIABLE, " long enough it is ")
    assert access.teachers_code() == "long enough it is"
    monkeypatch.setenv(access.VARIABLE, "short-of-one-")
    with caplog.at_level(logging.WARNING):
        assert access.teachers_code() != "short-of-one-"
    assert access.VARIABLE in caplog.text
    monkeypatch.delenv(access.VARIABLE)
    drawn = {access.teachers_code() for _ in range(100)}
    assert len(drawn) == 100
    assert all(len(code) == 14 for code in drawn)
