"""Files as they should be, for the fuzzer to damage."""

import io
import json
from functools import cache

import numpy as np
import pillow_heif
from PIL import Image, ImageDraw, PngImagePlugin
from safetensors.numpy import save as to_safetensors

from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.network.weights import FORMAT
from mnist_rnn.progress import ChunkDone, EpochDone
from mnist_rnn.runs.metrics import Change, to_line
from tests.networks import DRAWERS, READERS, random_tensors

TINY = [ModelConfig(units=2), ModelConfig(head="many_to_many", cell="gru", units=2)]


def _seven() -> Image.Image:
    image = Image.new("L", (40, 40), 255)
    ImageDraw.Draw(image).line([(8, 8), (30, 8), (14, 34)], fill=0, width=4)
    return image


@cache
def images() -> list[bytes]:
    """Small PNG, JPEG, WebP and HEIC files of each kind, and of the formats that are refused."""
    pillow_heif.register_heif_opener()  # which writes them too
    seven, text = _seven(), PngImagePlugin.PngInfo()
    text.add_text("Title", "seven" * 20, zip=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    kinds = [
        *((mode, "PNG", {}) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
        ("L", "PNG", {"pnginfo": text, "exif": exif}),
        ("L", "PNG", {"save_all": True, "append_images": [seven.rotate(90)]}),
        *((mode, "JPEG", {"exif": exif}) for mode in ("L", "RGB", "CMYK")),
        ("RGB", "JPEG", {"progressive": True}),
        *(("RGBA", "WEBP", {"lossless": lossless, "exif": exif}) for lossless in (False, True)),
        ("RGB", "WEBP", {"save_all": True, "append_images": [seven.rotate(90)]}),
        *((mode, "HEIF", {"exif": exif}) for mode in ("L", "RGB", "RGBA", "I;16")),
        ("RGB", "HEIF", {"save_all": True, "append_images": [seven.rotate(90)], "chroma": 444}),
        *(("RGB", kind, {}) for kind in ("GIF", "BMP", "TIFF")),
    ]
    files = []
    for mode, kind, options in kinds:
        file = io.BytesIO()
        seven.convert(mode).save(file, kind, **options)
        files.append(file.getvalue())
    return files


@cache
def weights() -> list[bytes]:
    """A weights file of each of several networks."""
    files = []
    for model in (*TINY, READERS[6], DRAWERS[0]):
        metadata = {
            "format": FORMAT,
            "model": json.dumps(model.to_dict()),
            "train": json.dumps(TrainConfig().to_dict()),
            "epochs_done": "1",
            "accuracy_by_timestep": json.dumps([0.5] * model.timesteps),
            "accuracy_by_digit": "null",
            "temperature": "0.7",
        }
        files.append(to_safetensors(random_tensors(model), metadata))
    return files


@cache
def own_networks() -> list[bytes]:
    """Files as Keras's users export them: by the paths of variables, and numbered."""
    files = weights()[:1]
    for model in (*TINY, ModelConfig(backbone="cnn_rnn", filters=1, units=2)):
        tensors = random_tensors(model)
        said = {"head": model.head, "activation": "relu"}
        paths = {f"sequential/{name.replace('.', '/')}": t for name, t in tensors.items()}
        files.append(to_safetensors(paths, said))
        files.append(to_safetensors({str(n): t for n, t in enumerate(tensors.values())}, said))
    return files


@cache
def run_files() -> dict[str, list[bytes]]:
    """What the files of a run folder hold, by name."""
    epoch = EpochDone(1, 2.0, 0.001, 1.0, 0.5, 1.0, (0.1,) * 28, {})
    metrics = b"".join(
        map(to_line, [ChunkDone(1, 500, 1000, 1.0, 2.0, 0.3), Change(1, 500, 0.1, None), epoch])
    )
    about = {"created": 1.6e9, "owner": "0" * 64, "turn": 1}
    configs = [
        about | {"model": model.to_dict(), "train": TrainConfig().to_dict()} for model in TINY
    ]
    status = {"state": "running", "message": "m", "pid": 1, "host": "h", "heartbeat": 1.5}
    control = {"state": "paused", "learning_rate": 0.1, "epochs": 3, "pause_after": 2}
    label = {"name": "a name", "note": "line\nline", "published": True}
    return {
        "metrics.jsonl": [metrics],
        "config.json": [json.dumps(config).encode() for config in configs],
        "status.json": [json.dumps(status).encode()],
        "control.json": [json.dumps(control).encode()],
        "label.json": [json.dumps(label).encode()],
        "marks.json": [b'{"shared": false, "pinned": true}'],
    }


@cache
def drawings() -> list[bytes]:
    """The JSON of a canvas with one stroke, and a file of pen digits."""
    path = [["M", 50, 50], ["Q", 60, 60, 90, 100], ["L", 100, 200]]
    stroke = {"type": "path", "path": path, "left": 75, "top": 125, "strokeWidth": 20}
    stroke |= {"angle": 0, "scaleX": 1, "scaleY": 1.5, "flipX": True, "skewX": 3}
    return [json.dumps({"version": "7", "objects": [stroke, stroke]}).encode()]


@cache
def pen_digits() -> list[bytes]:
    """A file of pen digits."""
    points = np.linspace((0, 0), (50, 200), 5).tolist()
    digit = {"label": 1, "donor": "d", "strokes": [points, [[0, 10], [9, 30]]]}
    return [json.dumps([digit, digit | {"label": 7}]).encode()]
