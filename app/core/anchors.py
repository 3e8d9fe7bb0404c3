"""Moments of a recording at which finding and following begin anew, so that what came long ago hardly counts."""

import math

from app.core.types import Frame

ANCHOR_S = 10.0
"""Seconds between two anchors, which lie at whole multiples of them in the recording's own times."""


class Anchors:
    """Tells which frames of a recording are anchors.

    From an anchor on, what is found depends on the frames since then and on who was known, not on how faces came to be
    where they are. A recording that is read in parts, each from some seconds before an anchor, is so read as in one
    piece.
    """

    def __init__(self) -> None:
        self._number: float = math.inf

    def passes(self, frame: Frame) -> bool:
        """Tell whether the next frame is the first one at or after an anchor; never of live frames and single pictures.

        Nor is the first frame of all: nothing was before it.
        """
        if frame.still or frame.duration_s is None:
            return False
        number = math.floor(frame.time_s / ANCHOR_S + 1e-9)
        before, self._number = self._number, number
        return number > before
