"""A library, and sessions in it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.sessions.folder import Manifest, Session, write_manifest
from app.sessions.library import Library
from app.sessions.names import folder_name

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path)


@pytest.fixture
def make(library: Library) -> Callable[..., Session]:
    """Creates a session that starts so many minutes after the first one."""

    def made(minutes: int = 0, **changes: object) -> Session:
        start = START + timedelta(minutes=minutes)
        path = library.folder / folder_name(start, "camera-0")
        path.mkdir()
        manifest = Manifest("camera 0", start, duration_s=60, frames=1800, people=2, strip=("happiness", ""))
        write_manifest(path / "session.json", replace(manifest, **changes))  # type: ignore[arg-type]
        (path / "readings.csv").touch()
        return Session(path)

    return made
