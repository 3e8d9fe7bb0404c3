"""The clip that comes with the program."""

from importlib.resources import files
from pathlib import Path

from app.sources.file import VideoFile
from models.errors import InputError


def demo_path() -> Path:
    """Return where the demo clip lies, whether or not it is there."""
    return Path(str(files("assets"))) / "demo.mp4"


def open_demo() -> VideoFile:
    """Open the demo clip as a video file named `demo`.

    Raises:
        InputError: If this installation came without the clip.
    """
    path = demo_path()
    if not path.is_file():
        raise InputError(f"the demo clip {path} is missing; build it with: python -m training demo")
    return VideoFile(path, name="demo")
