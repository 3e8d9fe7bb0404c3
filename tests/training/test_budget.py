"""Training by time, on a simulated clock."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from training.budget import CAUTION, Budget, Pace
from training.config import phases
from training.course import ByTime
from training.progress import History
from training.recipes.recipe import Recipe
from training.run_folder import HISTORY, epochs_trained
from training.schedules import SMALLEST


class Clock:
    """A clock that only the test advances."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Simulation:
    """A run whose steps, compilation and epoch ends take given times."""

    steps, step, closing, compiling = 20, 0.1, 0.5, 5.0

    def __init__(self, seconds: float) -> None:
        self.clock = Clock()
        recipe = Recipe(epochs=10, learning_rate=0.1, warmup_epochs=1.0)
        budget = Budget(seconds, clock=self.clock)
        self.course = ByTime(phases(recipe, freezes=False), recipe, self.steps, budget, seconds / 60)
        self.course.close_epoch(self.closing)
        self.model = SimpleNamespace(stop_training=False, optimizer=SimpleNamespace(iterations=0, learning_rate=0.0))
        self.rates: list[float] = []
        self.epochs: list[int] = []

    def go(self) -> None:
        (phase,) = self.course.phases
        while not self.course.is_behind(phase, len(self.epochs), phase):
            steps = self.course.passes() * self.steps
            (pace,) = self.course.callbacks(phase, steps)
            assert isinstance(pace, Pace)
            pace.set_model(self.model)
            pace.on_train_begin()
            self.model.stop_training = False
            for number in range(steps):
                self.clock.now += self.step + (self.compiling if not self.rates else 0)
                pace.on_train_batch_end(number)
                self.rates.append(self.model.optimizer.learning_rate)
                if self.model.stop_training:
                    break
            self.epochs.append(number + 1)
            self.clock.now += self.closing
            self.course.close_epoch(self.closing)


@pytest.mark.parametrize("seconds", [7, 9.3, 20, 23.7, 60, 61.9])
def test_a_run_ends_in_time_with_its_rate_at_zero(seconds: float) -> None:
    run = Simulation(seconds)
    run.go()
    budget = run.course.budget
    assert run.clock.now <= budget.deadline
    assert budget.deadline - run.clock.now < 2 * 0.1 + CAUTION * run.closing + 0.05 * 20 * 0.1 + run.closing, "no waste"
    assert run.rates[0] == pytest.approx(0.1 * SMALLEST) and run.rates[-1] < 0.1 * 0.02
    assert set(run.epochs[:-1]) <= {20} and run.epochs[-1] > 1


def test_the_whole_schedule_lies_between_the_first_step_and_the_end() -> None:
    run = Simulation(60)
    run.go()
    peak = max(run.rates)
    at = run.rates.index(peak) / len(run.rates)
    assert peak == pytest.approx(0.1, rel=0.01) and at == pytest.approx(0.1, abs=0.03), "compiling moves nothing"
    assert run.rates[len(run.rates) // 2] == pytest.approx(0.06, abs=0.01)


def test_epochs_shorter_than_their_validation_are_trained_in_a_row() -> None:
    class Quick(Simulation):
        step = 0.002

    run = Quick(600)
    run.go()
    training = sum(run.epochs) * run.step
    assert training > 0.93 * 595 and run.clock.now <= run.course.budget.deadline
    assert len(run.epochs) > 20 and {steps % 20 for steps in run.epochs[:-1]} == {0}
    short = Quick(20)
    short.go()
    assert len(short.epochs) > 10, "a short run is still selected from several states"


def test_a_row_of_the_history_may_stand_for_several_epochs(tmp_path: Path) -> None:
    assert epochs_trained(tmp_path) == 0
    (tmp_path / HISTORY).write_text("epoch,loss\n1,2.0\n4,1.0\n9,0.5\n")
    assert epochs_trained(tmp_path) == 9
    History(tmp_path, 4).close()
    assert epochs_trained(tmp_path) == 4, "what was written after the last checkpoint is trained again"


def test_less_time_than_compiling_takes_still_leaves_one_step() -> None:
    run = Simulation(3)
    run.go()
    assert run.epochs == [1]


def test_a_resumed_run_goes_on_at_its_share_of_all_the_time() -> None:
    first = Simulation(60)
    first.go()
    numbers = first.course.numbers(first.course.phases[0])
    second = Simulation(60 + 2)
    assert second.course.restore(numbers) is second.course.phases[0]
    assert second.course.record(None)["minutes"] == pytest.approx(1 + 1 - 5.1 / 60, abs=0.06)
    second.go()
    assert second.rates[0] == pytest.approx(0.1 * 0.56, abs=0.01), "half of the cosine is behind it"
    assert second.rates[-1] < 0.002 and second.clock.now <= second.course.budget.deadline


def test_phases_have_their_share_of_the_time() -> None:
    recipe = Recipe(epochs=10, learning_rate=0.1, freeze_epochs=4, unfrozen_rate=0.1)
    frozen, free = phases(recipe, freezes=True)
    clock = Clock()
    course = ByTime([frozen, free], recipe, 20, Budget(100, clock=clock), 100 / 60)
    course.budget.start()
    assert not course.is_behind(frozen, 3, frozen)
    clock.now += 41
    assert course.is_behind(frozen, 3, frozen) and not course.is_behind(free, 3, free)
    assert course.is_behind(frozen, 0, free), "a resumed run does not go back, however much time it is given"
    clock.now += 60
    assert course.is_behind(free, 9, free)
