"""The names of sessions' folders: the start in UTC, and the source."""

import re
from datetime import UTC, datetime
from pathlib import Path

_NAME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d)_(.+)", re.DOTALL)
_TIME = "%Y-%m-%dT%H-%M-%S"


def folder_name(started_at: datetime, source: str) -> str:
    """The name of a session's folder.

    Args:
        started_at: With its offset.
        source: The source's name in file names, such as `camera-0`.

    >>> folder_name(datetime(2026, 3, 1, 9, 5, 7, tzinfo=UTC), "camera-0")
    '2026-03-01T09-05-07_camera-0'
    """
    return f"{started_at.astimezone(UTC).strftime(_TIME)}_{source}"


def named(path: Path) -> tuple[datetime, str] | None:
    """Start and source from the name of a session's folder; None if it has another form."""
    found = _NAME.fullmatch(path.name)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], _TIME).replace(tzinfo=UTC), found[2]
    except ValueError:
        return None
