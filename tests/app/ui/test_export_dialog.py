"""The export dialog: what it offers, what it writes, how it ends."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from PySide6.QtCore import Qt

from app.core.store import ReadingStore
from app.export.content import Content
from app.export.delimited import write_long
from app.export.kinds import KINDS, ExportOptions
from app.export.reporter import Reporter
from app.ui.export_dialog import TITLES, ExportDialog
from app.ui.export_job import ExportJob
from app.ui.exported import film_content
from app.ui.window import MainWindow
from models.emotions import FERPLUS
from tests.app.export.conftest import FRAMES, face, moment, moments

WAIT_MS = 20_000


@pytest.fixture
def content() -> Content:
    return Content("a <b>", "a", FERPLUS, moments, {"duration_s": 3.0})


@pytest.fixture
def dialog(qtbot, content: Content, tmp_path: Path) -> ExportDialog:
    made = ExportDialog(None, content, marks=(1.0, None), face=7, folder=tmp_path)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    return made


def choose(dialog: ExportDialog, kind: str) -> None:
    dialog.kind.setCurrentIndex(dialog.kind.findData(kind))


def test_it_offers_every_kind_and_names_the_file(dialog: ExportDialog, tmp_path: Path) -> None:
    assert [dialog.kind.itemData(place) for place in range(dialog.kind.count())] == list(KINDS)
    for name, kind in KINDS.items():
        choose(dialog, name)
        assert dialog.place.text() == str(tmp_path / f"a{kind.tail}{kind.suffixes[0]}")
        assert dialog.blur.isEnabled() == kind.pictures
    dialog.place.clear()
    dialog.place.insert(str(tmp_path / "mine.png"))
    dialog.place.textEdited.emit(dialog.place.text())
    choose(dialog, "timeline")
    assert dialog.place.text() == str(tmp_path / "mine.png")  # the kind allows that suffix too
    choose(dialog, "csv")
    assert dialog.place.text() == str(tmp_path / "mine.csv")


def test_every_kind_has_a_title_and_the_commands(dialog: ExportDialog) -> None:
    assert {name: kind.title for name, kind in KINDS.items()} == TITLES


def test_it_writes_the_marked_stretch_and_replaces_nothing(qtbot, dialog: ExportDialog, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("mine")
    dialog.start.click()
    assert not dialog.start.isEnabled() and dialog.cancel.text() == "Cancel"
    qtbot.waitUntil(lambda: dialog.start.isEnabled(), timeout=WAIT_MS)
    assert dialog.message.text().startswith(f"Wrote {tmp_path / 'a-2.csv'}")
    assert "is kept" in dialog.message.text() and dialog.reveal.isVisible()
    assert "--" not in dialog.message.text(), "options are for the command line"
    table = pd.read_csv(tmp_path / "a-2.csv")
    assert (table.time_s.min(), table.frame.max()) == (1.0, FRAMES - 1)
    assert (tmp_path / "a.csv").read_text() == "mine"
    dialog.stretch.setCurrentIndex(0)
    choose(dialog, "html")
    dialog.start.click()
    qtbot.waitUntil(lambda: dialog.start.isEnabled(), timeout=WAIT_MS)
    assert "a &lt;b&gt;" in (tmp_path / "a.html").read_text()


def test_what_cannot_be_written_is_told_in_the_dialog(qtbot, dialog: ExportDialog, tmp_path: Path) -> None:
    choose(dialog, "video")
    dialog.start.click()
    qtbot.waitUntil(lambda: dialog.start.isEnabled(), timeout=WAIT_MS)
    assert "no pictures" in dialog.message.text()
    assert list(tmp_path.iterdir()) == []
    dialog.place.setText(str(tmp_path / "a.jpg"))
    dialog.start.click()
    assert ".mp4" in dialog.message.text() and dialog.start.isEnabled()


class Held:
    """Content whose readings the test releases one by one."""

    def __init__(self) -> None:
        self.go, self.begun = threading.Semaphore(3), threading.Event()
        self.content = Content("held", "held", FERPLUS, self.read, {"duration_s": 100.0})

    def read(self):
        for index in range(1000):
            assert self.go.acquire(timeout=20)
            self.begun.set()
            yield moment(index, index / 10, face(0))


def test_cancelling_leaves_nothing(qtbot, tmp_path: Path) -> None:
    held = Held()
    dialog = ExportDialog(None, held.content, folder=tmp_path)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.start.click()
    assert held.begun.wait(10)
    assert [path.name for path in tmp_path.iterdir()] == ["held.csv.part"]
    dialog.cancel.click()
    held.go.release(1000)
    qtbot.waitUntil(lambda: dialog.start.isEnabled(), timeout=WAIT_MS)
    assert "nothing was written" in dialog.message.text()
    assert list(tmp_path.iterdir()) == []


def test_closing_ends_what_runs(qtbot, tmp_path: Path) -> None:
    held = Held()
    dialog = ExportDialog(None, held.content, folder=tmp_path)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.start.click()
    assert held.begun.wait(10)
    dialog.close()
    held.go.release(1000)
    assert dialog.job is not None and dialog.job.join(10)
    assert dialog.job.cancelled and list(tmp_path.iterdir()) == []


def test_a_fault_is_told_and_leaves_nothing(content: Content, tmp_path: Path, monkeypatch) -> None:
    faults: list[object] = []
    monkeypatch.setattr(threading, "excepthook", faults.append)

    def broken():
        raise ZeroDivisionError

    job = ExportJob(replace(content, read=broken), KINDS["csv"], ExportOptions(), tmp_path / "a.csv")
    job.start()
    assert job.join(10)
    assert job.placed is None and not job.cancelled and len(faults) == 1
    assert list(tmp_path.iterdir()) == []


Open = Callable[..., MainWindow]


def test_e_exports_the_film_that_is_shown(qtbot, open_window: Open, tmp_path: Path) -> None:
    window = open_window("short")
    qtbot.waitUntil(lambda: window.playback.player is not None, timeout=WAIT_MS)
    player = window.playback.player
    qtbot.waitUntil(lambda: player.readings.complete, timeout=WAIT_MS)
    window.picture.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_E)
    (dialog,) = window.findChildren(ExportDialog)
    for kind in ("csv", "video", "clip", "frame"):
        choose(dialog, kind)
        dialog.place.setText(str(tmp_path / f"{kind}{KINDS[kind].suffixes[0]}"))
        dialog.start.click()
        qtbot.waitUntil(lambda: dialog.start.isEnabled(), timeout=WAIT_MS)
        assert dialog.message.text().startswith("Wrote"), dialog.message.text()
    assert pd.read_csv(tmp_path / "csv.csv").frame.tolist() == list(range(8))
    dialog.close()


def test_a_session_is_exported_with_what_was_recorded(world, tmp_path: Path) -> None:
    folder = tmp_path / "2026-03-01T10-00-00_camera-0"
    folder.mkdir()
    (folder / "session.json").write_text('{"format": 1, "state": "complete", "source": "c", "title": "Talk"}')
    write_long(Content("a", "a", FERPLUS, moments), folder / "readings.csv", Reporter())
    (folder / "notes.csv").write_text("id,start_s,end_s,face_id,kind,text,created_at\n1,0.5,,,note,hello,\n")
    (folder / "video.mp4").write_bytes(b"")
    player = SimpleNamespace(info=SimpleNamespace(live=False), readings=ReadingStore(FERPLUS))
    for spec in (folder, folder / "video.mp4"):
        content = film_content(str(spec), "title", player, world.openers(), stills=False)
        assert content is not None and content.title == "Talk" and len(list(content.moments())) == FRAMES
        assert content.notes is not None and [note.text for note in content.notes] == ["hello"]


def test_the_history_exports_the_selected_session(qtbot, world, open_window: Open, tmp_path: Path) -> None:
    folder = world.library / "2026-03-01T10-00-00_camera-0"
    folder.mkdir(parents=True)
    (folder / "session.json").write_text('{"format": 1, "state": "complete", "source": "c", "title": "Talk"}')
    write_long(Content("a", "a", FERPLUS, moments), folder / "readings.csv", Reporter())
    window = open_window("short")
    window.menus["history"].trigger()
    page = window.history.page
    qtbot.waitUntil(lambda: page.sessions.rowCount() == 1 and page.buttons["export"].isEnabled(), timeout=WAIT_MS)
    page.buttons["export"].click()
    (dialog,) = page.findChildren(ExportDialog)
    choose(dialog, "csv")
    dialog.place.setText(str(tmp_path / "a.csv"))
    dialog.start.click()
    qtbot.waitUntil(lambda: dialog.start.isEnabled(), timeout=WAIT_MS)
    assert len(pd.read_csv(tmp_path / "a.csv")) > FRAMES
    dialog.close()
    (folder / "readings.csv").write_text("")
    page.buttons["export"].click()
    assert any("readings.csv is empty" in banner.sentence for banner in page.banners.shown.values())


def test_a_camera_has_nothing_to_export(qtbot, open_window: Open) -> None:
    window = open_window("0")
    qtbot.waitUntil(lambda: window.picture.result is not None, timeout=WAIT_MS)
    window.menus["export"].trigger()
    assert "record it first" in window.banners.shown["export"].sentence
    assert not window.findChildren(ExportDialog)
