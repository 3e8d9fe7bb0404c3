"""Running a plan in a test, and reading its output."""

import threading
from pathlib import Path

from app.archive.display import Terminal
from app.archive.inline import Inline
from app.archive.run import Run
from app.archive.tasks import Executor, Plan


def done_by(plan: Plan, crew: Executor, stop: threading.Event | None = None) -> dict[int, str]:
    """Run a plan; film number -> final state."""
    trip = Run(plan, crew, Terminal(tuple(job.spec for job in plan.jobs), bars=False))
    try:
        trip.go(stop or threading.Event())
    finally:
        crew.close()
    return {number: result.state for number, result in sorted(trip.results.items())}


def here(plan: Plan) -> dict[int, str]:
    """Run a plan in this process; film number -> final state."""
    return done_by(plan, Inline(plan, lambda *_: None, print, alone=False))


def tables(folder: Path) -> dict[str, bytes]:
    """The CSV files of a folder that contains nothing else but JSON."""
    found = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".json"}
    assert found and all(name.endswith(".csv") for name in found), found.keys()
    return found
