"""Screen layout: the picture inside its widget, and a panel next to each face. Plain numbers, no Qt."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MARGIN = 8.0
"""Screen pixels between a face and its panel, and between a panel and the edge."""

PREFERENCE, HOLD = 0.002, 0.08
"""Costs, as fractions of a panel's area: of each step down the order of preference, and of leaving the last place."""

CROWDED = 0.35
"""A panel is left out if it would hide more than this fraction of a face, label or panel, or be hidden as much by them;
the side panel still shows its values."""


class Rect(NamedTuple):
    """A rectangle in screen pixels."""

    x: float
    y: float
    w: float
    h: float

    def contains(self, x: float, y: float) -> bool:
        return self.x <= x <= self.x + self.w and self.y <= y <= self.y + self.h


def fit(width: int, height: int, into: Rect) -> Rect:
    """The largest rectangle with the picture's aspect ratio, centred; at least one pixel wide and high.

    >>> fit(200, 100, Rect(0, 0, 100, 100))
    Rect(x=0.0, y=25.0, w=100, h=50)
    """
    scale = min(into.w / width, into.h / height)
    w = max(1.0, round(width * scale))
    h = max(1.0, round(height * scale))
    return Rect(float(into.x + (into.w - w) // 2), float(into.y + (into.h - h) // 2), w, h)


def clamp(rect: Rect, bounds: Rect) -> Rect:
    """Move a rectangle inside the bounds; if it is too large, its upper left corner stays visible."""
    x = max(bounds.x, min(rect.x, bounds.x + bounds.w - rect.w))
    y = max(bounds.y, min(rect.y, bounds.y + bounds.h - rect.h))
    return Rect(x, y, rect.w, rect.h)


def place_panels(
    faces: Sequence[Rect],
    tags: Sequence[Rect],
    size: tuple[float, float],
    bounds: Rect,
    before: Sequence[int | None] | None = None,
) -> list[tuple[int, Rect] | None]:
    """Place one panel next to each face: to its right, else to its left, else where it hides least.

    Args:
        faces: Boxes on the screen, most important first.
        tags: The label of each face, which panels should not cover either.
        size: Width and height of a panel.
        bounds: Every panel lies inside, if it fits at all.
        before: The place of each face's panel in the last picture, which is kept unless another is clearly better, so
            that panels do not jump; None for a face that had none.

    Returns:
        For each face its panel's place (index in the order of preference) and rectangle; None if a crowd leaves no
        room. The first face always has a panel.
    """
    width, height = size
    inside = Rect(bounds.x + MARGIN, bounds.y + MARGIN, bounds.w - 2 * MARGIN, bounds.h - 2 * MARGIN)
    panels: list[tuple[int, Rect] | None] = []
    # Everything that may be hidden, one row each: faces, their tags, and the panels placed so far.
    boxes = np.array([*faces, *tags], np.float64).reshape(-1, 4)
    count, tagged = len(faces), len(faces) + len(tags)
    for position, face in enumerate(faces):
        choices = [clamp(wanted, inside) for wanted in _candidates(face, width, height)]
        overlaps = _overlaps(np.array(choices), boxes)  # a row a choice: a crowd has thousands of these areas
        shares = overlaps / (boxes[:, 2] * boxes[:, 3])
        hidden = overlaps.sum(1) - overlaps[:, position] + overlaps[:, tagged:].sum(1)  # panels count twice
        covered = shares[:, count:tagged].max(1, initial=0.0)
        cost = (hidden + 0.8 * overlaps[:, position]) / (width * height) + covered
        cost += PREFERENCE * np.arange(len(choices))
        last = None if before is None else before[position]
        if last is not None:
            cost[last] -= HOLD
        place = int(cost.argmin())
        crowd = max(float(hidden[place]) / (width * height), float(shares[place].max()))
        if position == 0 or crowd <= CROWDED:
            panels.append((place, choices[place]))
            boxes = np.vstack((boxes, choices[place]))
        else:
            panels.append(None)
    return panels


def _overlaps(panels: NDArray[np.float64], boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shared areas of (N, 4) and (M, 4) rectangles in square pixels, shape (N, M)."""
    starts = np.maximum(panels[:, None, :2], boxes[None, :, :2])
    ends = np.minimum((panels[:, :2] + panels[:, 2:])[:, None], (boxes[:, :2] + boxes[:, 2:])[None])
    sides = np.maximum(ends - starts, 0.0)
    return np.asarray(sides[..., 0] * sides[..., 1])


def _candidates(face: Rect, width: float, height: float) -> list[Rect]:
    """Places around a face in order of preference; the last two cover the face's own lower corners."""
    right, left = face.x + face.w + MARGIN, face.x - width - MARGIN
    bottom, middle = face.y + face.h - height, face.y + (face.h - height) / 2
    centre = face.x + (face.w - width) / 2
    return [
        Rect(right, face.y, width, height),
        Rect(left, face.y, width, height),
        Rect(right, bottom, width, height),
        Rect(left, bottom, width, height),
        Rect(right, middle, width, height),
        Rect(left, middle, width, height),
        Rect(centre, face.y + face.h + MARGIN, width, height),
        Rect(centre, face.y - height - 4 * MARGIN, width, height),
        Rect(face.x + face.w - width, bottom, width, height),
        Rect(face.x, bottom, width, height),
    ]
