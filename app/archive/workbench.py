"""Does the tasks of a run in one process, with a model and a detector that are opened once."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Self

from app import __version__
from app.archive.joining import Counting, write_joined
from app.archive.seams import SeamError, Stretch, stretches
from app.archive.settings import finished
from app.archive.spool import SpoolSink
from app.archive.tables import to_parquet
from app.archive.tasks import (
    Advance,
    Answer,
    Busy,
    Fault,
    JoinTask,
    PartRead,
    PartTask,
    Plan,
    Split,
    Task,
    Unjoined,
)  # fmt: skip
from app.commands.outputs import Job
from app.commands.parts import Parts, opened
from app.commands.placing import InUseError, RunFiles
from app.commands.report import Outcome
from app.commands.stopping import stopping
from app.core.runner import run as run_pipeline
from app.core.stages import FrameSource, Sink
from app.detectors.region import RegionDetector
from app.sinks.csv_file import CsvSink
from app.sinks.json_file import JsonSink, RunFacts
from app.sinks.video import Stretch as VideoStretch
from app.sinks.video import VideoSink
from app.sources.film import Film
from app.sources.folder import PictureFolder
from app.sources.open import open_source
from app.sources.watched import Watched
from app.spec import is_address
from models.errors import InputError

_APART = "each picture is read by itself; `--fps 30` reads them as a recording"
_RECORDED = "the pictures are read as a recording of 30 a second; `--fps 0` reads each by itself"

_PATIENCE_S = 2.0
"""An unfinished run waits this long at its end for its source's digest, without which it counts as another source's."""

Stopping = Callable[[], AbstractContextManager[Event]]


class UnusableError(InputError):
    """The model or the detector cannot be used, so no film can be analysed."""


class Workbench:
    """Within a `with` block, does one task after another.

    Args:
        plan: The run.
        notify: Takes sentences for the user.
        stop: Gives the event that ends a task early, within a block.
        beside: More sinks for each film that is analysed here.
    """

    def __init__(
        self,
        plan: Plan,
        notify: Callable[[str], None],
        *,
        stop: Stopping = stopping,
        beside: Callable[[], tuple[Sink, ...]] = tuple,
    ) -> None:
        self._plan = plan
        self._settings = plan.settings
        self._notify = notify
        self._stopping = stop
        self._beside = beside
        self._stack = ExitStack()
        self._parts: Parts | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    @property
    def parts(self) -> Parts:
        """Detector and classifier, opened when they are first needed.

        Raises:
            UnusableError: If they cannot be opened.
        """
        if self._parts is None:
            try:
                self._parts = self._stack.enter_context(opened(self._settings.options, self._notify))
            except InputError as error:
                raise UnusableError(*error.args) from error
        return self._parts

    def do(self, task: Task, advance: Advance) -> Answer:
        """Do a task.

        Raises:
            UnusableError: If no task can be done at all.
            InputError: If this one cannot, where it is not one of many.
        """
        job = self._plan.jobs[task.number]
        try:
            if isinstance(task, PartTask):
                return self._read_part(job, task, advance)
            if isinstance(task, JoinTask):
                return self._join(job, task, advance)
            return self._film(job, advance, whole=task.whole)
        except UnusableError:
            raise
        except InputError as error:
            if not self._settings.sharing:
                raise
            return Outcome((), {}, error, False, False)

    def _film(self, job: Job, advance: Advance, *, whole: bool) -> Answer:
        done = self._finished(job)
        if done is not None:
            return done
        try:
            source = self._open(job, Stretch(self._settings.start_s, None, self._settings.end_s))
        except InputError as error:
            return Outcome((), {}, error, False, False)
        with source:
            if self._settings.roi is not None:
                self._settings.roi.require_within(source.info)
            cut = () if whole else self._cut(source)
            if len(cut) > 1:
                return Split(cut)
            fps = self._settings.options.fps
            if isinstance(source, PictureFolder) and fps is None and source.info.frame_count != 1:
                self._notify(f"{job.spec}: {_APART if source.apart else _RECORDED}.")
            return self._in_files(job, lambda files: self._analyze(files, source, advance))

    def _finished(self, job: Job) -> Outcome | None:
        if self._settings.overwrite or not job.path(".json").is_file():
            return None
        digest = self._settings.digest(self.parts, job.identity)
        summary = finished(job, digest, self._plan.claims)
        if summary is None:
            return None
        return Outcome(tuple(map(job.path, job.suffixes)), summary, None, False, False, skipped=True)

    def _open(self, job: Job, stretch: Stretch) -> FrameSource:
        times = {"start_s": stretch.start_s, "end_s": stretch.end_s}
        fps, recursive = self._settings.options.fps, self._settings.recursive
        return open_source(job.spec, fps=fps, recursive=recursive, **times)

    def _cut(self, source: FrameSource) -> tuple[Stretch, ...]:
        settings = self._settings
        span_s = source.span_s if settings.segments > 1 and isinstance(source, Film) else None
        if span_s is None:
            return ()
        return stretches(*span_s, settings.segments, start_s=settings.start_s, end_s=settings.end_s)

    def _in_files(self, job: Job, work: Callable[[RunFiles], Answer]) -> Answer:
        if self._settings.sharing:
            job.identity.compute()  # so that whatever a kill leaves is known as ours
        try:
            with RunFiles(job, self._plan.claims, self._notify, sharing=self._settings.sharing) as files:
                # Another run may have done it by now, or an earlier one under the name that is left for it.
                done = self._finished(files.job)
                return done or work(files)
        except InUseError:
            return Busy()

    def _facts(self, job: Job) -> RunFacts:
        parts = self.parts
        bundle, told = parts.classifier.bundle, self._settings.told(self._settings.digest(parts, job.identity))
        return RunFacts(bundle.name, bundle.digest, parts.detector.name, parts.classifier.engine, __version__, told)

    def _analyze(self, files: RunFiles, source: FrameSource, advance: Advance) -> Outcome:
        """Analyse one open source and bring its files to their places, however it ends."""
        watched = Watched(source)
        job, identity = files.job, files.job.identity
        summary = JsonSink(
            job.part(".json"), self._facts(job), digest=lambda: identity.digest, damage=lambda: watched.damage
        )
        sinks: list[Sink] = [CsvSink(job.part(".csv")), summary]
        if job.video:
            sinks.append(VideoSink(job.part(".mp4"), self._video_stretch(job, watched), self._notify))
        detector = self._detector()
        pipeline = self.parts.pipeline(detector)
        error: InputError | None = None
        complete = interrupted = False
        placed: tuple[Path, ...] = ()
        with self._stopping() as stop:
            try:
                identity.compute_beside()
                beside = (*self._beside(), Counting(advance))
                interrupted = run_pipeline(watched, pipeline, [*sinks, *beside], stop).interrupted
                complete = not interrupted
            except InputError as raised:
                error = raised
            finally:
                if summary.opened:
                    identity.wait(None if complete else _PATIENCE_S)
                    placed = self._place(files, summary, complete=complete)
        for notice in watched.notices:
            self._notify(notice)
        return Outcome(placed, summary.summary() if summary.opened else {}, error, interrupted, watched.broke_off)

    def _place(self, files: RunFiles, summary: JsonSink, *, complete: bool) -> tuple[Path, ...]:
        if files.job.rows == "parquet":
            try:
                to_parquet(files.job.part(".csv"), files.job.part(".parquet"))
            except InputError:  # no room: the table stays what it is
                files.job = replace(files.job, rows="csv")
                files.place(summary, complete=False)
                raise
        return files.place(summary, complete=complete)

    def _detector(self) -> RegionDetector | None:
        region = self._settings.roi
        return None if region is None else RegionDetector(self.parts.detector, region)

    def _video_stretch(self, job: Job, source: Watched) -> VideoStretch:
        """What the painted video must know of its source."""
        path = job.identity.path
        sound_of = job.spec if is_address(job.spec) else path if path is not None and path.is_file() else None
        settings = self._settings
        return VideoStretch(sound_of, settings.start_s, settings.end_s, source.is_all, lambda: source.jumps)

    def _read_part(self, job: Job, task: PartTask, advance: Advance) -> Answer:
        try:
            with Watched(self._open(job, task.stretch)) as source, self._stopping() as stop:
                pipeline = self.parts.pipeline(self._detector())
                sinks: tuple[Sink, ...] = (SpoolSink(task.path), Counting(lambda frames, _: advance(frames, None)))
                if run_pipeline(source, pipeline, sinks, stop).interrupted or source.damage.frames:
                    return Unjoined()
                return PartRead(task.path, source.info, source.notices)
        except UnusableError:
            raise
        except InputError:  # whatever it is, reading the film in one piece will say it
            return Unjoined()

    def _join(self, job: Job, task: JoinTask, advance: Advance) -> Answer:
        """Write a film's files from the readings of its parts."""
        try:
            return self._in_files(job, lambda files: self._joined(files, task, advance))
        except SeamError:
            return Unjoined()

    def _joined(self, files: RunFiles, task: JoinTask, advance: Advance) -> Outcome:
        job = files.job
        summary, error = write_joined(job, task, self._facts(job), self.parts.classifier.labels, Counting(advance))
        placed = self._place(files, summary, complete=error is None) if summary.opened else ()
        for notice in dict.fromkeys(notice for part in task.parts for notice in part.notices):
            self._notify(notice)
        return Outcome(placed, summary.summary() if summary.opened else {}, error, False, False)


def guarded(work: Callable[[], Answer], fault: Callable[[Exception], str]) -> Answer:
    """Do something; what went wrong inside Mimik becomes a sentence, so that other films are still done.

    Raises:
        UnusableError: As `work`.
    """
    try:
        return work()
    except UnusableError:
        raise
    except Exception as error:
        return Fault(fault(error))
