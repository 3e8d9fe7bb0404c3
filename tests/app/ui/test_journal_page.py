"""The journal page: off, on, a month of strips, sums, CSV export and deletion."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QLabel, QMessageBox

from app.core.types import Box, FaceResult
from app.journal.journal import Journal
from app.journal.own import sessions_in
from app.sinks.csv_file import RowFile, header, rows_of
from app.ui import theme
from app.ui.calendar_strips import _LEFT, _TOP, lane_colour
from app.ui.journal_page import JournalPage
from app.ui.journal_sums import JournalSums
from models.emotions import FERPLUS

WAIT_MS = 20_000
TODAY = date(2026, 3, 20)
Open = Callable[[], JournalPage]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Own sessions on two days: half an hour of happiness from 6:00, and a minute of fear in another month."""
    flat = np.full(len(FERPLUS), 1 / len(FERPLUS), np.float32)
    for start, label, seconds in (("2026-03-04T06:00:00+01:00", "happiness", 1800), ("2026-02-02", "fear", 60)):
        folder = tmp_path / "library" / f"{start[:10]}T06-00-00_camera-0"
        folder.mkdir(parents=True)
        table = RowFile(folder / "readings.csv")
        table.put([header(FERPLUS)])
        one = FaceResult(0, Box(0, 0, 9, 9), 1.0, flat, flat, label)
        table.put([row for second in range(seconds) for row in rows_of(second, float(second), (one,), FERPLUS)])
        table.close()
        started = start if "T" in start else f"{start}T06:00:00+01:00"
        manifest = {"format": 1, "state": "complete", "source": "camera", "own": True, "started_at": started}
        (folder / "session.json").write_text(json.dumps(manifest))
    return tmp_path / "library"


def texts_of(sums: JournalSums) -> list[str]:
    """The texts of the table, row by row."""
    places = (sums._grid.itemAt(place) for place in range(sums._grid.count()))
    labels = (None if place is None else place.widget() for place in places)
    return [label.text() for label in labels if isinstance(label, QLabel)]


@pytest.fixture
def open_page(qtbot, tmp_path: Path, library: Path) -> Open:
    def open_one() -> JournalPage:
        page = JournalPage(None, Journal(tmp_path / "journal.sqlite"), library, lambda: TODAY)
        page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(page)
        page.show()
        return page

    return open_one


def wait(qtbot, page: JournalPage) -> None:
    qtbot.waitUntil(lambda: page.job is not None and not page.job.running, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "Going through" not in page.message.text(), timeout=WAIT_MS)


def test_it_is_off_until_it_is_switched_on(qtbot, open_page: Open) -> None:
    page = open_page()
    assert page.pages.currentIndex() == 0 and not page.journal.on and page.job is None
    page.switch.click()
    wait(qtbot, page)
    assert page.journal.on and page.pages.currentIndex() == 1
    assert page.title.text() == "March 2026" and page.day == date(2026, 3, 4)
    texts = texts_of(page.sums)
    row = texts.index("Wed 4 Mar")
    assert texts[row + 1 : row + 3] == ["30.0", "30.0"]  # happiness, and the total


def test_months_are_turned_and_days_chosen(qtbot, open_page: Open) -> None:
    page = open_page()
    page.switch.click()
    wait(qtbot, page)
    page.before.click()
    assert page.title.text() == "February 2026" and page.day == date(2026, 2, 2)
    assert any("fear" in text for text in texts_of(page.sums))
    page.before.click()
    assert page.title.text() == "January 2026" and page.day is None
    assert texts_of(page.sums)[-2:] == ["this month", "–"]
    page.next.click()
    page.next.click()
    qtbot.keyClick(page.strips, Qt.Key.Key_Down)
    assert page.day == date(2026, 3, 5)
    texts = texts_of(page.sums)
    assert texts[texts.index("Thu 5 Mar") + 1] == "–"  # a gap, not a zero
    qtbot.mouseClick(page.strips, Qt.MouseButton.LeftButton, pos=QPointF(300, _TOP + 3 * 17 + 4).toPoint())
    assert page.day == date(2026, 3, 4)


@pytest.mark.parametrize("light", [False, True])
def test_a_minute_is_painted_where_it_was_and_nothing_where_nothing_was(qtbot, open_page: Open, light: bool) -> None:
    page = open_page()
    page.switch.click()
    wait(qtbot, page)
    try:
        theme.use(light=light)
        picture = page.strips.grab().toImage()
        y = _TOP + 3 * 17 + 6
        inner = page.strips.width() - _LEFT - 74

        def at(hour: float):
            return picture.pixelColor(round(_LEFT + inner * hour / 24), y)

        assert at(6.25) == theme.color("happiness")
        assert at(5.8) == lane_colour() and at(6.6) == lane_colour()
    finally:
        theme.use(light=False)
    words = page.strips.words_at(QPointF(_LEFT + inner * 6.25 / 24, y))
    assert words.startswith("Wednesday, 4 March, 6:15") and words.endswith("happiness")
    assert page.strips.words_at(QPointF(_LEFT + inner * 8 / 24, y)).endswith("nothing was recorded")
    assert page.strips.words_at(QPointF(2, 2)) == ""


def test_it_is_written_as_a_table(qtbot, open_page: Open, tmp_path: Path) -> None:
    page = open_page()
    page.switch.click()
    wait(qtbot, page)
    page.by.setCurrentIndex(page.by.findData("month"))
    page.save(str(tmp_path / "a.csv"))
    table = pd.read_csv(tmp_path / "a.csv")
    assert table.start.tolist() == ["2026-02-01", "2026-03-01"] and table.happiness_min.tolist() == [0.0, 30.0]
    assert str(tmp_path / "a.csv") in page.message.text()


@pytest.mark.parametrize("sessions", [False, True])
def test_one_button_deletes_all_of_it(qtbot, open_page: Open, library: Path, sessions: bool) -> None:
    page = open_page()
    page.switch.click()
    wait(qtbot, page)
    page.delete.click()
    (box,) = page.findChildren(QMessageBox)
    assert page.journal.on
    box.checkBox().setChecked(sessions)
    next(button for button in box.buttons() if button.text() == "Delete").click()
    assert not page.journal.on and not page.journal.path.exists() and page.pages.currentIndex() == 0
    assert len(sessions_in(library)) == (0 if sessions else 2)


def test_a_session_that_cannot_be_read_is_told(qtbot, open_page: Open, library: Path) -> None:
    path = sessions_in(library)[0] / "readings.csv"
    path.write_text("nonsense")
    page = open_page()
    page.switch.click()
    wait(qtbot, page)
    assert str(path) in page.message.text()
