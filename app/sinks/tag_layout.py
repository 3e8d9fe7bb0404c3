"""Layout of tags and panels: inside the frame, and away from other faces if there is room."""

from collections.abc import Iterable
from typing import NamedTuple


class PixelRect(NamedTuple):
    """Whole pixels, x and y of the upper left corner."""

    x: int
    y: int
    w: int
    h: int


Size = tuple[int, int]
"""Width and height in pixels."""


def overlap(first: PixelRect, second: PixelRect) -> int:
    """Pixels that two rectangles share.

    >>> overlap(PixelRect(0, 0, 10, 10), PixelRect(8, 5, 10, 10))
    10
    """
    w = min(first.x + first.w, second.x + second.w) - max(first.x, second.x)
    h = min(first.y + first.h, second.y + second.h) - max(first.y, second.y)
    return max(w, 0) * max(h, 0)


def tag_places(box: PixelRect, size: Size, frame: Size) -> tuple[PixelRect, ...]:
    """Above the box, below it, at its top; shifted sideways into the frame. Empty if the frame is too small."""
    (w, h), (frame_w, frame_h) = size, frame
    if w > frame_w or h > frame_h:
        return ()
    x = _into(box.x, w, frame_w)
    outside = [PixelRect(x, y, w, h) for y in (box.y - h, box.y + box.h) if 0 <= y <= frame_h - h]
    return (*outside, PixelRect(x, _into(box.y, h, frame_h), w, h))


def panel_places(box: PixelRect, size: Size, frame: Size, *, gap: int, tag: int) -> tuple[PixelRect, ...]:
    """Places for a panel, best first: right, left, below and above the box, finally inside it; all within the frame.

    Args:
        box: The face.
        size: Of the panel.
        frame: Of the whole picture.
        gap: Pixels between box and panel.
        tag: Height of the box's tag, which may be above or below it.

    Returns:
        The places; none if the panel is larger than the frame.
    """
    (w, h), (frame_w, frame_h) = size, frame
    if w > frame_w or h > frame_h:
        return ()
    xs = (box.x + box.w + gap, box.x - gap - w)
    bottom = box.y + box.h
    places = [PixelRect(x, _into(y, h, frame_h), w, h) for y in (box.y, bottom - h) for x in xs]
    below_or_above = (bottom + gap, bottom + tag + gap, box.y - gap - h, box.y - tag - gap - h)
    places += [PixelRect(_into(x, w, frame_w), y, w, h) for y in below_or_above for x in (box.x, box.x + box.w - w)]
    outside = [p for p in places if 0 <= p.x <= frame_w - w and 0 <= p.y <= frame_h - h]
    inside = PixelRect(_into(box.x + box.w - w, w, frame_w), _into(bottom - h, h, frame_h), w, h)
    return (*outside, inside)


def covered(place: PixelRect, taken: Iterable[PixelRect]) -> int:
    """Pixels of `taken` that a place would cover."""
    return sum(overlap(place, other) for other in taken)


def _into(start: int, length: int, limit: int) -> int:
    """Shift a span of `length` that begins at `start` into 0..limit."""
    return min(max(start, 0), limit - length)
