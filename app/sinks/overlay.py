"""Paints what was read from a frame onto a copy of that frame."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from app.core.palette import color_of
from app.core.types import Box, FaceResult, FrameResult, Image
from app.sinks.placing import Rect, panel_place, tag_place

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_PANEL_BGR = (24, 20, 18)
_TEXT_BGR = (240, 240, 240)
_PANEL_OPACITY = 0.68
_MIN_TEXT_PX = 7
_MAX_TEXT_PX = 48
_CAP_HEIGHT = 22  # pixels of a capital letter in OpenCV's font at scale 1


@dataclass(frozen=True, slots=True)
class _Type:
    """A letter size that was chosen for a frame: `px` is the height of a capital letter."""

    px: int

    @property
    def scale(self) -> float:
        return self.px / _CAP_HEIGHT

    @property
    def weight(self) -> int:
        return max(1, round(self.px / 11))

    @property
    def line(self) -> int:
        return round(self.px * 1.75)

    @property
    def pad(self) -> int:
        return max(2, round(self.px * 0.6))

    def width(self, text: str) -> int:
        return int(cv2.getTextSize(text, _FONT, self.scale, self.weight)[0][0])


def draw(result: FrameResult, *, chosen: int | None = None, mirror: bool = False) -> Image:
    """Paint boxes, ids, labels and probability bars; all of them show the smoothed probabilities.

    Text and bars grow with the frame and are left out where a frame is too small to read them.

    Args:
        result: One frame with its faces.
        chosen: The id of a face whose box is drawn stronger.
        mirror: Flip the picture left to right, as in a mirror; text stays readable.

    Returns:
        A new picture, BGR uint8, of the frame's shape.
    """
    image = np.ascontiguousarray(result.frame.image[:, ::-1] if mirror else result.frame.image).copy()
    height, width = image.shape[:2]
    faces = [(face, _rect(face.box, width, mirror)) for face in result.faces]
    for face, rect in faces:
        _outline(image, rect, face.label, strong=face.track_id == chosen)
    frame_px = min(height, round(width * 0.75)) * 0.021
    letters = _Type(int(np.clip(round(frame_px), _MIN_TEXT_PX, _MAX_TEXT_PX)))
    taken = [rect for _, rect in faces]
    for face, rect in faces:  # the tags first: a panel may give way, a name may not
        text = _caption(face, result.labels)
        if tag := _tag(image, rect, text, face.label, letters):
            taken.append(tag)
    for face, rect in faces:
        if panel := _bars(image, rect, face, result.labels, letters, taken):
            taken.append(panel)
    return image


def _rect(box: Box, width: int, mirror: bool) -> Rect:
    x = width - box.x - box.w if mirror else box.x
    return Rect(round(x), round(box.y), max(1, round(box.w)), max(1, round(box.h)))


def _bgr(label: str) -> tuple[int, int, int]:
    red, green, blue = color_of(label)
    return blue, green, red


def _caption(face: FaceResult, labels: Sequence[str]) -> str:
    """Id, label and the label's own probability, the strongest one where the label is `uncertain`."""
    share = float(face.smooth[labels.index(face.label)]) if face.label in labels else float(np.max(face.smooth))
    return f"#{face.track_id} {face.label} {share:.0%}"


def _outline(image: Image, rect: Rect, label: str, *, strong: bool) -> None:
    thin = max(1, round(min(image.shape[0], image.shape[1]) / 320))
    corner = (rect.x + rect.w - 1, rect.y + rect.h - 1)
    thick = thin * 2 if strong else thin
    cv2.rectangle(image, (rect.x, rect.y), corner, _PANEL_BGR, thick + 2, cv2.LINE_AA)
    cv2.rectangle(image, (rect.x, rect.y), corner, _bgr(label), thick, cv2.LINE_AA)


def _shade(image: Image, rect: Rect) -> None:
    part = image[rect.y : rect.y + rect.h, rect.x : rect.x + rect.w]
    dark = np.full_like(part, _PANEL_BGR)
    cv2.addWeighted(dark, _PANEL_OPACITY, part, 1 - _PANEL_OPACITY, 0, dst=part)


def _write(image: Image, text: str, left: int, base: int, letters: _Type) -> None:
    cv2.putText(image, text, (left, base), _FONT, letters.scale, _TEXT_BGR, letters.weight, cv2.LINE_AA)


def _tag(image: Image, box: Rect, text: str, label: str, letters: _Type) -> Rect | None:
    """Write id and label above the box, smaller where the frame is narrow, never cut off; None if nothing fits."""
    height, width = image.shape[:2]
    stripe = max(2, letters.px // 4)
    while letters.px >= _MIN_TEXT_PX:
        size = (letters.width(text) + 2 * letters.pad + stripe, letters.line)
        place = tag_place(box, size, (width, height))
        if place is not None:
            _shade(image, place)
            image[place.y : place.y + place.h, place.x : place.x + stripe] = _bgr(label)
            base = place.y + (place.h + letters.px) // 2
            _write(image, text, place.x + stripe + letters.pad, base, letters)
            return place
        letters = _Type(letters.px - 1)
    return None


def _bars(
    image: Image, box: Rect, face: FaceResult, labels: Sequence[str], letters: _Type, taken: Sequence[Rect]
) -> Rect | None:
    """Draw one bar for each emotion beside the box; None where the frame has no room for a readable panel."""
    height, width = image.shape[:2]
    largest = max(_MIN_TEXT_PX, round(letters.px * 0.85))
    for px in range(largest, _MIN_TEXT_PX - 1, -1):
        type_ = _Type(px)
        names = max(type_.width(name) for name in labels)
        per_cent = type_.width("100%")
        bar = type_.px * 6
        size = (names + bar + per_cent + 4 * type_.pad, type_.line * len(labels) + type_.pad)
        place = panel_place(box, size, (width, height), taken, gap=type_.pad)
        if place is None:
            continue
        _shade(image, place)
        for row, (name, share) in enumerate(zip(labels, face.smooth, strict=True)):
            top = place.y + type_.pad // 2 + row * type_.line
            base = top + (type_.line + type_.px) // 2
            left = place.x + type_.pad
            _write(image, name, left, base, type_)
            left += names + type_.pad
            filled = round(bar * float(np.clip(share, 0, 1)))
            cv2.rectangle(image, (left, base - type_.px), (left + bar, base), (70, 66, 64), cv2.FILLED)
            if filled:
                cv2.rectangle(image, (left, base - type_.px), (left + filled, base), _bgr(name), cv2.FILLED)
            number = f"{share:.0%}"
            right = place.x + place.w - type_.pad
            _write(image, number, right - type_.width(number), base, type_)
        return place
    return None
