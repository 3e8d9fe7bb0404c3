"""The session's thread, without a window."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from app.ui.messages import Choice, Ended, Event, Failed, Loaded, Notice, Opened, Post, Working
from app.ui.session import Session
from app.ui.tap import Tap


@pytest.fixture
def session(world) -> Iterator[Session]:
    made = Session(world.openers())
    yield made
    made.close()
    assert made.join(10)


def take_until(session: Session, wanted: type[Event]) -> list[Event]:
    events: list[Event] = []
    end_s = time.monotonic() + 20
    while not any(isinstance(event, wanted) for event in events):
        assert time.monotonic() < end_s, f"no {wanted.__name__} among {events}"
        events += session.post.take_all()
        time.sleep(0.005)
    return events


def test_it_tells_every_step(session: Session) -> None:
    run = session.show("short", Choice("haar"))
    kinds = [type(event) for event in take_until(session, Ended)]
    assert kinds == [Working, Loaded, Working, Opened, Ended]
    last = session.results.take()
    assert last is not None
    assert last.run == run
    assert last.result.frame.index == 7


def test_what_was_asked_last_is_shown(session: Session, world) -> None:
    world.load.clear()
    for spec in ("a", "b", "short"):
        run = session.show(spec, Choice("haar"))
    world.load.set()
    ended = take_until(session, Ended)[-1]
    assert ended == Ended(run)
    assert world.specs[-1] == "short"


@pytest.mark.parametrize(
    ("spec", "choice", "kind"),
    [
        ("bad", Choice("haar"), "source"),
        ("long", Choice("blazeface"), "detector"),
        ("long", Choice(model="broken"), "model"),
    ],
)
def test_a_failure_says_what_failed(session: Session, spec: str, choice: Choice, kind: str) -> None:
    session.show(spec, choice)
    failed = take_until(session, Failed)[-1]
    assert isinstance(failed, Failed)
    assert failed.kind == kind
    session.show("short", Choice("haar"))
    take_until(session, Ended)


def test_the_detector_can_leave_a_sentence(session: Session) -> None:
    session.show("short", Choice("auto"))
    assert Notice("detector", "Faces are found with Haar.") in take_until(session, Ended)


def test_everything_is_closed_at_the_end(world) -> None:
    session = Session(world.openers())
    session.show("0", Choice("haar"))
    take_until(session, Opened)
    session.close()
    assert session.join(10)
    assert world.detectors[0].closed == world.classifiers[0].closed == 1
    assert world.sources[0].closed.is_set()
    assert "session" not in {thread.name for thread in threading.enumerate()}


def test_a_paused_file_can_be_left(session: Session) -> None:
    session.show("long", Choice("haar"))
    take_until(session, Opened)
    session.pause(True)
    session.show("short", Choice("haar"))
    take_until(session, Ended)


def test_the_post_is_bounded() -> None:
    post = Post(size=3)
    for number in range(10):
        post.put(Ended(number))
    assert post.take_all() == [Ended(7), Ended(8), Ended(9)]


def test_the_tap_dates_live_frames_by_the_least_delay(fakes) -> None:
    frames = fakes.walk(3, fps=1)  # at 0, 1 and 2 s of the camera's clock, which began at 100 s of ours
    arrivals = iter((100.5, 101.1, 102.3))
    clock: Callable[[], float] = lambda: next(arrivals)  # noqa: E731
    tap = Tap(fakes.FakeSource(frames, live=True), clock)
    list(tap)
    assert tap.delivered == 3
    assert tap.captured_s(frames[2]) == pytest.approx(102.1)


def test_a_shut_tap_throws_frames_away(fakes) -> None:
    tap = Tap(fakes.FakeSource(fakes.walk(5), live=True))
    tap.shut = True
    assert list(tap) == []
    assert tap.delivered == 5
