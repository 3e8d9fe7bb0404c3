"""Texts about sources and times."""

from datetime import UTC, datetime

import numpy as np
import pytest

from app.core.types import Frame, SourceInfo
from app.ui.badge import Badge
from app.ui.language import use_language
from app.ui.words import day_and_time

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)
from PySide6.QtCore import QCoreApplication


def test_the_badge_says_how_long_a_film_is_not_what_its_rate_makes_of_its_frames() -> None:
    info = SourceInfo(name="a", width=16, height=16, fps=25.0, frame_count=100, live=False)  # 100 frames in 6.2 s
    frame = Frame(50, 3.1, np.zeros((16, 16, 3), np.uint8))
    assert Badge.of("a", info, frame, ended=False, paused=True, duration_s=6.2).text == "PAUSED   a   0:03 / 0:06"
    assert Badge.of("a", info, frame, ended=False, paused=False).text == "a   0:03"


def test_days_are_named_in_the_language_in_use(qapp) -> None:
    start = datetime(2026, 3, 5, 9, 5)  # local time
    assert day_and_time(start) == "Thu 5 Mar 2026, 09:05"
    assert day_and_time(start.astimezone(UTC)) == "Thu 5 Mar 2026, 09:05"
    translators = use_language("de")
    assert day_and_time(start) == "Do., 5. März 2026, 09:05"
    for translator in translators:
        QCoreApplication.removeTranslator(translator)
