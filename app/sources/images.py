"""Pictures of every kind, and a single one as a source."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

import app.quiet  # noqa: F401  (before the first picture)
from app.core.types import Frame, Image, SourceInfo
from app.sources.content import HEIC, head_of, is_text, picture_kind
from app.sources.recording import Recording
from models.errors import InputError
from models.standard_error import quiet_stderr

_NEUTRAL = 128.0
"""The gray behind transparent pixels: what they hide is often black or garbage, and gray favours neither edge."""


def read_picture(path: str | Path) -> Image:
    """Read one picture of any size and depth.

    Gray becomes three equal channels, 16 bits become 8 (the upper ones), transparency is laid over neutral gray, and
    the EXIF orientation is honoured (pictures with transparency are taken as stored). Of an animation, the first
    picture.

    Args:
        path: The file; any characters.

    Returns:
        BGR uint8, shape (H, W, 3).

    Raises:
        InputError: If the file is missing, empty, unreadable, no picture, damaged, or larger than OpenCV's pixel limit.
    """
    path = Path(path)
    head = head_of(path)
    try:
        data = np.fromfile(path, np.uint8)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}; check its permissions") from error
    kind = picture_kind(head)
    try:
        image = _decode(data) if kind == "a JPEG picture" else _decode_with_alpha(data)
    except (cv2.error, MemoryError) as error:
        size = "pixels <= CV_IO_MAX" in str(error) or isinstance(error, MemoryError)
        reason = "has too many pixels" if size else "cannot be decoded"
        raise InputError(f"{path} {reason}; save it smaller, as JPEG or PNG") from error
    if image is None:
        what = f"is {kind} that is damaged, incomplete or too large" if kind else "is no picture"
        what = f"is {kind}, a kind that cannot be read here" if kind == HEIC else what
        what = "is a text, not a picture" if is_text(head) else what
        raise InputError(f"{path} {what}; save it again as JPEG or PNG")
    return image


def _decode(data: np.ndarray) -> Image | None:
    image = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return None if image is None else np.asarray(image, np.uint8)


def _decode_with_alpha(data: np.ndarray) -> Image | None:
    """Decode a format that may carry transparency."""
    with quiet_stderr():  # libpng reports damage there
        full = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
        if full is None or full.ndim != 3 or full.shape[2] != 4 or full.dtype not in (np.uint8, np.uint16):
            return _decode(data)
    top = 255.0 if full.dtype == np.uint8 else 65535.0
    alpha = full[..., 3:].astype(np.float32) / top
    colour = full[..., :3].astype(np.float32) * (255 / top)
    return np.rint(colour * alpha + _NEUTRAL * (1 - alpha)).astype(np.uint8)


class Picture(Recording):
    """A single picture as a source of one frame.

    Raises:
        InputError: As `read_picture` does.
    """

    def __init__(self, path: str | Path) -> None:
        super().__init__()
        self._image = read_picture(path)
        height, width = self._image.shape[:2]
        self.info = SourceInfo(str(path), width, height, fps=None, frame_count=1, live=False)

    def _frames(self) -> Iterator[Frame]:
        yield Frame(0, 0.0, self._image, still=True)
