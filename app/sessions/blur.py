"""Blurs faces in recorded pictures; the readings are not affected."""

from collections import deque
from collections.abc import Sequence
from typing import Literal

import cv2
import numpy as np

from app.core.types import Box, FaceResult, Image

Blur = Literal["all", "others"]

_MARGIN = 0.35
_COARSE = 6
_HELD_S = 0.5


def blurred(image: Image, boxes: Sequence[Box]) -> Image:
    """A copy of a picture with the faces and their surroundings reduced to six coarse fields across, then smoothed.

    Args:
        image: BGR.
        boxes: The faces; parts outside the picture are ignored. Without any, the picture itself is returned.
    """
    if not boxes:
        return image
    out = image.copy()
    height, width = image.shape[:2]
    for box in boxes:
        left, top = (max(0, int(at - _MARGIN * side)) for at, side in ((box.x, box.w), (box.y, box.h)))
        right = min(width, int(np.ceil(box.x + (1 + _MARGIN) * box.w)))
        bottom = min(height, int(np.ceil(box.y + (1 + _MARGIN) * box.h)))
        if right > left and bottom > top:
            part = out[top:bottom, left:right]
            small = cv2.resize(part, (_COARSE, _COARSE), interpolation=cv2.INTER_AREA)
            out[top:bottom, left:right] = cv2.resize(small, (right - left, bottom - top))
    return out


class Faces:
    """Recent places of faces, for pictures that are blurred before they are written.

    A face is hidden where it was seen before and after a picture, and for half a second after its last sighting, so
    that one missed detection does not reveal it.

    Args:
        blur: `all`, or `others` for all but those in `keep`.
        keep: Ids of faces that stay visible.
    """

    def __init__(self, blur: Blur, keep: Sequence[int] = ()) -> None:
        self._keep = frozenset(keep if blur == "others" else ())
        self._seen: deque[tuple[float, tuple[Box, ...]]] = deque()

    def add(self, time_s: float, faces: Sequence[FaceResult]) -> None:
        """Add the faces of the next reading."""
        self._seen.append((time_s, self.hidden(faces)))

    def hidden(self, faces: Sequence[FaceResult]) -> tuple[Box, ...]:
        """The boxes of the faces to hide."""
        return tuple(face.box for face in faces if face.track_id not in self._keep)

    @property
    def until_s(self) -> float:
        """Time of the newest reading; minus infinity before the first one."""
        return self._seen[-1][0] if self._seen else -np.inf

    def at(self, time_s: float) -> tuple[Box, ...]:
        """The boxes to hide in the picture of a moment; moments must increase from call to call."""
        while len(self._seen) > 1 and self._seen[1][0] <= time_s - _HELD_S:
            self._seen.popleft()
        boxes: list[Box] = []
        for seen_s, found in self._seen:
            boxes += found
            if seen_s >= time_s:
                break
        return tuple(boxes)
