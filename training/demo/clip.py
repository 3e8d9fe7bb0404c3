"""Builds the bundled demo clip: average faces that show nobody, with ground truth for every frame."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from training.datasets.faceset import FaceSet
from training.demo.average_faces import average_faces

WIDTH, HEIGHT, FPS, SECONDS = 640, 480, 25, 20
FADE_S = 0.6
UNDECIDED = (0.35, 0.65)
"""Range of the fade without ground truth: neither expression weighs more than 0.65."""


@dataclass(frozen=True, slots=True)
class Person:
    """One face of the clip.

    Attributes:
        name: In the truth table.
        cast: Index of the average face used for each expression.
        side: Of its picture, in pixels.
        expressions: (start in seconds, expression), in order.
        places: Keyframes (second, x, y) of the picture's upper left corner, interpolated smoothly.
    """

    name: str
    cast: int
    side: int
    expressions: tuple[tuple[float, str], ...]
    places: tuple[tuple[float, float, float], ...]


CAST = (
    Person(
        "a",
        0,
        240,
        (
            (0.0, "neutral"),
            (2.2, "happiness"),
            (4.8, "surprise"),
            (7.2, "anger"),
            (9.5, "sadness"),
            (12.3, "fear"),
            (13.7, "disgust"),
            (15.8, "happiness"),
            (18.2, "neutral"),
        ),
        (
            (0.0, 200, 110),
            (2.5, 290, 90),
            (5.0, 130, 130),
            (7.5, 80, 110),
            (8.7, 20, 110),
            (9.1, -260, 110),
            (9.4, -260, 110),
            (9.8, 20, 110),
            (12.0, 60, 140),
            (16.0, 40, 90),
            (18.5, 210, 120),
            (20.0, 230, 100),
        ),
    ),
    Person(
        "b",
        1,
        200,
        ((0.0, "happiness"), (14.4, "surprise")),
        ((11.4, 660, 140), (12.2, 400, 140), (14.0, 380, 180), (16.4, 410, 120), (17.4, 660, 120)),
    ),
)


Row = tuple[str, str, int, int, int, int]
"""Person, emotion, and the box x, y, w, h in pixels."""


def build_demo(faces: FaceSet, folder: Path) -> tuple[Path, Path]:
    """Write `demo.mp4` and `demo.csv` (`frame,person,emotion,x,y,w,h`) into a folder.

    A person counts as present while at least nine tenths of its picture are in the frame.

    Args:
        faces: FER2013 with votes; only Training rows are used.

    Returns:
        The two files.

    Raises:
        InputError: If an expression has too few pictures.
    """
    training = faces.split("Training")
    people = {name: max(p.cast for p in CAST if name in [e for _, e in p.expressions]) + 1 for name in _expressions()}
    cast = {name: average_faces(training, name, count) for name, count in people.items()}
    folder.mkdir(parents=True, exist_ok=True)
    clip, truth = folder / "demo.mp4", folder / "demo.csv"
    with av.open(str(clip), "w") as container, truth.open("w", newline="", encoding="utf-8") as file:
        stream = container.add_stream("libx264", rate=FPS, options={"crf": "20", "preset": "slow"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.time_base = Fraction(1, FPS)
        writer = csv.writer(file)
        writer.writerow(["frame", "person", "emotion", "x", "y", "w", "h"])
        for number, (image, rows) in enumerate(frames(cast)):
            writer.writerows([number, *row] for row in rows)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        container.mux(stream.encode())
    return clip, truth


def frames(cast: dict[str, list[NDArray[np.uint8]]]) -> Iterator[tuple[NDArray[np.uint8], list[Row]]]:
    """Each frame of the clip, BGR uint8 (480, 640, 3), and its truth rows `(person, emotion, x, y, w, h)`."""
    background = _background()
    for number in range(FPS * SECONDS):
        time_s = number / FPS
        image = background.copy()
        rows: list[Row] = []
        for person in CAST:
            place = _place(person, time_s)
            if place is None:
                continue
            face, emotion = _face(person, time_s, cast)
            x, y = place
            visible = _paste(image, face, x, y)
            if visible >= 0.9:
                rows.append((person.name, emotion, x, y, person.side, person.side))
        yield np.clip(np.rint(image), 0, 255).astype(np.uint8), rows


def _expressions() -> list[str]:
    return sorted({name for person in CAST for _, name in person.expressions})


def _place(person: Person, time_s: float) -> tuple[int, int] | None:
    """Upper left corner at a time, eased between the keyframes; None outside the person's time."""
    times = [t for t, _, _ in person.places]
    if not times[0] <= time_s <= times[-1]:
        return None
    after = min(int(np.searchsorted(times, time_s, side="right")), len(times) - 1)
    (t0, x0, y0), (t1, x1, y1) = person.places[after - 1], person.places[after]
    u = (time_s - t0) / (t1 - t0)
    u = u * u * (3 - 2 * u)
    return round(x0 + (x1 - x0) * u), round(y0 + (y1 - y0) * u)


def _face(person: Person, time_s: float, cast: dict[str, list[NDArray[np.uint8]]]) -> tuple[NDArray[np.float32], str]:
    """The face at a time, float32 gray of the person's size, and its expression, empty in the middle of a fade."""
    current = max(index for index, (start, _) in enumerate(person.expressions) if start <= time_s)
    start, name = person.expressions[current]
    previous = person.expressions[max(current - 1, 0)][1]
    weight = min((time_s - start) / FADE_S, 1.0) if current else 1.0
    side = (person.side, person.side)

    def picture(emotion: str) -> NDArray[np.float32]:
        return cv2.resize(cast[emotion][person.cast], side, interpolation=cv2.INTER_AREA).astype(np.float32)

    face = weight * picture(name) + (1 - weight) * picture(previous) if weight < 1 else picture(name)
    if UNDECIDED[0] <= weight <= UNDECIDED[1]:
        return face, ""
    return face, name if weight > 0.5 else previous


def _paste(image: NDArray[np.float32], face: NDArray[np.float32], x: int, y: int) -> float:
    """Blend a face into the picture, in place, with soft edges; returns its visible share, 0..1."""
    side = len(face)
    left, top, right, bottom = max(x, 0), max(y, 0), min(x + side, WIDTH), min(y + side, HEIGHT)
    if left >= right or top >= bottom:
        return 0.0
    part = slice(top - y, bottom - y), slice(left - x, right - x)
    warm = face[part][..., None] * np.array([0.86, 0.93, 1.0], np.float32)
    alpha = _rim(side)[part][..., None]
    image[top:bottom, left:right] += alpha * (warm - image[top:bottom, left:right])
    return (right - left) * (bottom - top) / side**2


def _rim(side: int) -> NDArray[np.float32]:
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / (side - 1) * 2 - 1
    distance = (np.abs(x) ** 4 + np.abs(y) ** 4) ** 0.25
    return np.asarray(np.clip((1 - distance) / 0.16, 0, 1), np.float32)


def _background() -> NDArray[np.float32]:
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    light = 1 - np.hypot((x - WIDTH * 0.4) / WIDTH, (y - HEIGHT * 0.35) / HEIGHT)
    return np.asarray(np.clip(light, 0, 1)[..., None] * np.array([96, 84, 74], np.float32) + 16, np.float32)
