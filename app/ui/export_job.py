"""An export in the background. Contains no widget."""

from pathlib import Path

from app.export.content import Content
from app.export.kinds import ExportOptions, Kind
from app.export.reporter import Reporter
from app.headless.targets import Target
from app.ui.job import Job


class ExportJob(Job):
    """Writes one file and moves it to its final path at the end; nothing remains of one that did not succeed.

    Args:
        content: The content to export.
        kind: The format.
        options: The options of the format.
        out: The file; an existing one is kept, and the new one gets a number.

    Attributes:
        placed: The file at its final path, or None.
    """

    def __init__(self, content: Content, kind: Kind, options: ExportOptions, out: Path) -> None:
        super().__init__("export")
        self.placed: Path | None = None
        self._content, self._kind, self._options, self._out = content, kind, options, out

    def work(self, reporter: Reporter) -> None:
        with Target(self._out, self._content.files, overwrite=False, notify=reporter.notify) as target:
            self._kind.write(self._content, target.part, reporter, self._options, self._out.suffix.lower())
            self.placed = target.place()
