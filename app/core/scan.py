"""Schedules which parts of a picture are searched for faces, and how often."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from app.core.changes import Changes, cells_of
from app.core.types import Box
from app.core.views import VIEW, Pyramid, Square

_OVERLAP = 0.22
"""Overlap of neighbouring tiles, as a fraction of their side. A face up to this size is whole in one of them, and a
larger one is large enough for tiles of twice the side."""
_SMALLEST, _ACROSS = 180.0, 9.6
"""Smallest side of a tile in pixels, and how many sides of the smallest make up the picture's longer side: faces of an
eighth of a tile are found, and smaller ones could not be read."""
_RATIO = 2.4
"""From one size of tiles to the next the side shrinks by no more than this."""
_WIDE = 1.5
"""Longer over shorter side from which a picture is also searched in tiles as high as it is."""

WHOLE_S, COARSE_S, FINE_S = 0.15, 0.3, 0.9
"""Seconds within which the whole picture, the tiles as high as it is, and all smaller ones are searched again."""
SEARCH_S = 0.3
"""The same for a detector that searches a picture as a whole."""
UNCHANGED_S = 10.0
"""A tile in which nothing has changed is searched again after this time."""
_LATER_S = 0.3
"""A tile that was due but unchanged is checked again after this time."""
AT_ONCE_S = 0.1
"""Lost faces, and changes of large parts, trigger an immediate search, but not more often than this."""
_ROOM = 1.3
"""If tiles are overdue, up to this many times the average number of tiles is searched in a picture."""
MUCH, _CUT = 0.06, 0.4
"""Shares of the picture from which a large part of it, or all of it, counts as new."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of the picture that is searched in one pass.

    Attributes:
        square: Its place.
        rank: 0 the whole picture, 1 tiles as high as it is, 2 and more smaller ones.
        period_s: It is searched again after this many seconds.
    """

    square: Square
    rank: int
    period_s: float

    def is_whole(self, box: Box, width: int, height: int) -> bool:
        """Whether a box is clear of the tile's inner edges, those that are not edges of the picture.

        Closer than a tenth of its sides, the network saw only a part of the face and guessed the rest, with errors of
        up to a quarter.

        Args:
            box: In pixels of the picture.
            width: Of the picture.
            height: Likewise.
        """
        margin = 0.1 * math.sqrt(box.area)
        half = self.square.side / 2
        return all(
            (middle - half <= 0 or start - (middle - half) >= margin)
            and (middle + half >= size or middle + half - end >= margin)
            for middle, start, end, size in (
                (self.square.x, box.x, box.x + box.w, width),
                (self.square.y, box.y, box.y + box.h, height),
            )
        )


@lru_cache(maxsize=64)
def tiles(width: int, height: int) -> tuple[Tile, ...]:
    """Lay out the passes that search a picture: the whole, and overlapping tiles of halving sides.

    Args:
        width: Pixels of the picture.
        height: Likewise.

    Returns:
        By rank; the first is the whole.

    >>> [sum(tile.rank == rank for tile in tiles(1280, 720)) for rank in range(4)]
    [1, 2, 15, 45]
    >>> len(tiles(1920, 1080)), len(tiles(640, 480)), len(tiles(16000, 2))
    (112, 21, 1)
    """
    longer, shorter = max(width, height), min(width, height)
    plan = [Tile(Square(width / 2, height / 2, float(longer)), 0, WHOLE_S)]
    smallest = max(_SMALLEST, longer / _ACROSS)
    if shorter < min(smallest, VIEW):
        return tuple(plan)
    steps = max(math.ceil(math.log(shorter / smallest, _RATIO) - 0.2), 0)
    for rank in range(1, steps + 2):
        if rank == 1 and longer < _WIDE * shorter:
            continue
        side = shorter * (smallest / shorter) ** ((rank - 1) / steps) if steps else float(shorter)
        period_s = COARSE_S if rank == 1 else FINE_S
        plan += [
            Tile(Square(x, y, side), rank, period_s) for y in _middles(height, side) for x in _middles(width, side)
        ]
    return tuple(plan)


def _middles(length: int, side: float) -> list[float]:
    """Centres of overlapping tiles along one side of the picture."""
    count = max(math.ceil((length - side) / (side * (1 - _OVERLAP)) - 1e-6) + 1, 1)
    if count == 1:
        return [length / 2]
    return [side / 2 + index * (length - side) / (count - 1) for index in range(count)]


class Scan:
    """Chooses which tiles of a film's next picture are searched, so that each is searched within its period.

    Those that have waited longest come first, unchanged parts are skipped for some seconds, and a completely new
        picture is searched at once. Only the pictures' times count: no clock is read.
    """

    def __init__(self) -> None:
        self._size = (0, 0)
        self._tiles: tuple[Tile, ...] = ()
        self._cells: list[tuple[slice, slice]] = []
        self._rate = 0.0
        self._changes = Changes()
        self._done_s: list[float] = []
        self._due_s: list[float] = []
        self._noted_s = self._new_s = self._lost_s = -math.inf

    def forget(self) -> None:
        """Reset: nothing has been searched yet."""
        self._size = (0, 0)

    def start(self, pyramid: Pyramid, time_s: float) -> tuple[Tile, ...]:
        """Start with a picture that is searched completely. Returns all tiles."""
        self._size = (pyramid.width, pyramid.height)
        self._tiles = tiles(*self._size)
        self._cells = [cells_of(tile.square) for tile in self._tiles]
        self._rate = sum(1 / tile.period_s for tile in self._tiles)
        self._done_s = [time_s] * len(self._tiles)
        self._due_s = []
        for _, row in groupby(self._tiles, key=lambda tile: tile.rank):  # spread over their period
            periods_s = [tile.period_s for tile in row]
            self._due_s += [time_s + (place + 1) * one / len(periods_s) for place, one in enumerate(periods_s)]
        self._noted_s, self._new_s, self._lost_s = time_s, -math.inf, -math.inf
        self._changes = Changes()
        self._changes.share(pyramid.level(0))
        self._changes.note(pyramid, time_s)
        return self._tiles

    def next(
        self, pyramid: Pyramid, time_s: float, step_s: float, *, known: Sequence[Box] = (), lost: Sequence[Box] = ()
    ) -> tuple[Tile, ...]:
        """Choose the tiles to search now; all of them where the picture's size is new.

        Args:
            pyramid: The picture.
            time_s: Its time.
            step_s: Seconds since the previous picture.
            known: Faces that were found already.
            lost: Where known faces should be but were not found: these places are searched at once.

        Returns:
            The tiles, without duplicates.
        """
        if (pyramid.width, pyramid.height) != self._size:
            return self.start(pyramid, time_s)
        early_s = step_s / 2  # a tile due within half a step is due now
        share = self._changes.share(pyramid.level(0))
        if time_s - self._noted_s >= WHOLE_S - early_s:
            self._noted_s = time_s
            self._changes.note(pyramid, time_s, known)
        chosen: list[int] = []
        if share >= MUCH and time_s - self._new_s >= AT_ONCE_S - early_s:
            self._new_s = time_s
            chosen += [i for i, tile in enumerate(self._tiles) if tile.rank <= (2 if share >= _CUT else 1)]
        if lost and time_s - self._lost_s >= AT_ONCE_S - early_s:
            self._lost_s = time_s
            chosen += [i for i, tile in enumerate(self._tiles) if any(_shows(tile, box) for box in lost)]
        chosen = list(dict.fromkeys(chosen))
        chosen += self._due(time_s, early_s, chosen, math.ceil(_ROOM * step_s * self._rate) - len(chosen))
        for number in chosen:
            self._done_s[number] = time_s
            self._due_s[number] = time_s + self._tiles[number].period_s
        return tuple(self._tiles[number] for number in chosen)

    def _due(self, time_s: float, early_s: float, chosen: Sequence[int], most: int) -> list[int]:
        """The tiles that are due, those that have waited longest relative to their period first."""
        waiting = [i for i, due_s in enumerate(self._due_s) if due_s <= time_s + early_s and i not in chosen]
        waiting.sort(key=lambda i: (self._done_s[i] - time_s) / self._tiles[i].period_s)
        due: list[int] = []
        for number in waiting:
            if len(due) >= most:
                break
            if self._has_changed(number, time_s):
                due.append(number)
            else:
                self._due_s[number] = time_s + min(_LATER_S, self._tiles[number].period_s)
        return due

    def _has_changed(self, number: int, time_s: float) -> bool:
        tile, done_s = self._tiles[number], self._done_s[number]
        # If a close look's surroundings fill the tile, movement of known people is no reason to search it.
        return time_s - done_s >= UNCHANGED_S or self._changes.since(self._cells[number], done_s, strange=tile.rank > 1)


def _shows(tile: Tile, box: Box) -> bool:
    """Whether a tile is worth searching for a face that was lost at a place: the coarse ones are, and of the finer
    ones those about the place in which the face is neither too large nor too small to be found.
    """
    if tile.rank <= 1:
        return True
    half, size = tile.square.side / 2, math.sqrt(box.area)
    x, y = box.center
    near = max(abs(tile.square.x - x), abs(tile.square.y - y)) < half
    return near and size < half < 4 * size
