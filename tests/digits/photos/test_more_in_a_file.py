"""A file may hold more than its picture, behind it or inside: only the picture is read."""

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mnist_rnn.digits import photos
from tests.digits.photos.picture_files import (
    difference,
    encoded,
    header,
    image_in,
    paper,
    png,
    refused,
)


def test_a_jpeg_with_a_scan_too_many_is_refused_before_it_is_decoded(monkeypatch):
    def decode(_image):
        raise AssertionError("decoded")

    data = encoded(Image.fromarray(paper()), "JPEG", progressive=True)
    scan = data[data.rfind(b"\xff\xda") : -2]
    assert difference(data) < 5
    bomb = data[:-2] + scan * 100 + data[-2:]
    bombs = bomb, motion_photo(bomb), bomb[:20] + thumbnail() + bomb[20:], filled(bomb)
    monkeypatch.setattr(Image.Image, "load", decode)
    for bomb in bombs:
        assert "damaged" in refused(bomb)


def thumbnail():
    """An APP1 segment with a whole JPEG in it, its end included, and more scans than are let in."""
    small = encoded(Image.new("L", (8, 8), 255), "JPEG", progressive=True)
    return segment(b"\xe1", small[:-2] + small[small.find(b"\xff\xda") : -2] * 100 + small[-2:])


def segment(marker, body):
    return b"\xff" + marker + struct.pack(">H", len(body) + 2) + body


def filled(jpeg):
    """With fill bytes before its markers, as ISO 10918 allows."""
    for marker in (b"\xff\xdb", b"\xff\xc4", b"\xff\xda", b"\xff\xd9"):
        jpeg = jpeg.replace(marker, b"\xff\xff\xff" + marker)
    return jpeg


def motion_photo(jpeg):
    """A photo with its video behind it, as phones make them: 2 MB in which every pair occurs."""
    random = np.random.default_rng(0)
    video = b"\x00\x00\x00\x18ftypmp42" + random.bytes(2**21)
    assert video.count(b"\xff\xda") < photos.MOST_SCANS
    return jpeg + video + b"\xff\xda" * 100


@pytest.mark.parametrize("progressive", [False, True])
def test_what_a_phone_puts_behind_or_inside_a_photo_is_not_the_photo(progressive):
    photo = encoded(Image.fromarray(paper()), "JPEG", progressive=progressive)
    assert photo.startswith(b"\xff\xd8\xff\xe0\x00\x10JFIF")
    expected = image_in(photo)
    for more in (motion_photo(photo), photo[:20] + thumbnail() + photo[20:], filled(photo)):
        assert (image_in(more) == expected).all()


def test_of_several_pictures_in_a_file_the_first_is_read():
    photo = Image.fromarray(paper()).convert("RGB")
    others = [Image.fromarray(255 - paper()).convert("RGB")] * 3
    several = encoded(photo, "MPO", save_all=True, append_images=others, progressive=True)
    assert several.count(b"\xff\xd9") == 4
    assert several.count(b"\xff\xda") == 40
    assert difference(several) < 4
    assert difference(several + several) < 4


def test_restart_markers_are_no_segments():
    photo = encoded(Image.fromarray(paper()), "JPEG", restart_marker_blocks=1)
    assert sum(photo.count(b"\xff" + bytes([0xD0 + n])) for n in range(8)) > photos.MOST_SEGMENTS
    assert difference(photo) < 4


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["PNG", "JPEG"]), st.booleans())
def test_bytes_behind_the_end_never_change_the_answer(more, kind, progressive):
    whole = encoded(Image.fromarray(paper()), kind, progressive=progressive)
    for behind in (more, more + b"\xff\xda" * 100, whole, header(9, 9)[8:] + more):
        assert (image_in(whole + behind) == image_in(whole)).all()


def test_an_animation_behind_the_end_of_a_picture_is_not_the_picture():
    frames = [Image.fromarray(paper()), Image.fromarray(255 - paper())]
    animation = encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])
    assert (image_in(png(paper()) + animation[8:]) == image_in(png(paper()))).all()


@pytest.mark.parametrize("part", [0.02, 0.3, 0.7, 0.999])
def test_a_photo_that_was_cut_off_is_refused_whatever_is_behind_it(part):
    photo = encoded(Image.fromarray(paper()), "JPEG", progressive=True)
    refused(photo[: int(len(photo) * part)])


def test_a_jpeg_of_nothing_but_segments_is_refused():
    assert "damaged" in refused(b"\xff\xd8" + b"\xff\xfe\x00\x02" * photos.MOST_SEGMENTS)
