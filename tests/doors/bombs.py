"""Files made to explode; `python -m tests.doors.bombs FOLDER NAME` says how much memory one takes.

The peak, in MB above what the process took before. Making the bomb takes little.
"""

import io
import struct
import subprocess
import sys
import zlib
from argparse import Namespace
from pathlib import Path

from PIL import Image

from mnist_rnn.commands.read import run as read
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.digits.ink import drawing_to_image
from mnist_rnn.digits.photos import photo_from_file
from mnist_rnn.digits.strokes import strokes_from_canvas
from mnist_rnn.errors import UserError
from mnist_rnn.evaluation.pen_accuracy import load_pen_digits
from mnist_rnn.network import weights
from mnist_rnn.network.catalog import SHIPPED
from mnist_rnn.runs import create
from mnist_rnn.runs.ledger import row_of
from mnist_rnn.runs.metrics import Metrics

root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()


def peak():
    """The most memory that this process has taken, in MB, as Linux counts it."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise OSError


def png(*chunks):
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def head(width, height, colour=0, bits=8):
    return b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)


def zeros(count):
    squeeze = zlib.compressobj(9)
    parts = [squeeze.compress(bytes(2**20)) for _ in range(count // 2**20 + 1)]
    return b"".join(parts) + squeeze.flush()


def sparse(name, size, first=b""):
    path = root / name
    with path.open("wb") as file:
        file.write(first)
        file.truncate(size)
    return path


def run_with(name, data):
    run = create(ModelConfig(), TrainConfig(), root)
    (run.folder / name).write_bytes(data)
    row_of(run)


def endless(name, size):
    run = create(ModelConfig(), TrainConfig(), root)
    sparse(f"{run.id}/{name}", size, b"{")
    row_of(run)
    Metrics(run.metrics).refresh()


def many_frames(kind):
    file = io.BytesIO()
    still = Image.new("L", (8, 8))
    frames = [Image.new("L", (8, 8), n % 256) for n in range(2000)]
    still.save(file, kind, save_all=True, append_images=frames)
    return file.getvalue()


def picture(mode, size, kind, **options):
    """Made in another process: encoding takes more than decoding."""
    made = subprocess.run(
        [sys.executable, "-c", MAKE.format(mode=mode, size=size, kind=kind, options=options)],
        capture_output=True,
        check=True,
    )
    return made.stdout


FAST_HEIC = {"quality": 10, "enc_params": {"preset": "ultrafast"}}
MAKE = """
import sys, pillow_heif
from PIL import Image
pillow_heif.register_heif_opener()
Image.new("{mode}", {size}).save(sys.stdout.buffer, "{kind}", **{options})
"""


def jpeg(mode, size=(4000, 4000), **options):
    return picture(mode, size, "JPEG", **options)


def lying_heic():
    """Declares a picture of 900 x 800, and holds one of 9000 x 8000."""
    size = struct.Struct(">II")
    data = picture("L", (9000, 8000), "HEIF", **FAST_HEIC)
    assert size.pack(9000, 8000) in data
    return data.replace(size.pack(9000, 8000), size.pack(900, 800))


def header(text):
    return struct.pack("<Q", len(text)) + text


def command():
    reader = SHIPPED / "rnn-many_to_one-2016.safetensors"
    read(Namespace(weights=reader, image=sparse("large.png", 2**40)))


def chunks():
    return b"".join(
        b'{"kind": "chunk", "epoch": 1, "images": 1, "images_in_epoch": 1, "seconds": 1, '
        b'"loss": %d, "accuracy": 0.5}\n' % n
        for n in range(500_000)
    )


def pen_digits(data):
    (root / "pen.json").write_bytes(data)
    load_pen_digits(root / "pen.json")


CURVE = ["Q", 0, 0, 9999, 9999]
BOMBS = {
    "png of 30,000 x 30,000": lambda: photo_from_file(
        png(head(30_000, 30_000, 0, 1), (b"IDAT", zeros(30_000 * 3751)), (b"IEND", b""))
    ),
    "largest png, 8 bits": lambda: photo_from_file(
        png(head(4000, 4000), (b"IDAT", zeros(16_004_000)), (b"IEND", b""))
    ),
    "largest png, 16 bits": lambda: photo_from_file(
        png(head(4000, 4000, 0, 16), (b"IDAT", zeros(32_004_000)), (b"IEND", b""))
    ),
    "largest png, transparent": lambda: photo_from_file(
        png(head(4000, 4000, 6), (b"IDAT", zeros(64_004_000)), (b"IEND", b""))
    ),
    "png with text that unpacks to 500 MB": lambda: photo_from_file(
        png(
            head(9, 9),
            (b"zTXt", b"a\0\0" + zeros(500_000_000)),
            (b"IDAT", zlib.compress(bytes(90))),
            (b"IEND", b""),
        )
    ),
    "png with a colour profile that unpacks to 500 MB": lambda: photo_from_file(
        png(
            head(9, 9),
            (b"iCCP", b"a\0\0" + zeros(500_000_000)),
            (b"IDAT", zlib.compress(bytes(90))),
            (b"IEND", b""),
        )
    ),
    "largest jpeg": lambda: photo_from_file(jpeg("L")),
    "largest progressive jpeg": lambda: photo_from_file(
        jpeg("RGB", progressive=True, subsampling=0)
    ),
    "largest jpeg of all": lambda: photo_from_file(jpeg("RGB", (8250, 6180), subsampling=0)),
    "largest jpeg, four colours, long": lambda: photo_from_file(jpeg("CMYK", (51_000, 1_000))),
    "progressive jpeg of 50 megapixels": lambda: photo_from_file(
        jpeg("RGB", (8250, 6060), progressive=True, subsampling=0)
    ),
    "largest webp": lambda: photo_from_file(picture("RGB", (4000, 3000), "WEBP", method=0)),
    "largest webp, transparent, lossless": lambda: photo_from_file(
        picture("RGBA", (4000, 3000), "WEBP", lossless=True, method=0, quality=0)
    ),
    "webp of 24 megapixels": lambda: photo_from_file(
        picture("L", (6000, 4000), "WEBP", method=0, quality=0)
    ),
    "largest heic": lambda: photo_from_file(picture("RGB", (5800, 4300), "HEIF", **FAST_HEIC)),
    "largest heic, transparent": lambda: photo_from_file(
        picture("RGBA", (5800, 4300), "HEIF", **FAST_HEIC)
    ),
    "largest heic, every pixel in colour": lambda: photo_from_file(
        picture("RGB", (4000, 3000), "HEIF", **FAST_HEIC, chroma=444)
    ),
    "heic that declares less than it holds": lambda: photo_from_file(lying_heic()),
    "gif of 2,000 frames": lambda: photo_from_file(many_frames("GIF")),
    "png of 2,000 frames": lambda: photo_from_file(many_frames("PNG")),
    "image file without end": command,
    "weights that claim a header of gigabytes": lambda: weights.parse(
        struct.pack("<Q", 2**35) + b"{" * 1000, "w"
    ),
    "weights that claim a tensor of gigabytes": lambda: weights.parse(
        header(b'{"a": {"dtype": "F32", "shape": [9999999999], "data_offsets": [0, 39999999996]}}'),
        "w",
    ),
    "weights with nothing but names": lambda: weights.parse(
        header(
            b"{%s}"
            % b",".join(
                b'"%d": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}' % n
                for n in range(250_000)
            )
        ),
        "w",
    ),
    "weights file without end": lambda: weights.load(sparse("large.safetensors", 2**40)),
    "weights of zeros without end": lambda: weights.load(Path("/dev/zero")),
    "deep JSON": lambda: run_with("config.json", b"[" * 10_000_000),
    "a configuration without end": lambda: endless("config.json", 2**40),
    "a status without end": lambda: endless("status.json", 2**40),
    "metrics in one line of a gigabyte": lambda: endless("metrics.jsonl", 2**30),
    "metrics of half a million lines": lambda: run_with("metrics.jsonl", chunks()),
    "curves of half a million lines": lambda: (
        run_with("metrics.jsonl", chunks()),
        [Metrics(path).refresh().curves() for path in root.glob("*/metrics.jsonl")],
    ),
    "a drawing of a million curves": lambda: drawing_to_image(
        strokes_from_canvas(
            {
                "objects": [
                    {
                        "type": "path",
                        "left": 0,
                        "top": 0,
                        "strokeWidth": 20,
                        "path": [["M", 0, 0]] + [CURVE] * 1_000_000,
                    }
                ]
            }
        )
    ),
    "the largest drawing": lambda: drawing_to_image(
        strokes_from_canvas(
            {
                "objects": [
                    {
                        "type": "path",
                        "left": 0,
                        "top": 0,
                        "strokeWidth": 20,
                        "path": [["M", 0, 0]] + [CURVE] * 9_998,
                    }
                ]
            }
        )
    ),
    "pen digits of empty lists": lambda: pen_digits(b"[" + b"[]," * 2_000_000 + b"[]]"),
}

if __name__ == "__main__":
    before = peak()
    try:
        BOMBS[sys.argv[2]]()
    except UserError as refused:
        print(refused, file=sys.stderr)
    print(peak() - before)
