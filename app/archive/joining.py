"""Writes a film's files from the readings of its parts."""

from contextlib import suppress

from app.archive.seams import SeamError, joined
from app.archive.spool import read_spool
from app.archive.tasks import Advance, JoinTask
from app.core.stages import Sink
from app.core.types import FrameResult, SourceInfo
from app.headless.outputs import Job
from app.sinks.csv_file import CsvSink
from app.sinks.json_file import JsonSink, RunFacts
from models.errors import InputError


class Counting:
    """A sink that reports the number of frames."""

    def __init__(self, advance: Advance) -> None:
        self._advance = advance
        self._frames = 0
        self._total: int | None = None

    def open(self, info: SourceInfo, labels: tuple[str, ...]) -> None:
        self._total = info.frame_count
        self._advance(0, self._total)

    def write(self, result: FrameResult) -> None:
        self._frames += 1
        self._advance(self._frames, self._total)

    def close(self) -> None:
        """Nothing to release."""


def write_joined(
    job: Job, task: JoinTask, facts: RunFacts, labels: tuple[str, ...], counting: Counting
) -> tuple[JsonSink, InputError | None]:
    """Write a film's table and summary under their temporary names.

    Returns:
        The summary, closed, and the error that ended it early, if files could not be written.

    Raises:
        SeamError: If the parts do not fit together, or one of them is gone.
    """
    job.identity.compute()
    summary = JsonSink(job.part(".json"), facts, digest=lambda: job.identity.digest)
    sinks: tuple[Sink, ...] = (CsvSink(job.part(".csv")), summary, counting)
    error: InputError | None = None
    try:
        for sink in sinks:
            sink.open(task.parts[0].info, labels)
        for result in joined([read_spool(part.path, labels) for part in task.parts], task.cut):
            for sink in sinks:
                sink.write(result)
    except InputError as raised:
        error = raised
    except (OSError, ValueError) as raised:
        raise SeamError(str(raised)) from raised
    finally:
        for sink in sinks:
            with suppress(InputError):  # a disk that was full before the end has been reported already
                sink.close()
    return summary, error
