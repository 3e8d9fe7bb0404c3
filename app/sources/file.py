"""Films from the disk."""

from functools import partial
from pathlib import Path

from app.sources.animation import is_animation
from app.sources.container import open_container
from app.sources.content import head_of, is_text, picture_kind
from app.sources.film import Film
from models.errors import InputError


def open_film(
    path: str | Path, name: str | None = None, *, start_s: float | None = None, end_s: float | None = None
) -> Film:
    """Open a video file.

    Args:
        path: The file; any characters.
        name: What to call it in messages and results; the path by default.
        start_s: As of `Film`.
        end_s: As of `Film`.

    Raises:
        InputError: If the file is missing, empty, unreadable, a picture, a text, or no frame of it can be decoded.
    """
    path = Path(path)
    _refuse_other_content(path)

    refused = (
        f"{path} is not a video that can be played: it is damaged, incomplete or of an unknown kind; "
        "get the file again or convert it to MP4"
    )
    return Film(
        partial(open_container, path), name or str(path), refused=refused, path=path, start_s=start_s, end_s=end_s
    )


def _refuse_other_content(path: Path) -> None:
    """Raise if the file is a still picture or a text, which FFmpeg may well open as a video."""
    head = head_of(path)
    kind = picture_kind(head)
    if kind and not is_animation(path, kind):
        raise InputError(f"{path} is {kind}, not a video; give it a picture's suffix to analyse it as a picture")
    if is_text(head):
        raise InputError(f"{path} is a text, not a video; name a video file")
