"""The colours of the figures in both themes.

Categories are from M. Okabe and K. Ito's palette (Color Universal Design, 2008), which readers
with any common kind of colour blindness can tell apart. The ten classes have the colours of
M. A. Petroff (Accessible color sequences for data visualization, 2021), dealt so that digits that
are written alike, such as 4 and 9, look unlike.
"""

from dataclasses import dataclass
from typing import Literal

ThemeName = Literal["light", "dark"]
ColourScale = list[tuple[float, str]]

BLUE, VERMILION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#AA4499"


@dataclass(frozen=True)
class Palette:
    """Colours for one theme.

    `veil` covers what has not been read yet; `scan` is the line below the last row read;
    `ghost` outlines what was before an edit; `signed` is for values from -1 to 1, `probability`
    for a head where it was trained and `untrained` for a head where it never was.
    """

    background: str
    text: str
    muted: str
    grid: str
    veil: str
    scan: str
    ghost: str
    ink: ColourScale
    signed: ColourScale
    probability: ColourScale
    untrained: ColourScale
    heads: dict[str, str]
    classes: tuple[str, ...]


_INK: ColourScale = [(0, "#000000"), (1, "#ffffff")]
_CLASSES = (
    "#3f90da",
    "#a96b59",
    "#b9ac70",
    "#ffa90e",
    "#832db6",
    "#bd1f01",
    "#717581",
    "#e76300",
    "#94a4a2",
    "#92dadd",
)

PALETTES: dict[ThemeName, Palette] = {
    "light": Palette(
        background="#ffffff",
        text="#16202b",
        muted="#5c6873",
        grid="#dfe4e9",
        veil="rgba(255, 255, 255, 0.86)",
        scan="#e69f00",
        ghost="#c2278f",
        ink=_INK,
        signed=[
            (0, "#0b4f8a"),
            (0.25, "#6aaed6"),
            (0.5, "#f7f7f7"),
            (0.75, "#f0a35e"),
            (1, "#a63c06"),
        ],
        probability=[(0, "#f4f7fa"), (0.5, "#5b9fd0"), (1, "#063a68")],
        untrained=[(0, "#f6f6f6"), (0.5, "#b4b4b4"), (1, "#6a6a6a")],
        heads={
            "many_to_one": VERMILION,
            "many_to_many": BLUE,
            "one_to_one": GREEN,
            "one_to_many": PURPLE,
        },
        classes=_CLASSES,
    ),
    "dark": Palette(
        background="#0f151c",
        text="#eef2f6",
        muted="#a3afbb",
        grid="#2b3641",
        veil="rgba(15, 21, 28, 0.86)",
        scan="#f0b429",
        ghost="#ff7fd0",
        ink=_INK,
        signed=[
            (0, "#8fd0ff"),
            (0.25, "#2f7fb8"),
            (0.5, "#161d25"),
            (0.75, "#b8612a"),
            (1, "#ffb37a"),
        ],
        probability=[(0, "#18212b"), (0.5, "#2f7fb8"), (1, "#b5e3ff")],
        untrained=[(0, "#1a2128"), (0.5, "#5b6167"), (1, "#b9bdc1")],
        heads={
            "many_to_one": "#ff9d5c",
            "many_to_many": "#6fbcf0",
            "one_to_one": "#3fcf9f",
            "one_to_many": "#e08ad6",
        },
        # Purple and red are lighter here than Petroff's, which sink into a dark page.
        classes=(*_CLASSES[:4], "#b678e0", "#e8502f", *_CLASSES[6:]),
    ),
}
