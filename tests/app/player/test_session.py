"""The session thread, without a window."""

import threading
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from app.player.messages import Choice, Event, Failed, Loaded, MessageQueue, Notice, Opened, Working
from app.player.session import PlayerSession


@pytest.fixture
def session(world) -> Iterator[PlayerSession]:
    made = PlayerSession(world.openers())
    yield made
    made.close()
    assert made.join(10)


TakeUntil = Callable[[PlayerSession, type[Event]], list[Event]]


@pytest.fixture
def take_until(until) -> TakeUntil:
    """Takes events until one of a type arrives."""

    def take(session: PlayerSession, wanted: type[Event]) -> list[Event]:
        events: list[Event] = []

        def came() -> bool:
            events.extend(session.post.take_all())
            return any(isinstance(event, wanted) for event in events)

        until(came, wanted.__name__)
        return events

    return take


def test_it_tells_every_step(session: PlayerSession, take_until: TakeUntil) -> None:
    run = session.show("short", Choice("haar"))
    events = take_until(session, Opened)
    assert [type(event) for event in events] == [Working, Loaded, Working, Opened]
    assert {event.run for event in events} == {run}
    assert events[-1].player.info.frame_count == 8


def test_what_was_asked_last_is_shown(session: PlayerSession, world, take_until: TakeUntil) -> None:
    world.load.clear()
    for spec in ("a", "b", "short"):
        run = session.show(spec, Choice("haar"))
    world.load.set()
    opened = take_until(session, Opened)[-1]
    assert (opened.run, opened.spec) == (run, "short")
    assert world.specs[-1] == "short"


@pytest.mark.parametrize(
    ("spec", "choice", "kind"),
    [
        ("bad", Choice("haar"), "source"),
        ("long", Choice("blazeface"), "detector"),
        ("long", Choice(model="broken"), "model"),
    ],
)
def test_a_failure_says_what_failed(
    session: PlayerSession, spec: str, choice: Choice, kind: str, take_until: TakeUntil
) -> None:
    session.show(spec, choice)
    failed = take_until(session, Failed)[-1]
    assert isinstance(failed, Failed)
    assert failed.kind == kind
    session.show("short", Choice("haar"))
    take_until(session, Opened)


def test_the_detector_can_leave_a_sentence(session: PlayerSession, take_until: TakeUntil) -> None:
    session.show("short", Choice("auto"))
    assert Notice("detector", "Faces are found with Haar.") in take_until(session, Opened)


def test_everything_is_closed_at_the_end(world, take_until: TakeUntil, threads_left) -> None:
    session = PlayerSession(world.openers())
    session.show("0", Choice("haar"))
    take_until(session, Opened)
    session.close()
    assert session.join(10)
    assert world.detectors[0].closed == world.classifiers[0].closed == 1
    assert all(source.closed.is_set() for source in world.sources)
    assert "session" not in threads_left()


def test_the_post_is_bounded() -> None:
    post = MessageQueue(size=3)
    for number in range(10):
        post.put(Working(number, ""))
    assert post.take_all() == [Working(7, ""), Working(8, ""), Working(9, "")]


def test_a_reading_that_takes_long_is_waited_for(
    session: PlayerSession, fakes: ModuleType, take_until: TakeUntil, until, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread inside a native library at the interpreter's end would abort the program."""
    busy, free, read = threading.Event(), threading.Event(), fakes.FakeClassifier.probabilities

    def slowly(*args: object, **kwargs: object) -> object:
        busy.set()
        free.wait(20)
        return read(*args, **kwargs)

    monkeypatch.setattr(fakes.FakeClassifier, "probabilities", slowly)
    try:
        session.show("long", Choice("haar"))
        take_until(session, Opened)
        assert busy.wait(10)
        session.close()
        until(lambda: not session._thread.is_alive(), "the end of the session")
        assert not session.join(0.05)
    finally:
        free.set()
    assert session.join(10)
