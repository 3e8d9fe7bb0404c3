"""The badge in the picture's corner: what is shown, and whether it runs."""

from dataclasses import dataclass
from typing import Self

from app.core.types import Frame, SourceInfo
from app.ui import theme
from app.ui.words import clock


@dataclass(frozen=True, slots=True)
class Badge:
    """A text and the colour of the dot before it, or None for no dot."""

    text: str
    dot: str | None = None

    @classmethod
    def of(cls, title: str, info: SourceInfo, frame: Frame | None, *, ended: bool, paused: bool) -> Self:
        """The badge of a source at a frame."""
        text = title if frame is None else f"{title}   {clock(info, frame)}".rstrip()
        if ended:
            return cls(f"END   {text}" if info.frame_count != 1 else text, theme.QUIET)
        if paused:
            return cls(f"PAUSED   {text}", theme.NOTICE)
        return cls(f"LIVE   {text}", theme.LIVE) if info.live else cls(text)
