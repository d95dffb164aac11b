"""A class at an app that may open few files: real limits, and scripted students."""

import asyncio
import os
import resource
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager

import pytest

from benchmarks.load.streamlit_client import Student
from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.errors import UserError
from mnist_rnn.runs.supervisor import Supervisor
from tests.app_server import serving
from tests.run_folders import list_runs
from tests.waiting import wait_for

SOFT_256, HARD_48 = (
    ("bash", "-c", f'ulimit {limit}; exec "$@"', "app") for limit in ("-Sn 256", "-n 48")
)


async def come(url: str, students: int, doors: AsyncExitStack) -> list[Student]:
    """So many students, a few at a time through the door."""
    room = asyncio.Semaphore(4)

    async def enter() -> Student:
        async with room, asyncio.timeout(60):
            return await doors.enter_async_context(Student(url))

    return await asyncio.gather(*(enter() for _ in range(students)))


def test_thirty_students_who_reload_get_in_at_the_usual_limit_of_macos(tmp_path):
    async def reload_twice(url):
        for _ in range(3):
            async with AsyncExitStack() as doors:
                found = [student.errors for student in await come(url, 30, doors)]
                assert found == [[]] * 30

    with serving(tmp_path, prefix=SOFT_256, at_home=False) as app:
        asyncio.run(reload_twice(app.url))


@pytest.mark.parametrize("at_home", [True, False])
def test_a_house_nearly_full_is_told_in_the_log_and_to_the_teacher_alone(tmp_path, at_home):
    async def fill(url):
        async with AsyncExitStack() as doors:
            said: list[str] = []
            while not said and not told():
                (newest,) = await come(url, 1, doors)
                said = newest.warnings
            return said

    def told():
        return "Nearly all of the 48 files" in (tmp_path / "server.log").read_text()

    with serving(tmp_path, prefix=HARD_48, at_home=at_home) as app:
        said = asyncio.run(fill(app.url))
    assert [sentence[:26] for sentence in said] == ["Nearly all of the 48 files"] * at_home
    assert (tmp_path / "server.log").read_text().count("Nearly all") == 1
    assert "Traceback" not in (tmp_path / "server.log").read_text()


@contextmanager
def no_file_left() -> Iterator[None]:
    """This process may open no other file."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.dup(0)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_runs_that_cannot_be_listed_are_not_no_runs(tmp_path):
    run = runs.create(ModelConfig(units=2), TrainConfig(), tmp_path)
    with no_file_left(), pytest.raises(UserError, match="can't be listed: Too many open files"):
        list_runs(tmp_path)
    assert list_runs(tmp_path) == [run]
    assert list_runs(tmp_path / "not made yet") == []


def test_a_supervisor_serves_on_when_the_runs_can_be_listed_again(tmp_path, caplog):
    place = tmp_path / "runs"
    place.touch()
    service = Supervisor(place, command=("false",))
    wait_for(lambda: "can't be listed: Not a directory" in caplog.text, "it has looked")
    place.unlink()
    run = runs.create(ModelConfig(units=2), TrainConfig(), place)
    run.steer(state="stopped")
    wait_for(lambda: run.status().ended, "the run is called off")
    service.close()
