"""The contract of every detector. MediaPipe's library is tested in its sandbox, by test_mediapipe.py."""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.core.stages import Detector
from app.detectors import open_detector
from app.sources import demo_path, open_source
from models.detectors import DETECTORS, detector_kind


@pytest.fixture(params=[kind.name for kind in DETECTORS], scope="module")
def detector(request: pytest.FixtureRequest) -> Iterator[Detector]:
    kind = detector_kind(request.param)
    if kind.sends and not os.environ.get("MIMIK_CAGED"):
        pytest.skip(f"{kind.title} is opened in a cage only, by tests/privacy")
    model = request.getfixturevalue("blazeface") if kind.needs else None
    opened = open_detector(kind.name, model_file=model, fetch=False)
    yield opened
    opened.close()
    opened.close()


@pytest.fixture(scope="session")
def photo(shared: Path) -> np.ndarray:
    """A frontal face in the centre of 350x350 pixels."""
    image = cv2.imread(str(shared / "data" / "photos" / "images" / "Romano_Prodi_0004.jpg"))
    assert image is not None
    return image


def test_its_name_is_that_of_its_row(detector: Detector, request: pytest.FixtureRequest) -> None:
    assert detector.name == request.node.callspec.params["detector"]


@pytest.mark.parametrize(
    "shape", [(1, 1), (2, 16000), (16000, 2), (1, 700), (23, 23), (120, 160), (720, 1280), (1280, 720), (2160, 3840)]
)
@pytest.mark.parametrize("level", [0, 128, 255])
def test_any_size_is_searched_and_emptiness_has_no_face(detector: Detector, shape: tuple[int, int], level: int) -> None:
    assert detector.detect(np.full((*shape, 3), level, np.uint8)) == ()


def test_results_are_well_formed(detector: Detector) -> None:
    noise = np.random.default_rng(3).integers(0, 255, (300, 500, 3), dtype=np.uint8)
    with open_source(str(demo_path())) as demo:
        pictures = [noise, *(frame.image for frame in itertools.islice(demo, 0, 60, 20))]
    found = [one for picture in pictures for one in detector.detect(picture)]
    assert found
    for one in found:
        assert 0 <= one.score <= 1
        assert one.box.w > 0 and one.box.h > 0


@pytest.mark.parametrize(("factor", "columns"), [(1.0, 350), (0.5, 175), (4.0, 1400), (1.0, 900)])
def test_a_real_face_is_found_where_it_is(detector: Detector, photo: np.ndarray, factor: float, columns: int) -> None:
    """At its own size, smaller, much larger, and at the right edge of a wide gray frame."""
    image = cv2.resize(photo, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    shift = columns - image.shape[1]
    image = cv2.copyMakeBorder(image, 0, 0, shift, 0, cv2.BORDER_CONSTANT, value=(110, 110, 110))
    before = image.copy()
    found = detector.detect(image)
    assert len(found) == 1
    x, y = found[0].box.center
    assert x - shift == pytest.approx(175 * factor, abs=45 * factor)
    assert y == pytest.approx(190 * factor, abs=50 * factor)
    assert 0.5 * 350 * factor < found[0].box.w < 350 * factor
    assert 0.5 < found[0].score <= 1
    assert np.array_equal(image, before)


def test_a_gray_face_is_a_face(detector: Detector, photo: np.ndarray) -> None:
    gray = cv2.cvtColor(cv2.cvtColor(photo, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    assert len(detector.detect(gray)) == 1


def test_a_read_only_picture_will_do(detector: Detector, photo: np.ndarray) -> None:
    frozen = photo.copy()
    frozen.flags.writeable = False
    assert len(detector.detect(frozen)) == 1


def test_it_keeps_no_memory(detector: Detector, photo: np.ndarray) -> None:
    first = detector.detect(photo)
    assert detector.detect(np.zeros((480, 640, 3), np.uint8)) == ()
    assert [found.box for found in detector.detect(photo)] == [found.box for found in first]


def test_several_faces_come_strongest_first(detector: Detector, photo: np.ndarray) -> None:
    smaller = cv2.resize(photo, (200, 200), interpolation=cv2.INTER_AREA)
    image = np.full((400, 1000, 3), 110, np.uint8)
    image[20:370, 20:370] = photo
    image[100:300, 700:900] = smaller
    found = detector.detect(image)
    assert sorted(one.box.center[0] for one in found) == pytest.approx([195, 800], abs=50)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


FRESH = """
import sys
from app.detectors import open_detector
name, model = sys.argv[1:]
detector = open_detector(name, model_file=model or None, fetch=False, notify=lambda _: None)
assert detector.name == name
foreign = {{"tensorflow", "keras", "PySide6", "mediapipe"}} - {{name}}
assert not foreign & sys.modules.keys(), foreign & sys.modules.keys()
{end}
"""


@pytest.fixture
def run_fresh(detector: Detector, request: pytest.FixtureRequest) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Open the same detector in a new process, and run more code there."""

    def run(end: str) -> subprocess.CompletedProcess[str]:
        model = str(request.getfixturevalue("blazeface")) if detector_kind(detector.name).needs else ""
        command = [sys.executable, "-c", FRESH.format(end=end), detector.name, model]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    return run


@pytest.mark.parametrize("end", ["detector.close()", "print('left open')"])
def test_it_takes_in_no_other_library_and_leaves_in_silence(run_fresh, end: str) -> None:
    done = run_fresh(end)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_installed_tensorflow_stays_importable(run_fresh) -> None:
    done = run_fresh("import importlib.util; importlib.util.find_spec('tensorflow')")
    assert (done.returncode, done.stderr) == (0, "")
