import math
from collections.abc import Iterable
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.appearance import describe
from app.core.tracker import Tracker
from app.core.types import Box, Detection, Face

RATES = [5.0, 12.5, 30.0, 60.0]


def det(x: float, y: float = 100, size: float = 80, score: float = 0.9) -> Detection:
    """A detection given by its centre."""
    return Detection(Box(x - size / 2, y - size / 2, size, size), score)


def ids(faces: Iterable[Face]) -> list[int]:
    return [face.track_id for face in faces]


@pytest.mark.parametrize("fps", RATES)
def test_a_moving_person_keeps_the_id(fps: float) -> None:
    tracker = Tracker()
    for i in range(int(3 * fps)):
        assert ids(tracker.update([det(100 + 150 * i / fps)], i / fps)) == [0]


@pytest.mark.parametrize("fps", RATES)
@pytest.mark.parametrize("gap_y", [0, 30])
def test_two_people_crossing_keep_their_ids(fps: float, gap_y: float) -> None:
    tracker = Tracker()
    ids_of: dict[str, set[int]] = {"right": set(), "left": set()}
    for i in range(int(4 * fps)):
        t = i / fps
        right, left = det(100 + 150 * t), det(700 - 150 * t, 100 + gap_y)
        # When they are close together, the detector finds only one.
        seen = [right, left] if abs(right.box.x - left.box.x) > 40 or gap_y else [right]
        faces = tracker.update(seen if i % 2 else seen[::-1], t)
        for face in faces:
            ids_of["right" if face.box == right.box else "left"].add(face.track_id)
    assert len(ids_of["right"]) == len(ids_of["left"]) == 1
    assert ids_of["left"] != ids_of["right"]


@pytest.mark.parametrize("fps", RATES)
@pytest.mark.parametrize("away_s", [0.2, 0.6, 1.0])
def test_somebody_away_for_up_to_a_second_returns_as_the_same(fps: float, away_s: float) -> None:
    tracker = Tracker()
    for i in range(int(fps)):
        tracker.update([det(300)], i / fps)
    back_s = 1 + away_s
    for i in range(int(fps), int(back_s * fps)):
        assert tracker.update([], i / fps) == ()
    assert ids(tracker.update([det(310)], back_s)) == [0]


def test_somebody_who_walks_on_unseen_returns_as_the_same() -> None:
    tracker = Tracker()
    for i in range(30):
        tracker.update([det(100 + 6 * i)], i / 30)
    assert ids(tracker.update([det(100 + 6 * 54)], 54 / 30)) == [0]


def test_somebody_away_for_long_is_new() -> None:
    tracker = Tracker(keep_s=1.5)
    tracker.update([det(300)], 0.0)
    for time_s in (0.4, 0.8, 1.2):
        tracker.update([], time_s)
    assert ids(tracker.update([det(300)], 1.6)) == [1]


@pytest.mark.parametrize("period_s", [1.0, 2.0, 5.0])
@pytest.mark.parametrize("score", [0.9, 0.3])
def test_a_person_who_stays_is_one_person_at_slow_rates(period_s: float, score: float) -> None:
    tracker = Tracker()
    seen = [ids(tracker.update([det(300, score=score)], i * period_s)) for i in range(6)]
    assert seen == [[] if i == 0 and score < 0.5 else [0] for i in range(6)]


def test_a_single_gap_in_a_film_is_no_slow_rate() -> None:
    tracker = Tracker()
    for i in range(25):
        tracker.update([det(300)], i / 25)
    assert ids(tracker.update([det(300)], 21.0)) == [1]


def test_somebody_else_far_away_is_new_at_once() -> None:
    tracker = Tracker()
    for i in range(10):
        tracker.update([det(100)], i / 30)
    assert ids(tracker.update([det(600)], 10 / 30)) == [1]


def test_another_size_is_another_person() -> None:
    tracker = Tracker()
    tracker.update([det(300, size=200)], 0.0)
    assert ids(tracker.update([det(300, size=60)], 0.03)) == [1]


def test_a_strong_face_is_shown_at_once_and_a_weak_one_is_not() -> None:
    assert ids(Tracker().update([det(100, score=0.5)], 0.0)) == [0]
    assert Tracker().update([det(100, score=0.49)], 0.0) == ()


@pytest.mark.parametrize("fps", RATES)
def test_a_weak_face_is_shown_once_it_lasts(fps: float) -> None:
    tracker = Tracker(confirm_s=0.1)
    first = next(i for i in range(100) if tracker.update([det(100, score=0.35)], i / fps))
    assert first == max(math.ceil(0.1 * fps - 1e-9), 1)


def test_a_flash_is_never_shown() -> None:
    tracker = Tracker()
    shown = [tracker.update([det(100, score=0.4)] if i % 20 < 2 else [], i / 30) for i in range(200)]
    assert not any(shown)


def test_a_confirmed_face_may_become_weak() -> None:
    tracker = Tracker()
    tracker.update([det(100, score=0.8)], 0.0)
    assert ids(tracker.update([det(101, score=0.3)], 0.03)) == [0]


def test_nobody_is_followed_into_or_from_a_picture_that_stands_alone() -> None:
    tracker = Tracker()
    assert ids(tracker.update([det(100)], 5.0)) == [0]
    assert ids(tracker.introduce([det(100), det(300, score=0.2)])) == [1, 2]
    assert ids(tracker.introduce([det(100)])) == [3]
    assert ids(tracker.update([det(100)], 0.0)) == [4]


