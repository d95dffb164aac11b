"""Image files of every kind become ink."""

import numpy as np
import pytest
from PIL import Image

from mnist_rnn.digits import photos
from mnist_rnn.digits.ink import coverage
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.digits.photos import photo_from_file
from mnist_rnn.digits.strokes import Stroke
from tests.digits.photos.picture_files import difference, encoded, image_in, paper, png


def test_dark_on_light_and_light_on_dark_give_the_same_ink():
    assert difference(png(paper())) < 1
    assert difference(png(255 - paper())) < 1


@pytest.mark.parametrize("light_on_dark", [False, True])
def test_mnist_images_come_back_as_they_were(light_on_dark):
    changes = []
    for image in load_digits("test").images[:100]:
        large = image.repeat(10, 0).repeat(10, 1)
        data = png(large if light_on_dark else 255 - large, compress_level=1)
        changes.append(np.abs(image_in(data).astype(float) - image).mean())
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
    (found,) = photo_from_file(png(np.rint(255 * (1 - ink)).astype(np.uint8))).digits
    assert found.ink == pytest.approx(found.box.of(ink), abs=0.1)
    assert found.ink.sum() == pytest.approx(ink.sum(), rel=0.01)


def test_a_large_photo_is_made_smaller():
    image = Image.fromarray(paper()).resize((3000, 3000))
    for kind in ("PNG", "JPEG"):
        assert max(photo_from_file(encoded(image, kind)).grey.shape) <= photos.WORKING_PIXELS
        assert difference(encoded(image, kind)) < 6


@pytest.mark.parametrize("kind", ["WEBP", "HEIF"])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_webp_and_heic_are_read(kind, mode):
    assert difference(encoded(Image.fromarray(paper()).convert(mode), kind)) < 4


def test_heic_in_tiles_of_more_bits_and_in_full_colour_is_read():
    image = Image.fromarray(paper())
    assert difference(encoded(image.resize((1400, 1400)), "HEIF", tile_size=512)) < 4
    assert difference(encoded(image.convert("RGB"), "HEIF", chroma=444)) < 4
    deep = Image.fromarray(paper().astype(np.uint16) * 257)
    assert difference(encoded(deep, "HEIF")) < 4


@pytest.mark.parametrize("kind", ["WEBP", "HEIF"])
def test_what_other_formats_say_of_turning_is_done(kind):
    turned = Image.fromarray(np.rot90(paper())).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(turned, kind, exif=exif.tobytes())
    assert (b"irot" in data) == (kind == "HEIF")  # it is said twice, and done once
    assert difference(data) < 4


def test_a_photo_of_fifty_megapixels_is_read():
    photo = Image.fromarray(paper()).resize((8160, 6120), Image.Resampling.NEAREST)
    assert max(photo_from_file(encoded(photo, "JPEG", quality=60)).grey.shape) <= 800
