"""Image files of every kind become ink, or one clear sentence."""

import contextlib
import io
import struct
import zlib
from functools import cache

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from mnist_rnn.digits import photos
from mnist_rnn.digits.as_mnist import to_mnist
from mnist_rnn.digits.ink import coverage
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.digits.photos import ink_from_image
from mnist_rnn.digits.strokes import Stroke
from mnist_rnn.errors import UserError

SEVEN = np.array([[60.0, 60.0], [180.0, 60.0], [110.0, 240.0]])


def png(levels, mode=None, **options):
    image = Image.fromarray(levels) if mode is None else Image.fromarray(levels).convert(mode)
    return encoded(image, "PNG", **options)


def encoded(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@cache
def paper():
    """A black seven on white paper, (280, 280) uint8."""
    ink = coverage([Stroke(SEVEN, 20.0)], 280, 280)
    return np.rint(255 * (1 - ink)).astype(np.uint8)


@cache
def expected():
    return to_mnist(1 - paper().astype(np.float32) / 255)


def difference(data):
    """Mean absolute difference from the seven's image, in grey levels of 255."""
    return float(np.abs(to_mnist(ink_from_image(data)).astype(float) - expected()).mean())


def header(width, height):
    """A PNG file that claims to be this large and holds almost nothing."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
            (b"IDAT", zlib.compress(bytes(1000))),
            (b"IEND", b""),
        )
    )


def test_dark_on_light_and_light_on_dark_give_the_same_ink():
    assert difference(png(paper())) < 1
    assert difference(png(255 - paper())) < 1


@pytest.mark.parametrize("light_on_dark", [False, True])
def test_mnist_images_come_back_as_they_were(light_on_dark):
    changes = []
    for image in load_digits("test").images[:100]:
        large = image.repeat(10, 0).repeat(10, 1)
        data = png(large if light_on_dark else 255 - large, compress_level=1)
        changes.append(np.abs(to_mnist(ink_from_image(data)).astype(float) - image).mean())
    assert np.median(changes) < 0.5
    assert np.mean(changes) < 2.5


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_mode_of_png_is_read(mode):
    assert difference(png(paper(), mode)) < 5


def test_sixteen_bit_grey_is_read():
    assert difference(png(paper().astype(np.uint16) * 257)) < 1


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_every_mode_of_jpeg_is_read(mode, progressive):
    image = Image.fromarray(paper()).convert(mode)
    assert difference(encoded(image, "JPEG", quality=85, progressive=progressive)) < 4


@pytest.mark.parametrize("tone", [0, 90, 255])
def test_ink_on_transparent_paper_is_ink_whatever_its_tone(tone):
    layers = np.full((280, 280, 4), tone, np.uint8)
    layers[..., 3] = 255 - paper()
    assert difference(png(layers)) < 1


def test_a_drawing_with_rounded_transparent_corners_keeps_its_paper():
    layers = np.dstack([paper()] * 3 + [np.full((280, 280), 255, np.uint8)])
    y, x = np.mgrid[-140:140, -140:140]
    layers[np.abs(x) + np.abs(y) > 240] = 0
    assert difference(png(layers)) < 1


def test_a_palette_with_a_transparent_colour_is_read():
    image = Image.fromarray(paper()).convert("P")
    assert difference(encoded(image, "PNG", transparency=image.getpixel((0, 0)))) < 5


def test_a_photo_is_turned_upright():
    turned = Image.fromarray(np.rot90(paper()))  # a quarter to the left
    exif = Image.Exif()
    exif[0x0112] = 6  # to be shown a quarter to the right
    assert difference(encoded(turned, "JPEG", quality=90, exif=exif)) < 4


@pytest.mark.parametrize("light_on_dark", [False, True])
@pytest.mark.parametrize("tilt", [(0.5, 0.0), (-0.3, 0.4)])
def test_uneven_light_and_grain_are_not_ink(tilt, light_on_dark):
    random = np.random.default_rng(3)
    y, x = np.mgrid[-1:1:280j, -1:1:280j]
    light = 0.7 + 0.25 * (tilt[0] * x + tilt[1] * y) - 0.08 * (x**2 + y**2)
    ink = 1 - paper() / 255
    surface = 1 - 0.75 * ink if not light_on_dark else 0.25 + 0.75 * ink
    photo = np.clip(255 * light * surface + random.normal(0, 3, (280, 280)), 0, 255)
    image = Image.fromarray(photo.astype(np.uint8)).resize((1400, 1400), Image.Resampling.BILINEAR)
    assert difference(encoded(image, "JPEG", quality=80)) < 10


def test_specks_are_not_ink():
    speckled = paper().copy()
    speckled[10:13, 250:253] = 0
    speckled[265:270, 10:14] = 60
    assert difference(png(speckled)) < 1


def test_a_digit_in_two_parts_keeps_both():
    five = [
        Stroke(np.array([[90.0, 70.0], [90.0, 130.0], [160.0, 160.0], [90.0, 220.0]]), 14),
        Stroke(np.array([[120.0, 60.0], [190.0, 50.0]]), 14),
    ]
    ink = coverage(five, 280, 280)
    found = ink_from_image(png(np.rint(255 * (1 - ink)).astype(np.uint8)))
    assert found == pytest.approx(ink, abs=0.06)


def test_a_large_photo_is_made_smaller():
    image = Image.fromarray(paper()).resize((3000, 3000))
    for kind in ("PNG", "JPEG"):
        assert max(ink_from_image(encoded(image, kind)).shape) <= photos.WORKING_PIXELS
        assert difference(encoded(image, kind)) < 6


def refused(data):
    """The sentence with which a file is refused."""
    with pytest.raises(UserError) as error:
        to_mnist(ink_from_image(data))
    sentence = str(error.value)
    assert sentence.endswith(".")
    assert len(sentence) < 160
    return sentence


def test_what_is_no_image_is_refused():
    assert "empty" in refused(b"")
    assert "not a PNG or JPEG" in refused(b"hello")
    assert "not a PNG or JPEG" in refused(b"\x80\x04\x95" + bytes(100))


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "WEBP", "PPM", "ICO"])
def test_other_formats_are_refused(kind):
    assert "not a PNG or JPEG" in refused(encoded(Image.fromarray(paper()), kind))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
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


def test_a_huge_file_is_refused():
    assert "8 megabytes" in refused(png(paper()) + bytes(11 * 2**20))


def test_an_animation_is_refused():
    frames = [Image.fromarray(paper()), Image.fromarray(255 - paper())]
    data = encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])
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
        to_mnist(ink_from_image(png(levels)))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["PNG", "JPEG"]), st.integers(0, 10**6))
@example(b"\xff", "PNG", 17)
def test_no_bytes_do_more_harm_than_a_sentence(noise, kind, place):
    whole = encoded(Image.fromarray(paper()), kind)
    at = place % len(whole)
    for data in (noise, whole[:8] + noise, whole[:at] + noise + whole[at + len(noise) :]):
        with contextlib.suppress(UserError):
            image = to_mnist(ink_from_image(data))
            assert image.shape == (28, 28)


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
    expected = ink_from_image(photo)
    for more in (motion_photo(photo), photo[:20] + thumbnail() + photo[20:], filled(photo)):
        assert (ink_from_image(more) == expected).all()


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
        assert (ink_from_image(whole + behind) == ink_from_image(whole)).all()


def test_an_animation_behind_the_end_of_a_picture_is_not_the_picture():
    frames = [Image.fromarray(paper()), Image.fromarray(255 - paper())]
    animation = encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])
    assert (ink_from_image(png(paper()) + animation[8:]) == ink_from_image(png(paper()))).all()


@pytest.mark.parametrize("part", [0.02, 0.3, 0.7, 0.999])
def test_a_photo_that_was_cut_off_is_refused_whatever_is_behind_it(part):
    photo = encoded(Image.fromarray(paper()), "JPEG", progressive=True)
    refused(photo[: int(len(photo) * part)])


def test_a_jpeg_of_nothing_but_segments_is_refused():
    assert "damaged" in refused(b"\xff\xd8" + b"\xff\xfe\x00\x02" * photos.MOST_SEGMENTS)
