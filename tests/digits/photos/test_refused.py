"""What is no picture of a digit is refused in one clear sentence."""

import contextlib
import struct

import numpy as np
import pillow_heif
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from mnist_rnn.errors import UserError
from tests.digits.photos.picture_files import encoded, header, image_in, paper, png, refused


def test_what_is_no_image_is_refused():
    assert "empty" in refused(b"")
    assert "not a PNG, JPEG, WebP or HEIC" in refused(b"hello")
    assert "not a PNG, JPEG, WebP or HEIC" in refused(b"\x80\x04\x95" + bytes(100))


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "AVIF", "PPM", "ICO"])
def test_other_formats_are_refused(kind):
    assert "not a PNG, JPEG, WebP or HEIC" in refused(encoded(Image.fromarray(paper()), kind))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "HEIF"])
@pytest.mark.parametrize("part", [0.3, 0.7])
def test_a_truncated_image_is_refused(kind, part):
    data = encoded(Image.fromarray(paper()), kind)
    assert "damaged" in refused(data[: int(len(data) * part)])


@pytest.mark.parametrize("size", [(50_000, 50_000), (2**31 - 1, 2**31 - 1), (4001, 4001)])
def test_an_image_of_a_huge_declared_size_is_refused_before_it_is_decoded(size, monkeypatch):
    def decode(_image):
        raise AssertionError("decoded")

    monkeypatch.setattr(Image.Image, "load", decode)
    assert "Choose" in refused(header(*size))


def sized(data, old, new, layout):
    """The file with another size in its header."""
    before, after = (struct.pack(layout, *size) for size in (old, new))
    assert before in data
    return data.replace(before, after)


LARGEST = {
    "JPEG": ({}, ">HH", 51, (7200, 7100)),
    "progressive JPEG": ({"progressive": True}, ">HH", 16, (4100, 4100)),
    "HEIF": ({}, ">II", 25, (6000, 4200)),
    "HEIF in full colour": ({"chroma": 444}, ">II", 12, (4001, 3000)),
    "WEBP": ({"quality": 50}, "<HH", 12, (4001, 3000)),
}


@pytest.mark.parametrize("kind", LARGEST)
def test_each_format_has_its_largest_size(kind, monkeypatch):
    def decode(_image):
        raise AssertionError("decoded")

    options, layout, most, size = LARGEST[kind]
    name = kind.removeprefix("progressive ").split()[0]
    data = encoded(Image.fromarray(paper()).convert("RGB"), name, **options)
    data = sized(data, (280, 280), size, layout)
    monkeypatch.setattr(Image.Image, "load", decode)
    monkeypatch.setattr(pillow_heif.HeifImage, "load", decode)
    assert f"more than {most} million" in refused(data)


def test_a_jpeg_whose_colours_come_in_scans_of_their_own_may_not_be_as_large():
    """libjpeg keeps all of it until the last scan, though it is not progressive."""
    data = encoded(Image.fromarray(paper()).convert("RGB"), "JPEG")
    scan = data.index(b"\xff\xda")
    one_colour = data[:scan] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + data[scan + 14 :]
    assert "16 million" in refused(sized(one_colour, (280, 280), (6300, 8000), ">HH"))


def test_a_heic_that_holds_more_than_it_declares_is_refused():
    data = encoded(Image.fromarray(paper()).resize((1120, 1120)).convert("RGB"), "HEIF")
    assert "damaged" in refused(sized(data, (1120, 1120), (112, 112), ">II"))


def test_a_huge_file_is_refused():
    assert "25 megabytes" in refused(png(paper()) + bytes(25 * 2**20))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_an_animation_is_refused(kind):
    frames = [Image.fromarray(paper()), Image.fromarray(255 - paper())]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
    assert "animated" in refused(data)


@pytest.mark.parametrize("level", [0, 40, 128, 255])
@pytest.mark.parametrize("size", [(1, 1), (1, 300), (2, 2), (280, 280)])
def test_a_blank_image_is_refused(level, size):
    assert "no digit" in refused(png(np.full(size, level, np.uint8)))


def test_an_image_that_is_all_transparent_is_refused():
    assert "no digit" in refused(png(np.zeros((280, 280, 4), np.uint8)))


@pytest.mark.parametrize("strength", [4, 20, 80])
def test_grain_alone_is_refused(strength):
    random = np.random.default_rng(0)
    grain = np.clip(random.normal(150, strength, (280, 280)), 0, 255).astype(np.uint8)
    assert "no digit" in refused(png(grain))
    assert "no digit" in refused(png(random.integers(0, 256, (280, 280), dtype=np.uint8)))


@pytest.mark.parametrize("size", [(1, 2), (2, 1), (3, 3), (1, 4000), (5000, 3)])
def test_odd_sizes_do_no_harm(size):
    levels = np.full(size, 255, np.uint8)
    levels.flat[0] = 0
    with contextlib.suppress(UserError):
        image_in(png(levels))


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from(["PNG", "JPEG", "WEBP", "HEIF"]), st.integers(0, 10**6)
)
@example(b"\xff", "PNG", 17)
def test_no_bytes_do_more_harm_than_a_sentence(noise, kind, place):
    whole = encoded(Image.fromarray(paper()), kind)
    at = place % len(whole)
    for data in (noise, whole[:8] + noise, whole[:at] + noise + whole[at + len(noise) :]):
        with contextlib.suppress(UserError):
            image = image_in(data)
            assert image.shape == (28, 28)
