"""Text that people wrote, as Plotly is to show it."""

import html


def plain(text: str) -> str:
    """Text that Plotly shows letter by letter: it takes tags and entities for its own."""
    return html.escape(text, quote=False)
