"""Where tags and panels go, so that they stay inside the frame and off other faces where there is room."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Rect(NamedTuple):
    """Whole pixels, x and y of the upper left corner."""

    x: int
    y: int
    w: int
    h: int


Size = tuple[int, int]
"""Width and height in pixels."""


def overlap(first: Rect, second: Rect) -> int:
    """Pixels that two rectangles share.

    >>> overlap(Rect(0, 0, 10, 10), Rect(8, 5, 10, 10))
    10
    """
    w = min(first.x + first.w, second.x + second.w) - max(first.x, second.x)
    h = min(first.y + first.h, second.y + second.h) - max(first.y, second.y)
    return max(w, 0) * max(h, 0)


def tag_place(box: Rect, size: Size, frame: Size) -> Rect | None:
    """Above the box, else below it, else at its top; moved sideways into the frame. None if the frame is too small."""
    (w, h), (frame_w, frame_h) = size, frame
    if w > frame_w or h > frame_h:
        return None
    x = _into(box.x, w, frame_w)
    for y in (box.y - h, box.y + box.h):
        if 0 <= y <= frame_h - h:
            return Rect(x, y, w, h)
    return Rect(x, _into(box.y, h, frame_h), w, h)


def panel_place(box: Rect, size: Size, frame: Size, taken: Sequence[Rect], *, gap: int) -> Rect | None:
    """Right of the box, else left, else inside it, whichever covers least of what is `taken`.

    Args:
        box: The face.
        size: Of the panel.
        frame: Of the whole picture.
        taken: Boxes, tags and panels that should stay visible; `box` may be among them.
        gap: Pixels between box and panel.

    Returns:
        A place inside the frame, or None if the panel is larger than the frame.
    """
    (w, h), (frame_w, frame_h) = size, frame
    if w > frame_w or h > frame_h:
        return None
    y = _into(box.y, h, frame_h)
    beside = [x for x in (box.x + box.w + gap, box.x - gap - w) if 0 <= x <= frame_w - w]
    places = [Rect(x, y, w, h) for x in beside]
    inside = Rect(_into(box.x + box.w - w, w, frame_w), _into(box.y + box.h - h, h, frame_h), w, h)
    return min([*places, inside], key=lambda place: _covered(place, taken))


def _covered(place: Rect, taken: Iterable[Rect]) -> int:
    return sum(overlap(place, other) for other in taken)


def _into(start: int, length: int, limit: int) -> int:
    """Shift a span of `length` that begins at `start` into 0..limit."""
    return min(max(start, 0), limit - length)
