"""The table of all networks: its rows, the JSON file that stores them, and the Markdown generated from them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from models.emotions import SETS
from models.errors import InputError
from training.reports.sources import BINARY, FIGURES
from training.run_folder import write_json

COMMAND = "python -m training compare runs/*"

PREFACE = """\
# Networks

Written by `{command}` from the rows in `{json}`; do not edit either by hand.

Every network was trained on FER2013's Training rows and kept its best epoch on PublicTest, the official split. All
figures were measured on PublicTest too, with the exported `model.tflite`, so they flatter every network a little; N is
the number of pictures. PrivateTest is sealed and was not used. Each row is one run with one seed, so a difference of
less than 1.5 points is noise. Rates are in per cent, accuracies with their 95 % bootstrap interval. MMAC is the number
of multiply-accumulate operations per 48x48 picture in millions; ms is the median time per face in milliseconds with
LiteRT{processor}. A collapsed network gives most pictures the same label
and has a recall of 0 elsewhere. The last column is the figure that the source project reports, measured by that project
on its own split.
"""

SPLIT_NOTE = """
A split such as 80/20 after the labels means that the run divided the Training rows alone and selected its epoch on the
smaller part.
"""

BINARY_NOTE = """
Keras' binary accuracy scores one-hot outputs as yes-or-no questions, one per class, so a network that answers no to all
seven already reaches 85.7. It cannot be compared with an accuracy, and ours is listed only because a source has
published one; recall is the share of pictures whose true class has a probability above 0.5.
"""

_HEADER = (
    "network", "labels", "parameters", "MMAC", "ms, 1 thread", "ms, 2 threads", "epochs",
    "accuracy", "with mirror image", "N", "FER+, official rule", "lowest recall", "named most often", "source's figure",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One network trained on one label set. Rates are fractions 0..1.

    Attributes:
        network: Its name.
        labels: The label set of its first head.
        split: `official`, or a ratio such as `80/20`.
        seed: Of the run.
        parameters: Of the network.
        multiplications: Multiply-accumulate operations for one picture.
        ms_one_thread, ms_two_threads: Median time of one face with LiteRT, measured on `processor`.
        processor: Its name and number of cores.
        epochs, planned_epochs: Trained, and planned by the recipe; None if unknown.
        ended_early: The recipe's early stopping ended the run.
        start: What it started from, unless from random weights.
        n: Pictures of PublicTest with a label of the set.
        accuracy, interval_low, interval_high: One view, and the 95 % interval.
        accuracy_flipped: Mean over the picture and its mirror image.
        binary_accuracy, recall_at_half: Not comparable; what Keras calls accuracy and recall of one-hot outputs.
        lowest_class, lowest_recall, lowest_n: The class with the lowest recall and its number of pictures.
        most_named, most_named_share: The class predicted most often, and its share of the predictions.
        ferplus, ferplus_n: Accuracy by FER+'s official rule, if a head was trained on the votes.
    """

    network: str
    labels: str
    split: str
    seed: int | None
    parameters: int
    multiplications: int
    ms_one_thread: float
    ms_two_threads: float
    processor: str
    epochs: int | None
    planned_epochs: int | None
    ended_early: bool
    start: str | None
    n: int
    accuracy: float
    interval_low: float
    interval_high: float
    accuracy_flipped: float
    binary_accuracy: float
    recall_at_half: float
    lowest_class: str
    lowest_recall: float
    lowest_n: int
    most_named: str
    most_named_share: float
    ferplus: float | None
    ferplus_n: int | None

    @property
    def key(self) -> tuple[str, str, str]:
        """Network, label set and split; a new row replaces the old one with the same key."""
        return self.network, self.labels, self.split


def merged(old: Iterable[Row], new: Iterable[Row]) -> list[Row]:
    """Old and new rows, sorted by label set and accuracy; a new row replaces the old one with the same key."""
    rows = {row.key: row for row in (*old, *new)}
    order = list(SETS)
    return sorted(rows.values(), key=lambda row: (order.index(row.labels), -row.accuracy, row.network, row.split))


