"""A real window with fakes, offscreen: what it shows, and that it never blocks."""

import threading
import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QToolButton

from app.player.messages import CameraEntry, Choice
from app.ui.preferences import Preferences
from app.ui.window import MainWindow
from models.errors import InputError

Open = Callable[..., MainWindow]
WAIT_MS = 20_000


def shown(window: MainWindow) -> bool:
    return window.picture.result is not None


def press(window: MainWindow, button: str) -> None:
    buttons = [b for banner in window.banners.shown.values() for b in banner.buttons if b.text() == button]
    assert buttons, f"no button {button!r}"
    buttons[0].click()


def test_it_is_on_the_screen_before_anything_is_loaded(qtbot, world, open_window: Open) -> None:
    world.load.clear()
    window = open_window()
    begun: list[bool] = []
    window.picture.painted.connect(lambda: begun.append(window.session is not None))
    qtbot.waitUntil(lambda: bool(begun), timeout=WAIT_MS)
    assert not begun[0]
    qtbot.waitUntil(lambda: window.picture.note[0] == "Loading model…", timeout=WAIT_MS)
    assert not world.classifiers
    world.load.set()
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)


def test_a_result_carries_its_own_frame(qtbot, open_window: Open) -> None:
    window = open_window()
    for _ in range(5):
        qtbot.waitUntil(lambda: shown(window) and bool(window.picture.result.faces), timeout=WAIT_MS)
        result = window.picture.result
        (face,) = result.faces
        # The square's position follows from the frame index; a box on another frame would be elsewhere.
        assert face.box.x == pytest.approx(2 * (result.frame.index % 50), abs=3)
        window.picture.drawn = None


def test_the_panel_and_the_status_bar_tell_what_is_seen(qtbot, open_window: Open) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: "fps" in window.readings.analysis.text(), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "ms" in window.readings.latency.text(), timeout=WAIT_MS)
    # The moving square jumps back after a while and then counts as another person.
    qtbot.waitUntil(lambda: window.picture.result is not None and bool(window.picture.result.faces), timeout=WAIT_MS)
    window.menus.pause.trigger()
    (card,) = (card for card in window.side.cards if card.isVisible())
    assert card.accessibleName() == f"Person #{window.picture.result.faces[0].track_id}"
    assert window.readings.detector.text() == "Detector: haar"
    assert window.readings.model.text() == "Model: fake"


def test_a_file_that_cannot_be_opened_is_told_and_the_window_goes_on(qtbot, world, open_window: Open) -> None:
    window = open_window("bad.mp4")
    qtbot.waitUntil(lambda: "source" in window.banners.shown, timeout=WAIT_MS)
    assert window.banners.shown["source"].sentence == "bad.mp4 is not a video; choose another file"
    assert window.isVisible()
    press(window, "Demo clip")
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    assert "source" not in window.banners.shown
    assert world.shown == ["bad.mp4", "demo"]


def test_a_source_that_breaks_off_keeps_its_last_frame(qtbot, world, fakes, open_window: Open) -> None:

    world.make_source = lambda spec: fakes.FakeSource(
        fakes.walk(5), error=InputError("cut.mp4 breaks off after 5 frames")
    )
    window = open_window("cut.mp4")
    qtbot.waitUntil(lambda: "source" in window.banners.shown, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: shown(window) and window.picture.result.frame.index == 4, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: window.picture.badge.text.startswith("END"), timeout=WAIT_MS)


def test_a_broken_model_is_told_and_another_can_be_taken(qtbot, world, open_window: Open) -> None:
    window = open_window("long", Choice("haar", model="broken"))
    qtbot.waitUntil(lambda: "source" in window.banners.shown, timeout=WAIT_MS)
    assert "model.tflite" in window.banners.shown["source"].sentence
    press(window, "Default model")
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)


def test_a_detector_that_cannot_be_had_is_told_and_haar_offered(qtbot, open_window: Open) -> None:
    window = open_window("long", Choice("blazeface"))
    qtbot.waitUntil(lambda: "source" in window.banners.shown, timeout=WAIT_MS)
    press(window, "Use Haar")
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)


