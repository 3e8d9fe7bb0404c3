"""The history page, and recovery of interrupted recordings."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QInputDialog

from app.__main__ import main
from app.sessions.folder import Manifest, Session, write_manifest
from app.sessions.names import folder_name
from app.sessions.recovery import recover
from app.ui.history_list import ENTRY, facts_of
from app.ui.history_page import HistoryPage
from app.ui.window import MainWindow
from models.errors import InputError

Open = Callable[..., MainWindow]
WAIT_MS = 20_000
START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def sessions(world) -> list[Session]:
    made = []
    for number, title in enumerate(("first", "second", "third")):
        start = START + timedelta(hours=number)
        path = world.library / folder_name(start, "camera-0")
        path.mkdir(parents=True)
        manifest = Manifest("camera 0", start, duration_s=75, people=2, title=title, strip=("happiness", "", "fear"))
        write_manifest(path / "session.json", manifest)
        (path / "readings.csv").touch()
        made.append(Session(path))
    return made


@pytest.fixture
def page(qtbot, sessions: list[Session], open_window: Open) -> HistoryPage:
    window = open_window("short")
    window.menus["history"].trigger()
    shown = window.history.page
    qtbot.waitUntil(lambda: shown.sessions.rowCount() == 3, timeout=WAIT_MS)
    return shown


def titles(page: HistoryPage) -> list[str]:
    return [page.sessions.index(row, 0).data(ENTRY).title for row in range(page.sessions.rowCount())]


def answer(page: HistoryPage, qtbot, text: str) -> None:
    (dialog,) = page.findChildren(QInputDialog)
    dialog.setTextValue(text)
    dialog.accept()
    qtbot.waitUntil(lambda: not page.findChildren(QInputDialog), timeout=WAIT_MS)


def test_it_lists_what_the_command_lists(page: HistoryPage, world, capsys: pytest.CaptureFixture[str]) -> None:
    assert titles(page) == ["third", "second", "first"]
    assert main(["sessions", "list", "--library", str(world.library)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split('"')[1] for line in lines] == titles(page)
    entry = page.sessions.index(0, 0).data(ENTRY)
    assert facts_of(entry)[1:3] == ["1:15", "2 people"]
    assert "third" in page.sessions.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert not page.grab().isNull()


def test_searching(qtbot, page: HistoryPage) -> None:
    page.search.setText("SEC")
    qtbot.waitUntil(lambda: titles(page) == ["second"], timeout=WAIT_MS)
    page.search.setText("nothing like it")
    qtbot.waitUntil(lambda: page.empty.isVisible() and not page.sessions.rowCount(), timeout=WAIT_MS)
    assert not page.buttons["open"].isEnabled()


def test_renaming_tagging_and_noting(qtbot, page: HistoryPage, sessions: list[Session]) -> None:
    page.select(sessions[0].name)
    page.buttons["rename"].click()
    answer(page, qtbot, "new name")
    qtbot.waitUntil(lambda: titles(page)[2] == "new name", timeout=WAIT_MS)
    for text, tags in (("a, #b", ("a", "b")), ("b", ("b",))):
        qtbot.waitUntil(lambda: page.current.name == sessions[0].name, timeout=WAIT_MS)
        page.buttons["tag"].click()
        answer(page, qtbot, text)
        qtbot.waitUntil(lambda tags=tags: page.current.tags == tags, timeout=WAIT_MS)
    page.buttons["note"].click()
    answer(page, qtbot, "well done")
    qtbot.waitUntil(lambda: page.current.notes == 1, timeout=WAIT_MS)
    assert (sessions[0].manifest().title, sessions[0].manifest().tags) == ("new name", ("b",))


def test_a_recording_can_be_marked_as_ones_own(qtbot, page: HistoryPage, sessions: list[Session]) -> None:
    page.select(sessions[1].name)
    for own in (True, False):
        page.buttons["own"].click()
        qtbot.waitUntil(lambda own=own: page.current is not None and page.current.own is own, timeout=WAIT_MS)
        assert sessions[1].manifest().own is own
        assert page.buttons["own"].isChecked() is own


def test_deleting_and_undoing(qtbot, page: HistoryPage, sessions: list[Session]) -> None:
    page.select(sessions[1].name)
    page.buttons["delete"].click()
    qtbot.waitUntil(lambda: titles(page) == ["third", "first"], timeout=WAIT_MS)
    assert not sessions[1].path.exists()
    page.banners.shown["deleted"].buttons[0].click()
    qtbot.waitUntil(lambda: titles(page) == ["third", "second", "first"], timeout=WAIT_MS)
    assert sessions[1].manifest().title == "second"


def test_opening_shows_the_session(qtbot, world, page: HistoryPage, sessions: list[Session]) -> None:
    page.select(sessions[2].name)
    page.buttons["open"].click()
    qtbot.waitUntil(lambda: world.shown[-1:] == [str(sessions[2].path)], timeout=WAIT_MS)


def test_a_fault_of_the_disk_is_a_sentence(qtbot, page: HistoryPage, sessions: list[Session]) -> None:
    page.select(sessions[0].name)
    sessions[0].manifest_path.unlink()
    page.buttons["rename"].click()
    answer(page, qtbot, "x")
    qtbot.waitUntil(lambda: "told" in page.banners.shown, timeout=WAIT_MS)
    assert "session.json" in page.banners.shown["told"].sentence


def test_what_was_cut_off_is_offered_at_the_next_start(
    qtbot, world, sessions: list[Session], open_window: Open
) -> None:
    write_manifest(sessions[0].manifest_path, replace(sessions[0].manifest(), state="recording"))
    window = open_window("short")
    qtbot.waitUntil(lambda: "cut off" in window.banners.shown, timeout=WAIT_MS)
    assert window.banners.shown["cut off"].sentence.startswith("A recording was cut off")
    window.banners.shown["cut off"].buttons[0].click()
    qtbot.waitUntil(lambda: sessions[0].manifest().state == "recovered", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "cut off" in window.banners.shown, timeout=WAIT_MS)  # the next message
    assert "is complete" in window.banners.shown["cut off"].sentence


def test_one_that_cannot_be_completed_does_not_hold_up_the_others(
    qtbot, sessions: list[Session], open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    for session in sessions[:2]:
        write_manifest(session.manifest_path, replace(session.manifest(), state="recording"))

    def refusing(session: Session) -> Manifest:
        if session.path == max(sessions[:2], key=lambda one: one.name).path:
            raise InputError("no room for it")
        return recover(session)

    window = open_window("short")
    qtbot.waitUntil(lambda: "cut off" in window.banners.shown, timeout=WAIT_MS)
    monkeypatch.setattr("app.sessions.recovery.recover", refusing)
    window.banners.shown["cut off"].buttons[0].click()
    qtbot.waitUntil(lambda: "history" in window.banners.shown, timeout=WAIT_MS)
    assert window.banners.shown["history"].sentence == "No room for it"
    assert sorted(session.manifest().state for session in sessions[:2]) == ["recording", "recovered"]


def test_nothing_is_offered_where_nothing_was_cut_off(qtbot, sessions: list[Session], open_window: Open) -> None:
    window = open_window("short")
    qtbot.waitUntil(lambda: window.picture.result is not None, timeout=WAIT_MS)
    window.history._background.join(10)
    QApplication.processEvents()  # delivers the result
    assert "cut off" not in window.banners.shown


def test_an_empty_library_says_how_to_record(qtbot, world, open_window: Open, tmp_path: Path) -> None:
    window = open_window("short")
    window.menus["history"].trigger()
    page = window.history.page
    qtbot.waitUntil(lambda: page.empty.text().startswith("Nothing has been recorded"), timeout=WAIT_MS)
    assert not world.library.exists()
