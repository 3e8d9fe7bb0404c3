import threading
from collections.abc import Iterator
from types import ModuleType

import pytest

from app.core.pipeline import STAGES, Pipeline
from app.core.runner import run
from app.core.types import FrameResult
from models.errors import InputError


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


@pytest.fixture
def pipeline(fakes: ModuleType) -> Pipeline:
    return Pipeline(fakes.FakeDetector(), fakes.FakeClassifier())


def test_every_frame_of_a_file_arrives_once_and_in_order(fakes: ModuleType, pipeline: Pipeline) -> None:
    source, sinks = fakes.FakeSource(fakes.walk(100)), [fakes.RecordingSink(), fakes.RecordingSink()]
    stats = run(source, pipeline, sinks, threading.Event())
    for sink in sinks:
        assert [result.frame.index for result in sink.results] == list(range(100))
        assert sink.info is source.info
        assert sink.labels == pipeline.labels
        assert sink.closed == 1
    assert {result.dropped for result in sinks[0].results} == {0}
    assert stats.frames == stats.faces == 100
    assert stats.wall_s > 0
    assert not stats.interrupted
    assert tuple(stats.stage_ms) == STAGES
    assert all(0 <= p50 <= p95 for p50, p95 in stats.stage_ms.values())
    assert source.closed.is_set()


def test_runs_equal_the_pipeline_alone(fakes: ModuleType, pipeline: Pipeline) -> None:
    sink = fakes.RecordingSink()
    run(fakes.FakeSource(fakes.walk(70)), pipeline, [sink], threading.Event())
    alone = Pipeline(fakes.FakeDetector(), fakes.FakeClassifier())
    for result, frame in zip(sink.results, fakes.walk(70), strict=True):
        expected = alone.process(frame)
        assert [(f.track_id, f.box, f.label) for f in result.faces] == [
            (f.track_id, f.box, f.label) for f in expected.faces
        ]


def test_a_slow_reader_holds_a_file_back(fakes: ModuleType) -> None:
    source = fakes.FakeSource(fakes.walk(40))
    ahead: list[int] = []
    sink = fakes.RecordingSink(on_write=lambda result: ahead.append(source.delivered - result.frame.index))
    run(source, Pipeline(fakes.FakeDetector(), fakes.FakeClassifier(pause_s=0.002)), [sink], threading.Event())
    # Two queues of four, one frame in each of the three stages, and the one being written.
    assert max(ahead) <= 12
    assert len(sink.results) == 40


def test_a_live_source_drops_and_counts(fakes: ModuleType) -> None:
    source = fakes.FakeSource(fakes.walk(100), live=True, pause_s=0.001, dropped=3)
    sink = fakes.RecordingSink()
    stats = run(source, Pipeline(fakes.FakeDetector(pause_s=0.01), fakes.FakeClassifier()), [sink], threading.Event())
    indices = [result.frame.index for result in sink.results]
    assert indices == sorted(set(indices))
    assert indices[-1] == 99
    counts = [result.dropped for result in sink.results]
    assert counts == sorted(counts)
    assert stats.dropped == counts[-1] == 100 - len(indices) + 3
    assert 0 < len(indices) < 100


def test_an_empty_source(fakes: ModuleType, pipeline: Pipeline) -> None:
    sink = fakes.RecordingSink()
    stats = run(fakes.FakeSource(()), pipeline, [sink], threading.Event())
    assert (stats.frames, sink.results, sink.closed) == (0, [], 1)


@pytest.mark.parametrize("live", [True, False])
def test_stop_ends_a_source_that_waits_for_ever(fakes: ModuleType, pipeline: Pipeline, live: bool) -> None:
    stop = threading.Event()
    source = fakes.FakeSource(fakes.walk(5), live=live, hold=True)
    sink = fakes.RecordingSink(on_write=lambda result: stop.set() if result.frame.index == 4 else None)
    stats = run(source, pipeline, [sink], stop)
    assert stats.interrupted
    assert sink.results[-1].frame.index == 4
    assert sink.closed == 1


def test_stop_in_the_middle_of_a_file(fakes: ModuleType, pipeline: Pipeline) -> None:
    stop = threading.Event()
    sink = fakes.RecordingSink(on_write=lambda result: stop.set() if result.frame.index == 9 else None)
    stats = run(fakes.FakeSource(fakes.walk(5000)), pipeline, [sink], stop)
    assert stats.interrupted
    assert stats.frames == len(sink.results) == 10


