"""The journal: off by default, updated when sessions change, deleted completely."""

import json
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from app.__main__ import main
from app.commands.contents import session_content
from app.core.types import Box, FaceResult
from app.export.reporter import CancelledError, Reporter
from app.journal.journal import Journal
from app.journal.own import sessions_in
from app.sessions.folder import Session
from app.sessions.notes import add_note
from app.sessions.trash import Trash
from app.sinks.csv_file import RowFile, header, rows_of
from models.emotions import FERPLUS

Make = Callable[..., Session]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "mimik"
    folder.mkdir()
    return folder


@pytest.fixture
def make(library: Path) -> Make:
    """`make(started_at, "happiness", ...)`: a session with a second of each label, in two readings; None is nobody."""

    def session(started_at: str, *labels: str | None, own: bool = True) -> Session:
        made = Session(library / f"{started_at[:19].replace(':', '-')}_camera-0")
        made.path.mkdir()
        file = RowFile(made.readings)
        file.put([header(FERPLUS)])
        flat = np.full(len(FERPLUS), 1 / len(FERPLUS), np.float32)
        for second, label in enumerate(labels):
            faces = [] if label is None else [FaceResult(0, Box(0, 0, 9, 9), 0.9, flat, flat, label)]
            for half in (0, 1):
                file.put(rows_of(2 * second + half, second + half / 2, faces, FERPLUS))
        file.close()
        manifest = {"format": 1, "state": "complete", "source": "camera 0", "started_at": started_at, "own": own}
        made.manifest_path.write_text(json.dumps(manifest))
        return made

    return session


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    made = Journal(tmp_path / "data" / "journal.sqlite")
    made.switch_on()
    return made


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("this system's zone cannot be set")
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def update(journal: Journal, library: Path) -> list[str]:
    notices: list[str] = []
    journal.update(sessions_in(library), session_content, Reporter(notify=notices.append))
    return notices


def seconds(journal: Journal) -> dict[date, dict[str, float]]:
    return {day.first: {label: us / 1e6 for label, us in day.spent_us.items()} for day in journal.days()}


def test_it_is_off_until_switched_on_and_nothing_of_it_stays(tmp_path: Path, library: Path, make: Make) -> None:
    make("2026-03-01T10:00:00+00:00", "happiness")
    journal = Journal(tmp_path / "data" / "journal.sqlite")
    update(journal, library)
    assert not journal.on and not journal.path.exists() and journal.days() == () and journal.labels() == ()
    journal.switch_on()
    update(journal, library)
    assert journal.on and journal.days()
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    journal.delete()
    assert not journal.on and list(journal.path.parent.iterdir()) == []
    assert len(sessions_in(library)) == 1


def test_only_ones_own_sessions_count(journal: Journal, library: Path, make: Make) -> None:
    make("2026-03-01T10:00:00+02:00", "happiness", "happiness", "fear", None)
    make("2026-03-01T11:00:00+02:00", "anger", own=False)
    assert update(journal, library) == []
    assert seconds(journal) == {date(2026, 3, 1): {"happiness": 2.0, "fear": 1.0, "nobody": 1.0}}
    assert journal.strips(date(2026, 3, 1), date(2026, 3, 1)) == {date(2026, 3, 1): {600: "happiness"}}


def test_days_are_those_of_the_recordings_offset(journal: Journal, library: Path, make: Make) -> None:
    make("2026-03-01T23:59:59+05:30", "happiness", "fear")
    make("2026-03-01T20:00:00-08:00", "sadness", "sadness")
    update(journal, library)
    assert seconds(journal) == {
        date(2026, 3, 1): {"happiness": 1.0, "sadness": 2.0},
        date(2026, 3, 2): {"fear": 1.0},
    }


@pytest.mark.usefixtures("berlin")
def test_where_the_manifest_tells_utc_days_are_this_machines(journal: Journal, library: Path, make: Make) -> None:
    make("2026-03-28T22:59:59+00:00", "happiness", "fear")  # midnight before the clocks go forward
    make("2026-10-25T00:59:59+00:00", "happiness", "fear")  # three o'clock, when the clocks go back to two
    make("2026-10-25T01:59:59+00:00", "sadness", "anger")  # three o'clock again, an hour later
    make("2026-10-25T22:59:59+00:00", "neutral", "surprise")
    update(journal, library)
    assert seconds(journal) == {
        date(2026, 3, 28): {"happiness": 1.0},
        date(2026, 3, 29): {"fear": 1.0},
        date(2026, 10, 25): {"happiness": 1.0, "fear": 1.0, "sadness": 1.0, "anger": 1.0, "neutral": 1.0},
        date(2026, 10, 26): {"surprise": 1.0},
    }
    strip = journal.strips(date(2026, 10, 25), date(2026, 10, 25))[date(2026, 10, 25)]
    assert set(strip) == {179, 180, 1439, 180 - 1}


