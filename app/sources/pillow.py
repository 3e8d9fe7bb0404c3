"""Pictures that Pillow reads and OpenCV does not: HEIC, AVIF, JPEG XL, and animations."""

import warnings
from pathlib import Path

import cv2
import numpy as np
import pillow_heif
import pillow_jxl  # noqa: F401  (adds JPEG XL to Pillow)
from PIL import Image as Pillow
from PIL import ImageOps

from app.core.types import Image

PILLOW_ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    MemoryError,
    RuntimeError,
    IndexError,
    Pillow.DecompressionBombError,
)
"""Exceptions of Pillow and its plugins for damaged files."""

NEUTRAL = 128
"""The gray behind transparent pixels, whose own colour is often black or garbage."""

_MAX_PIXELS = 1 << 29
_STRIP_PIXELS = 1 << 20
_ORIENTATION = 0x0112

pillow_heif.register_heif_opener()


def opened(path: Path) -> Pillow.Image:
    """Open a picture or an animation; the caller closes it.

    Raises:
        One of `PILLOW_ERRORS`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)
        image = Pillow.open(path)
    if image.width * image.height > _MAX_PIXELS:
        image.close()
        raise MemoryError("too many pixels")
    return image


def bgr_of(image: Pillow.Image) -> Image:
    """The present picture of an open file, upright, transparency laid over neutral gray; BGR uint8 (H, W, 3).

    Raises:
        One of `PILLOW_ERRORS`.
    """
    image.load()
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        return on_gray(cv2.cvtColor(_pixels(upright.convert("RGBA")), cv2.COLOR_RGBA2BGRA))
    return np.asarray(cv2.cvtColor(_pixels(upright.convert("RGB")), cv2.COLOR_RGB2BGR), np.uint8)


def _pixels(image: Pillow.Image) -> np.ndarray:
    """A picture's pixels, uint8 (H, W, channels). Copied in strips, because Pillow holds the interpreter lock while
    copying."""
    pixels = np.empty((image.height, image.width, len(image.getbands())), np.uint8)
    rows = max(1, _STRIP_PIXELS // image.width)
    for top in range(0, image.height, rows):
        bottom = min(top + rows, image.height)
        pixels[top:bottom] = np.asarray(image.crop((0, top, image.width, bottom)))
    return pixels


def orientation_of(path: Path) -> int:
    """The EXIF orientation of a picture, 1 to 8; 1 where it has none."""
    try:
        with opened(path) as image:
            value = int(image.getexif().get(_ORIENTATION, 1))
    except (*PILLOW_ERRORS, TypeError):
        return 1
    return value if 1 <= value <= 8 else 1


def on_gray(bgra: np.ndarray) -> Image:
    """Composite a picture with transparency over neutral gray.

    Args:
        bgra: uint8 or uint16, shape (H, W, 4).

    Returns:
        BGR uint8, shape (H, W, 3).
    """
    top = np.float32(np.iinfo(bgra.dtype).max)
    alpha = bgra[..., 3]
    if alpha.min() == top and bgra.dtype == np.uint8:
        return np.ascontiguousarray(bgra[..., :3])
    share = alpha[..., None].astype(np.float32) / top
    colour = bgra[..., :3].astype(np.float32) * (255 / top)
    laid: Image = np.rint(colour * share + NEUTRAL * (1 - share)).astype(np.uint8)
    return laid
