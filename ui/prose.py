"""The words of a page, from `content/`."""

from pathlib import Path

CONTENT = Path(__file__).parents[1] / "content"


def section(page: str, heading: str) -> str:
    """What stands under a second-level heading of `content/<page>.md`; KeyError if it is gone."""
    text = (CONTENT / f"{page}.md").read_text(encoding="utf-8")
    parts = (part.partition("\n") for part in text.split("\n## ")[1:])
    return {name.strip(): body.strip() for name, _, body in parts}[heading]
