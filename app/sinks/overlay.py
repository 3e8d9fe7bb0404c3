"""Paints the readings of a frame onto a copy of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import cv2
import numpy as np

from app.core.palette import color_of
from app.core.types import Box, FaceResult, FrameResult, Image
from app.sinks.tag_layout import PixelRect, covered, panel_places, tag_places

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_PANEL_BGR = (24, 20, 18)
_TEXT_BGR = (240, 240, 240)
_PANEL_OPACITY = 0.68
_MIN_TEXT_PX = 7
_MAX_TEXT_PX = 48
_CAP_HEIGHT = 22  # pixels of a capital letter in OpenCV's font at scale 1


@dataclass(frozen=True, slots=True)
class _Type:
    """A font size: `px` is the height of a capital letter."""

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


def draw(
    result: FrameResult,
    *,
    chosen: int | None = None,
    mirror: bool = False,
    corrected: Mapping[int, str] = MappingProxyType({}),
) -> Image:
    """Paint boxes, ids, labels and probability bars; all of them show the smoothed probabilities.

    Text and bars scale with the frame and are left out if it is too small to read them.

    Args:
        result: One frame with its faces.
        chosen: The id of the face whose box is emphasised.
        mirror: Flip the picture left to right, as in a mirror; text stays readable.
        corrected: Face id -> the label that a person gave it, which is written after the network's.

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
    boxes = [rect for _, rect in faces]
    texts: list[PixelRect] = []
    for face, rect in faces:  # tags first: a panel may be left out, a tag may not
        caption = _caption(face, result.labels)
        if face.track_id in corrected:
            caption += f", corrected: {corrected[face.track_id]}"
        tag = _tag_place(rect, caption, letters, (width, height), texts)
        if tag is not None:
            texts.append(tag[0])
            _tag(image, *tag, caption, face.label)
    for face, rect in faces:
        found = _panel_place(rect, result.labels, letters, (width, height), boxes, texts)
        if found is not None:
            texts.append(found[0])
            _bars(image, *found, face, result.labels)
    return image


def _rect(box: Box, width: int, mirror: bool) -> PixelRect:
    x = width - box.x - box.w if mirror else box.x
    return PixelRect(round(x), round(box.y), max(1, round(box.w)), max(1, round(box.h)))


def _bgr(label: str) -> tuple[int, int, int]:
    red, green, blue = color_of(label)
    return blue, green, red


def _caption(face: FaceResult, labels: Sequence[str]) -> str:
    """Id, label and the label's own probability, the strongest one where the label is `uncertain`."""
    share = float(face.smooth[labels.index(face.label)]) if face.label in labels else float(np.max(face.smooth))
    return f"#{face.track_id} {face.label} {share:.0%}"


def _outline(image: Image, rect: PixelRect, label: str, *, strong: bool) -> None:
    thin = max(1, round(min(image.shape[0], image.shape[1]) / 320))
    corner = (rect.x + rect.w - 1, rect.y + rect.h - 1)
    thick = thin * 2 if strong else thin
    cv2.rectangle(image, (rect.x, rect.y), corner, _PANEL_BGR, thick + 2, cv2.LINE_AA)
    cv2.rectangle(image, (rect.x, rect.y), corner, _bgr(label), thick, cv2.LINE_AA)


def _shade(image: Image, rect: PixelRect) -> None:
    part = image[rect.y : rect.y + rect.h, rect.x : rect.x + rect.w]
    dark = np.full_like(part, _PANEL_BGR)
    cv2.addWeighted(dark, _PANEL_OPACITY, part, 1 - _PANEL_OPACITY, 0, dst=part)


def _write(image: Image, text: str, left: int, base: int, letters: _Type) -> None:
    cv2.putText(image, text, (left, base), _FONT, letters.scale, _TEXT_BGR, letters.weight, cv2.LINE_AA)


def _stripe(letters: _Type) -> int:
    return max(2, letters.px // 4)


def _tag_place(
    box: PixelRect, text: str, letters: _Type, frame: tuple[int, int], texts: Sequence[PixelRect]
) -> tuple[PixelRect, _Type] | None:
    """Find a place and a font size for a face's tag, avoiding other texts if possible; None if none fits."""
    tried: list[tuple[int, PixelRect, _Type]] = []
    for px in range(letters.px, _MIN_TEXT_PX - 1, -1):
        smaller = _Type(px)
        size = (smaller.width(text) + 2 * smaller.pad + _stripe(smaller), smaller.line)
        for place in tag_places(box, size, frame):
            hidden = covered(place, texts)
            if not hidden:
                return place, smaller
            tried.append((hidden, place, smaller))
    return min(tried, key=lambda entry: entry[0])[1:] if tried else None


def _tag(image: Image, place: PixelRect, letters: _Type, text: str, label: str) -> None:
    """Write id and label after a stripe in the label's colour."""
    stripe = _stripe(letters)
    _shade(image, place)
    image[place.y : place.y + place.h, place.x : place.x + stripe] = _bgr(label)
    _write(image, text, place.x + stripe + letters.pad, place.y + (place.h + letters.px) // 2, letters)


def _columns(labels: Sequence[str], letters: _Type) -> tuple[int, int, int]:
    """Pixels of the longest name, of a full bar, and of `100%`."""
    return max(map(letters.width, labels)), letters.px * 6, letters.width("100%")


def _panel_place(
    box: PixelRect,
    labels: Sequence[str],
    letters: _Type,
    frame: tuple[int, int],
    boxes: Sequence[PixelRect],
    texts: Sequence[PixelRect],
) -> tuple[PixelRect, _Type] | None:
    """Find a place and a font size for a face's bars; None if none is readable.

    Text never overlaps text. A smaller font is preferred to covering a face; if a face must be covered, as little as
    possible.
    """
    free: list[tuple[int, PixelRect, _Type]] = []
    for px in range(max(_MIN_TEXT_PX, round(letters.px * 0.85)), _MIN_TEXT_PX - 1, -1):
        smaller = _Type(px)
        size = (sum(_columns(labels, smaller)) + 4 * smaller.pad, smaller.line * len(labels) + smaller.pad)
        for place in panel_places(box, size, frame, gap=smaller.pad, tag=letters.line):
            if not covered(place, texts):
                hidden = covered(place, boxes)
                if not hidden:
                    return place, smaller
                free.append((hidden, place, smaller))
    return min(free, key=lambda entry: entry[0])[1:] if free else None


def _bars(image: Image, place: PixelRect, letters: _Type, face: FaceResult, labels: Sequence[str]) -> None:
    """Draw one bar for each emotion, with its name before and its share after it."""
    names, bar, _ = _columns(labels, letters)
    _shade(image, place)
    for row, (name, share) in enumerate(zip(labels, face.smooth, strict=True)):
        base = place.y + letters.pad // 2 + row * letters.line + (letters.line + letters.px) // 2
        left = place.x + letters.pad
        _write(image, name, left, base, letters)
        left += names + letters.pad
        filled = round(bar * float(np.clip(share, 0, 1)))
        cv2.rectangle(image, (left, base - letters.px), (left + bar, base), (70, 66, 64), cv2.FILLED)
        if filled:
            cv2.rectangle(image, (left, base - letters.px), (left + filled, base), _bgr(name), cv2.FILLED)
        number = f"{share:.0%}"
        _write(image, number, place.x + place.w - letters.pad - letters.width(number), base, letters)
