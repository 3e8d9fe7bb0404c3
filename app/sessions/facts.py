"""The entries of a manifest about the program and the source."""

import platform
import threading
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from app.core.types import SourceInfo
from app.sessions.folder import FilmRef, Manifest
from app.sinks.json_file import RunFacts
from models.bundle import sha256_of

_PARTS = ("av", "numpy", "opencv-contrib-python")


class FilmDigest:
    """The reference to a film, whose digest is computed in a thread because it takes as long as reading the whole file.

    Args:
        film: The file, or None if there is none.
    """

    def __init__(self, film: Path | None) -> None:
        self._film = film
        self._digest: str | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start computing."""
        if self._film is not None:
            self._thread = threading.Thread(target=self._compute, name="digest", daemon=True)
            self._thread.start()

    def wait(self, timeout_s: float | None) -> None:
        """Wait for the digest, for this many seconds at most; None waits as long as it takes."""
        if self._thread is not None:
            self._thread.join(timeout_s)

    def reference(self) -> FilmRef | None:
        """The film as it appears in a manifest; None if there is none."""
        if self._film is None:
            return None
        try:
            size = self._film.stat().st_size
        except OSError:
            size = None
        return FilmRef(str(self._film.absolute()), self._digest, size)

    def _compute(self) -> None:
        try:
            self._digest = None if self._film is None else sha256_of(self._film)
        except OSError:  # reading the film will report it
            return


def manifest_of(facts: RunFacts, info: SourceInfo, film: FilmRef | None, started_at: datetime, title: str) -> Manifest:
    """The manifest of a new session."""
    versions = {"mimik": facts.version, "python": platform.python_version()}
    for part in _PARTS:
        try:
            versions[part] = version(part)
        except PackageNotFoundError:
            continue
    return Manifest(
        source=film or info.name,
        started_at=started_at,
        state="recording",
        model={"name": facts.model, "sha256": facts.sha256, "engine": facts.engine},
        detector=facts.detector,
        versions=versions,
        title=title,
    )
