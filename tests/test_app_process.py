"""What the app's own process must never do."""

import os
import subprocess
import sys

from tests.app_server import PROJECT

VISIT_EVERY_PAGE = """
import sys
from pathlib import Path
from streamlit.testing.v1 import AppTest

page = AppTest.from_file("app.py", default_timeout=120).run()
for file in sorted(Path("pages").glob("*.py")):
    page.switch_page(str(file)).run()
    assert not page.exception, page.exception
print([name for name in ("tensorflow", "keras", "ray") if name in sys.modules])
"""


def test_no_page_imports_tensorflow_keras_or_ray(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", VISIT_EVERY_PAGE],
        cwd=PROJECT,
        env={**os.environ, "MNIST_RNN_RUNS": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip().splitlines()[-1] == "[]"


def test_pandas_is_whole_before_anybody_sees_a_page(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", "import sys, app; print('pandas' in sys.modules)"],
        cwd=PROJECT,
        env={**os.environ, "MNIST_RNN_RUNS": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip().splitlines()[-1] == "True"
