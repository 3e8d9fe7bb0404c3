"""Times of a recording at which detection and tracking start afresh, so that the distant past hardly matters."""

import math

from app.core.types import Frame

ANCHOR_S = 10.0
"""Seconds between two anchors, which are at multiples of this in the recording's own time."""


class Anchors:
    """Decides which frames of a recording are anchors.

    From an anchor on, detections depend on the frames since then and on which faces were known, not on the history of
    the faces. So a recording that is read in parts, each starting some seconds before an anchor, gives the same
    readings as when read as a whole.
    """

    def __init__(self) -> None:
        self._number: float = math.inf

    def passes(self, frame: Frame) -> bool:
        """Whether the next frame is the first one at or after an anchor; never for live frames and single pictures.

        Nor for the very first frame: nothing precedes it.
        """
        if frame.still or frame.duration_s is None:
            return False
        number = math.floor(frame.time_s / ANCHOR_S + 1e-9)
        before, self._number = self._number, number
        return number > before
