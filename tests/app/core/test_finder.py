"""The search on synthetic scenes: bright squares, and a fake looker with the resolution of a 128x128 network."""

import csv
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.core.finder import Expected, Finder
from app.core.pipeline import Pipeline
from app.core.types import Box, Frame

SIZE = (1280, 720)

ROOM = np.uint8(80)
"""Gray level of the background, too dark for the fakes to find."""


def frame(fakes: ModuleType, time_s: float, *squares: tuple[int, int, int], still: bool = False) -> Frame:
    return Frame(0, time_s, fakes.picture(*squares, size=SIZE), still=still)


@settings(max_examples=15)
@example(side=87, across=-41.0, down=0.0, fps=60)  # the edge of a tile cuts off a sliver
@given(
    side=st.integers(60, 300),
    across=st.floats(-250, 250),
    down=st.floats(-150, 150),
    fps=st.sampled_from([12, 25, 60]),
)
def test_a_face_that_moves_is_never_lost(fakes: ModuleType, side: int, across: float, down: float, fps: int) -> None:
    """Side in pixels, speed in pixels per second; the face reverses at the edges."""
    pipeline = Pipeline(fakes.FakeLooker(), fakes.FakeClassifier())
    x, y = 500.0, 300.0
    for number in range(fps):
        place = round(x), round(y), side
        # A gray background: on black, one more pixel in the box would change the appearance of the face.
        image = np.maximum(fakes.picture(place, size=SIZE), ROOM)
        located = pipeline.find(Frame(number, number / fps, image))
        (face,) = located.faces
        assert face.track_id == 0
        assert face.box.center == pytest.approx((place[0] + side / 2, place[1] + side / 2), abs=0.12 * side)
        across = -across if not 0 <= x + across / fps <= SIZE[0] - side else across
        down = -down if not 0 <= y + down / fps <= SIZE[1] - side else down
        x, y = x + across / fps, y + down / fps


@pytest.mark.parametrize("fps", [5, 30, 60])
def test_a_small_face_that_comes_is_found_within_a_second(fakes: ModuleType, fps: int) -> None:
    finder = Finder(fakes.FakeLooker())
    found_s = None
    for number in range(2 * fps):
        faces = finder.find(frame(fakes, number / fps, *([(911, 533, 26)] if number >= fps else [])))
        if faces and found_s is None:
            found_s = number / fps - 1
    assert found_s is not None and found_s <= 1.0 + 1 / fps


def test_a_crowd_is_found_in_one_picture(fakes: ModuleType) -> None:
    places = [(40 + 120 * column, 30 + 110 * row, 24 + 3 * row) for column in range(10) for row in range(6)]
    found = Finder(fakes.FakeLooker()).find(frame(fakes, 0.0, *places, still=True))
    assert len(found) == len(places)


def test_what_looks_like_a_face_from_afar_only_is_none(fakes: ModuleType) -> None:
    near_sighted = fakes.FakeLooker(largest=0.3)  # a close look is twice as wide as the face, which fills half of it
    small = (600, 300, 30)
    assert Finder(fakes.FakeLooker()).find(frame(fakes, 0.0, small, still=True))
    assert not Finder(near_sighted).find(frame(fakes, 0.0, small, still=True))


def test_a_known_face_costs_one_look_a_frame_and_a_still_one_hardly_any(fakes: ModuleType) -> None:
    for speed, most in ((4, 45), (0, 5)):
        looker = fakes.FakeLooker()
        finder, box = Finder(looker), Box(300, 200, 100, 100)
        for number in range(31):
            (found,) = finder.find(
                frame(fakes, number / 30, (300 + speed * number, 200, 100)), [Expected(0, box, 0.0, 1 / 30)]
            )
            box = found.box
            if number == 0:
                looker.views = 0
        assert looker.views <= most


def test_whoever_jumps_is_found_in_the_same_picture(fakes: ModuleType) -> None:
    finder = Finder(fakes.FakeLooker())
    finder.find(frame(fakes, 0.0, (100, 100, 120)))
    expected = [Expected(0, Box(100, 100, 120, 120), 0.0, 0.03)]
    (found,) = finder.find(frame(fakes, 0.03, (800, 500, 120)), expected)
    assert found.box.center == pytest.approx((860, 560), abs=15)


@pytest.mark.parametrize("step_s", [0.6, 2.0, -1.0])
def test_pictures_far_apart_are_searched_whole(fakes: ModuleType, step_s: float) -> None:
    looker = fakes.FakeLooker()
    finder = Finder(looker)
    finder.find(frame(fakes, 5.0))
    views, looker.views = looker.views, 0
    finder.find(frame(fakes, 5.0 + step_s))
    assert looker.views == views


def test_a_detector_that_cannot_look_searches_every_picture(fakes: ModuleType) -> None:
    detector = fakes.FakeDetector()
    finder = Finder(detector)
    for number in range(5):
        assert len(finder.find(frame(fakes, number / 30, (50, 60, 70)))) == 1
    assert detector.calls == 5


def test_a_crowd_of_photos(shared: Path, blazeface: Path) -> None:
    """Of 50 photos pasted at 40 to 90 pixels into one frame of 1920x1080, at least 47 are found."""
    from app.detectors.blazeface import BlazeFaceDetector

    with (shared / "data" / "photos" / "labels.csv").open(newline="") as file:
        names = [row["image"] for row in csv.DictReader(file)]
    rng = np.random.default_rng(3)
    image = cv2.GaussianBlur(rng.integers(60, 140, (1080, 1920, 3), dtype=np.uint8), (0, 0), 25)
    places = []
    for number, row in enumerate(rng.permutation(len(names))[:50]):
        side = int(rng.integers(40, 91))
        x, y = 190 * (number % 10) + int(rng.integers(0, 100)), 215 * (number // 10) + int(rng.integers(0, 120))
        photo = cv2.imread(str(shared / "data" / "photos" / "images" / names[row]))
        image[y : y + side, x : x + side] = cv2.resize(photo, (side, side), interpolation=cv2.INTER_AREA)
        places.append((x, y, side))
    detector = BlazeFaceDetector(blazeface)
    centres = [found.box.center for found in detector.detect(image)]
    detector.close()
    hits = sum(any(x < cx < x + side and y < cy < y + side for cx, cy in centres) for x, y, side in places)
    assert hits >= 47
