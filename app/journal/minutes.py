"""Converts the readings of a session to minutes of local days, without losing or inventing time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.export.content import Moment
from app.sinks.csv_file import NOBODY
from app.sinks.summary import LONGEST_S

MINUTE_US = 60_000_000
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Spell:
    """A span of a session with the same label throughout.

    Attributes:
        start_us, end_us: Microseconds since the session's start.
        label: An emotion, `uncertain`, `unreadable` or `nobody`.
        corrected: Whether a person gave the label.
    """

    start_us: int
    end_us: int
    label: str
    corrected: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit of the statistics: a minute of a local day, from 0 to 1439, and a label."""

    day: date
    minute: int
    label: str
    corrected: bool


def spells(moments: Iterable[Moment]) -> Iterator[Spell]:
    """The label of the largest face of each moment, which is taken for the session's person.

    A moment lasts until the next one, a second at most; the rest is a gap, not a guess. A correction replaces the
    reading.

    Args:
        moments: In order, each with a duration.
    """
    for moment in moments:
        reading = moment.reading
        length_s = min(max(reading.duration_s or 0.0, 0.0), LONGEST_S)
        start_us = round(reading.time_s * 1e6)
        end_us = start_us + round(length_s * 1e6)
        if end_us <= start_us:
            continue
        face = max(reading.faces, key=lambda face: face.box.area, default=None)
        if face is None:
            yield Spell(start_us, end_us, NOBODY, False)
        else:
            corrected = moment.corrected.get(face.track_id)
            yield Spell(start_us, end_us, corrected or face.label, corrected is not None)


def added_up(moments: Iterable[Spell], start: datetime) -> Mapping[Cell, int]:
    """Microseconds by minute of the local day.

    Args:
        moments: The spells.
        start: Of the session, in its UTC offset, which is used throughout: its days have 24 hours even when the clocks
            change.
    """
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    first_us = (start - midnight) // timedelta(microseconds=1)
    cells: defaultdict[Cell, int] = defaultdict(int)
    for spell in moments:
        at_us, end_us = first_us + spell.start_us, first_us + spell.end_us
        while at_us < end_us:
            minutes = at_us // MINUTE_US
            until_us = min(end_us, (minutes + 1) * MINUTE_US)
            days, minute = divmod(minutes, DAY_MINUTES)
            day = midnight.date() + timedelta(days=days)
            cells[Cell(day, minute, spell.label, spell.corrected)] += until_us - at_us
            at_us = until_us
    return cells
