"""Image files of every kind become ink, or one clear sentence."""

import contextlib
import io
import struct
import zlib
from functools import cache

import numpy as np
import pillow_heif
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from mnist_rnn.digits import photos
from mnist_rnn.digits.as_mnist import to_mnist
from mnist_rnn.digits.ink import coverage
from mnist_rnn.digits.mnist import load_digits
from mnist_rnn.digits.photos import photo_from_file
from mnist_rnn.digits.strokes import Stroke
from mnist_rnn.errors import UserError

pillow_heif.register_heif_opener()  # the tests write such files too
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


def image_in(data):
    """The image (28, 28) of the first digit in a file."""
    return to_mnist(photo_from_file(data).digits[0].ink)


def difference(data):
    """Mean absolute difference from the seven's image, in grey levels of 255."""
    return float(np.abs(image_in(data).astype(float) - expected()).mean())


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


def refused(data):
    """The sentence with which a file is refused."""
    with pytest.raises(UserError) as error:
        image_in(data)
    sentence = str(error.value)
    assert sentence.endswith(".")
    assert len(sentence) < 160
    return sentence


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
