"""Executes the tasks of a run in one process, with a model and a detector that are opened once."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Self

from app import __version__
from app.archive.joining import Counting, write_joined
from app.archive.seams import FilmPart, SeamError, stretches
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
from app.core.runner import run as run_pipeline
from app.core.stages import FrameSource, Sink
from app.detectors.region import RegionDetector
from app.headless.outputs import Job
from app.headless.parts import OpenedParts, opened
from app.headless.report import Outcome
from app.headless.run_files import InUseError, RunFiles
from app.headless.stopping import stopping
from app.sinks.csv_file import CsvSink
from app.sinks.json_file import JsonSink, RunFacts
from app.sinks.video import VideoSink, VideoStretch
from app.sources.counted import CountedSource
from app.sources.film import Film
from app.sources.folder import PictureFolder
from app.sources.open import open_source
from app.spec import is_address
from models.errors import InputError

_APART = "each picture is read by itself; `--fps 30` reads them as a recording"
_RECORDED = "the pictures are read as a recording of 30 a second; `--fps 0` reads each by itself"

_PATIENCE_S = 2.0
"""How long an unfinished run waits at its end for its source's digest, without which its files cannot be recognised
later."""

Stopping = Callable[[], AbstractContextManager[Event]]


class UnusableError(InputError):
    """The model or the detector cannot be used, so no film can be analysed."""


class Workbench:
    """Within a `with` block, does one task after another.

    Args:
        plan: The run.
        notify: Takes sentences for the user.
        stop: Provides, within a block, the event that ends a task early.
        extra_sinks: Creates further sinks for each film that is analysed here.
    """

    def __init__(
        self,
        plan: Plan,
        notify: Callable[[str], None],
        *,
        stop: Stopping = stopping,
        extra_sinks: Callable[[], tuple[Sink, ...]] = tuple,
    ) -> None:
        self._plan = plan
        self._settings = plan.settings
        self._notify = notify
        self._stopping = stop
        self._extra_sinks = extra_sinks
        self._stack = ExitStack()
        self._parts: OpenedParts | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    @property
    def parts(self) -> OpenedParts:
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
            UnusableError: If no task can be done. InputError: If this one cannot be done and it is not one of many.
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
            source = self._open(job, FilmPart(self._settings.start_s, None, self._settings.end_s))
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

    def _open(self, job: Job, stretch: FilmPart) -> FrameSource:
        times = {"start_s": stretch.start_s, "end_s": stretch.end_s}
        fps, recursive = self._settings.options.fps, self._settings.recursive
        return open_source(job.spec, fps=fps, recursive=recursive, **times)

    def _cut(self, source: FrameSource) -> tuple[FilmPart, ...]:
        settings = self._settings
        span_s = source.span_s if settings.segments > 1 and isinstance(source, Film) else None
        if span_s is None:
            return ()
        return stretches(*span_s, settings.segments, start_s=settings.start_s, end_s=settings.end_s)

    def _in_files(self, job: Job, work: Callable[[RunFiles], Answer]) -> Answer:
        if self._settings.sharing:
            job.identity.compute()  # so that the files left by a kill are recognised as ours
        try:
            with RunFiles(job, self._plan.claims, self._notify, sharing=self._settings.sharing) as files:
                # another run may have done it meanwhile, or an earlier one under its remaining name
                done = self._finished(files.job)
                return done or work(files)
        except InUseError:
            return Busy()

    def _facts(self, job: Job) -> RunFacts:
        parts = self.parts
        bundle, options = parts.classifier.bundle, self._settings.as_options(self._settings.digest(parts, job.identity))
        return RunFacts(bundle.name, bundle.digest, parts.detector.name, parts.classifier.engine, __version__, options)

    def _analyze(self, files: RunFiles, source: FrameSource, advance: Advance) -> Outcome:
        """Analyse one open source and move its files to their final paths, however it ends."""
        counted = CountedSource(source)
        job, identity = files.job, files.job.identity
        summary = JsonSink(
            job.part(".json"), self._facts(job), digest=lambda: identity.digest, damage=lambda: counted.damage
        )
        sinks: list[Sink] = [CsvSink(job.part(".csv")), summary]
        if job.video:
            sinks.append(VideoSink(job.part(".mp4"), self._video_stretch(job, counted), self._notify))
        detector = self._detector()
        pipeline = self.parts.pipeline(detector)
        error: InputError | None = None
        complete = interrupted = False
        placed: tuple[Path, ...] = ()
        with self._stopping() as stop:
            try:
                identity.compute_in_background()
                further = (*self._extra_sinks(), Counting(advance))
                interrupted = run_pipeline(counted, pipeline, [*sinks, *further], stop).interrupted
                complete = not interrupted
            except InputError as raised:
                error = raised
            finally:
                if summary.opened:
                    identity.wait(None if complete else _PATIENCE_S)
                    placed = self._place(files, summary, complete=complete)
        for notice in counted.notices:
            self._notify(notice)
        return Outcome(placed, summary.summary() if summary.opened else {}, error, interrupted, counted.broke_off)

    def _place(self, files: RunFiles, summary: JsonSink, *, complete: bool) -> tuple[Path, ...]:
        if files.job.rows == "parquet":
            try:
                to_parquet(files.job.part(".csv"), files.job.part(".parquet"))
            except InputError:  # no room: the table stays as it is
                files.job = replace(files.job, rows="csv")
                files.place(summary, complete=False)
                raise
        return files.place(summary, complete=complete)

    def _detector(self) -> RegionDetector | None:
        region = self._settings.roi
        return None if region is None else RegionDetector(self.parts.detector, region)

    def _video_stretch(self, job: Job, source: CountedSource) -> VideoStretch:
        """The parts of the source that the annotated video needs."""
        path = job.identity.path
        sound_of = job.spec if is_address(job.spec) else path if path is not None and path.is_file() else None
        settings = self._settings
        return VideoStretch(sound_of, settings.start_s, settings.end_s, source.is_all, lambda: source.jumps)

    def _read_part(self, job: Job, task: PartTask, advance: Advance) -> Answer:
        try:
            with CountedSource(self._open(job, task.stretch)) as source, self._stopping() as stop:
                pipeline = self.parts.pipeline(self._detector())
                sinks: tuple[Sink, ...] = (SpoolSink(task.path), Counting(lambda frames, _: advance(frames, None)))
                if run_pipeline(source, pipeline, sinks, stop).interrupted or source.damage.frames:
                    return Unjoined()
                return PartRead(task.path, source.info, source.notices)
        except UnusableError:
            raise
        except InputError:  # reading the film as a whole will report it
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
    """Call a function; a fault inside Mimik becomes a sentence, so that other films are still done.

    Raises:
        UnusableError: As `work`.
    """
    try:
        return work()
    except UnusableError:
        raise
    except Exception as error:
        return Fault(fault(error))
