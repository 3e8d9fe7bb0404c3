import argparse
import importlib.metadata
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.commands import doctor
from app.options import Options


def parse(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    doctor.add_parser(parser.add_subparsers())
    return parser.parse_args(["doctor", *words])


def only(monkeypatch: pytest.MonkeyPatch, **probes: doctor.Probe) -> None:
    monkeypatch.setattr(doctor, "probes", lambda: probes)


def finding(name: str, options: Options | None = None) -> doctor.Finding:
    return doctor._find(name, doctor.probes()[name], options or Options())


def test_every_part_gets_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    args = parse()
    args.run(args)
    *lines, verdict = capsys.readouterr().out.splitlines()
    assert [line[:20].strip() for line in lines] == list(doctor.probes())
    assert all(line.split()[-1].endswith(".") for line in lines)
    assert verdict


@pytest.mark.parametrize(
    ("states", "code"), [(("ok", "ok"), 0), (("ok", "warning"), 0), (("warning", "problem"), 2), (("problem", "ok"), 2)]
)
def test_only_a_problem_fails(
    monkeypatch: pytest.MonkeyPatch, states: tuple[doctor.State, doctor.State], code: int
) -> None:
    first, second = states
    only(monkeypatch, first=lambda _: (first, "so."), second=lambda _: (second, "so."))
    assert doctor.run(parse()) == code


def test_a_probe_that_breaks_is_a_problem_on_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: Options) -> tuple[doctor.State, str]:
        raise RuntimeError("libsomething.so.1:\n  cannot open")

    only(monkeypatch, part=broken)
    assert doctor.run(parse()) == 2
    first, verdict = capsys.readouterr().out.splitlines()
    assert first.endswith("libsomething.so.1: cannot open.")
    assert verdict == "To be solved first: part."


def test_two_opencvs_are_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def installed(name: str) -> SimpleNamespace:
        return SimpleNamespace(metadata={"Name": name}, version="4.14.0")

    both = [installed("opencv_python_headless"), installed("opencv-contrib-python"), installed("numpy")]
    monkeypatch.setattr(doctor, "distributions", lambda: both)
    found = finding("OpenCV")
    assert found.state == "problem"
    assert "opencv-contrib-python and opencv-python-headless" in found.sentence


def test_there_is_one_opencv() -> None:
    assert list(doctor.installed_opencvs()) == ["opencv-contrib-python"]
    assert finding("OpenCV").state == "ok"


def test_an_opencv_without_cascades_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", SimpleNamespace(__version__="5.0.0"))
    found = finding("OpenCV")
    assert found.state == "problem"
    assert "CascadeClassifier" in found.sentence


@pytest.mark.skipif(sys.platform != "linux", reason="apt is Linux's")
@pytest.mark.parametrize(
    ("stderr", "reason"),
    [
        (
            "Traceback (most recent call last):\n  File ...\n"
            "ImportError: libEGL.so.1: cannot open shared object file: No such file or directory\n",
            "libEGL.so.1",
        ),
        (
            "qt.qpa.plugin: From 6.5.0, xcb-cursor0 or libxcb-cursor0 is needed to load the Qt xcb platform plugin.\n"
            "This application failed to start because no Qt platform plugin could be initialized.\n"
            "Available platform plugins are: xcb, offscreen.\n",
            "could be initialized",
        ),
        ("", "without a word"),
    ],
)
def test_a_broken_qt_names_its_reason_and_the_packages(stderr: str, reason: str) -> None:
    sentence = doctor.why_qt_fails(stderr)
    assert reason in sentence or "libxcb-cursor0 is needed" in sentence
    assert "apt-get install libegl1" in sentence
    assert "\n" not in sentence


def test_a_missing_qt_is_told_without_packages() -> None:
    sentence = doctor.why_qt_fails("ModuleNotFoundError: No module named 'PySide6'\n")
    assert "apt-get" not in sentence
    assert "PySide6" in sentence


def test_a_broken_qt_is_only_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_QT_PROBE", "raise ImportError('libGL.so.1: cannot open')")
    found = finding("Qt")
    assert found.state == "warning"
    assert "libGL.so.1" in found.sentence


def test_a_hanging_qt_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("python", 30)

    monkeypatch.setattr(doctor.subprocess, "run", hang)
    assert finding("Qt").state == "warning"


