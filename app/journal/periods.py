"""Days, weeks and months, and the time recorded in each."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal, get_args

from app.journal.minutes import MINUTE_US

By = Literal["day", "week", "month"]
BY: tuple[By, ...] = get_args(By)


@dataclass(frozen=True, slots=True)
class Period:
    """A day, a week starting on Monday, or a month.

    Attributes:
        first: Its first day.
        spent_us: Label -> microseconds; empty if nothing was recorded, which is not the same as zero.
        corrected_us: Microseconds with a label that a person gave.
    """

    first: date
    spent_us: Mapping[str, int]
    corrected_us: int = 0

    @property
    def recorded_us(self) -> int:
        """The total recorded time."""
        return sum(self.spent_us.values())


def first_of(day: date, by: By) -> date:
    """The first day of the period that contains a day.

    >>> first_of(date(2026, 3, 1), "week"), first_of(date(2026, 3, 9), "month")
    (datetime.date(2026, 2, 23), datetime.date(2026, 3, 1))
    """
    if by == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if by == "month" else day


def after(first: date, by: By) -> date:
    """The first day of the next period.

    >>> after(date(2026, 12, 1), "month")
    datetime.date(2027, 1, 1)
    """
    steps: Mapping[By, Callable[[], date]] = {
        "day": lambda: first + timedelta(days=1),
        "week": lambda: first + timedelta(days=7),
        "month": lambda: (first + timedelta(days=32)).replace(day=1),
    }
    return steps[by]()


def joined(days: Sequence[Period], by: By) -> tuple[Period, ...]:
    """The periods from the first to the last day, in order, including empty ones.

    Args:
        days: Periods of one day each, in any order.
        by: The length of the periods.
    """
    if not days:
        return ()
    together: defaultdict[date, list[Period]] = defaultdict(list)
    for day in days:
        together[first_of(day.first, by)].append(day)
    at, last = min(together), max(together)
    periods = []
    while at <= last:
        periods.append(_sum(at, together.get(at, ())))
        at = after(at, by)
    return tuple(periods)


def _sum(first: date, days: Iterable[Period]) -> Period:
    spent: defaultdict[str, int] = defaultdict(int)
    corrected_us = 0
    for day in days:
        corrected_us += day.corrected_us
        for label, spent_us in day.spent_us.items():
            spent[label] += spent_us
    return Period(first, MappingProxyType(dict(spent)), corrected_us)


def columns_of(labels: Sequence[str]) -> list[str]:
    """The columns of `rows_of`."""
    return ["period", "start", "recorded_min", *(f"{label}_min" for label in labels), "corrected_min"]


def rows_of(periods: Iterable[Period], by: By, labels: Sequence[str]) -> list[Mapping[str, str]]:
    """Minutes as text; cells are empty if nothing was recorded."""
    rows: list[Mapping[str, str]] = []
    for period in periods:
        row = {"period": by, "start": period.first.isoformat()}
        spent: dict[str, int | None] = {"recorded": period.recorded_us, "corrected": period.corrected_us}
        spent |= {label: period.spent_us.get(label, 0) for label in labels}
        if not period.recorded_us:
            spent = dict.fromkeys(spent)
        row |= {f"{name}_min": "" if us is None else f"{us / MINUTE_US:.6f}" for name, us in spent.items()}
        rows.append(row)
    return rows
