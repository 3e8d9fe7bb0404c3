"""Every command, from the menu and by each of its shortcuts, in a window of `main()` with a clip of faces.

The commands come from the command table: one without a drive fails `test_every_command_has_a_drive`.
"""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from app.player.messages import CameraEntry
from app.sources import demo_path, open_source
from app.ui.history_page import HistoryPage
from app.ui.journal_page import JournalPage
from app.ui.keymap import COMMANDS, Command
from app.ui.settings_page import SettingsPage
from app.ui.sheet import KeySheet
from app.ui.welcome import Welcome
from app.ui.window import MainWindow
from models.bundle import DEFAULT, FOLDER
from tests.app.ui import drives
from tests.app.ui.desk import FPS, FRAMES, MIDDLE, Desk, Script
from tests.app.ui.drives import Drive

LAST, LIMIT_MS, WAIT_MS = FRAMES - 1, 60_000, 20_000

DRIVES: dict[str, Drive] = {
    "open_file": drives.then_back(drives.answers(lambda desk: desk.film, lambda desk: desk.shows(desk.film))),
    "open_folder": drives.then_back(drives.answers(lambda desk: desk.photos, lambda desk: desk.shows(desk.photos))),
    "open_address": drives.then_back(drives.types("rtsp://127.0.0.1:9/x", lambda desk: desk.failed("127.0.0.1:9/x"))),
    "demo": drives.then_back(drives.shows_demo),
    "snapshot": drives.snapshot,
    "record": drives.record,
    "note": drives.note,
    "history": drives.opens(HistoryPage),
    "export": drives.export,
    "journal": drives.opens(JournalPage),
    "settings": drives.opens(SettingsPage),
    "forget": drives.forget,
    "pause": drives.play_and_pause,
    "stop": drives.stop,
    "step_on": drives.moves(MIDDLE, MIDDLE + 1),
    "step_back": drives.moves(MIDDLE, MIDDLE - 1),
    "second_on": drives.moves(MIDDLE, MIDDLE + FPS),
    "second_back": drives.moves(MIDDLE, MIDDLE - FPS),
    "ten_on": drives.moves(MIDDLE, LAST),
    "ten_back": drives.moves(MIDDLE, 0),
    "to_start": drives.moves(MIDDLE, 0),
    "to_end": drives.moves(MIDDLE, LAST),
    "go_to": drives.goes_to,
    "faster": drives.changes_speed(1),
    "slower": drives.changes_speed(-1),
    "mark_in": drives.marks(start=True, end=False),
    "mark_out": drives.marks(start=False, end=True),
    "mark_none": drives.marks(start=False, end=False),
    "mute": drives.switches("mute", lambda window: window.preferences.muted()),
    "louder": drives.changes_volume(10),
    "quieter": drives.changes_volume(-10),
    "replay": drives.replay,
    "why": drives.why,
    "open_model": drives.answers(lambda _: FOLDER / DEFAULT, lambda desk: desk.reads_with(FOLDER / DEFAULT)),
    "mirror": drives.switches("mirror", lambda window: window.picture.mirrored),
    "bars": drives.switches("bars", lambda window: window.picture.bars),
    "timeline": drives.switches("timeline", drives.curves_shown),
    "sheet": drives.sheet,
    "zoom_in": drives.zooms(into=True),
    "zoom_out": drives.zooms(into=False),
    "full_screen": drives.switches("full_screen", MainWindow.isFullScreen),
    "keys": drives.opens(KeySheet),
    "welcome": drives.opens(Welcome),
    "quit": drives.quits,
}
"""In the order of the command table, except for the last one."""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first seconds of the demo clip, which shows no real person."""
    if not demo_path().is_file():
        pytest.skip("the demo clip is missing; build it with: python -m training demo")
    path = tmp_path_factory.mktemp("films") / "faces.mp4"
    with open_source("demo") as source:
        frames = [cv2.resize(frame.image, None, fx=0.5, fy=0.5) for frame in itertools.islice(source, FRAMES)]
    height, width = frames[0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), FPS, (width, height))
    for image in frames:
        writer.write(image)
    writer.release()
    return path


@pytest.fixture
def desk_of(film: Path, tmp_path: Path) -> Callable[[MainWindow], Desk]:
    photos, out = tmp_path / "photos", tmp_path / "out"
    photos.mkdir()
    out.mkdir()
    with open_source(str(film)) as source:
        for frame in source:
            if frame.index in (0, MIDDLE):
                cv2.imwrite(str(photos / f"{frame.index}.png"), frame.image)
    return lambda window: Desk(window, film, photos, out)


def test_every_command_has_a_drive() -> None:
    assert {command.name for command in COMMANDS} == set(DRIVES)


def test_every_command_does_what_it_says(run_main, film: Path, desk_of: Callable[[MainWindow], Desk]) -> None:
    """Each by all of its shortcuts, and once from the menu."""
    pressed: set[tuple[str, str]] = set()

    def script(window: MainWindow) -> Script:
        desk = desk_of(window)
        yield lambda: window.picture.result is not None
        for page in window.findChildren(Welcome):
            page.accept()
        yield from desk.front()
        yield lambda: window.playback.player.readings.complete
        by_name = {command.name: command for command in COMMANDS}
        for name, drive in DRIVES.items():
            for way in ("menu",) if name == "quit" else ("menu", *by_name[name].keys):
                pressed.add((name, way))  # before the drive, because the last one ends the script
                yield from drive(desk, lambda name=name, way=way: press(window, by_name[name], way))
                window.banners.dismiss("end")
                if name != "quit":
                    yield from desk.front()

    assert run_main(script, str(film), "--detector", "haar", limit_ms=LIMIT_MS) == 0
    wanted = {(command.name, "menu") for command in COMMANDS}
    wanted |= {(command.name, key) for command in COMMANDS for key in command.keys if command.name != "quit"}
    assert pressed == wanted


def press(window: MainWindow, command: Command, way: str) -> None:
    """Trigger a command from its menu, or by one of its shortcuts with real key events."""
    if way == "menu":
        assert window.menus[command.name].isEnabled(), f"{command.name} cannot be called"
        window.menus[command.name].trigger()
        return
    QTest.keySequence(window, QKeySequence(way))


def leaves(menu: QMenu) -> Iterator[QAction]:
    """All actions of a menu and its submenus."""
    for action in menu.actions():
        if action.menu() is not None:
            yield from leaves(action.menu())
        elif not action.isSeparator():
            yield action


def test_every_other_entry_of_the_menus(qtbot, world, preferences, open_window) -> None:
    """Cameras, recent sources, detectors, models, colours and blurring; any other entry fails the test."""
    world.cameras = (CameraEntry(0, "Front"), CameraEntry(2, "Back"))
    preferences.keep_recent("other")
    window: MainWindow = open_window("long")
    menus = window.menus
    qtbot.waitUntil(lambda: window.picture.result is not None, timeout=WAIT_MS)
    menus.file.aboutToShow.emit()
    menus.model.aboutToShow.emit()
    qtbot.waitUntil(lambda: "Back" in [action.text() for action in menus.file.actions()], timeout=WAIT_MS)
    named = {menus[command.name] for command in COMMANDS}
    tops = [action.menu() for action in window.menuBar().actions()]
    others = [action for top in tops for action in leaves(top) if action not in named]
    blurs: list[str] = []

    def camera(action: QAction) -> bool:
        return window.showing.spec == {"Front": "0", "Back": "2"}[action.text()]

    def blurred(action: QAction) -> bool:
        blurs.append(preferences.blur())
        return action.isChecked()

    does: dict[str, Callable[[QAction], bool]] = {
        "&File": camera,
        "Open re&cent": lambda action: window.showing.spec == action.text(),
        "&Blur faces in recordings": blurred,
        "&Detector": lambda action: window.choice.detector == action.data(),
        "&Model": lambda action: window.choice.model == action.data(),
        "&Colours": lambda action: preferences.scheme() == action.data(),
    }
    driven = set()
    for action in others:
        (menu,) = (part.title() for part in action.associatedObjects() if isinstance(part, QMenu))
        action.trigger()
        assert does[menu](action), f"{menu}: {action.text()}"
        driven.add(menu)
    assert driven == set(does)
    assert sorted(blurs) == ["", "all", "others"]


def test_every_key_outside_the_menus_is_known(qtbot, open_window) -> None:
    """The digits label a face (see `drives.note`); there are no other hidden shortcuts."""
    keys = {shortcut.key().toString() for shortcut in open_window("long").findChildren(QShortcut)}
    assert keys == set("012345678")
