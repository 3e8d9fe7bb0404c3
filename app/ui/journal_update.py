"""Updates the journal in the background. Contains no widget."""

from pathlib import Path

from app.commands.contents import session_content
from app.export.reporter import Reporter
from app.journal.journal import Journal
from app.journal.own import sessions_in
from app.ui.job import Job


class JournalUpdate(Job):
    """One pass over the sessions of a library; unreadable sessions are reported and skipped."""

    def __init__(self, journal: Journal, library: Path) -> None:
        super().__init__("journal")
        self._journal, self._library = journal, library

    def work(self, reporter: Reporter) -> None:
        self._journal.update(sessions_in(self._library), session_content, reporter)
