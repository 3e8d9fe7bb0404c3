"""The bar under a film: whose rows it has, and what it shows of a stretch."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage

from app.core.reading import FaceSpan, Reading
from app.core.store import ReadingStore
from app.core.types import Box, FaceResult
from app.ui import theme
from app.ui.scrub import GUTTER, TOP, ScrubBar
from app.ui.strips import MOST_ROWS, rows_of

LABELS = ("happiness", "neutral")
ONE_AFTER_THE_OTHER = tuple(FaceSpan(number, 10.0 * number, 10.0 * number + 9, 100 - number) for number in range(10))


def ids(faces: tuple[FaceSpan, ...]) -> list[int]:
    return [face.track_id for face in faces]


def test_those_seen_longest_have_a_row_and_the_chosen_one_in_any_case() -> None:
    assert ids(rows_of(ONE_AFTER_THE_OTHER, 0.0, 100.0)) == [0, 1, 2, 3, 4, 5]
    assert ids(rows_of(ONE_AFTER_THE_OTHER, 0.0, 100.0, chosen=8)) == [0, 1, 2, 3, 4, 8]
    assert ids(rows_of(ONE_AFTER_THE_OTHER[:3], 0.0, 100.0, chosen=99)) == [0, 1, 2]


@pytest.mark.parametrize("start_s", [0.0, 35.0, 75.0, 500.0])
def test_whoever_is_seen_in_the_stretch_comes_first_and_the_rows_stay_as_many(start_s: float) -> None:
    rows = ids(rows_of(ONE_AFTER_THE_OTHER, start_s, start_s + 20))
    seen = {face.track_id for face in ONE_AFTER_THE_OTHER if face.last_s > start_s and face.first_s < start_s + 20}
    assert seen <= set(rows) and len(rows) == MOST_ROWS


def test_a_face_of_one_frame_counts_where_it_is() -> None:
    spans = (*ONE_AFTER_THE_OTHER, FaceSpan(10, 95.0, 95.0, 1))
    assert 10 in ids(rows_of(spans, 94.0, 96.0))
    assert 10 not in ids(rows_of(spans, 0.0, 20.0))


@pytest.fixture
def bar(qtbot) -> ScrubBar:
    made = ScrubBar()
    qtbot.addWidget(made)
    made.resize(600, 60)
    made.show()
    return made


def store_of(seconds: int) -> ReadingStore:
    store = ReadingStore(LABELS)
    values = np.array([0.9, 0.1], np.float32)
    face = FaceResult(0, Box(0, 0, 20, 20), 0.9, values, values, "happiness")
    for index in range(seconds):
        store.append(Reading(index, float(index), 1.0, (replace(face, track_id=index // 10),), LABELS, {}))
    store.finish()
    return store


def column(bar: ScrubBar, colour: str) -> list[int]:
    """Where the line above the rows has a colour, in pixels."""
    image: QImage = bar.grab().toImage()
    return [x for x in range(GUTTER - 8, image.width()) if image.pixelColor(QPoint(x, TOP - 6)) == QColor(colour)]


def test_what_lies_outside_the_stretch_is_not_painted_at_its_edge(bar: ScrubBar) -> None:
    bar.marks = (10.0, 30.0)
    bar.show_film(store_of(100), 100.0, 50.0, at_once=True)
    assert column(bar, theme.TEXT)
    assert column(bar, theme.ACCENT)
    bar.zoom(20.0, 80.0)
    assert column(bar, theme.TEXT) == [], "the cursor"
    assert column(bar, theme.ACCENT) == [], "the loop"


def test_rows_follow_the_stretch_and_the_choice(bar: ScrubBar) -> None:
    bar.show_film(store_of(100), 100.0, 0.0, at_once=True)
    height = bar.sizeHint().height()
    bar.chosen = 9
    bar.redraw()
    assert 9 in ids(bar._strips.faces)
    bar.zoom(10.0, 75.0)
    assert {7, 9} <= set(ids(bar._strips.faces))
    assert bar.sizeHint().height() == height
