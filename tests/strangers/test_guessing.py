"""The teacher's code on a real server, while others guess it."""

import asyncio
from contextlib import AsyncExitStack

from streamlit.proto.BackMsg_pb2 import BackMsg

from benchmarks.load.streamlit_client import Student
from mnist_rnn.runs.access import VARIABLE
from tests.app_server import serving

CODE = "ABCD-EFGH-JKLM"
GUESSERS, GUESSES = 12, 5


async def enter(visitor: Student, code: str | None = None) -> None:
    """Open the popover and, if there is one, type a code there."""
    message = BackMsg()
    states = message.rerun_script.widget_states.widgets
    states.add(id=visitor.widgets["Teacher"], bool_value=True)
    if code is not None:
        states.add(id=visitor.widgets["Code"], string_value=code)
        states.add(id=visitor.widgets["Open"], trigger_value=True)
    await visitor.run_page(message)


async def guess(visitor: Student) -> None:
    for number in range(GUESSES):
        await enter(visitor, f"WRONG-{number}")


async def besiege(url: str) -> tuple[list[Student], Student]:
    """Many guess a whole round; in the middle of the next one the teacher comes."""
    async with AsyncExitStack() as doors:
        visitors = [
            await doors.enter_async_context(Student(url, "train")) for _ in range(GUESSERS + 1)
        ]
        for visitor in visitors:
            await enter(visitor)
        *guessers, teacher = visitors
        await asyncio.gather(*map(guess, guessers))
        next_round = asyncio.gather(*(enter(guesser, "WRONG") for guesser in guessers))
        await enter(teacher, CODE)
        await next_round
        return guessers, teacher


def test_the_right_code_opens_the_desk_at_any_time_whoever_guesses(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, CODE)
    with serving(tmp_path, at_home=False) as app:
        guessers, teacher = asyncio.run(besiege(app.url))
    assert teacher.errors == []
    assert "Leave the teacher's mode" in teacher.widgets
    for guesser in guessers:
        assert len(guesser.errors) == GUESSES + 1
        assert all("not the teacher's code" in sentence for sentence in guesser.errors)
        assert "Leave the teacher's mode" not in guesser.widgets
