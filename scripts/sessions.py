"""How fast a library of many sessions is listed and searched.

    python scripts/sessions.py [--sessions 5000]

The sessions are made in a temporary folder. What is printed is measured: elapsed milliseconds and, for work of this
process, milliseconds of processor time, which say more on a busy machine.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from app.sessions.folder import Manifest, Session, write_manifest
from app.sessions.index import NAME
from app.sessions.library import Library
from app.sessions.names import folder_name
from app.sessions.notes import add_note

WORDS = ("interview", "pilot", "morning", "room", "window", "second", "consent", "training", "guest", "lunch")
LABELS = ("happiness", "neutral", "sadness", "surprise", "", "uncertain")
SEARCHES = ("interview", "pilot morning", "#guest", "nothing like it", "e")
REPEATS = 5


def make_sessions(library: Path, count: int) -> None:
    chosen = random.Random(0)
    for number in range(count):
        start = datetime(2026, 1, 1, 8, tzinfo=UTC) + timedelta(minutes=37 * number)
        path = library / folder_name(start, f"camera-{number % 3}")
        path.mkdir()
        session = Session(path)
        manifest = Manifest(
            f"camera {number % 3}",
            start,
            duration_s=chosen.uniform(60, 3600),
            frames=30_000,
            title=" ".join(chosen.sample(WORDS, 3)),
            tags=tuple(chosen.sample(WORDS, number % 3)),
            people=chosen.randrange(4),
            strip=tuple(chosen.choice(LABELS) for _ in range(72)),
        )
        write_manifest(session.manifest_path, manifest)
        session.readings.touch()
        if number % 4 == 0:
            add_note(session.notes_path, 3.0, text=" ".join(chosen.sample(WORDS, 4)))


def timed(work: Callable[[], object], repeats: int = REPEATS) -> str:
    """The median of several runs."""
    passed, busy = [], []
    for _ in range(repeats):
        start_s, start_busy_s = time.perf_counter(), time.process_time()
        work()
        passed.append(time.perf_counter() - start_s)
        busy.append(time.process_time() - start_busy_s)
    return f"{median(passed) * 1e3:6.0f} ms ({median(busy) * 1e3:5.0f} busy)"


def fresh_list(folder: Path) -> int:
    with Library(folder) as library:
        return len(library.entries())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=5000)
    count = parser.parse_args().sessions
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_sessions(folder, count)
        print(f"{count} sessions")
        print(f"first list, index made {timed(lambda: fresh_list(folder), 1)}")
        print(f"list, index opened     {timed(lambda: fresh_list(folder))}")
        command = [sys.executable, "-m", "app", "sessions", "list", "--library", str(folder)]
        run = lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: E731
        print(f"`sessions list`        {timed(run)}")
        with Library(folder) as library:
            library.entries()
            for search in SEARCHES:
                found = len(library.found(search))
                again, typed = timed(lambda s=search: library.entries(s)), timed(lambda s=search: library.found(s))
                print(f"search {search!r:18} {found:5} found, as typed {typed}, with a look at the folder {again}")
        print(f"index                  {(folder / NAME).stat().st_size / 2**20:6.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
