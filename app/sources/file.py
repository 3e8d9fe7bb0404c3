"""Video files, decoded by OpenCV's FFmpeg."""

from pathlib import Path

import cv2

from app.sources.content import head_of, is_cut_short, is_text, picture_kind
from app.sources.recorded import RecordedVideo
from models.errors import InputError


class VideoFile(RecordedVideo):
    """A video file.

    Args:
        path: The file; any characters.
        name: What to call it in messages and results; the path by default.

    Raises:
        InputError: If the file is missing, empty, unreadable, a picture, a text, or no frame of it can be decoded.
            While iterating: if the file breaks off, after every frame that could be read.
    """

    def __init__(self, path: str | Path, name: str | None = None) -> None:
        self._path = Path(path)
        _refuse_other_content(self._path)
        capture = cv2.VideoCapture(str(self._path.absolute()), cv2.CAP_FFMPEG)  # else `12:30.mp4` is a protocol, 12
        refused = (
            f"{self._path} is not a video that can be played: it is damaged, incomplete or of an unknown kind; "
            "get the file again or convert it to MP4"
        )
        super().__init__(capture, name or str(path), refused=refused)

    def _is_cut(self) -> bool:
        try:
            return is_cut_short(self._path)
        except OSError:  # the file or its drive has gone since; whether frames are missing, the count tells
            return False


def _refuse_other_content(path: Path) -> None:
    """Raise if the file is a still picture or a text, which FFmpeg may well open as a video."""
    head = head_of(path)
    kind = picture_kind(head)
    if kind and not (kind == "a GIF picture" and path.suffix.lower() == ".gif"):
        raise InputError(f"{path} is {kind}, not a video; give it a picture's suffix to analyse it as a picture")
    if is_text(head):
        raise InputError(f"{path} is a text, not a video; name a video file")
