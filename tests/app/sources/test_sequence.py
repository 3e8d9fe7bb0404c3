from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.sources.folder import PictureFolder
from app.sources.sequence import is_recording

SIZE = (320, 240)


def store(path: Path, image: np.ndarray, taken_s: float | None = None) -> Path:
    """Write a picture with its capture time in EXIF."""
    data = cv2.imencode(path.suffix, image)[1].tobytes()
    if taken_s is not None:
        assert data.startswith(b"\xff\xd8")
        minutes, seconds = divmod(round(taken_s), 60)
        entry = f"2024:05:01 {10 + minutes // 60:02}:{minutes % 60:02}:{seconds:02}".encode() + b"\0"
        # A TIFF directory with one entry, DateTime, after the file's first marker.
        exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x32\x01\x02\0\x14\0\0\0\x1a\0\0\0\0\0\0\0" + entry
        data = data[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + data[2:]
    path.write_bytes(data)
    return path


def scene(seed: int, *, noise: float = 0.0, details: int = 40) -> np.ndarray:
    """A unique picture for each seed, with large and small shapes, and noise of so many gray levels."""
    random = np.random.default_rng(seed)
    large = cv2.resize(random.integers(0, 256, (6, 8, 3), dtype=np.uint8), SIZE).astype(float)
    small = cv2.resize(random.integers(-details, details + 1, (48, 64, 3)).astype(float), SIZE)
    return np.clip(large + small + noise * np.random.default_rng().normal(size=large.shape), 0, 255).astype(np.uint8)


def portrait(seed: int) -> np.ndarray:
    """The head of another person, cropped like all others: same background, same position."""
    random = np.random.default_rng(seed)
    image = np.full((240, 320, 3), 200, np.uint8)
    shade = int(random.integers(70, 130))
    cv2.ellipse(image, (160, 130), (int(random.integers(62, 78)), 95), 0, 0, 360, (shade, shade + 10, shade + 20), -1)
    features = cv2.resize(random.integers(-60, 60, (16, 12, 3)).astype(float), (120, 160))
    image[50:210, 100:220] = np.clip(image[50:210, 100:220] + features, 0, 255).astype(np.uint8)
    return image


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., list[Path]]:
    """Stores pictures in a new folder, by default as 0.png, 1.png, and returns their paths."""

    def make(images: Sequence[np.ndarray], pattern: str = "{}.png", taken_s: Sequence[float] = ()) -> list[Path]:
        place = tmp_path / f"folder{len(list(tmp_path.iterdir()))}"
        place.mkdir()
        times = taken_s or [None] * len(images)
        return [
            store(place / pattern.format(i), image, time_s)
            for i, (image, time_s) in enumerate(zip(images, times, strict=True))
        ]

    return make


Folder = Callable[..., list[Path]]

STILLS = {
    "photos": [scene(i) for i in range(7)],
    "a burst, then photos": [scene(0), scene(0, noise=9), *(scene(i) for i in range(2, 9))],
    "sizes": [scene(0)[: 240 - i] for i in range(3)],
    "one": [scene(0)],
    "portraits": [portrait(i) for i in range(79)],
}
RECORDINGS = {
    "moving": [np.roll(scene(0), 3 * i, axis=1) for i in range(40)],
    "noise": [scene(0, noise=9) for _ in range(3)],
    "from black": [(scene(0, noise=2) * (i / 9)).astype(np.uint8) for i in range(10)],
    "a cut": [scene(i // 6, noise=4) for i in range(12)],
    "black": [np.zeros((24, 32, 3), np.uint8)] * 2,
    "a still camera": [scene(0, noise=4) for _ in range(20)],
}


@pytest.mark.parametrize("name", STILLS)
def test_photos_stand_alone_unless_a_rate_is_given(folder: Folder, name: str) -> None:
    paths = folder(STILLS[name])
    assert {frame.still for frame in PictureFolder(paths[0].parent)} == {True}
    with PictureFolder(paths[0].parent, fps=25) as source:
        frames = list(source)
    assert {frame.still for frame in frames} == {False}
    for frame, image in zip(frames, STILLS[name], strict=True):
        np.testing.assert_array_equal(frame.image, image)


@pytest.mark.parametrize("name", RECORDINGS)
def test_frames_of_a_recording_do_not_unless_the_rate_is_0(folder: Folder, name: str) -> None:
    paths = folder(RECORDINGS[name])
    assert {frame.still for frame in PictureFolder(paths[0].parent)} == {False}
    assert {frame.still for frame in PictureFolder(paths[0].parent, fps=0)} == {True}


@pytest.mark.parametrize(
    ("pattern", "recorded"),
    [
        ("frame_{:04}.png", True),
        ("holiday-frame-{:03}.png", True),
        ("video{:03}.png", True),
        ("IMG_{:04}.png", False),
        ("person{:02}.png", False),
    ],
)
def test_names_that_speak_of_frames_count(folder: Folder, pattern: str, recorded: bool) -> None:
    """Portraits are globally similar, which is enough for frames."""
    assert is_recording(folder([portrait(i) for i in range(20)], pattern)) is recorded


def test_names_without_an_order_are_of_photos(folder: Folder) -> None:
    paths = folder(RECORDINGS["a still camera"])
    names = ("anna", "ben", "chris", "dora", "emil", "fay", "gus", "hal", "ida", "jo")
    named = [path.rename(path.with_name(f"{name}.png")) for path, name in zip(paths, names, strict=False)]
    assert not is_recording(named)


@pytest.mark.parametrize(
    ("taken_s", "recorded"),
    [
        ([60 * i for i in range(12)], True),  # a time-lapse series
        ([i // 3 for i in range(12)], True),  # a burst
        ([60 * i + 25 * (i % 3) ** 2 for i in range(12)], False),  # one person after another
        ([3600 - 60 * i for i in range(12)], False),  # not in name order
    ],
)
def test_the_times_at_which_they_were_taken_count(folder: Folder, taken_s: list[float], recorded: bool) -> None:
    assert is_recording(folder([portrait(i) for i in range(12)], "IMG_{:04}.jpg", taken_s)) is recorded
    assert not is_recording(folder([scene(i) for i in range(12)], "IMG_{:04}.jpg", taken_s))
