"""From what the user typed to an open source."""

from pathlib import Path

from app.core.stages import FrameSource
from app.sources.camera import Camera
from app.sources.content import PICTURE_SUFFIXES, VIDEO_SUFFIXES, head_of, picture_kind
from app.sources.demo import open_demo
from app.sources.file import VideoFile
from app.sources.folder import PictureFolder
from app.sources.images import Picture
from app.sources.stream import open_address
from app.spec import camera_index, is_address, path_of
from models.errors import InputError


def open_source(spec: str, *, fps: float | None = None, recursive: bool = False) -> FrameSource:
    """Open a camera, a file, a folder, an address or the demo clip.

    May take seconds for cameras and addresses; call it away from a window's thread.

    Args:
        spec: A camera's index in digits, `demo`, an address with `://`, or a path. A file or folder whose name is one
            of the former is meant by a path such as `./0`.
        fps: Pictures per second of a folder that holds a recording; 0 if each picture stands alone; by default they
            tell. Everything else has its own rate.
        recursive: Whether the pictures of a folder are those of its subfolders too.

    Returns:
        The open source; the caller closes it.

    Raises:
        InputError: If it cannot be opened; the sentence names it and the next step.
    """
    if not spec.strip() or "\0" in spec:
        raise InputError(f"{spec!r} is no source; name a camera by its number, a file, a folder, an address or `demo`")
    camera = camera_index(spec)
    if camera is not None:
        return Camera(camera)
    if spec == "demo":
        return open_demo()
    if is_address(spec):
        return open_address(spec)
    path = path_of(spec)
    try:
        if path.is_dir():
            return PictureFolder(path, fps, recursive=recursive)
        return Picture(path) if _is_picture(path) else VideoFile(path)
    except OSError as error:  # a name that the system refuses, for example one that is too long
        raise InputError(f"{spec[:200]} cannot be opened: {error.strerror}; check the name") from error


def _is_picture(path: Path) -> bool:
    """Decide between picture and video: by the name where it says so (a mismatch is told then), else by the content."""
    suffix = path.suffix.lower()
    if suffix in VIDEO_SUFFIXES or suffix == ".gif":  # a GIF may be an animation
        return False
    return suffix in PICTURE_SUFFIXES or picture_kind(head_of(path)) is not None