def test_stop_before_the_start(fakes: ModuleType, pipeline: Pipeline) -> None:
    stop = threading.Event()
    stop.set()
    sink = fakes.RecordingSink()
    stats = run(fakes.FakeSource(fakes.walk(50), hold=True), pipeline, [sink], stop)
    assert stats.interrupted
    assert (stats.frames, sink.closed) == (0, 1)


def test_frames_before_a_break_are_kept_and_the_break_is_told(fakes: ModuleType, pipeline: Pipeline) -> None:
    sink = fakes.RecordingSink()
    source = fakes.FakeSource(fakes.walk(30), error=InputError("clip.mp4 ends early"))
    with pytest.raises(InputError, match=r"clip\.mp4 ends early"):
        run(source, pipeline, [sink], threading.Event())
    assert [result.frame.index for result in sink.results] == list(range(30))
    assert sink.closed == 1


def test_a_failing_detector_is_told_after_what_was_done(fakes: ModuleType) -> None:
    sink = fakes.RecordingSink()
    detector = fakes.FakeDetector(error=RuntimeError("no detection"), fail_at=12)
    with pytest.raises(RuntimeError, match="no detection"):
        run(fakes.FakeSource(fakes.walk(500)), Pipeline(detector, fakes.FakeClassifier()), [sink], threading.Event())
    assert len(sink.results) == 12
    assert sink.closed == 1


def test_a_failing_sink_closes_all(fakes: ModuleType, pipeline: Pipeline) -> None:
    def fail(result: FrameResult) -> None:
        if result.frame.index == 5:
            raise OSError("disk full")

    sinks = [fakes.RecordingSink(), fakes.RecordingSink(on_write=fail), fakes.RecordingSink()]
    source = fakes.FakeSource(fakes.walk(500))
    with pytest.raises(OSError, match="disk full"):
        run(source, pipeline, sinks, threading.Event())
    assert [sink.closed for sink in sinks] == [1, 1, 1]
    assert [len(sink.results) for sink in sinks] == [6, 5, 5]
    assert source.closed.is_set()


def test_a_sink_that_does_not_open(fakes: ModuleType, pipeline: Pipeline) -> None:
    sinks = [fakes.RecordingSink(), fakes.RecordingSink(open_error=InputError("no room")), fakes.RecordingSink()]
    source = fakes.FakeSource(fakes.walk(50))
    with pytest.raises(InputError, match="no room"):
        run(source, pipeline, sinks, threading.Event())
    assert [sink.closed for sink in sinks] == [1, 0, 0]
    assert source.closed.is_set()
    assert source.delivered == 0


def test_a_sink_that_does_not_close_does_not_hinder_the_others(fakes: ModuleType, pipeline: Pipeline) -> None:
    sinks = [fakes.RecordingSink(close_error=OSError("stuck")), fakes.RecordingSink()]
    with pytest.raises(OSError, match="stuck"):
        run(fakes.FakeSource(fakes.walk(10)), pipeline, sinks, threading.Event())
    assert [sink.closed for sink in sinks] == [1, 1]
    assert [len(sink.results) for sink in sinks] == [10, 10]


def test_the_first_of_several_errors_is_raised_with_the_others_as_notes(fakes: ModuleType, pipeline: Pipeline) -> None:
    source = fakes.FakeSource(fakes.walk(3), error=InputError("clip.mp4 ends early"))
    with pytest.raises(InputError) as raised:
        run(source, pipeline, [fakes.RecordingSink(close_error=OSError("stuck"))], threading.Event())
    assert raised.value.__notes__ == ["also: OSError: stuck"]


def test_ctrl_c_keeps_what_was_done(fakes: ModuleType, pipeline: Pipeline) -> None:
    def interrupt(result: FrameResult) -> None:
        if result.frame.index == 7:
            raise KeyboardInterrupt

    sink = fakes.RecordingSink(on_write=interrupt)
    stats = run(fakes.FakeSource(fakes.walk(500)), pipeline, [sink], threading.Event())
    assert stats.interrupted
    assert stats.frames == len(sink.results) == 7
    assert sink.closed == 1
