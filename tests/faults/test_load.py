"""The scripted students of the load test meet the real app, as browsers do."""

import asyncio
import json

import numpy as np

from benchmarks.load.streamlit_client import Student, random_stroke
from mnist_rnn.digits.strokes import strokes_from_canvas


def test_a_scripted_student_opens_the_page_and_every_stroke_is_read(app_url):
    random = np.random.default_rng(0)

    async def draw_twice() -> tuple[list[str], list[str]]:
        async with Student(app_url) as student:
            stages = [student.stage]
            for _ in range(2):
                await student.draw([random_stroke(random)])
                stages.append(student.stage)
            return stages, student.errors

    stages, errors = asyncio.run(draw_twice())
    assert errors == []
    assert [len(json.loads(stage)["strokes"]) for stage in stages] == [0, 1, 1]
    assert len(set(stages)) == 3


def test_a_random_stroke_stays_on_the_canvas():
    random = np.random.default_rng(1)
    for _ in range(20):
        (stroke,) = strokes_from_canvas({"objects": [random_stroke(random)]})
        assert 0 < stroke.points.min() < stroke.points.max() < 280
        assert len(stroke.points) > 40