def test_qt_starts() -> None:
    assert finding("Qt").state == "ok"


def test_haar_always_works() -> None:
    assert finding("detector haar") == doctor.Finding("detector haar", "ok", "it needs no file.")


def test_blazeface_with_its_model(blazeface: Path) -> None:
    found = finding("detector blazeface", Options(detector_model=str(blazeface)))
    assert found.state == "ok"
    assert str(blazeface) in found.sentence


def test_blazeface_without_its_model_is_a_warning(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MIMIK_BLAZEFACE", raising=False)
    monkeypatch.setattr("app.detectors.fetch.cache_folder", lambda: tmp_path)
    assert finding("detector blazeface").state == "warning"
    assert finding("detector blazeface", Options(detector="blazeface")).state == "problem"


def test_a_named_model_that_is_missing_is_a_problem(tmp_path: Path) -> None:
    gone = tmp_path / "gone.tflite"
    found = finding("detector blazeface", Options(detector_model=str(gone)))
    assert found.state == "problem"
    assert "gone.tflite" in found.sentence


@pytest.mark.parametrize("installed", [False, True])
def test_a_library_that_sends_something_is_not_opened_unasked(monkeypatch: pytest.MonkeyPatch, installed: bool) -> None:
    monkeypatch.setattr(doctor, "find_spec", lambda name: object() if installed else None)
    monkeypatch.setattr(doctor, "version", lambda name: "9.8")
    monkeypatch.setattr("app.detectors.open._open", lambda *_: pytest.fail("it was opened"))
    found = finding("detector mediapipe")
    assert found.state == "ok"
    assert ("9.8 is installed and was not opened" if installed else "pip install '.[mediapipe]'") in found.sentence
    assert ("sends usage statistics to Google" in found.sentence) == installed


def test_a_library_that_is_demanded_and_missing_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.detectors.open.find_spec", lambda name: None)
    found = finding("detector mediapipe", Options(detector="mediapipe", detector_model="any.tflite"))
    assert found.state == "problem"
    assert "pip install -e '.[mediapipe]'" in found.sentence


def test_tensorflow_is_only_needed_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "find_spec", lambda name: None)
    assert finding("engine keras").state == "ok"
    assert "only needed for training" in finding("engine keras").sentence
    assert finding("engine keras", Options(engine="keras")).state == "problem"


def test_a_model_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    found = finding("model", Options(model=str(tmp_path / "nothing")))
    assert found.state == "problem"
    assert "nothing" in found.sentence


def test_where_nothing_can_be_heard_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.player.speaker import Device

    pytest.importorskip("miniaudio")
    monkeypatch.setattr("app.player.speaker.Device", lambda: Device("NULL"))
    assert finding("sound") == doctor.Finding("sound", "ok", "through Null.")
    monkeypatch.setitem(sys.modules, "miniaudio", None)
    monkeypatch.setattr("app.player.speaker.Device", Device)
    found = finding("sound")
    assert found.state == "warning"
    assert "miniaudio is not installed" in found.sentence


def test_no_camera_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.sources.camera.list_cameras", lambda: ())
    assert finding("cameras").state == "warning"
    cameras = (SimpleNamespace(index=0, name="Front"), SimpleNamespace(index=2, name="Desk"))
    monkeypatch.setattr("app.sources.camera.list_cameras", lambda: cameras)
    assert finding("cameras").sentence == "0 Front, 2 Desk."


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_no_display_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    assert finding("display").state == "warning"
    monkeypatch.setenv("DISPLAY", ":7")
    assert finding("display").sentence == "DISPLAY=:7."


def test_an_old_python_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.sys, "version_info", (3, 14, 0))
    assert doctor._python(Options())[0] == "problem"


def test_a_version_that_is_not_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_: str) -> str:
        raise importlib.metadata.PackageNotFoundError("keras")

    monkeypatch.setattr(doctor, "version", unknown)
    assert doctor._version("keras") == "of unknown version"


def test_it_loads_no_part_before_it_is_asked() -> None:
    parts = ["cv2", "numpy", "PySide6", "mediapipe", "tensorflow", "keras", "ai_edge_litert"]
    code = f"import sys, app.commands.doctor; print([p for p in {parts} if p in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