def test_sessions_that_change_are_read_again_and_others_are_not(journal: Journal, library: Path, make: Make) -> None:
    one = make("2026-03-01T10:00:00+01:00", "happiness", "happiness", "happiness")
    other = make("2026-03-02T10:00:00+01:00", "fear")
    read: list[str] = []

    def opened(folder: Path):
        read.append(folder.name)
        return session_content(folder)

    journal.update(sessions_in(library), opened)
    journal.update(sessions_in(library), opened)
    assert sorted(read) == sorted([one.name, other.name])
    add_note(one.notes_path, 1.0, "label", "sadness", end_s=2.0, face_id=0)
    journal.update(sessions_in(library), opened)
    assert read[2:] == [one.name]
    assert seconds(journal)[date(2026, 3, 1)] == {"happiness": 2.0, "sadness": 1.0}
    assert [day.corrected_us for day in journal.days()] == [1_000_000, 0]
    manifest = json.loads(other.manifest_path.read_text())
    other.manifest_path.write_text(json.dumps({**manifest, "own": False}))
    for path in one.path.iterdir():
        path.unlink()
    one.path.rmdir()
    journal.update(sessions_in(library), opened)
    assert journal.days() == () and journal.on


def test_a_session_that_cannot_be_read_is_told_once_and_the_others_count(
    journal: Journal, library: Path, make: Make
) -> None:
    bad = make("2026-03-01T10:00:00+01:00", "happiness")
    make("2026-03-02T10:00:00+01:00", "fear")
    bad.readings.write_text("nonsense\n")
    (notice,) = update(journal, library)
    assert str(bad.readings) in notice
    assert list(seconds(journal)) == [date(2026, 3, 2)]
    assert update(journal, library) == []


@pytest.mark.parametrize("damage", ["text", "version", "table"])
def test_a_damaged_journal_is_made_anew(journal: Journal, library: Path, make: Make, damage: str) -> None:
    make("2026-03-01T10:00:00+01:00", "happiness")
    update(journal, library)
    if damage == "text":
        journal.path.write_bytes(b"no database at all" * 100)
    else:
        with closing(sqlite3.connect(journal.path)) as base, base:
            base.execute("PRAGMA user_version = 99" if damage == "version" else "DROP TABLE minute")
    update(journal, library)
    assert seconds(journal) == {date(2026, 3, 1): {"happiness": 1.0}}


def test_an_update_that_is_ended_leaves_what_was_read(journal: Journal, library: Path, make: Make) -> None:
    make("2026-03-01T10:00:00+01:00", "happiness")
    make("2026-03-02T10:00:00+01:00", "fear")
    reporter = Reporter(lambda done: reporter.stop.set() if done > 0 else None)
    with pytest.raises(CancelledError):
        journal.update(sessions_in(library), session_content, reporter)
    assert list(seconds(journal)) == [date(2026, 3, 1)]


def test_a_journal_that_is_deleted_meanwhile_stays_deleted(journal: Journal, library: Path, make: Make) -> None:
    make("2026-03-01T10:00:00+01:00", "happiness")

    def opened(folder: Path):
        journal.delete()
        return session_content(folder)

    journal.update(sessions_in(library), opened)
    assert not journal.on and journal.days() == ()


def test_the_commands(tmp_path: Path, library: Path, make: Make, monkeypatch, capsys) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("app.sessions.places.user_data_path", lambda *_, **__: library)
    assert main(["journal", "list"]) == 2
    assert "is off" in capsys.readouterr().err
    assert main(["journal", "on"]) == 0
    make("2026-03-01T10:00:00+01:00", *["happiness"] * 90)
    make("2026-03-03T10:00:00+01:00", *["fear"] * 30)
    capsys.readouterr()
    assert main(["journal", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 and "happiness 1.5" in lines[0] and lines[1] == "2026-03-02"
    assert main(["journal", "list", "--by", "month", "--json"]) == 0
    (month,) = json.loads(capsys.readouterr().out)
    assert (month["start"], month["recorded_min"], month["minutes"]["fear"]) == ("2026-03-01", 2.0, 0.5)
    assert main(["journal", "export", "--by", "day", "--out", str(tmp_path / "a.csv")]) == 0
    table = pd.read_csv(tmp_path / "a.csv")
    assert table.start.tolist() == ["2026-03-01", "2026-03-02", "2026-03-03"]
    assert table.recorded_min.sum() == 2.0 and table.recorded_min.isna().tolist() == [False, True, False]
    assert main(["journal", "export", "--out", str(tmp_path / "a.txt")]) == 2
    for folder in ("", str(tmp_path / "none"), "a" * 300):
        assert main(["journal", "list", "--library", folder]) == 2
        assert "is not a folder" in capsys.readouterr().err
    assert main(["journal", "delete"]) == 0
    assert main(["journal", "export", "--out", str(tmp_path / "b.csv")]) == 2
    assert len(sessions_in(library)) == 2
    make("2026-03-04T10:00:00+01:00", "anger", own=False)
    damaged = library / "2026-01-01T10-00-00_camera-0"
    damaged.mkdir()
    (damaged / "session.json").write_text("{")
    capsys.readouterr()
    assert main(["journal", "delete", "--sessions"]) == 2
    assert str(damaged) in capsys.readouterr().err
    (damaged / "session.json").unlink()
    damaged.rmdir()
    assert [session.name for session in sessions_in(library)] == ["2026-03-04T10-00-00_camera-0"]
    assert len(Trash(library).names()) == 2
