"""Faces are shown once verified, and as long as verification succeeds."""

from types import ModuleType

import pytest

from app.core.pipeline import Pipeline
from app.core.tracker import Tracker
from app.core.types import Box, Detection, Frame


def run(fakes: ModuleType, verifier: object, seconds: float, fps: float, *, score: float = 0.9) -> list[list[int]]:
    pipeline = Pipeline(fakes.FakeDetector(score=score), fakes.FakeClassifier(), verifier)
    image = fakes.picture((40, 40, 40))
    return [
        [face.track_id for face in pipeline.find(Frame(n, n / fps, image)).faces] for n in range(round(seconds * fps))
    ]


def test_who_is_verified_is_shown_at_once(fakes: ModuleType) -> None:
    assert run(fakes, fakes.FakeVerifier(), 0.5, 30) == [[0]] * 15


def test_who_is_not_is_never_shown_and_gets_no_id(fakes: ModuleType) -> None:
    verifier = fakes.FakeVerifier(border=100)
    assert run(fakes, verifier, 3, 30) == [[]] * 90
    pipeline = Pipeline(fakes.FakeDetector(), fakes.FakeClassifier(), verifier)
    pipeline.find(Frame(0, 0.0, fakes.picture((10, 40, 40))))
    (face,) = pipeline.find(Frame(1, 1 / 30, fakes.picture((10, 10, 40), (110, 60, 40)))).faces
    assert face.track_id == 0


@pytest.mark.parametrize("fps", [5, 30, 100])
def test_it_is_repeated_about_once_a_second_whatever_the_rate(fakes: ModuleType, fps: float) -> None:
    verifier = fakes.FakeVerifier()
    run(fakes, verifier, 5, fps)
    assert sum(verifier.asked) == pytest.approx(5, abs=1)


@pytest.mark.parametrize("fps", [10, 30, 100])
def test_what_is_none_is_not_asked_about_at_every_frame(fakes: ModuleType, fps: float) -> None:
    verifier = fakes.FakeVerifier(border=100)
    run(fakes, verifier, 5, fps)
    assert 3 <= sum(verifier.asked) <= 9


def test_who_fails_twice_is_hidden_and_comes_back_as_the_same(fakes: ModuleType) -> None:
    verifier = fakes.FakeVerifier()
    pipeline = Pipeline(fakes.FakeDetector(), fakes.FakeClassifier(), verifier)
    shown = {}
    for number in range(180):
        time_s = number / 30
        verifier.border = 100 if 0.5 < time_s < 3.0 else 0
        shown[time_s] = [
            face.track_id for face in pipeline.find(Frame(number, time_s, fakes.picture((40, 40, 40)))).faces
        ]
    assert shown[1.0] == [0]  # one failure is forgiven
    assert shown[2.0] == []
    assert shown[5.0] == [0]


def test_a_face_beside_what_was_none_is_another_one() -> None:
    nothing, face = Detection(Box(20, 40, 40, 40), 0.9), Detection(Box(64, 40, 40, 40), 0.9)
    tracker = Tracker()
    for number in range(30):
        seen = [nothing] if number < 15 else []
        assert tracker.update(seen, number / 30, verify=lambda claims: [-3.0] * len(claims)) == ()
    (shown,) = tracker.update([face], 1.0, verify=lambda claims: [3.0] * len(claims))
    (expected,) = tracker.expected(1.0)
    assert (shown.box, expected.box, expected.key) == (face.box, face.box, 1)


def shown_at(margins: list[float], fps: float = 10.0) -> list[bool]:
    """Whether a still face is shown in each frame, given the margins of its successive verifications."""
    tracker, left = Tracker(), list(margins)
    seen = [Detection(Box(20, 40, 40, 40), 0.9)]
    shown = []
    while left:
        shown.append(bool(tracker.update(seen, len(shown) / fps, verify=lambda claims: [left.pop(0) for _ in claims])))
    return shown


def test_a_clear_face_is_shown_at_once_and_a_borderline_one_after_a_second_look() -> None:
    assert shown_at([2.0]) == [True]
    assert shown_at([0.6, 0.6]) == [False, False, False, True]


def test_one_lucky_look_among_many_shows_nothing() -> None:
    assert not any(shown_at([-2.0, -1.5, 1.0, -2.0, 0.5, -2.5, 1.2, -1.0]))


def test_a_face_that_turns_to_the_camera_is_believed_whatever_it_was_before() -> None:
    assert shown_at([-20.0, -20.0, -20.0, 3.0])[-1]


def test_pictures_that_stand_alone_show_the_verified(fakes: ModuleType) -> None:
    pipeline = Pipeline(fakes.FakeDetector(), fakes.FakeClassifier(), fakes.FakeVerifier(border=80))
    image = fakes.picture((10, 40, 30), (110, 40, 30))
    faces = pipeline.find(Frame(0, 0.0, image, still=True)).faces
    assert [face.box.x for face in faces] == [110]
