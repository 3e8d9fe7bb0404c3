import csv
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.detectors.blazeface import BlazeFaceDetector, BlazeFaceNetwork
from models.errors import InputError


@pytest.mark.parametrize("turned", [False, True])
def test_a_large_face_keeps_its_box_wherever_it_stands(shared: Path, blazeface: Path, turned: bool) -> None:
    """Also at the boundary of two tiles, where both cut it."""
    photo = cv2.imread(str(shared / "data" / "photos" / "images" / "Romano_Prodi_0004.jpg"))
    photo = cv2.resize(photo, (360, 360), interpolation=cv2.INTER_AREA)
    detector = BlazeFaceDetector(blazeface)
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


def test_keypoints_begin_with_the_eyes_in_pixels(shared: Path, blazeface: Path) -> None:
    photo = cv2.imread(str(shared / "data" / "photos" / "images" / "Romano_Prodi_0004.jpg"))
    wide = cv2.copyMakeBorder(photo, 0, 0, 500, 0, cv2.BORDER_CONSTANT, value=(110, 110, 110))
    tall = cv2.copyMakeBorder(photo, 500, 0, 0, 0, cv2.BORDER_CONSTANT, value=(110, 110, 110))
    detector = BlazeFaceDetector(blazeface)
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
        (b"\x1c\0\0\0TFL3" + bytes(2000), "is no BlazeFace model"),
    ],
)
def test_what_is_no_model_is_refused_in_silence(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], content: bytes | None, reason: str
) -> None:
    path = tmp_path / "model.tflite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        BlazeFaceDetector(path)
    assert str(path) in str(caught.value) and reason in str(caught.value)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr().err == ""


def test_a_damaged_model_is_refused(tmp_path: Path, blazeface: Path) -> None:
    path = tmp_path / "half.tflite"
    path.write_bytes(blazeface.read_bytes()[:100_000])
    with pytest.raises(InputError, match=r"half\.tflite"):
        BlazeFaceDetector(path)


def test_a_network_of_another_kind_is_refused() -> None:
    other = Path(__file__).parents[3] / "models" / "student" / "model.tflite"
    if not other.is_file():
        pytest.skip("this tree has no trained model")
    with pytest.raises(InputError, match=r"is no BlazeFace model"):
        BlazeFaceDetector(other)


@pytest.mark.parametrize("count", [0, 1, 3, 4, 9])
def test_squares_together_are_as_squares_alone(shared: Path, blazeface: Path, count: int) -> None:
    paths = sorted((shared / "data" / "photos" / "images").iterdir())[:count]
    squares = np.zeros((count, 128, 128, 3), np.uint8)
    for square, path in zip(squares, paths, strict=True):
        square[:] = cv2.resize(cv2.imread(str(path)), (128, 128), interpolation=cv2.INTER_AREA)[..., ::-1]
    network = BlazeFaceNetwork(blazeface)
    together = network.faces(squares)
    assert len(together) == count
    assert count == 0 or any(together)
    for faces, square in zip(together, squares, strict=True):
        (alone,) = network.faces(square[np.newaxis])
        assert [face.score for face in faces] == pytest.approx([face.score for face in alone], abs=1e-5)
        for one, other in zip(faces, alone, strict=True):
            assert np.allclose(one.keypoints, other.keypoints, atol=1e-3)


def test_a_higher_threshold_keeps_the_strongest(shared: Path, blazeface: Path) -> None:
    photo = cv2.imread(str(shared / "data" / "photos" / "images" / "Romano_Prodi_0004.jpg"))
    square = cv2.resize(photo, (128, 128), interpolation=cv2.INTER_AREA)[np.newaxis, ..., ::-1]
    network = BlazeFaceNetwork(blazeface)
    ((face,),) = network.faces(square)
    assert [len(found) for found in network.faces(square, face.score - 0.01)] == [1]
    assert network.faces(square, min(1.0, face.score + 0.01)) == [()]


@pytest.mark.slow
def test_people_of_a_made_clip_are_found(shared: Path, blazeface: Path, tmp_path: Path) -> None:
    """Over 95 % of the people larger than 150 pixels in a tenth of the frames, and no false positives."""
    clip = tmp_path / "clip.mp4"
    subprocess.run([sys.executable, shared / "tools" / "make_clip.py", clip, "--seconds", "6"], check=True, timeout=120)
    truth: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    with clip.with_suffix(".csv").open(newline="") as file:
        for row in csv.DictReader(file):
            truth[int(row["frame"])].append((int(row["x"]), int(row["y"]), int(row["w"]), int(row["h"])))
    detector = BlazeFaceDetector(blazeface)
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
