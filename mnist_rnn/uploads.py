"""From an image file, a scan or a photo of a digit, to ink."""

import io

import numpy as np
from PIL import Image, ImageOps

from mnist_rnn.errors import UserError

LARGEST_FILE_BYTES = 10 * 2**20
LARGEST_PIXELS = 16_000_000


def ink_from_image(data: bytes) -> np.ndarray:
    """The ink in a PNG or JPEG file: (h, w) float32 from 0 to 1.

    Raises UserError if the file is anything else, too large, damaged or blank.
    """
    if len(data) > LARGEST_FILE_BYTES:
        raise UserError("This file is larger than 10 megabytes. Choose a smaller image.")
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > LARGEST_PIXELS:
                raise UserError("This image has too many pixels. Choose a smaller one.")
            grey = np.asarray(ImageOps.exif_transpose(image).convert("L"), np.float32) / 255
    except (OSError, ValueError, SyntaxError) as error:
        raise UserError("This is not a PNG or JPEG image that can be read.") from error
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    return grey if np.median(border) < 0.5 else 1 - grey
