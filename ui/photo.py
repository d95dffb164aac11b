"""An uploaded picture with a box around each digit on it: the one that is clicked is read."""

import io
from base64 import b64encode

import numpy as np
import streamlit as st
from PIL import Image

from mnist_rnn.digits.as_mnist import to_mnist
from mnist_rnn.digits.packing import image_from_address, image_to_address
from mnist_rnn.digits.parts import Box
from mnist_rnn.digits.photos import photo_from_file
from ui.address import say_in_address
from ui.page import section
from ui.stage_files import component

PICTURES = ["png", "jpg", "jpeg", "webp", "heic", "heif"]
PICTURE = "picture"  # in the address: the digit that was read last
_PIXELS = 560  # twice what the column is wide, for sharp screens
_KEPT = "picture_read"
_boxed = component("photo")
state = st.session_state


def uploaded_digit() -> np.ndarray | None:
    """The image (28, 28) uint8 of the digit that was chosen on a picture; None without a picture.

    After a reload, which takes the file away, it is the one that the address still has. Raises
    UserError if it can't be read.
    """
    file = st.file_uploader("A picture of a digit, or several", type=PICTURES, on_change=_forget)
    if file is None:
        return _read_before()
    if state.get("photo_id") != file.file_id:
        state.photo_id = None  # in case this one can't be read
        state.photo = photo_from_file(file.getvalue())
        state.photo_picture = _as_address(state.photo.grey)
        state.photo_id, state.photo_chosen = file.file_id, 0
    digits = state.photo.digits
    if len(digits) > 1:
        st.markdown(section("draw", "several on a picture").format(count=len(digits)))
    _boxed(
        key="photo-boxes",
        data={
            "picture": state.photo_picture,
            "boxes": [_in_percent(digit.box, state.photo.grey.shape) for digit in digits],
            "chosen": state.photo_chosen,
        },
        on_chosen_change=_choose,
    )
    image = to_mnist(digits[state.photo_chosen].ink)
    _keep(image_to_address(image))
    return image


def _read_before() -> np.ndarray | None:
    address = state.get(_KEPT) or st.query_params.get(PICTURE)
    if not address:
        return None
    image = image_from_address(address)
    _keep(address)
    st.info(section("draw", "picture of before"))
    return image


def _keep(address: str) -> None:
    """For a reload in the link, for a look at another page in the session."""
    state[_KEPT] = address
    say_in_address(PICTURE, address)


def _forget() -> None:
    """Another picture is chosen, or none."""
    state.pop(_KEPT, None)
    st.query_params.pop(PICTURE, None)


def _choose() -> None:
    match state["photo-boxes"].get("chosen"):
        case int(number) if 0 <= number < len(state.photo.digits):
            state.photo_chosen = number


def _as_address(grey: np.ndarray) -> str:
    """Grey levels (h, w) from 0 to 1 as a picture that its address holds."""
    picture = Image.fromarray(np.rint(255 * grey).astype(np.uint8))
    picture.thumbnail((_PIXELS, _PIXELS))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85)
    return "data:image/jpeg;base64," + b64encode(file.getvalue()).decode()


def _in_percent(box: Box, shape: tuple[int, ...]) -> dict[str, float]:
    """Where a box lies on a picture (h, w), by the names that a style sheet has for it."""
    height, width = shape
    lengths = {
        "left": box.left / width,
        "top": box.top / height,
        "width": box.width / width,
        "height": box.height / height,
    }
    return {name: round(100 * length, 2) for name, length in lengths.items()}
