"""The clip that comes with the program."""

from importlib.resources import files
from pathlib import Path

from app.sources.file import open_film
from app.sources.film import Film
from models.errors import InputError


def demo_path() -> Path:
    """Return where the demo clip belongs, whether or not it is there."""
    return Path(str(files("assets"))) / "demo.mp4"


def open_demo(*, start_s: float | None = None, end_s: float | None = None) -> Film:
    """Open the demo clip as a film named `demo`.

    Args:
        start_s: As of `Film`.
        end_s: As of `Film`.

    Raises:
        InputError: If this installation came without the clip.
    """
    path = demo_path()
    if not path.is_file():
        raise InputError(f"the demo clip {path} is missing; build it with: python -m training demo")
    return open_film(path, name="demo", start_s=start_s, end_s=end_s)
