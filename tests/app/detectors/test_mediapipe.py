import builtins
import csv
import itertools
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.core.types import Box, Detection
from app.detectors import mediapipe as room
from app.detectors.mediapipe import MediaPipeDetector, is_whole, suppress, tile_starts
from models.errors import InputError


@pytest.mark.parametrize(
    ("size", "starts"),
    [
        ((1280, 720), (0, 560)),
        ((720, 720), (0,)),
        ((640, 480), (0,)),
        ((1920, 816), (0, 552, 1104)),
        ((128, 60), (0,)),
        ((16000, 2), (0,)),
        ((1, 1), (0,)),
    ],
)
def test_tiles(size: tuple[int, int], starts: tuple[int, ...]) -> None:
    assert tile_starts(*size) == starts


@pytest.mark.parametrize("longer", range(300, 1100, 37))
def test_tiles_cover_the_picture_and_overlap(longer: int) -> None:
    starts = tile_starts(longer, 300)
    if len(starts) > 1:
        assert starts[0] == 0 and starts[-1] == longer - 300
        assert all(b - a <= 0.9 * 300 + 1 for a, b in itertools.pairwise(starts))


def box(x: float, y: float, side: float, score: float) -> Detection:
    return Detection(Box(x, y, side, side), score)


def test_one_face_seen_by_two_tiles_is_one() -> None:
    weak, strong = box(0, 0, 100, 0.4), box(10, 5, 100, 0.9)
    assert suppress([weak, strong]) == (strong,)


def test_the_rest_of_a_face_cut_by_a_tile_goes_with_it() -> None:
    whole, part = box(0, 0, 100, 0.9), box(50, 20, 45, 0.5)
    assert suppress([part, whole]) == (whole,)


def test_a_whole_face_goes_before_a_stronger_one_at_a_tiles_edge() -> None:
    whole, part = box(0, 0, 100, 0.4), box(25, 0, 100, 0.9)
    assert suppress([whole], cut=[part]) == (whole,)


def test_a_stronger_coarse_box_takes_the_place_from_a_tile_that_agrees() -> None:
    coarse, fine, shifted = box(0, 0, 100, 0.9), box(5, 0, 100, 0.6), box(40, 0, 100, 0.6)
    assert suppress([fine], [coarse]) == (box(5, 0, 100, 0.9),)
    assert suppress([shifted], [coarse]) == (coarse,)


def test_a_face_that_only_a_tiles_edge_shows_is_kept_in_order_of_score() -> None:
    whole, part = box(0, 0, 100, 0.4), box(300, 0, 100, 0.9)
    assert suppress([whole], cut=[part]) == (part, whole)


@pytest.mark.parametrize(
    ("x", "start", "whole"),
    [(0, 0, True), (600, 0, True), (615, 0, False), (565, 560, False), (580, 560, True), (1180, 560, True)],
)
def test_only_inner_edges_of_tiles_cut_faces(x: float, start: int, whole: bool) -> None:
    assert is_whole(box(x, 0, 100, 0.9).box, start, 720, 1280) is whole


@pytest.mark.parametrize("turned", [False, True])
def test_a_large_face_keeps_its_box_wherever_it_stands(shared: Path, blazeface: Path, turned: bool) -> None:
    """Also where two tiles meet and both cut it."""
    photo = cv2.imread(str(shared / "data" / "photos" / "images" / "Romano_Prodi_0004.jpg"))
    photo = cv2.resize(photo, (360, 360), interpolation=cv2.INTER_AREA)
    detector = MediaPipeDetector(blazeface)
    places = []
    try:
        for shift in range(0, 921, 40):
            high, wide = (1280, 720) if turned else (720, 1280)
            image = np.full((high, wide, 3), 110, np.uint8)
            left, top = (180, shift) if turned else (shift, 180)
            image[top : top + 360, left : left + 360] = photo
            (found,) = detector.detect(image)
            x, y = found.box.center
            places.append((x - left, y - top))
    finally:
        detector.close()
    assert np.ptp(places, axis=0).max() < 0.12 * 360


