"""What the window shows, and how far it has come."""

from dataclasses import dataclass

from app.core.types import Frame, SourceInfo
from app.player.messages import CameraEntry
from app.player.parts import DEMO
from app.sinks.json_file import RunFacts
from app.ui.badge import Badge
from app.ui.words import source_title


@dataclass(slots=True)
class Showing:
    """The source of the window.

    Attributes:
        spec: As the user named it, or None for a camera or else the demo.
        info: What the source says of itself, once one has been opened.
        ended: Whether it has run out or failed.
        cameras: Those found so far; their names are better titles than their numbers.
        facts: What reads the pictures.
        called: What the user calls it, or an empty text.
    """

    spec: str | None
    info: SourceInfo | None = None
    ended: bool = False
    cameras: tuple[CameraEntry, ...] = ()
    facts: RunFacts | None = None
    called: str = ""

    @property
    def live(self) -> bool:
        """Whether it comes from a camera or a stream."""
        return self.info is not None and self.info.live

    @property
    def single(self) -> bool:
        """Whether it is one picture."""
        return self.info is not None and self.info.frame_count == 1

    @property
    def title(self) -> str:
        """Its name for people."""
        return self.called or source_title(self.spec or DEMO, {camera.index: camera.name for camera in self.cameras})

    def badge(self, frame: Frame | None, *, paused: bool, duration_s: float | None) -> Badge | None:
        """The badge at a frame; None before there is a source, or where it ended before its first frame."""
        if self.info is None or (frame is None and self.ended):
            return None
        return Badge.of(self.title, self.info, frame, ended=self.ended, paused=paused, duration_s=duration_s)
