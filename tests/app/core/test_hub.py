"""Sinks come and go during a run, and none of them can block it."""

import threading

import pytest

from app.core.hub import Hub
from app.core.pipeline import Pipeline
from app.core.runner import run

WAIT_S = 20


def results(fakes, count: int):
    pipeline = Pipeline(fakes.FakeDetector(), fakes.FakeClassifier())
    return [pipeline.process(frame) for frame in fakes.walk(count)]


def test_a_sink_gets_what_comes_while_it_is_attached(fakes) -> None:
    hub, info = Hub(), fakes.FakeSource(()).info
    early, late = fakes.RecordingSink(), fakes.RecordingSink()
    made = results(fakes, 6)
    hub.attach("early", early, pytest.fail)
    hub.open(info, ("anger",))
    hub.write(made[0])
    hub.attach("late", late, pytest.fail)
    hub.write(made[1])
    hub.detach("early")
    hub.write(made[2])
    hub.close()
    assert early.results == made[:2]
    assert late.results == made[1:3]
    assert late.info is info
    assert early.closed == late.closed == 1


def test_a_slow_sink_loses_the_oldest_and_holds_nobody_up(fakes) -> None:
    hub, made = Hub(), results(fakes, 10)
    entered, go_on = threading.Event(), threading.Event()

    def slowly(_result: object) -> None:
        entered.set()
        go_on.wait(WAIT_S)

    slow = fakes.RecordingSink(on_write=slowly)
    hub.attach("slow", slow, pytest.fail, waiting=3)
    hub.open(fakes.FakeSource(()).info, ())
    hub.write(made[0])
    assert entered.wait(WAIT_S)
    for result in made[1:]:
        hub.write(result)
    go_on.set()
    assert hub.detach("slow") == 6
    assert slow.results == [made[0], *made[7:]]


@pytest.mark.parametrize("where", ["open", "write", "close"])
def test_a_sink_that_fails_is_told_and_the_run_goes_on(fakes, where: str, threads_left) -> None:
    error = OSError("the disk is full")

    def fail(_result: object) -> None:
        raise error

    arguments = {"on_write": fail} if where == "write" else {f"{where}_error": error}
    bad, good, errors = fakes.RecordingSink(**arguments), fakes.RecordingSink(), []
    hub = Hub()
    hub.attach("bad", bad, errors.append)
    hub.attach("good", good, pytest.fail, waiting=100)
    stats = run(
        fakes.FakeSource(fakes.walk(20)),
        Pipeline(fakes.FakeDetector(), fakes.FakeClassifier()),
        [hub],
        threading.Event(),
    )
    assert stats.frames == len(good.results) == 20
    assert errors == [error]
    assert not [name for name in threads_left() if name.startswith("sink ")]


def test_a_name_is_taken_once(fakes) -> None:
    hub = Hub()
    hub.attach("a", fakes.RecordingSink(), pytest.fail)
    with pytest.raises(ValueError, match="attached already"):
        hub.attach("a", fakes.RecordingSink(), pytest.fail)
    assert hub.detach("unknown") == 0