def test_neighbours_stay_apart() -> None:
    left, right = box(0, 0, 100, 0.5), box(80, 0, 100, 0.6)
    assert suppress([left, right]) == (right, left)


def test_keypoints_begin_with_the_eyes_in_pixels(shared: Path, blazeface: Path) -> None:
    photo = cv2.imread(str(shared / "data" / "photos" / "images" / "Romano_Prodi_0004.jpg"))
    wide = cv2.copyMakeBorder(photo, 0, 0, 500, 0, cv2.BORDER_CONSTANT, value=(110, 110, 110))
    tall = cv2.copyMakeBorder(photo, 500, 0, 0, 0, cv2.BORDER_CONSTANT, value=(110, 110, 110))
    detector = MediaPipeDetector(blazeface)
    try:
        for image, shift in ((photo, (0, 0)), (wide, (500, 0)), (tall, (0, 500))):
            (found,) = detector.detect(image)
            points = found.keypoints
            assert points is not None and points.shape == (6, 2) and points.dtype == np.float32
            right_eye, left_eye, nose, mouth = points[:4] - shift
            assert 100 < right_eye[1] < 220
            assert 80 < right_eye[0] < nose[0] < left_eye[0] < 270
            assert right_eye[1] < nose[1] < mouth[1] and left_eye[1] < nose[1]
    finally:
        detector.close()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read"),
        (b"", "is no TensorFlow Lite model"),
        (b"words", "is no TensorFlow Lite model"),
        (b"\x1c\0\0\0TFL3" + bytes(2000), "is no face detector"),
    ],
)
def test_what_is_no_model_is_refused_in_silence(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], content: bytes | None, reason: str
) -> None:
    path = tmp_path / "model.tflite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        MediaPipeDetector(path)
    assert str(path) in str(caught.value) and reason in str(caught.value)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr().err == ""


def test_a_damaged_model_is_refused(tmp_path: Path, blazeface: Path) -> None:
    path = tmp_path / "half.tflite"
    path.write_bytes(blazeface.read_bytes()[:100_000])
    with pytest.raises(InputError, match=r"half\.tflite"):
        MediaPipeDetector(path)


def test_a_machine_without_mediapipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model.tflite"
    path.write_bytes(b"\x1c\0\0\0TFL3")

    def missing(name: str) -> None:
        raise ImportError("libGLESv2.so.2: cannot open shared object file")

    monkeypatch.setattr(room.importlib, "import_module", missing)
    with pytest.raises(InputError, match=r"MediaPipe cannot be loaded \(libGLESv2.*--detector haar"):
        MediaPipeDetector(path)
    assert sys.modules.get("tensorflow", builtins) is not None  # the mask is off again


@pytest.mark.slow
def test_people_of_a_made_clip_are_found(shared: Path, blazeface: Path, tmp_path: Path) -> None:
    """Over 95 % of the persons larger than 150 pixels, in a tenth of the frames, and nobody where nobody is."""
    clip = tmp_path / "clip.mp4"
    subprocess.run([sys.executable, shared / "tools" / "make_clip.py", clip, "--seconds", "6"], check=True, timeout=120)
    truth: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    with clip.with_suffix(".csv").open(newline="") as file:
        for row in csv.DictReader(file):
            truth[int(row["frame"])].append((int(row["x"]), int(row["y"]), int(row["w"]), int(row["h"])))
    detector = MediaPipeDetector(blazeface)
    capture = cv2.VideoCapture(str(clip))
    found = wanted = false = 0
    for index in range(180):
        _, image = capture.read()
        if index % 5:
            continue
        centres = [detection.box.center for detection in detector.detect(image)]
        for x, y, w, h in truth[index]:
            if w > 150:
                wanted += 1
                found += any(abs(cx - x - w / 2) < 0.3 * w and abs(cy - y - h / 2) < 0.3 * h for cx, cy in centres)
        false += sum(not any(x < cx < x + w and y < cy < y + h for x, y, w, h in truth[index]) for cx, cy in centres)
    detector.close()
    capture.release()
    assert found > 0.95 * wanted
    assert false == 0