def test_the_sentence_of_a_fallback_can_be_dismissed(qtbot, open_window: Open) -> None:
    window = open_window("long", Choice("auto"))
    qtbot.waitUntil(lambda: "detector" in window.banners.shown, timeout=WAIT_MS)
    (close,) = window.banners.shown["detector"].findChildren(QToolButton)
    close.click()
    assert not window.banners.shown


def test_a_fault_is_told_and_the_window_goes_on(qtbot, world, open_window: Open, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr("app.faults.log_fault", lambda error, arguments: tmp_path / "mimik.log")

    def broken(spec: str) -> None:
        raise RuntimeError(spec)

    world.make_source = broken
    window = open_window()
    qtbot.waitUntil(lambda: "source" in window.banners.shown, timeout=WAIT_MS)
    assert "mimik.log" in window.banners.shown["source"].sentence
    world.make_source = world.a_source
    press(window, "Try again")
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)


def test_without_a_source_the_first_camera_is_taken(qtbot, world, open_window: Open) -> None:
    world.cameras = (CameraEntry(2, "Front camera"), CameraEntry(4, "Microscope"))
    window = open_window(None)
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    assert world.shown == ["2"]
    assert window.windowTitle() == "Front camera – Mimik"
    listed = [action.text() for action in window.menus.file.actions()]
    assert [name for name in listed if name in ("Front camera", "Microscope")] == ["Front camera", "Microscope"]
    assert window.picture.mirrored


def test_without_a_camera_the_demo_is_shown_and_said(qtbot, world, open_window: Open) -> None:
    window = open_window(None)
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    assert world.shown == ["demo"]
    assert "demo clip" in window.banners.shown["source"].sentence
    assert not window.picture.mirrored


def test_switching_sources_keeps_the_model_and_closes_the_old_source(qtbot, world, open_window: Open) -> None:
    window = open_window("long")
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    window.show_source("dim")
    assert window.picture.result is None
    qtbot.waitUntil(lambda: world.shown == ["long", "dim"], timeout=WAIT_MS)
    window.show_source("0")
    qtbot.waitUntil(lambda: window.windowTitle() == "Camera 0 – Mimik" and shown(window), timeout=WAIT_MS)
    assert world.classifiers[0].closed == world.detectors[0].closed == 0
    # a source abandoned while opening is closed by its own thread, a moment later
    qtbot.waitUntil(lambda: all(source.closed.is_set() for source in world.sources[:-1]), timeout=WAIT_MS)


def test_a_source_that_hangs_while_opening_can_be_left(qtbot, world, open_window: Open) -> None:
    answers = threading.Event()
    given_up = []

    def hang(spec: str):
        made = world.a_source(spec)
        if spec == "hangs":
            given_up.append(made)
            answers.wait(30)
        return made

    world.make_source = hang
    window = open_window("hangs")
    qtbot.waitUntil(lambda: world.shown == ["hangs"], timeout=WAIT_MS)
    window.show_source("long")
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    answers.set()
    # the abandoned source is closed by the thread that opened it
    qtbot.waitUntil(lambda: all(source.closed.is_set() for source in given_up), timeout=WAIT_MS)
    assert len(given_up) == 1


def test_a_chosen_face_is_forgotten_when_ids_begin_anew(qtbot, world, open_window: Open, result_of) -> None:
    window = open_window("long", Choice("auto"))
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    two = result_of((0, 0, 20), (50, 50, 60))
    window.choose_face(0)
    assert window.following._large.of(two).track_id == 0
    window.menus.detector.actions()[2].trigger()
    assert window.following._large.of(two).track_id == 1, "the largest, not the one that had this id before"


def test_pause_holds_a_file_and_space_goes_on(qtbot, open_window: Open, hold) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    hold(window, 30)
    with qtbot.assertNotEmitted(window.picture.changed, wait=100):  # the duration of three frames
        assert window.picture.result.frame.index == 30
    assert window.picture.badge.text.startswith("PAUSED")
    window.menus.pause.trigger()
    qtbot.waitUntil(lambda: window.picture.result.frame.index > 30, timeout=WAIT_MS)
    assert window.menus.pause.shortcut().toString() == "Space"


