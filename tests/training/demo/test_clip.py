"""The demo clip: its ground truth follows the script, its faces are averages of many."""

import csv
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.emotions import FER2013, FERPLUS
from models.errors import InputError
from training.datasets.faceset import FaceSet
from training.demo.average_faces import SIDE, average_faces
from training.demo.clip import CAST, FPS, HEIGHT, SECONDS, WIDTH, frames

ASSETS = Path(__file__).resolve().parents[3] / "assets"


@pytest.fixture(scope="module")
def scripted() -> list[tuple[np.ndarray, list[tuple]]]:
    gray = {name: [np.full((SIDE, SIDE), 120, np.uint8)] * 2 for name in FER2013}
    return list(frames(gray))


def test_the_script_shows_every_expression_and_a_second_person(scripted: list[tuple[np.ndarray, list[tuple]]]) -> None:
    assert len(scripted) == FPS * SECONDS
    rows = [row for _, rows in scripted for row in rows]
    assert {row[1] for row in rows} == {*FER2013, ""}
    assert {row[0] for row in rows} == {person.name for person in CAST}
    assert any(len(rows) == 2 for _, rows in scripted)


def test_somebody_leaves_for_less_than_a_second_and_returns(scripted: list[tuple[np.ndarray, list[tuple]]]) -> None:
    present = [number for number, (_, rows) in enumerate(scripted) if any(row[0] == "a" for row in rows)]
    gaps = [after - before - 1 for before, after in pairwise(present) if after - before > 1]
    assert len(gaps) == 1
    assert 0 < gaps[0] / FPS < 1


def test_faces_are_where_the_truth_says(scripted: list[tuple[np.ndarray, list[tuple]]]) -> None:
    compared = 0
    for image, rows in scripted[::25]:
        assert image.shape == (HEIGHT, WIDTH, 3) and image.dtype == np.uint8
        for _, _, x, y, w, h in rows:
            if x >= 0 and x + w <= WIDTH:
                assert abs(int(image[y + h // 2, x + w // 2, 2]) - 120) <= 1
                compared += 1
    assert compared > 10


def test_the_shipped_truth_is_the_scripts(scripted: list[tuple[np.ndarray, list[tuple]]]) -> None:
    with (ASSETS / "demo.csv").open(newline="") as file:
        header, *shipped = csv.reader(file)
    assert header == ["frame", "person", "emotion", "x", "y", "w", "h"]
    assert shipped == [[str(n), *map(str, row)] for n, (_, rows) in enumerate(scripted) for row in rows]


def test_the_shipped_clip_has_the_promised_size() -> None:
    clip = ASSETS / "demo.mp4"
    assert clip.stat().st_size < 2_000_000
    capture = cv2.VideoCapture(str(clip))
    try:
        assert capture.get(cv2.CAP_PROP_FRAME_COUNT) == FPS * SECONDS
        assert (capture.get(cv2.CAP_PROP_FRAME_WIDTH), capture.get(cv2.CAP_PROP_FRAME_HEIGHT)) == (WIDTH, HEIGHT)
    finally:
        capture.release()


def crowd(count: int) -> FaceSet:
    """Blobs that differ slightly in position and brightness; label and votes agree on happiness."""
    rng = np.random.default_rng(4)
    images = rng.integers(0, 90, (count, 48, 48)).astype(np.uint8)
    for image in images:
        x, y = rng.integers(-2, 3, 2)
        shade = int(rng.integers(150, 220))
        for dx in (-8, 8):
            cv2.circle(image, (int(24 + dx + x), int(18 + y)), int(rng.integers(2, 5)), shade, -1)
        cv2.ellipse(image, (int(24 + x), int(34 + y)), (int(rng.integers(6, 11)), 3), 0, 0, 180, shade, 2)
    votes = np.zeros((count, 10), np.uint8)
    votes[:, FERPLUS.index("happiness")] = 10
    emotion = np.full(count, FER2013.index("happiness"), np.int8)
    return FaceSet(images[..., None], emotion, np.array(["Training"] * count), votes)


def test_an_average_is_smooth_symmetric_and_none_of_its_pictures() -> None:
    faces = crowd(80)
    (face,) = average_faces(faces, "happiness", 1, crowd=60)
    assert face.shape == (SIDE, SIDE) and face.dtype == np.uint8
    assert np.abs(face.astype(int) - face[:, ::-1]).mean() < 6
    small = cv2.resize(face, (48, 48), interpolation=cv2.INTER_AREA).astype(float)
    closest = max(np.corrcoef(small.ravel(), image.ravel())[0, 1] for image in faces.images[..., 0])
    assert closest < 0.97
    eyes, cheek = small[18, [16, 32]].mean(), small[26, 24]
    assert eyes > cheek + 60


def test_too_small_a_crowd_is_refused() -> None:
    with pytest.raises(InputError, match="happiness"):
        average_faces(crowd(40), "happiness", 1)
    with pytest.raises(InputError, match="fear"):
        average_faces(crowd(70), "fear", 1)


def test_nobody_counts_twice() -> None:
    faces = crowd(70)
    repeated = FaceSet(np.repeat(faces.images[:35], 2, axis=0), faces.emotion, faces.usage, faces.votes)
    with pytest.raises(InputError, match="happiness"):
        average_faces(repeated, "happiness", 1)
