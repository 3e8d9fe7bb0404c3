"""Finds the faces of a film: known ones by close looks where they are expected, new ones by scanning."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from app.core.changes import Changes
from app.core.geometry import center_distance, side, tilt
from app.core.merging import same_face, suppress
from app.core.scan import AT_ONCE_S, MUCH, SEARCH_S, Scan, Tile, tiles
from app.core.stages import Detector, NearDetector, PartDetector, ViewDetector
from app.core.types import Box, Detection, Frame, Image
from app.core.views import VIEW, Pyramid, Square

_CLOSE = 2.0
"""Side of a close look over the longer side of the expected face."""
_ASTRAY, _GROWN = 0.6, 2.0
"""How far, in sides, and by which factor in size a face in a close look may differ from the expected one."""
_STILL, _STILL_S = 6, 0.5
"""The result of a close look stays valid for this long while no 8x8 pixels of the view change by more levels of 255."""
_SAME = 0.03
"""How far, in sides, the expected place may move before the view is taken from a new place."""
_CLOSE_SCORE = 0.66
"""Lowest score in a close look for a face seen only in small tiles: on generated crowds 98 % of the faces reach it, in
everyday pictures a twentieth of the false detections."""
_LOST_S = 0.4
"""A face unseen for this long is no longer searched for where expected; scanning has to find it again."""
_SLOW_S = 0.5
"""Pictures further apart than this are searched completely: expected places are no longer valid, and there is time."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A known face.

    Attributes:
        key: The same for the same face from picture to picture.
        box: Where it should be now, in pixels.
        angle: How far the head leaned, radians clockwise.
        unseen_s: Seconds since it was seen.
    """

    key: int
    box: Box
    angle: float
    unseen_s: float


@dataclass(frozen=True, slots=True)
class _Look:
    """A close look: where, when, what the view showed, and the face in it."""

    square: Square
    time_s: float
    view: NDArray[np.uint8]
    found: Detection | None

    def is_near(self, square: Square) -> bool:
        """Whether another square shows about the same."""
        slack = _SAME * self.square.side
        away = max(abs(square.x - self.square.x), abs(square.y - self.square.y), abs(square.side - self.square.side))
        return away < slack and abs(square.angle - self.square.angle) < _SAME

    def still_shows(self, view: NDArray[np.uint8]) -> bool:
        """Whether a view of the same square looks the same."""
        cells = cv2.resize(cv2.absdiff(view, self.view), (VIEW // 8, VIEW // 8), interpolation=cv2.INTER_AREA)
        return int(cells.max()) <= _STILL


class Finder:
    """Turns pictures into detections. One thread at a time, pictures in order.

    A detector that can look at views (`ViewDetector`) looks closely at each expected face, upright; the rest is scanned
    tile by tile (`app.core.scan`), immediately where a face was lost or much has changed. Any other detector searches
    every picture completely, and so does every detector for single pictures and low frame rates. A `PartDetector` does
    all of this within its part.

    Args:
        detector: Closed by the caller, not here.
    """

    def __init__(self, detector: Detector) -> None:
        self._part = detector if isinstance(detector, PartDetector) else None
        if self._part is not None:
            detector = self._part.detector
        self._detector = detector
        self._looker = detector if isinstance(detector, ViewDetector) else None
        self._scan = Scan()
        self._looks: dict[int, _Look] = {}
        self._changes = Changes()
        self._time_s = self._whole_s = -math.inf

    def find(self, frame: Frame, expected: Sequence[Expected] = (), *, anchor: bool = False) -> tuple[Detection, ...]:
        """Find the faces of the next picture.

        Args:
            frame: The picture.
            expected: Faces known from the pictures before.
            anchor: Search the whole picture, so that detections depend on it alone wherever it shows a face.

        Returns:
            One detection a face, strongest first.
        """
        if self._part is None:
            return self._find(frame, expected, anchor=anchor)
        image = self._part.part(frame.image)
        if not image.size:
            return ()
        x, y = self._part.offset
        within = [replace(face, box=replace(face.box, x=face.box.x - x, y=face.box.y - y)) for face in expected]
        return tuple(one.moved(x, y) for one in self._find(replace(frame, image=image), within, anchor=anchor))

    def _find(self, frame: Frame, expected: Sequence[Expected], *, anchor: bool) -> tuple[Detection, ...]:
        step_s = frame.time_s - self._time_s
        self._time_s = frame.time_s
        if self._looker is None or frame.still:
            self._scan.forget()
            if isinstance(self._detector, NearDetector) and not frame.still:
                if anchor:
                    self._changes, self._whole_s = Changes(), -math.inf
                    self._changes.share(frame.image)
                return self._find_near(self._detector, frame, step_s, () if anchor else expected)
            return self._detector.detect(frame.image)
        pyramid = Pyramid(frame.image)
        if not 0 <= step_s <= _SLOW_S:
            self._looks = {}
            return _searched(self._looker, pyramid, self._scan.start(pyramid, frame.time_s))
        near = [face for face in expected if face.unseen_s <= max(_LOST_S, 1.5 * step_s)]
        if anchor:
            return self._search_anew(self._looker, pyramid, near, frame.time_s)
        close = self._look_closely(self._looker, pyramid, near, frame.time_s)
        lost = [face.box for face, found in zip(near, close, strict=True) if found is None]
        sure = [found for found in close if found is not None]
        known = [found.box for found in sure]
        due = self._scan.next(pyramid, frame.time_s, step_s, known=known, lost=lost)
        return _searched(self._looker, pyramid, due, sure)

    def _search_anew(
        self, looker: ViewDetector, pyramid: Pyramid, near: Sequence[Expected], time_s: float
    ) -> tuple[Detection, ...]:
        """Search the whole picture and look closely at its faces, then at known ones that were missed."""
        self._looks = {}
        found = _searched(looker, pyramid, self._scan.start(pyramid, time_s))
        squares = [_close_square(one.box, tilt(one.keypoints)) for one in found]
        close = [
            _fitting(one.box, [square.back(face, pyramid.width, pyramid.height) for face in faces]) or one
            for one, square, faces in zip(found, squares, looker.look(pyramid.views(squares)), strict=True)
        ]
        missed = [face for face in near if not any(same_face(face.box, one.box) for one in close)]
        again = self._look_closely(looker, pyramid, missed, time_s)
        return suppress(close, [one for one in again if one is not None])

    def _find_near(
        self, detector: NearDetector, frame: Frame, step_s: float, expected: Sequence[Expected]
    ) -> tuple[Detection, ...]:
        """Search around each expected face, the whole picture from time to time, and immediately around lost faces."""
        near = [face for face in expected if face.unseen_s <= max(_LOST_S, 1.5 * step_s)]
        found = [_fitting(face.box, detector.detect_near(frame.image, face.box)) for face in near]
        close = [one for one in found if one is not None]
        new = self._changes.share(frame.image) >= MUCH
        late = not 0 <= frame.time_s - self._whole_s < SEARCH_S - step_s / 2
        missed = [face.unseen_s for face, one in zip(near, found, strict=True) if one is None]
        # a face seen a moment ago is searched for at once, one lost earlier only from time to time
        soon = not 0 <= frame.time_s - self._whole_s < AT_ONCE_S - step_s / 2
        lost = any(unseen_s <= 1.5 * step_s or soon for unseen_s in missed)
        if not (late or lost or new or not 0 <= step_s <= _SLOW_S):
            return suppress(close)
        self._whole_s = frame.time_s
        return suppress(close, self._detector.detect(frame.image))

    def _look_closely(
        self, looker: ViewDetector, pyramid: Pyramid, faces: Sequence[Expected], time_s: float
    ) -> list[Detection | None]:
        """The detection of each expected face; None if it was not found."""
        squares = []
        for face in faces:
            square = _close_square(face.box, face.angle)
            before = self._looks.get(face.key)
            squares.append(before.square if before is not None and before.is_near(square) else square)
        views = pyramid.views(squares)
        looks: dict[int, _Look] = {}
        for face, square, view in zip(faces, squares, views, strict=True):
            before = self._looks.get(face.key)
            if (
                before is not None
                and before.square is square
                and time_s - before.time_s < _STILL_S
                and before.still_shows(view)
            ):
                looks[face.key] = before
        new = [i for i, face in enumerate(faces) if face.key not in looks]
        for i, seen in zip(new, looker.look(views[new]), strict=True):
            found = _fitting(faces[i].box, [squares[i].back(one, pyramid.width, pyramid.height) for one in seen])
            looks[faces[i].key] = _Look(squares[i], time_s, views[i], found)
        self._looks = looks
        return [looks[face.key].found for face in faces]


def _close_square(box: Box, angle: float) -> Square:
    return Square(*box.center, _CLOSE * max(box.w, box.h), angle)


def _fitting(expected: Box, seen: Sequence[Detection]) -> Detection | None:
    """Which of the faces in a close look is the expected one, if any."""
    size = side(expected)
    fits = [(center_distance(one.box, expected), one) for one in seen if 1 / _GROWN <= side(one.box) / size <= _GROWN]
    away, nearest = min(fits, key=lambda fit: fit[0], default=(math.inf, None))
    return nearest if away <= _ASTRAY * size else None


def search(image: Image, looker: ViewDetector) -> tuple[Detection, ...]:
    """Find the faces of a single picture, in the whole picture and in tiles of several sizes (`app.core.scan.tiles`).

    Args:
        image: BGR uint8, shape (H, W, 3), any size from 1x1. Not modified.
        looker: Runs the network.

    Returns:
        One detection a face, strongest first.
    """
    pyramid = Pyramid(image)
    return _searched(looker, pyramid, tiles(pyramid.width, pyramid.height))


def _searched(
    looker: ViewDetector, pyramid: Pyramid, plan: Sequence[Tile], close: Sequence[Detection] = ()
) -> tuple[Detection, ...]:
    """One detection for each face found by close looks or in tiles.

    Many small tiles produce false detections: a face found only in them is kept, with the place found there, only if a
        close look confirms it.
    """
    fine: dict[bool, list[Detection]] = {True: [], False: []}
    cut: dict[bool, list[Detection]] = {True: [], False: []}
    coarse: list[Detection] = []
    squares = [tile.square for tile in plan]
    for tile, square, faces in zip(plan, squares, looker.look(pyramid.views(squares)), strict=True):
        for face in (square.back(one, pyramid.width, pyramid.height) for one in faces):
            if not tile.is_whole(face.box, pyramid.width, pyramid.height):
                cut[tile.rank > 1].append(face)
            elif tile.rank == 0:
                coarse.append(face)
            else:
                fine[tile.rank > 1].append(face)
    large = suppress(close, fine[False], coarse, cut[False])
    small = [
        one
        for one in suppress(fine=fine[True], cut=cut[True])
        if not any((other.score >= one.score or other in close) and same_face(one.box, other.box) for other in large)
    ]
    squares = [_close_square(one.box, tilt(one.keypoints)) for one in small]
    again = (
        _fitting(one.box, [square.back(face, pyramid.width, pyramid.height) for face in faces])
        for one, square, faces in zip(small, squares, looker.look(pyramid.views(squares)), strict=True)
    )
    sure = [one for one in again if one is not None and one.score >= _CLOSE_SCORE]
    return suppress(close, [*large, *sure]) if sure else large
