"""Around the window: displays, Qt's environment, timings, settings, internal errors."""

import argparse
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QSettings

from app.__main__ import main
from app.player.messages import Choice
from app.player.parts import Openers
from app.ui.faults import catch_faults
from app.ui.main import prepare, run_window
from app.ui.preferences import Preferences
from app.ui.readings import Rate
from app.ui.timings import Timings, started_s
from app.ui.words import sentence_case, source_title
from models.errors import InputError

ROOT = Path(__file__).resolve().parents[3]


def test_qt_takes_no_reference_that_is_not_its_own() -> None:
    # PySide6 6.12.0 drops a reference to None in every call without a result; before Python 3.12 that ends the process
    # after some ten thousand calls, which is a minute of painting.
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        thing.setObjectName("x")
    assert sys.getrefcount(None) > before - 500


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux may have no display")
def test_no_display_is_told_with_the_way_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    options = argparse.Namespace(detector="auto", detector_model=None, engine="litert", model=None, fps=None)
    with pytest.raises(InputError, match="python -m app analyze demo --out results"):
        run_window(None, options)


def test_the_command_line_reaches_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str | None, Choice, Openers]] = []
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr("app.ui.application.start", lambda *given: calls.append(given) or 0)
    given = ["--fps", "25", "--detector", "auto", "--detector-model", "f", "--engine", "keras", "--model", "m"]
    assert main([*given, "dir"]) == 0
    assert main([]) == 0
    (source, choice, openers), (no_source, open_choice, usual) = calls
    assert (source, choice) == ("dir", Choice("auto", "f", "keras", "m"))
    assert (no_source, open_choice) == (None, Choice())
    asked: list[tuple[str, float | None]] = []
    monkeypatch.setattr("app.sources.open_source", lambda spec, fps: asked.append((spec, fps)))
    openers.source("a")
    usual.source("b")
    assert asked == [("a", 25.0), ("b", None)]


def test_what_opencv_tells_qt_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("QT_QPA_PLATFORM_PLUGIN_PATH", "/venv/cv2/qt/plugins")
    monkeypatch.setenv("QT_QPA_FONTDIR", "/home/me/fonts")
    prepare()
    assert "QT_QPA_PLATFORM_PLUGIN_PATH" not in os.environ
    assert os.environ["QT_QPA_FONTDIR"] == "/home/me/fonts"


def test_the_windows_modules_load_no_detector_and_no_network() -> None:
    code = (
        "import sys, app.ui.main, app.ui.application; "
        "print(sorted({'mediapipe', 'tensorflow', 'keras', 'ai_edge_litert'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_timings_note_the_first_paint_and_the_first_result(tmp_path: Path) -> None:
    worked: list[bool] = []
    timings = Timings(tmp_path / "times.json", started_s() - 1, worked.append)
    timings.painted(False)
    assert not worked
    timings.painted(True)
    timings.painted(True)
    times = json.loads((tmp_path / "times.json").read_text())
    assert 1 <= times["first_paint_s"] <= times["first_result_s"]
    assert worked == [True]


def test_timings_end_also_without_a_result(tmp_path: Path) -> None:
    worked: list[bool] = []
    timings = Timings(tmp_path / "times.json", started_s(), worked.append)
    timings.painted(False)
    timings.finish_without("film.mp4 is empty")
    assert json.loads((tmp_path / "times.json").read_text())["first_result_s"] is None
    assert worked == [False]


def test_the_start_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIMIK_STARTED", "1000.5")
    assert started_s() == 1000.5


def test_faults_in_any_thread_become_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    logged: list[BaseException] = []

    def log_fault(error: BaseException, arguments: object) -> Path:
        logged.append(error)
        return tmp_path / "mimik.log"

    monkeypatch.setattr("app.faults.log_fault", log_fault)
    told: list[str] = []
    restore = catch_faults(told.append)
    try:
        error = ValueError("in the window")
        sys.excepthook(ValueError, error, None)
        threading.excepthook(threading.ExceptHookArgs((KeyError, KeyError("beside it"), None, None)))
    finally:
        restore()
    assert [type(error) for error in logged] == [ValueError, KeyError]
    assert len(told) == 2
    assert all("mimik.log" in sentence for sentence in told)


def test_the_last_choice_fills_what_the_command_line_leaves_open(tmp_path: Path) -> None:
    path = str(tmp_path / "mimik.ini")
    chosen = Preferences(QSettings(path, QSettings.Format.IniFormat))
    chosen.keep_detector("haar")
    chosen.keep_model("tiny")
    kept = Preferences(QSettings(path, QSettings.Format.IniFormat))
    assert kept.choice(Choice()) == Choice("haar", model="tiny")
    assert kept.choice(Choice("blazeface", model="student")) == Choice("blazeface", model="student")
    assert kept.choice(Choice("auto")).detector == "auto"


@pytest.mark.parametrize("former", [None, "haar"])
def test_a_detector_that_sends_something_is_never_remembered(tmp_path: Path, former: str | None) -> None:
    """Nor is it restored from settings of version 0.1, which described `mediapipe` as sending nothing."""
    settings = QSettings(str(tmp_path / "mimik.ini"), QSettings.Format.IniFormat)
    settings.setValue("detector", "mediapipe")
    assert Preferences(settings).choice(Choice()) == Choice()
    settings.setValue("detector", former or "")
    Preferences(settings).keep_detector("mediapipe")
    assert Preferences(settings).choice(Choice()).detector == former
    assert Preferences(settings).choice(Choice("mediapipe")).detector == "mediapipe"


def test_flags_survive_the_settings_file(tmp_path: Path) -> None:
    path = str(tmp_path / "mimik.ini")
    settings = QSettings(path, QSettings.Format.IniFormat)
    preferences = Preferences(settings)
    preferences.keep_bars(False)
    preferences.keep_mirrors(True, live=False)
    preferences.keep_mirrors(False, live=True)
    settings.sync()
    again = Preferences(QSettings(path, QSettings.Format.IniFormat))
    assert not again.bars()
    assert again.mirrors(live=False)
    assert not again.mirrors(live=True)


def test_a_rate_forgets_and_starts_anew() -> None:
    rate = Rate(window_s=2.0)
    rates = [
        rate.update(count, at_s) for count, at_s in ((0, 0.0), (30, 1.0), (60, 2.0), (60, 3.0), (60, 4.0), (5, 5.0))
    ]
    assert rates == [0.0, 30.0, 30.0, 15.0, 0.0, 0.0]


def test_words() -> None:
    assert sentence_case("camera 0 is busy") == "Camera 0 is busy"
    assert sentence_case("a/b.mp4 is empty") == "a/b.mp4 is empty"
    assert source_title("rtsp://10.0.0.2/live", {}) == "rtsp://10.0.0.2/live"
    assert source_title("3", {}) == "Camera 3"
