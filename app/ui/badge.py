"""The badge in the picture's corner: the source and its state."""

from dataclasses import dataclass
from typing import Self

from app.core.types import Frame, SourceInfo
from app.ui import theme
from app.ui.language import translate
from app.ui.words import clock


@dataclass(frozen=True, slots=True)
class Badge:
    """A text and the colour of the dot before it, or None for no dot."""

    text: str
    dot: str | None = None

    @classmethod
    def of(
        cls,
        title: str,
        info: SourceInfo,
        frame: Frame | None,
        *,
        ended: bool,
        paused: bool,
        duration_s: float | None = None,
    ) -> Self:
        """The badge of a source at a frame; `duration_s` is its total duration, None if unknown."""
        text = title if frame is None else f"{title}   {clock(info, frame, duration_s)}".rstrip()
        if ended:
            state, dot = translate("badge", "END"), theme.QUIET_ON_GLASS
            return cls(text if info.frame_count == 1 else f"{state}   {text}", dot)
        if paused:
            state, dot = translate("badge", "PAUSED"), theme.HELD_ON_GLASS
        elif info.live:
            state, dot = translate("badge", "LIVE"), theme.LIVE_ON_GLASS
        else:
            return cls(text)
        return cls(f"{state}   {text}", dot)