def read_rows(path: Path) -> list[Row]:
    """The rows that `write_rows` wrote; none if there is no file.

    Raises:
        InputError: If the file contains anything else.
    """
    if not path.exists():
        return []
    try:
        return [_row(entry) for entry in json.loads(path.read_text(encoding="utf-8"))["rows"]]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(f"{path} has no rows of this version ({error}); start again with --fresh.") from error


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    """Write the rows as JSON and as a Markdown table.

    Args:
        path: Of the Markdown file; the JSON has its name with `.json`.
        rows: In the order of the table.

    Raises:
        InputError: If the folder cannot be written to.
    """
    json_path = path.with_suffix(".json")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(json_path, {"command": COMMAND, "rows": [asdict(row) for row in rows]})
        path.write_text(markdown(rows, json_path.name), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error}); name another file with --out.") from error


def markdown(rows: Sequence[Row], json_name: str) -> str:
    """The whole page."""
    processors = list(dict.fromkeys(row.processor for row in rows))
    only = f" on {processors[0]}" if len(processors) == 1 else " on the processor numbered below"
    lines = [PREFACE.format(command=COMMAND, json=json_name, processor=only)]
    lines += [_line(_HEADER), _line(["---"] * len(_HEADER))]
    lines += [_line(_cells(row, processors)) for row in rows]
    if len(processors) > 1:
        lines += ["", *(f"{i}. {name}" for i, name in enumerate(processors, 1))]
    if any(row.split != "official" for row in rows):
        lines.append(SPLIT_NOTE)
    if any(_source(row) == BINARY for row in rows):
        lines.append(BINARY_NOTE)
    return "\n".join(lines).rstrip() + "\n"


def _row(entry: object) -> Row:
    """A row, with the type of every value checked."""
    if not isinstance(entry, dict):
        raise ValueError("a row is not an object")
    for field in fields(Row):
        wanted = float | int if field.type is float else field.type
        if not isinstance(entry.get(field.name), wanted):  # type: ignore[arg-type]
            raise ValueError(f"{field.name} of a row is {entry.get(field.name)!r}")
    row = Row(**entry)
    if row.labels not in SETS:
        raise ValueError(f"there is no label set {row.labels!r}")
    return row


def _cells(row: Row, processors: Sequence[str]) -> list[str]:
    place = f" [{processors.index(row.processor) + 1}]" if len(processors) > 1 else ""
    return [
        row.network,
        row.labels if row.split == "official" else f"{row.labels}, split {row.split}",
        f"{row.parameters:,}",
        f"{row.multiplications / 1e6:.1f}",
        f"{row.ms_one_thread:.2f}{place}",
        f"{row.ms_two_threads:.2f}{place}",
        _epochs(row),
        f"{_percent(row.accuracy)} ({_percent(row.interval_low, 1)} to {_percent(row.interval_high, 1)})",
        _percent(row.accuracy_flipped),
        f"{row.n:,}",
        "" if row.ferplus is None else f"{_percent(row.ferplus)} of {row.ferplus_n:,}",
        f"{row.lowest_class} {_percent(row.lowest_recall, 1)} of {row.lowest_n:,}",
        f"{row.most_named} {_percent(row.most_named_share, 1)}",
        _source_cell(row),
    ]


def _epochs(row: Row) -> str:
    if row.epochs is None:
        return "not recorded"
    short = row.planned_epochs is not None and row.epochs < row.planned_epochs and not row.ended_early
    text = f"**{row.epochs} epochs only**, of {row.planned_epochs}" if short else str(row.epochs)
    return text if row.start is None else f"{text}, from {row.start}"


def _source(row: Row) -> str | None:
    figure = FIGURES.get((row.network, row.labels))
    return None if figure is None else figure.kind


def _source_cell(row: Row) -> str:
    figure = FIGURES.get((row.network, row.labels))
    if figure is None:
        return ""
    published = ", ".join(filter(None, ("" if figure.value is None else _percent(figure.value, 1), figure.note)))
    if figure.kind != BINARY:
        return published
    ours = f"ours {_percent(row.binary_accuracy, 1)}, recall {_percent(row.recall_at_half, 1)}"
    return f"{BINARY}: {published}; {ours}"


def _percent(rate: float, digits: int = 2) -> str:
    return f"{100 * rate:.{digits}f}"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
