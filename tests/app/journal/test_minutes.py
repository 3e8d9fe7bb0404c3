"""The minutes per day add up exactly to the time of the readings."""

from collections import defaultdict
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.reading import Reading
from app.core.types import Box, FaceResult
from app.export.content import Content, ContentNote, Moment, timed
from app.journal.minutes import MINUTE_US, Spell, added_up, spells
from app.journal.periods import BY, Period, after, columns_of, first_of, joined, rows_of

LABELS = ("happiness", "sadness")
FLAT = np.full(2, 0.5, np.float32)
LABEL = st.sampled_from(["happiness", "sadness", "uncertain", "unreadable", "nobody"])
OFFSET = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
START = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=OFFSET)


def face(track_id: int, label: str, side: float = 40.0) -> FaceResult:
    return FaceResult(track_id, Box(0, 0, side, side), 0.9, FLAT, FLAT, label)


def moment(index: int, time_s: float, *faces: FaceResult) -> Moment:
    return Moment(Reading(index, time_s, None, faces, LABELS, MappingProxyType({})), index)


@given(START, st.lists(st.tuples(st.integers(0, 10**11), st.integers(1, 10**9), LABEL, st.booleans()), max_size=20))
def test_minutes_add_up_to_what_was_recorded(start: datetime, drawn: list[tuple[int, int, str, bool]]) -> None:
    made = [Spell(at, at + length, label, corrected) for at, length, label, corrected in drawn]
    cells = added_up(made, start)
    by_label: defaultdict[tuple[str, bool], int] = defaultdict(int)
    for cell, us in cells.items():
        assert 0 <= cell.minute < 1440 and us > 0
        by_label[cell.label, cell.corrected] += us
    wanted: defaultdict[tuple[str, bool], int] = defaultdict(int)
    for spell in made:
        wanted[spell.label, spell.corrected] += spell.end_us - spell.start_us
    assert by_label == wanted


@given(START, st.integers(0, 10**11), st.integers(1, 10**8))
def test_time_is_in_the_minute_that_the_clock_on_the_wall_showed(start: datetime, at: int, length: int) -> None:
    cells = added_up([Spell(at, at + length, "happiness", False)], start)
    assert cells
    for cell, us in cells.items():
        minute = datetime(cell.day.year, cell.day.month, cell.day.day, tzinfo=start.tzinfo)
        minute += timedelta(minutes=cell.minute)
        begin, end = start + timedelta(microseconds=at), start + timedelta(microseconds=at + length)
        shared = min(end, minute + timedelta(minutes=1)) - max(begin, minute)
        assert us == shared // timedelta(microseconds=1)


def test_midnight_divides() -> None:
    start = datetime(2026, 2, 28, 23, 59, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    cells = added_up([Spell(0, MINUTE_US, "happiness", False)], start)
    assert {(cell.day, cell.minute): us for cell, us in cells.items()} == {
        (date(2026, 2, 28), 1439): MINUTE_US // 2,
        (date(2026, 3, 1), 0): MINUTE_US // 2,
    }


def test_a_moment_counts_a_second_at_most_and_what_follows_is_a_gap() -> None:
    made = [moment(0, 0.0, face(0, "happiness")), moment(1, 0.5, face(0, "sadness")), moment(2, 60.0)]
    assert list(spells(timed(made))) == [
        Spell(0, 500_000, "happiness", False),
        Spell(500_000, 1_500_000, "sadness", False),
        Spell(60_000_000, 61_000_000, "nobody", False),
    ]


def test_the_largest_face_is_the_person() -> None:
    made = [moment(0, 0.0, face(0, "sadness", 20), face(1, "happiness", 50)), moment(1, 1.0, face(0, "sadness", 20))]
    assert [spell.label for spell in spells(timed(made))] == ["happiness", "sadness"]


@given(st.lists(st.floats(0.001, 3.0), min_size=1, max_size=40), st.lists(LABEL, min_size=40, max_size=40))
def test_readings_and_spells_last_as_long(steps: list[float], labels: list[str]) -> None:
    times = np.cumsum(steps).round(6)
    made = [
        moment(index, float(time_s), *([] if label == "nobody" else [face(0, label)]))
        for index, (time_s, label) in enumerate(zip(times, labels, strict=False))
    ]
    recorded_s = sum(min(m.reading.duration_s or 0.0, 1.0) for m in timed(made))
    found = list(spells(timed(made)))
    assert sum(spell.end_us - spell.start_us for spell in found) / 1e6 == pytest.approx(recorded_s, abs=1e-5)
    for one, other in pairwise(found):
        assert one.end_us <= other.start_us + 1


def test_corrected_labels_count_as_corrected() -> None:
    made = [moment(index, index / 10, face(3, "sadness")) for index in range(20)]
    notes = (ContentNote(0.5, 1.0, 3, "label", "happiness"), ContentNote(1.5, 1.7, 9, "label", "happiness"))
    content = Content("a", "a", LABELS, lambda: made, notes=notes)
    spent: defaultdict[tuple[str, bool], int] = defaultdict(int)
    for spell in spells(content.moments()):
        spent[spell.label, spell.corrected] += spell.end_us - spell.start_us
    assert {key: us / 1e6 for key, us in spent.items()} == {
        ("sadness", False): pytest.approx(1.5),
        ("happiness", True): pytest.approx(0.5),
    }


DAYS = st.dictionaries(
    st.dates(date(2024, 1, 1), date(2026, 12, 31)),
    st.dictionaries(LABEL, st.integers(1, 10**10), min_size=1),
    max_size=9,
)


@given(DAYS, st.sampled_from(BY))
def test_periods_are_whole_in_order_and_keep_every_minute(drawn: dict[date, dict[str, int]], by) -> None:
    days = [Period(day, spent, min(spent.values())) for day, spent in drawn.items()]
    periods = joined(days, by)
    for one, other in pairwise(periods):
        assert other.first == after(one.first, by)
    assert sum(period.recorded_us for period in periods) == sum(day.recorded_us for day in days)
    assert sum(period.corrected_us for period in periods) == sum(day.corrected_us for day in days)
    for day in days:
        (mine,) = [period for period in periods if period.first == first_of(day.first, by)]
        assert mine.recorded_us >= day.recorded_us


def test_a_gap_is_empty_and_no_zero() -> None:
    days = [Period(date(2026, 3, 1), {"sadness": MINUTE_US}), Period(date(2026, 3, 3), {"happiness": 2 * MINUTE_US}, 7)]
    rows = rows_of(joined(days, "day"), "day", LABELS)
    assert columns_of(LABELS) == ["period", "start", "recorded_min", "happiness_min", "sadness_min", "corrected_min"]
    assert rows[0]["happiness_min"] == "0.000000" and rows[0]["sadness_min"] == "1.000000"
    assert [rows[1][name] for name in columns_of(LABELS)] == ["day", "2026-03-02", "", "", "", ""]
    assert joined([], "week") == ()