def test_time_that_jumps_back_starts_over() -> None:
    tracker = Tracker()
    tracker.update([det(100)], 60.0)
    assert ids(tracker.update([det(100)], 59.99)) == [0]
    assert ids(tracker.update([det(100)], 2.0)) == [1]


def test_boxes_without_area_are_ignored() -> None:
    bad = [Detection(Box(0, 0, 0, 5), 0.9), Detection(Box(math.nan, 0, 5, 5), 0.9)]
    assert Tracker().update(bad, 0.0) == ()


places = st.lists(
    st.builds(det, st.floats(0, 600), st.floats(0, 400), st.floats(10, 200), st.floats(0.3, 1)), max_size=6
)


@given(st.lists(places, max_size=15), st.floats(1 / 60, 0.2))
def test_any_input_gives_distinct_ids_and_boxes_of_detections(frames: list[list[Detection]], step_s: float) -> None:
    tracker = Tracker()
    known: set[int] = set()
    for i, detections in enumerate(frames):
        before = list(detections)
        faces = tracker.update(detections, i * step_s)
        assert detections == before
        assert len(set(ids(faces))) == len(faces)
        assert {face.box for face in faces} <= {d.box for d in detections}
        known |= set(ids(faces))
    assert known == set(range(len(known)))


def patch(seed: int) -> np.ndarray:
    cells = np.random.default_rng(seed).integers(0, 256, (5, 5, 3), dtype=np.uint8)
    return cells.repeat(16, 0).repeat(16, 1)


def show(*people: tuple[int, float, float]) -> np.ndarray:
    """People (seed, centre x, centre y) of 80x80 pixels; later ones cover earlier ones."""
    image = np.full((200, 800, 3), 90, np.uint8)
    for seed, x, y in people:
        left, top = round(x) - 40, round(y) - 40
        image[top : top + 80, left : left + 80] = patch(seed)
    return image


def test_another_person_in_the_same_place_after_a_cut_is_new() -> None:
    tracker = Tracker()
    for i in range(10):
        tracker.update([det(300)], i / 30, partial(describe, show((1, 300, 100))))
    faces = tracker.update([det(305)], 10 / 30, partial(describe, show((2, 305, 100))))
    assert ids(faces) == [1]


def test_a_slip_of_the_box_is_no_other_person() -> None:
    tracker = Tracker()
    look = partial(describe, show((1, 300, 100)))
    for i in range(10):
        tracker.update([det(300)], i / 30, look)
    assert ids(tracker.update([det(325)], 10 / 30, look)) == [0]
    assert ids(tracker.update([det(300)], 11 / 30, look)) == [0]


@pytest.mark.parametrize("fps", [10.0, 30.0])
def test_somebody_who_stops_behind_another_keeps_the_id(fps: float) -> None:
    """Positions alone cannot tell: both turn around where they meet, unseen."""
    tracker = Tracker()
    last: dict[int, int] = {}
    for i in range(int(3 * fps)):
        t = i / fps
        a, b = 400 - 200 * abs(t - 1.5) - 10, 400 + 200 * abs(t - 1.5) + 10
        hidden = abs(b - a) < 70
        image = show((2, b, 100), (1, a, 100))
        faces = tracker.update([det(a)] if hidden else [det(b), det(a)], t, partial(describe, image))
        for face in faces:
            person = 1 if abs(face.box.x + 40 - a) < 1 else 2
            assert last.setdefault(person, face.track_id) == face.track_id
    assert len(last) == 2


def blend(share: float) -> np.ndarray:
    """A person at (300, 100), blended with another one by `share`, 0..1."""
    return np.asarray((1 - share) * show((1, 300, 100)) + share * show((2, 300, 100)), np.uint8)


def test_somebody_alike_who_is_suddenly_elsewhere_is_new() -> None:
    """Nobody was near enough to cover the face, so it cannot have changed within a frame."""
    tracker = Tracker()
    for i in range(10):
        tracker.update([det(300)], i / 30, partial(describe, show((1, 300, 100))))
    other = np.roll(blend(0.55), 24, axis=1)
    assert ids(tracker.update([det(324)], 10 / 30, partial(describe, other))) == [1]


def test_a_face_may_change_slowly() -> None:
    tracker = Tracker()
    for i in range(60):
        look = partial(describe, blend(min(i / 50, 1.0)))
        assert ids(tracker.update([det(300)], i / 30, look)) == [0]


def test_one_box_on_a_mixture_of_two_people_is_nobodys() -> None:
    tracker = Tracker()
    for i in range(20):
        a, b = 360.0 - 4 * (19 - i), 400.0 + 4 * (19 - i)
        assert len(tracker.update([det(a), det(b)], i / 30, partial(describe, show((2, b, 100), (1, a, 100))))) == 2
    mixture = partial(describe, show((3, 380, 100)))
    assert tracker.update([det(380)], 20 / 30, mixture) == ()
    faces = tracker.update([det(360), det(400)], 21 / 30, partial(describe, show((2, 400, 100), (1, 360, 100))))
    assert ids(faces) == [0, 1]


def test_a_strange_box_in_the_place_of_somebody_covered_waits() -> None:
    tracker = Tracker()
    for i in range(20):
        a, b = 340.0 - 4 * (19 - i), 400.0 + 4 * (19 - i)
        tracker.update([det(a), det(b)], i / 30, partial(describe, show((2, b, 100), (1, a, 100))))
    odd = partial(describe, show((3, 410, 100), (1, 344, 100)))
    assert ids(tracker.update([det(344), det(430, score=0.9)], 20 / 30, odd)) == [0]
