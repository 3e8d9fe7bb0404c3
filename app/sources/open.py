"""Opens a source from what the user typed."""

from pathlib import Path

from app.core.stages import FrameSource
from app.sources.animation import PILLOW_PLAYS, Animation, has_two_packets, is_animation
from app.sources.camera import CameraSource
from app.sources.content import PICTURE_SUFFIXES, VIDEO_SUFFIXES, head_of, picture_kind
from app.sources.demo import open_demo
from app.sources.file import open_film
from app.sources.film import Film
from app.sources.folder import PictureFolder
from app.sources.images import PictureSource
from app.sources.stream import open_address
from app.spec import camera_index, is_address, path_of, refuse_session
from models.errors import InputError


def open_source(
    spec: str,
    *,
    fps: float | None = None,
    start_s: float | None = None,
    end_s: float | None = None,
    recursive: bool = False,
) -> FrameSource:
    """Open a camera, a file, a folder, an address or the demo clip.

    May take seconds for cameras and addresses; call it away from a window's thread.

    Args:
        spec: A camera's index in digits, `demo`, an address with `://`, or a path. A file or folder whose name is one
            of the former needs a path such as `./0`.
        fps: Pictures per second of a folder that holds a recording; 0 for single pictures; by default their content
            decides. All other sources have their own rate.
        start_s: The first frame is the first one at or after this time of the container's clock. Frame
            numbers stay those of the whole film where its container has an index (MP4, MOV, AVI).
        end_s: Frames from this time on are left out.
        recursive: Whether the pictures of a folder are those of its subfolders too.

    Returns:
        The open source; the caller closes it.

    Raises:
        InputError: If it cannot be opened, or a part of something that is not a film is requested; the sentence names
            it and the next step.
    """
    if not spec.strip() or "\0" in spec:
        raise InputError(
            f"{spec!r} is not a source; name a camera by its number, a file, a folder, an address or `demo`"
        )
    if start_s is not None and end_s is not None and end_s <= start_s:
        raise InputError(f"{end_s:g} s is not after {start_s:g} s; choose an end after the start")
    source = _open(spec, fps, start_s, end_s, recursive=recursive)
    if (start_s is not None or end_s is not None) and not isinstance(source, Film | Animation | PictureFolder):
        source.close()
        raise InputError(f"{source.info.name} is not a film, so it has no start and end to choose; leave them out")
    return source


def _open(spec: str, fps: float | None, start_s: float | None, end_s: float | None, *, recursive: bool) -> FrameSource:
    camera = camera_index(spec)
    if camera is not None:
        return CameraSource(camera)
    if spec == "demo":
        return open_demo(start_s=start_s, end_s=end_s)
    if is_address(spec):
        return open_address(spec, start_s=start_s, end_s=end_s)
    path = path_of(spec)
    try:
        if path.is_dir():
            refuse_session(path)
            return PictureFolder(path, fps, recursive=recursive, start_s=start_s, end_s=end_s)
        return _open_file(path, start_s, end_s)
    except OSError as error:  # a name that the system refuses, for example one that is too long
        raise InputError(f"{spec[:200]} cannot be opened: {error.strerror}; check the name") from error


def _open_file(path: Path, start_s: float | None, end_s: float | None) -> FrameSource:
    """Decide between picture and film by the content; a misleading name is reported."""
    kind = picture_kind(head_of(path))
    suffix = path.suffix.lower()
    if kind is not None and is_animation(path, kind):
        return (
            Animation(path, start_s=start_s, end_s=end_s)
            if kind in PILLOW_PLAYS
            else open_film(path, start_s=start_s, end_s=end_s)
        )
    if suffix not in VIDEO_SUFFIXES and (kind is not None or suffix in PICTURE_SUFFIXES):
        return _open_picture(path)
    return open_film(path, start_s=start_s, end_s=end_s)


def _open_picture(path: Path) -> PictureSource:
    """Open a picture; a film with the suffix of a picture is reported as such."""
    try:
        return PictureSource(path)
    except InputError:
        if picture_kind(head_of(path)) is None and has_two_packets(path):
            raise InputError(f"{path} is a video, not a picture; give it a video's suffix, such as .mp4") from None
        raise
