"""Screen layout: the picture inside its widget, and a panel next to each face. Plain numbers, no Qt."""

from collections.abc import Sequence
from typing import NamedTuple

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

    def overlap(self, other: "Rect") -> float:
        """Shared area in square pixels.

        >>> Rect(0, 0, 10, 10).overlap(Rect(5, 5, 10, 10))
        25.0
        """
        x, y, w, h = self
        other_x, other_y, other_w, other_h = other
        width = min(x + w, other_x + other_w) - max(x, other_x)
        if width <= 0:
            return 0.0
        height = min(y + h, other_y + other_h) - max(y, other_y)
        return float(width * height) if height > 0 else 0.0

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
    placed: list[Rect] = []
    panels: list[tuple[int, Rect] | None] = []
    for position, face in enumerate(faces):
        others = [box for box in (*faces, *tags) if box is not face]
        last = None if before is None else before[position]
        choices = []
        for place, wanted in enumerate(_candidates(face, width, height)):
            panel = clamp(wanted, inside)
            hidden = sum(panel.overlap(box) for box in others) + 2 * sum(panel.overlap(box) for box in placed)
            covered = max((panel.overlap(tag) / (tag.w * tag.h) for tag in tags), default=0.0)
            cost = (hidden + 0.8 * panel.overlap(face)) / (width * height) + covered + PREFERENCE * place
            choices.append((cost - (HOLD if place == last else 0.0), place, panel, hidden / (width * height)))
        _, place, panel, crowd = min(choices)
        crowd = max(crowd, *(panel.overlap(box) / (box.w * box.h) for box in (*faces, *tags, *placed)))
        if position == 0 or crowd <= CROWDED:
            placed.append(panel)
            panels.append((place, panel))
        else:
            panels.append(None)
    return panels


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
