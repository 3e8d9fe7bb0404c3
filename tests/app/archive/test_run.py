"""How a run handles answers, with a scripted crew."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from app.archive.display import Terminal
from app.archive.run import DAMAGED, DONE, FAILED, SKIPPED, Run
from app.archive.seams import FilmPart
from app.archive.settings import Settings
from app.archive.tally import code_of, films_table, tale_of
from app.archive.tasks import (
    Answer,
    Busy,
    Died,
    Done,
    Event,
    Fault,
    FilmTask,
    JoinTask,
    PartRead,
    PartTask,
    Plan,
    Split,
    Task,
    Unjoined,
)  # fmt: skip
from app.core.types import SourceInfo
from app.headless.identity import Identity
from app.headless.outputs import plan
from app.headless.report import Outcome
from app.options import Options
from models.errors import InputError

CUT = (FilmPart(None, None, 47.5), FilmPart(37.5, 47.5, None))
INFO = SourceInfo("a", 1, 1, 25.0, 9, live=False)


def outcome(frames: int = 9, *, damaged: int = 0, **more: object) -> Outcome:
    summary = {"frames": frames, "duration_s": 1.0, "damaged": {"frames": damaged}}
    return Outcome((), summary, **{"error": None, "interrupted": False, "broke_off": False, **more})


class Actors:
    """A scripted crew of two, which finishes the last task first."""

    size = 2

    def __init__(self, script: Callable[[Task], Answer]) -> None:
        self.asked: list[Task] = []
        self._script = script
        self._going: list[Task] = []

    @property
    def room(self) -> int:
        return 2 - len(self._going)

    def start(self, task: Task) -> None:
        self.asked.append(task)
        self._going.append(task)

    def wait(self, seconds: float) -> list[Event]:
        return [Done(task, self._script(task)) for task in [self._going.pop()] if task] if self._going else []

    def stop(self) -> None:
        """Nothing runs in the background."""

    def close(self) -> None:
        """There is nothing to release."""


@pytest.fixture
def played(tmp_path: Path) -> Callable[..., tuple[Run, Actors, Plan]]:
    def play(names: Sequence[str], script: Callable[[Task], Answer]) -> tuple[Run, Actors, Plan]:
        jobs, claims = plan([Identity(n) for n in names], tmp_path, video=False, overwrite=False, notify=print)
        whole = Plan(jobs, claims, Settings(Options(), sharing=True))
        crew = Actors(script)
        trip = Run(whole, crew, Terminal(tuple(names)))
        trip.go(threading.Event())
        assert not list(tmp_path.iterdir())
        return trip, crew, whole

    return play


def test_every_end_is_told(played: Callable[..., tuple[Run, Actors, Plan]], capsys: pytest.CaptureFixture[str]) -> None:
    ends: list[Answer] = [
        outcome(),
        outcome(skipped=True),
        outcome(damaged=2),
        Outcome((Path("b.csv"),), outcome().summary, InputError("b.mp4 breaks off"), False, True),
        outcome(error=InputError("c.mp4 is not a film")),
        Fault("a fault in d.mp4"),
    ]
    trip, _, whole = played([f"{n}.mp4" for n in range(6)], lambda task: ends[task.number])
    states = [trip.results[number].state for number in range(6)]
    assert states == [DONE, SKIPPED, DAMAGED, DAMAGED, FAILED, FAILED]
    tale = tale_of(whole, trip.results)
    assert [reason for _, reason in tale.failed] == ["c.mp4 is not a film", "a fault in d.mp4"]
    assert [job.stem for job in tale.jobs] == ["0", "1", "2", "3"]
    summary = films_table(whole, trip.results, tale, 5.0)
    assert "2.mp4: 2 frames could not be decoded" in summary
    assert summary.splitlines()[0] == "6 films in 5 s (3 s of film analysed)"
    assert code_of(trip.results, interrupted=False) == 1
    assert "mimik: c.mp4 is not a film" in capsys.readouterr().err


def test_a_film_whose_process_ends_is_tried_once_more(played: Callable[..., tuple[Run, Actors, Plan]]) -> None:
    deaths = {0: 1, 1: 2}

    def script(task: Task) -> Answer:
        deaths[task.number] = deaths.get(task.number, 0) - 1
        return Died("it ended by signal 9") if deaths[task.number] >= 0 else outcome()

    trip, crew, _ = played(["a.mp4", "b.mp4", "c.mp4"], script)
    assert [trip.results[number].state for number in range(3)] == [DONE, FAILED, DONE]
    assert trip.results[1].reason == "b.mp4: it ended by signal 9"
    assert len(crew.asked) == 5


def test_who_is_busy_comes_last(
    played: Callable[..., tuple[Run, Actors, Plan]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.archive.run._AGAIN_S", 0.01)
    answers = [Busy(), Busy()]
    trip, crew, _ = played(
        ["a.mp4", "b.mp4", "c.mp4"], lambda task: answers.pop() if task.number == 0 and answers else outcome()
    )
    assert {result.state for result in trip.results.values()} == {DONE}
    assert [task.number for task in crew.asked[3:]] == [0, 0]


@pytest.mark.parametrize("trouble", ["none", "a part", "the seam", "a death"])
def test_parts_are_joined_or_the_film_is_read_whole(
    played: Callable[..., tuple[Run, Actors, Plan]], trouble: str
) -> None:
    met: set[Task] = set()

    def script(task: Task) -> Answer:
        if isinstance(task, FilmTask):
            return outcome() if task.whole or task.number else Split(CUT)
        if trouble == "a death" and task not in met:
            met.add(task)
            return Died("it ended")
        if isinstance(task, JoinTask):
            assert [part.path.name for part in task.parts] == ["0", "1"]
            return Unjoined() if trouble == "the seam" else outcome()
        if trouble == "a part" and task.part == 1:
            return Unjoined()
        return PartRead(task.path, INFO, ())

    trip, crew, _ = played(["a.mp4", "b.mp4"], script)
    assert {result.state for result in trip.results.values()} == {DONE}
    whole = FilmTask(0, whole=True) in crew.asked
    assert whole == (trouble in ("a part", "the seam"))
    assert sum(isinstance(task, PartTask) for task in crew.asked) == (4 if trouble == "a death" else 2)
