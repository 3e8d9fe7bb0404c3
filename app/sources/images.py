"""Pictures of every kind, and a single one as a source."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

import app.quiet  # noqa: F401  (before the first picture)
from app.core.types import Frame, Image, SourceInfo
from app.sources.content import HEIC, JPEG, JXL, PNG, head_of, is_text, picture_kind
from app.sources.pillow import PILLOW_ERRORS, bgr_of, on_gray, opened, orientation_of
from app.sources.recording import Recording
from app.sources.upright import UNTURNED, Turn, set_upright
from models.errors import InputError
from models.standard_error import quiet_stderr

_USUAL_TOPS = (1.0, 255.0, 65535.0)
_PILLOW_READS = frozenset((HEIC, JXL))
_IN_PLACE = frozenset((JPEG, PNG))
_OPAQUE = frozenset(("1", "L", "RGB", "CMYK", "YCbCr"))
_LARGE = 16_000_000
_TURNS = {
    2: (False, True, False),
    3: (False, True, True),
    4: (False, False, True),
    5: (True, False, False),
    6: (True, True, False),
    7: (True, True, True),
    8: (True, False, True),
}
"""EXIF orientation -> how to turn a picture upright."""


def read_picture(path: str | Path) -> Image:
    """Read one picture of any size and depth.

    Gray becomes three equal channels, transparency is composited over neutral gray, and the EXIF orientation is
        applied. 16 bits are reduced to the upper 8. Other numeric types are scaled by the smallest usual range that
        contains them: 0..1, 0..255, 0..65535, or else their minimum to maximum. From an animation, the first picture is
        read.

    Args:
        path: The file; any characters.

    Returns:
        BGR uint8, shape (H, W, 3).

    Raises:
        InputError: If the file is missing, empty, unreadable, not a picture, damaged, or larger than OpenCV's pixel
            limit.
    """
    path = Path(path)
    head = head_of(path)
    kind = picture_kind(head)
    try:
        if kind in _PILLOW_READS:
            return _decode_with_pillow(path, str(kind))
        image = _decode_large(path) if kind in _IN_PLACE else None
        if image is None:
            data = np.fromfile(path, np.uint8)
            image = _decode(data) if kind == JPEG else _decode_any(data, path)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}; check its permissions") from error
    except (cv2.error, MemoryError) as error:
        size = "pixels <= CV_IO_MAX" in str(error) or isinstance(error, MemoryError)
        reason = "has too many pixels" if size else "cannot be decoded"
        raise InputError(f"{path} {reason}; save it smaller, as JPEG or PNG") from error
    if image is None:
        what = f"is {kind} that is damaged, incomplete or too large" if kind else "is not a picture"
        what = "is a text, not a picture" if is_text(head) else what
        raise InputError(f"{path} {what}; save it again as JPEG or PNG")
    return image


def _decode_large(path: Path) -> Image | None:
    """A large picture, decoded into our own memory; None if it is not large, or cannot be read this way.

    `imdecode` copies the decoded picture while holding the interpreter lock, which blocks the window for 50 ms with 108
    million pixels. `imread` does not report truncation, so a reduced decoding checks for that.
    """
    try:
        with opened(path) as file:
            width, height = file.size
            if width * height < _LARGE or file.mode not in _OPAQUE or "transparency" in file.info:
                return None
        image = np.zeros((height, width, 3), np.uint8)
        with quiet_stderr():
            if cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_REDUCED_COLOR_8) is None:
                return None
            cv2.imread(str(path), image, cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    except (*PILLOW_ERRORS, cv2.error):
        return None
    # nor does it report a file that it cannot open, as on systems with limited file names
    return set_upright(image, _turn_of(path)) if image.any() else None


def _decode_with_pillow(path: Path, kind: str) -> Image:
    try:
        with opened(path) as file:
            return bgr_of(file)
    except MemoryError:
        raise
    except PILLOW_ERRORS as error:
        raise InputError(f"{path} is {kind} that is damaged or incomplete; save it again as JPEG or PNG") from error


def _decode(data: np.ndarray) -> Image | None:
    image = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return None if image is None else np.asarray(image, np.uint8)


def _decode_any(data: np.ndarray, path: Path) -> Image | None:
    """Decode a format that may have transparency, or values that are not bytes."""
    with quiet_stderr():  # libpng reports damage on standard error
        full = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
        if full is None:
            return _decode(data)
        if full.dtype not in (np.uint8, np.uint16):
            full = _bytes_of(full)
            if full.ndim != 3 or full.shape[2] == 3:
                image = full if full.ndim == 3 else cv2.cvtColor(full, cv2.COLOR_GRAY2BGR)
                return set_upright(np.asarray(image, np.uint8), _turn_of(path))
        elif full.ndim != 3 or full.shape[2] != 4:
            return _decode(data)
    return set_upright(on_gray(full), _turn_of(path))


def _turn_of(path: Path) -> Turn:
    """Apply the orientation, which OpenCV does not for pictures read unchanged."""
    return _TURNS.get(orientation_of(path), UNTURNED)


def _bytes_of(values: np.ndarray) -> np.ndarray:
    """Scale numbers of any type to uint8; NaN becomes black."""
    levels = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    least, most = float(levels.min()), float(levels.max())
    whole = np.issubdtype(values.dtype, np.integer)
    if least < 0 or most > _USUAL_TOPS[-1]:
        span = most - least
        levels = (levels - least) * (255 / span if span > 0 else 0.0)
    else:
        top = next(top for top in _USUAL_TOPS[whole:] if most <= top)
        levels = levels * (255 / top)
    return np.rint(np.clip(levels, 0, 255)).astype(np.uint8)


class PictureSource(Recording):
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
