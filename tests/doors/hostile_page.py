"""A page that says every hostile text, served to a browser by a test."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))

from tests.doors.hostile import MARKED, SENTENCES
from ui import notice

for text in (*MARKED, *SENTENCES):
    notice.error(text)
    notice.warning(text, "**And prose.**")
