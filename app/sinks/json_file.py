"""Writes the summary of one source: the model and options, the progress, the timings, and each face's mean
expression."""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import Any

from app.core.types import Damage, FrameResult, SourceInfo
from app.sinks.output import utf8, writing
from app.sinks.summary import Summary

_RENEW_S = 10.0
"""Interval at which the file is updated during a run, and so its greatest age after a crash."""

_SPARE = 4096
"""Padding of the file in bytes, so that the final text fits even on a full disk."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """The entries of the summary about the program and its options.

    Attributes:
        model: The bundle's name.
        sha256: Digest of the bundle's network.
        detector: Its name in `models.detectors`.
        engine: `litert` or `keras`.
        version: Mimik's own.
        options: The user's options.
    """

    model: str
    sha256: str
    detector: str
    engine: str
    version: str
    options: Mapping[str, Any] = field(default_factory=dict)


class JsonSink:
    """Keeps one source's summary in a file that is valid JSON at every moment from `open` on.

    It says `complete` false until `finish`. For a folder, `pictures` lists the file of each frame, without unreadable
    ones. A face's `mean` is over its unsmoothed probabilities, each frame counting the same; its `label` is the
    strongest of them. `seen_s` is the sum of its frames' durations, at most a second each; it is null for single
    pictures.

    Args:
        path: The file.
        facts: The facts about the run.
        digest: Returns the source's SHA-256 once it is known; None before that and if there is none.
        damage: Returns the damage of the source so far.

    Raises:
        InputError: From `open`, `close` and `finish`, if the file cannot be written.
    """

    def __init__(
        self,
        path: Path,
        facts: RunFacts,
        *,
        digest: Callable[[], str | None] = lambda: None,
        damage: Callable[[], Damage] = Damage,
    ) -> None:
        self.path = path
        self._facts = facts
        self._digest = digest
        self._damage = damage
        self._info: SourceInfo | None = None
        self._summary = Summary(())
        self._labels: tuple[str, ...] = ()
        self._file: FileIO | None = None
        self._size = 0
        self._renewed_s = 0.0
        self._known: str | None = None
        self._files: Mapping[str, str] = {}
        self._complete = False
        self.opened = False
        """True once the file has content."""

    def open(self, info: SourceInfo, labels: tuple[str, ...]) -> None:
        self._info, self._labels = info, labels
        self._summary = Summary(labels, 1 / info.fps if info.fps else None)
        with writing(self.path):
            # the old content stays until new content can replace it
            self._file = FileIO(self.path, "r+" if self.path.exists() else "w")
            self._size = self.path.stat().st_size
            self._store()
        self.opened = True

    def write(self, result: FrameResult) -> None:
        self._summary.add(result)
        late = time.monotonic() - self._renewed_s > _RENEW_S
        if late or (self._known is None and self._digest() is not None):
            with suppress(OSError):  # the older text stays; the next writer that needs space will report it
                self._store()

    def close(self) -> None:
        file = self._file
        if file is None:
            return
        try:
            with writing(self.path):
                file.truncate(self._store(spare=False))
        finally:
            self._file = None
            file.close()

    def finish(self, *, complete: bool, files: Mapping[str, str]) -> None:
        """After `close`, record how the run ended.

        Args:
            complete: Whether everything was read to the source's end and written.
            files: Suffix -> SHA-256 of the files next to this one.
        """
        self._complete, self._files = complete, dict(files)
        with writing(self.path):
            self._file, self._size = FileIO(self.path, "r+"), self.path.stat().st_size
        self.close()

    def summary(self) -> dict[str, Any]:
        """The content of the file; also valid after `close`."""
        facts, values, damage = self._facts, self._summary.values(), self._damage()
        faces, stage_ms = values.pop("faces"), values.pop("stage_ms")
        return {
            "source": self._info.name if self._info else "",
            **values,
            "model": {"name": facts.model, "sha256": facts.sha256},
            "detector": facts.detector,
            "engine": facts.engine,
            "emotions": list(self._labels),
            "faces": faces,
            "stage_ms": stage_ms,
            "version": facts.version,
            "source_sha256": self._digest(),
            "complete": self._complete,
            "damaged": {"frames": damage.frames, "at_s": [round(at_s, 6) for at_s in damage.at_s]},
            "options": dict(facts.options),
            "files": dict(self._files),
        }

    def _store(self, *, spare: bool = True) -> int:
        """Overwrite the previous summary, which stays intact if there is no space for a longer one.

        Returns:
            Length of the text in bytes; it is padded with spaces, which JSON ignores.
        """
        assert self._file is not None
        self._known = self._digest()
        self._renewed_s = time.monotonic()
        text = utf8(json.dumps(self.summary(), indent=2, ensure_ascii=False) + "\n")
        self._extend(len(text))
        if spare:
            with suppress(OSError):  # as much as available
                self._extend((len(text) // _SPARE + 2) * _SPARE)
        self._file.seek(0)
        self._file.write(text + b" " * (self._size - len(text)))
        return len(text)

    def _extend(self, size: int) -> None:
        """Pad the file with spaces; with all of them or none."""
        assert self._file is not None
        grown = self._size
        try:
            while grown < size:
                self._file.seek(grown)
                grown += self._file.write(b" " * (size - grown))
        except OSError:
            self._file.truncate(self._size)
            raise
        self._size = grown