def test_pause_keeps_the_last_frame_of_a_camera(qtbot, open_window: Open) -> None:
    window = open_window("0")
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    window.menus.pause.trigger()

    def let_pass(pictures: int) -> None:
        before = window.playback.player.counts()[1]
        qtbot.waitUntil(lambda: window.playback.player.counts()[1] >= before + pictures, timeout=WAIT_MS)

    let_pass(5)  # for the frame that was still being shown
    held = window.picture.result
    let_pass(10)
    assert window.picture.result is held
    window.menus.pause.trigger()
    qtbot.waitUntil(lambda: window.picture.result is not held, timeout=WAIT_MS)


def test_mirroring_is_remembered_for_each_kind_of_source(qtbot, preferences: Preferences, open_window: Open) -> None:
    preferences.keep_mirrors(False, live=True)
    window = open_window("long")
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    assert not window.picture.mirrored
    window.menus.mirror.trigger()
    assert window.picture.mirrored
    assert preferences.mirrors(live=False)
    assert not preferences.mirrors(live=True)


def test_at_its_end_a_file_stays_and_can_be_seen_again(qtbot, world, open_window: Open) -> None:
    window = open_window("short")
    qtbot.waitUntil(lambda: "end" in window.banners.shown, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: shown(window) and window.picture.result.frame.index == 7, timeout=WAIT_MS)
    press(window, "Replay")
    qtbot.waitUntil(lambda: window.picture.result.frame.index < 7, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "end" in window.banners.shown, timeout=WAIT_MS)


def test_the_demo_begins_again(qtbot, world, fakes, open_window: Open) -> None:
    world.make_source = lambda spec: fakes.FakeSource(fakes.walk(3))
    window = open_window("demo")
    qtbot.waitUntil(lambda: shown(window) and window.picture.result.frame.index == 2, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: window.picture.result.frame.index == 0, timeout=WAIT_MS)
    assert "end" not in window.banners.shown


def test_the_models_are_listed(qtbot, open_window: Open) -> None:
    window = open_window()
    window.menus.model.aboutToShow.emit()
    listed = {action.text(): action.isChecked() for action in window.menus.model.actions() if action.isCheckable()}
    assert listed == {"student": True, "tiny": False}


def test_closing_while_everything_runs_leaves_no_thread(
    qtbot, open_window: Open, threads_left: Callable[[], set[str]]
) -> None:
    window = open_window("0")
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    window.close()
    assert not window.isVisible()
    assert window.join(10)
    assert not {"session", "player", "analysis", "decode", "find", "sink window"} & threads_left()


def test_the_window_never_waits_for_a_slow_detector(qtbot, world, open_window: Open) -> None:
    world.detect_s = 2.0
    window = open_window()
    ticks: list[float] = []
    timer = QTimer(interval=10)
    timer.timeout.connect(lambda: ticks.append(time.monotonic()))
    timer.start()
    qtbot.waitUntil(lambda: shown(window) and bool(window.picture.result.faces), timeout=WAIT_MS)
    # Waiting for the detector even once would leave only a handful of ticks; even a busy machine leaves dozens.
    assert len(ticks) > 20
    began = time.monotonic()
    window.show_source("dim")
    window.close()
    assert time.monotonic() - began < world.detect_s / 2


def test_the_place_of_the_window_is_kept(qtbot, preferences: Preferences, open_window: Open) -> None:
    window = open_window()
    window.resize(1000, 640)
    window.close()
    assert preferences.geometry() is not None
    # Qt limits the width to the screen, so only the height is compared.
    assert open_window().height() == 640


def test_a_window_that_is_closed_at_once_starts_nothing(qtbot, world, open_window: Open, monkeypatch) -> None:
    begin, begun = MainWindow._begin, []
    monkeypatch.setattr(MainWindow, "_begin", lambda window: (begin(window), begun.append(window)))
    monkeypatch.setattr("app.ui.window.LATEST_START_MS", 1)
    window = open_window()
    window.close()
    qtbot.waitUntil(lambda: begun == [window], timeout=WAIT_MS)
    assert window.session is None
    assert not world.specs
