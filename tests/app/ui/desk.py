"""What scripts of `run_main` work with: a window, a film, photos and an output folder."""

from collections.abc import Callable, Generator
from pathlib import Path

from app.ui.window import MainWindow

Script = Generator[Callable[[], bool], None, None]

FRAMES, FPS, MIDDLE = 60, 25, 30
"""Number of frames of the film, frames per second, and number of the middle frame."""


class Desk:
    """A window and the user's files."""

    def __init__(self, window: MainWindow, film: Path, photos: Path, out: Path) -> None:
        self.window, self.film, self.photos, self.out = window, film, photos, out

    def front(self) -> Script:
        """Make the window active, so that it gets the keys, also after a page was closed."""
        self.window.activateWindow()
        yield self.window.isActiveWindow

    def at(self, index: int) -> bool:
        shown = self.window.picture.shown
        return shown is not None and not shown.provisional and shown.result.frame.index == index

    def to(self, index: int) -> Script:
        """Pause the film at a frame."""
        self.window.playback.pause()
        self.window.playback.seek(index / FPS)
        yield lambda: self.at(index)

    def open(self, spec: Path) -> Script:
        """Show a source, and wait for its first picture."""
        self.window.show_source(str(spec))
        yield lambda: self.shows(spec)

    def shows(self, spec: Path) -> bool:
        return self.window.showing.spec == str(spec) and self.window.picture.result is not None

    def failed(self, words: str) -> bool:
        return "source" in self.window.banners.shown and words in self.window.banners.shown["source"].sentence

    def reads_with(self, model: Path) -> bool:
        return self.window.choice.model == str(model) and self.window.picture.result is not None
