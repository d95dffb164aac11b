"""What moves from stop to stop of a running wiring: shapes and annotations, and nothing else."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from mnist_rnn.figures.layout import CLEAR, Note, above, note, stop_marks
from mnist_rnn.figures.palette import Palette
from mnist_rnn.figures.wirings.diagram import (
    WIDTH,
    Diagram,
    arrow_ends,
    box_note,
    centre,
    corners,
    text_in,
)
from mnist_rnn.figures.wirings.stops import Running, Stop
from mnist_rnn.figures.wirings.unrolled import (
    LAYERS,
    STEPS,
    Arrow,
    DiagramBox,
    arrows,
    boxes,
    boxes_of,
    pack_of,
    packs,
)

MARGIN = 0.05
# Nothing is seen of what is moved there.
AWAY = -99.0
ARROWS_AT_MOST = 3
# Below the boxes: which rows a pack is of.
LABELS_AT = -0.51


@dataclass(frozen=True)
class Moving:
    """The shapes and annotations of one stop; at every stop the same ones, in the same order."""

    shapes: list[Note]
    notes: list[Note]


@dataclass(frozen=True)
class Stepping:
    """A running wiring in its figure; `lefts` is where each panel starts, in shares of width."""

    running: Running
    diagram: Diagram
    lefts: tuple[float, ...]
    palette: Palette

    def at(self, stop: Stop) -> Moving:
        """What is to be seen at a stop."""
        return Moving(
            [*self._scan(stop), *map(self._light, LAYERS, [stop] * len(LAYERS)), *self._veil(stop)],
            [*self._words(stop), *self._labels(stop), *self._arrows(stop)],
        )

    def frame(self, stop: Stop) -> go.Frame:
        """The frame of a stop: of everything that moves, only what can differ."""
        moving = self.at(stop)
        places = ("x0", "x1", "y0", "y1")
        shapes = [{name: shape[name] for name in places} for shape in moving.shapes]
        changing = ("text", "x", "y")
        notes = [
            {name: note[name] for name in (*changing, *(("ax", "ay") if note["showarrow"] else ()))}
            for note in moving.notes
        ]
        return go.Frame(name=stop.name, layout={"shapes": shapes, "annotations": notes})

    def _scan(self, stop: Stop) -> list[Note]:
        """The veil over the numbers that are still to come, and the line below the last row."""
        left = self.lefts[min(stop.unseen, len(self.lefts) - 1)]
        veil, scan = stop_marks(stop.row, (left, 1), self.palette, self._veils())
        at_work = stop.row if packs(self.diagram.head) > 1 else AWAY
        return [veil, scan | {"y0": at_work, "y1": at_work}]

    def _light(self, layer: str, stop: Stop) -> Note:
        """A frame around the box of a layer, if it is at work."""
        place = [AWAY] * 4
        for box in stop.lit:
            if box.layer == layer:
                left, bottom, right, top = corners(box, self.diagram.head)
                place = [left - MARGIN, bottom - MARGIN, right + MARGIN, top + MARGIN]
        return {
            "type": "rect",
            **self.diagram.on_axes,
            **dict(zip(("x0", "y0", "x1", "y1"), place, strict=True)),
            "line": {"width": 5, "color": self.palette.scan},
            # Digits and images have to be seen through it.
            "fillcolor": self._lit_fill() if layer == "hidden" else CLEAR,
            "layer": "above",
        }

    def _veil(self, stop: Stop) -> list[Note]:
        """Over the rows still to come of an image that goes through the diagram."""
        if packs(self.diagram.head) == 1:
            return []
        (layer,) = (name for name in LAYERS if isinstance(self.diagram.held(name), np.ndarray))
        pack, done = pack_of(stop.row), (stop.row - 1) % STEPS + 1
        left, bottom, right, top = corners(DiagramBox(layer, pack), self.diagram.head)
        _, _, end, _ = corners(boxes_of(layer, self.diagram.head)[-1], self.diagram.head)
        look = {"type": "rect", "fillcolor": self._veils(), "line": {"width": 0}, "y0": bottom}
        height, later = (top - bottom) * (1 - done / STEPS), right + 1 - WIDTH
        return [
            {**look, **self.diagram.on_axes, "x0": x0, "x1": x1, "y1": y1}
            for x0, x1, y1 in ((left, right, bottom + height), (later, max(end, later), top))
        ]

    def _veils(self) -> str:
        """What is still to be read shines through; what is still to be drawn is not there yet."""
        drawing = self.diagram.head == "one_to_many"
        return self.palette.background if drawing else self.palette.veil

    def _words(self, stop: Stop) -> list[Note]:
        """The answer above the last panel, and the sentence above the first ones."""
        last, first = above(self.lefts[-1], 4, on_rows=True), above(self.lefts[0], 6, on_rows=True)
        return [
            note(stop.answer, 34, self.diagram.colour, **last),
            note(stop.sentence, 17, self.palette.text, **first, align="left"),
        ]

    def _labels(self, stop: Stop) -> list[Note]:
        """The names of the hidden state and the row at work, and the texts in boxes."""
        head, size, text = self.diagram.head, self.diagram.size, self.palette.text
        working = DiagramBox("hidden", 0 if packs(head) == 1 else pack_of(stop.row))
        across = centre(working, head)[0] if working in stop.lit else AWAY
        name = "h" if packs(head) == 1 else f"h<sub>{stop.row}</sub>"
        notes = [box_note(working, self.diagram, f"<b>{name}</b>", size, text) | {"x": across}]
        if packs(head) > 1:
            row = box_note(working, self.diagram, f"<b>row {stop.row}</b>", 17, text)
            notes.append(row | {"y": LABELS_AT, "bgcolor": self.palette.background})
        for box in boxes(head):
            held = self.diagram.held(box.layer)
            if isinstance(held, tuple):
                colour = self.diagram.colour if box.layer == "output" else text
                held_text = f"<b>{self._text(box, held, stop)}</b>"
                notes.append(box_note(box, self.diagram, held_text, size + 6, colour))
        return notes

    def _text(self, box: DiagramBox, texts: tuple[str, ...], stop: Stop) -> str:
        """What is in a box that holds texts: nothing before an output has come out."""
        head = self.diagram.head
        if box.layer == "input" or (box in stop.lit):
            return text_in(box, texts, stop.row)
        over = packs(head) > 1 and box.pack < pack_of(stop.row)
        return text_in(box, texts) if over else ""

    def _arrows(self, stop: Stop) -> list[Note]:
        """The arrows that carry something at this stop, over those that are always there."""
        working = [arrow for arrow in arrows(self.diagram.head) if _carries(arrow, stop)]
        axes = self.diagram.on_axes
        look = {
            **axes,
            "axref": axes["xref"],
            "ayref": axes["yref"],
            "text": "",
            "showarrow": True,
            "arrowhead": 2,
            "arrowsize": 0.8,
            "arrowwidth": 5,
            "arrowcolor": self.palette.scan,
        }
        notes = []
        for number in range(ARROWS_AT_MOST):
            active = number < len(working)
            arrow = working[number] if active else arrows(self.diagram.head)[0]
            (ax, ay), (x, y) = arrow_ends(arrow, self.diagram.head)
            ends = {"x": x, "ax": ax, "y": y, "ay": ay}
            notes.append(look | (ends if active else dict.fromkeys(ends, AWAY)))
        return notes

    def _lit_fill(self) -> str:
        """Of a hidden state at work: its colour and that of the scan line, mixed."""
        mixed = zip(_rgb(self.palette.scan), _rgb(self.palette.grid), strict=True)
        return f"rgb{tuple(round(0.4 * ours + 0.6 * theirs) for ours, theirs in mixed)}"


def _carries(arrow: Arrow, stop: Stop) -> bool:
    """What goes up through boxes at work, and what comes from the pack before."""
    start, end = arrow
    return end in stop.lit and (start in stop.lit or start.pack < end.pack)


def _rgb(colour: str) -> list[int]:
    """Red, green and blue, 0 to 255, of #rrggbb."""
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
