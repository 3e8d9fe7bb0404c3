"""Progress of a run: a live line, a line per epoch, `history.csv` and TensorBoard's events."""

import csv
import sys
import time
from pathlib import Path

import keras

from training.run_folder import HISTORY


class StepClock(keras.callbacks.Callback):
    """Times the steps of an epoch and shows them on a terminal.

    Attributes:
        waiting: Seconds between the end of one step and the start of the next, during which the device was idle.
        done: Number of completed steps.
    """

    def __init__(self, name: str, steps: int, *, show: bool) -> None:
        super().__init__()
        self.text, self.steps, self.show = name, steps, show and sys.stderr.isatty()
        self.started = self.ended = time.monotonic()
        self.waiting = 0.0
        self.done = 0

    def on_train_batch_begin(self, batch: int, logs: dict[str, float] | None = None) -> None:
        if batch:
            self.waiting += time.monotonic() - self.ended

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        self.done = batch + 1
        if self.show and batch % 10 == 9:
            left = (time.monotonic() - self.started) / (batch + 1) * (self.steps - batch - 1)
            text = f"\r{self.text}  step {batch + 1}/{self.steps}  {left:.0f} s left "
            print(text, end="", file=sys.stderr, flush=True)
        self.ended = time.monotonic()


class History:
    """The figures of every epoch, in `history.csv` and, with tensorboardX, as TensorBoard's events in `events/`.

    Args:
        folder: The run's folder.
        done: Completed epochs; later ones are removed from the history.
    """

    def __init__(self, folder: Path, done: int) -> None:
        self.path = folder / HISTORY
        if done == 0:
            self.path.unlink(missing_ok=True)
        else:
            _cut(self.path, done)
        try:
            from tensorboardX import SummaryWriter
        except ModuleNotFoundError:
            self.events = None
        else:
            self.events = SummaryWriter(str(folder / "events"), purge_step=done + 1)

    def add(self, row: dict[str, float], name: str, left: float) -> None:
        """Append one epoch and print its line.

        Args:
            row: The epoch's figures.
            name: The epoch's name on the line, such as `epoch 3/20`.
            left: Estimated seconds until the end of the run.
        """
        new = not self.path.is_file()
        with self.path.open("a", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, row)
            if new:
                writer.writeheader()
            writer.writerow(row)
        if self.events is not None:
            for figure, value in row.items():
                if figure != "epoch":
                    self.events.add_scalar(figure, value, int(row["epoch"]))
            self.events.flush()
        say(f"{name}  {_figures(row)}  {left / 60:.0f} min left")

    def close(self) -> None:
        if self.events is not None:
            self.events.close()


def say(text: str) -> None:
    """Print a line, replacing the live line if there is one."""
    print(f"\r{text}" if sys.stderr.isatty() else text, flush=True)


def _figures(row: dict[str, float]) -> str:
    rates = [f"{name} {100 * value:.2f} %" for name, value in row.items() if name.startswith("val_")]
    return "  ".join(
        [
            f"loss {row['loss']:.4f}",
            *rates,
            f"{row['images_per_second']:.0f} images/s, {100 * row['waiting']:.1f} % waiting  {row['seconds']:.0f} s",
        ]
    )


def _cut(path: Path, epochs: int) -> None:
    """Remove epochs that were written but not saved; a killed run repeats them."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    except OSError:
        return
    header, *rows = lines or [""]
    kept = [row for row in rows if int(row.partition(",")[0]) <= epochs]
    path.write_text("".join([header, *kept]), encoding="utf-8")
