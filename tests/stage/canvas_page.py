"""The drawable canvas and the JSON that it sends, served to a browser by a test."""

import json
import sys
from pathlib import Path

import streamlit as st
from streamlit_drawable_canvas import st_canvas

sys.path.append(str(Path(__file__).parents[2]))

from mnist_rnn.digits.strokes import CANVAS_PIXELS, PEN_PIXELS

drawing = st_canvas(
    stroke_width=PEN_PIXELS, width=CANVAS_PIXELS, height=CANVAS_PIXELS, key="canvas"
).json_data
st.code(json.dumps(drawing))
