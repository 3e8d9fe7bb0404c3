"""The source shown in the window, and its state."""

from dataclasses import dataclass

from app.core.types import Frame, SourceInfo
from app.player.messages import CameraEntry
from app.player.parts import DEMO
from app.sinks.json_file import RunFacts
from app.ui.badge import Badge
from app.ui.words import source_title


@dataclass(slots=True)
class Showing:
    """The current source.

    Attributes:
        spec: As the user named it; None for the first camera, or the demo clip if there is none.
        info: Properties of the source; None until it is open.
        ended: Whether it has ended or failed.
        cameras: The cameras found so far; their names make better titles than their numbers.
        facts: Model, detector and options of the analysis.
        called: Title of a session; empty for any other source.
    """

    spec: str | None
    info: SourceInfo | None = None
    ended: bool = False
    cameras: tuple[CameraEntry, ...] = ()
    facts: RunFacts | None = None
    called: str = ""

    @property
    def live(self) -> bool:
        """Whether it is a camera or a stream."""
        return self.info is not None and self.info.live

    @property
    def single(self) -> bool:
        """Whether it is a single picture."""
        return self.info is not None and self.info.frame_count == 1

    @property
    def title(self) -> str:
        """Its display name."""
        return self.called or source_title(self.spec or DEMO, {camera.index: camera.name for camera in self.cameras})

    def badge(self, frame: Frame | None, *, paused: bool, duration_s: float | None) -> Badge | None:
        """The badge for a frame; None before a source is open, or if it ended before its first frame."""
        if self.info is None or (frame is None and self.ended):
            return None
        return Badge.of(self.title, self.info, frame, ended=self.ended, paused=paused, duration_s=duration_s)
