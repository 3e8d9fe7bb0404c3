"""Drives a source through a pipeline into sinks: the one loop behind the window and every command."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.core.mailbox import Mailbox, Queue
from app.core.pipeline import STAGES, Located, Pipeline
from app.core.reservoir import Reservoir
from app.core.stages import FrameSource, Sink
from app.core.types import Frame, FrameResult

_QUEUE = 4
_POLL_S = 0.05
_JOIN_S = 5.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunStats:
    """The outcome of a run.

    Attributes:
        frames: Frames written to the sinks.
        faces: Number of faces, summed over the frames.
        wall_s: Seconds from the start to the last result, closing of sinks included.
        stage_ms: Stage -> (median, 95th percentile) in milliseconds a frame.
        interrupted: True if `stop` was set or Ctrl-C pressed before the source ended.
        dropped: Frames of a live source that were lost, before or within the run.
    """

    frames: int
    faces: int
    wall_s: float
    stage_ms: Mapping[str, tuple[float, float]]
    interrupted: bool
    dropped: int = 0


class _Tally:
    """Accumulates statistics of results in bounded memory."""

    def __init__(self) -> None:
        self.frames = 0
        self.faces = 0
        self.dropped = 0
        self._start_s = time.perf_counter()
        self._stages = {stage: Reservoir() for stage in STAGES}

    def add(self, result: FrameResult) -> None:
        self.frames += 1
        self.faces += len(result.faces)
        for stage, milliseconds in result.stage_ms.items():
            if stage not in self._stages:
                self._stages[stage] = Reservoir()
            self._stages[stage].add(milliseconds)

    def stats(self, *, interrupted: bool) -> RunStats:
        stages = {stage: reservoir.percentiles() for stage, reservoir in self._stages.items()}
        wall_s = time.perf_counter() - self._start_s
        return RunStats(self.frames, self.faces, wall_s, stages, interrupted, self.dropped)


def run(source: FrameSource, pipeline: Pipeline, sinks: Sequence[Sink], stop: threading.Event) -> RunStats:
    """Run every frame of a source through the pipeline and write the results to the sinks, in order.

    One thread decodes, one finds faces, and the calling thread reads them and writes. The queues between them hold four
    frames for files, which lose nothing, and only the newest frame for live sources, whose other frames are counted as
    dropped.

    Args:
        source: Open; closed at the end, which also ends a thread that waits for a camera.
        pipeline: Stays open.
        sinks: Opened here, written in order, and always closed; one that fails to open is not closed.
        stop: Set from any thread to stop soon; frames not written by then are left out.

    Returns:
        The outcome. A KeyboardInterrupt in the calling thread ends the run like `stop`: the sinks are closed and
            `interrupted` is True; it is not raised again, but a second one while closing is.

    Raises:
        InputError: If the source broke off; everything read before has been written and the sinks are closed.
        Exception: Any other exception of a stage or sink, after the sinks were closed; of several the first, with the
            others added as notes.
    """
    tally = _Tally()
    errors: list[BaseException] = []
    opened: list[Sink] = []
    interrupted = False
    try:
        for sink in sinks:
            sink.open(source.info, pipeline.labels)
            opened.append(sink)
        interrupted = _drive(source, pipeline, opened, stop, tally, errors)
    except KeyboardInterrupt:
        interrupted = True
    except BaseException as error:
        errors.insert(0, error)
    finally:
        _close(source, opened, errors)
    if errors:
        first, *others = errors
        for other in others:
            first.add_note(f"also: {type(other).__name__}: {other}")
        raise first
    return tally.stats(interrupted=interrupted)


def _drive(
    source: FrameSource,
    pipeline: Pipeline,
    sinks: Sequence[Sink],
    stop: threading.Event,
    tally: _Tally,
    errors: list[BaseException],
) -> bool:
    """Run the threads until the source ends or `stop` is set; True if stopped. The threads' errors go into `errors`."""
    live = source.info.live
    frames: Mailbox[Frame] = Mailbox() if live else Queue(_QUEUE)
    located: Mailbox[Located] = Mailbox() if live else Queue(_QUEUE)

    def decode() -> None:
        for frame in source:
            if not frames.put(frame):
                return

    def find() -> None:
        while (frame := frames.take(None)) is not None:
            if not located.put(pipeline.find(frame)):
                return

    threads = (_start("decode", decode, frames, errors), _start("find", find, located, errors))
    stopped = True
    try:
        while not stop.is_set():
            item = located.take(_POLL_S)
            if item is not None:
                tally.dropped = source.dropped + frames.dropped + located.dropped
                result = replace(pipeline.read(item), dropped=tally.dropped)
                for sink in sinks:
                    sink.write(result)
                tally.add(result)
            elif located.exhausted:
                stopped = False
                break
    finally:
        frames.close(discard=True)
        located.close(discard=True)
        try:
            source.close()
        finally:
            for thread in threads:
                thread.join(_JOIN_S)
                if thread.is_alive():
                    _log.warning("%s is still busy in its %s thread", source.info.name, thread.name)
    return stopped


def _start(
    name: str, work: Callable[[], None], output: Mailbox[Frame] | Mailbox[Located], errors: list[BaseException]
) -> threading.Thread:
    """Run `work` in a thread; afterwards close its output, so that the next stage ends once it has taken everything."""

    def body() -> None:
        try:
            work()
        except BaseException as error:
            # A source that is closed during a stopped run may raise; its frames are no longer needed.
            if not output.closed:
                errors.append(error)
        finally:
            output.close()

    thread = threading.Thread(target=body, name=name, daemon=True)
    thread.start()
    return thread


def _close(source: FrameSource, sinks: Sequence[Sink], errors: list[BaseException]) -> None:
    """Close the source and every sink, even if some of them raise."""
    for close in (source.close, *(sink.close for sink in sinks)):
        try:
            close()
        except Exception as error:
            errors.append(error)
