"""`python -m training compare`: measures trained networks and maintains the table of all of them."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from models.emotions import SETS
from models.engines import open_classifier
from models.engines.keras import load_network
from models.errors import InputError
from training.architectures import multiply_accumulates
from training.datasets.faceset import FaceSet
from training.reports.model import History, NoBundleError, TrainedModel, open_model
from training.reports.networks import Row, merged, read_rows, write_rows
from training.reports.predictions import predict_split
from training.reports.speed import milliseconds_per_face, processor
from training.run_record import RunRecord

SPLIT = "PublicTest"
OUT = Path("docs/networks.md")


def compare(
    sources: Sequence[str | Path],
    faces: FaceSet,
    out: Path = OUT,
    *,
    fresh: bool = False,
    say: Callable[[str], None] = print,
) -> list[Row]:
    """Measure each network on PublicTest and rewrite the table (Markdown and JSON) after each of them.

    Args:
        sources: Folders of runs or bundles; those without a bundle are skipped and reported.
        faces: FER2013 with PublicTest, and the votes if a head was trained on them.
        out: The Markdown file; the JSON file next to it keeps the rows of networks that are not measured this time.
        fresh: Discard those rows.
        say: Called with each line of progress.

    Returns:
        All rows of the table.

    Raises:
        InputError: If a source is missing or cannot be read, none has a bundle, the old rows cannot be read, or the
            table cannot be written.
    """
    rows = [] if fresh else read_rows(out.with_suffix(".json"))
    networks = []
    for source in sources:
        try:
            networks.append(open_model(source))
        except NoBundleError as error:
            say(f"Left out: {error}")
    if not networks:
        raise InputError("There is no bundle to compare; write one with: python -m training export RUN")
    seen: set[tuple[str, str, str]] = set()
    for number, model in enumerate(networks, 1):
        row = measure(model, faces)
        if row.key in seen:
            say(f"{row.network}, {row.labels} was named more than once; its row is now that of {model.bundle.path}.")
        seen.add(row.key)
        rows = merged(rows, [row])
        write_rows(out, rows)
        say(
            f"{number}/{len(networks)}  {row.network}, {row.labels}: {100 * row.accuracy:.2f} % of {row.n:,}, "
            f"{row.ms_one_thread:.2f} ms"
        )
    return rows


def measure(model: TrainedModel, faces: FaceSet) -> Row:
    """One row: size, speed on this machine, and PublicTest figures of the first head and of the FER+ head.

    Raises:
        InputError: If the bundle lacks `model.keras`, cannot be run, or the data has no labels for its first head.
    """
    bundle, record = model.bundle, model.record
    network = load_network(bundle)
    one, two = (milliseconds_per_face(bundle, threads) for threads in (1, 2))
    classifier = open_classifier(bundle)
    try:
        predictions = {predicted.head.name: predicted for predicted in predict_split(classifier, faces, SPLIT, "flip")}
    finally:
        classifier.close()
    first = next(head.name for head in bundle.heads if head.name in SETS)
    if first not in predictions:
        raise InputError(
            f"The data has no labels for {first}, which {bundle.path} was trained on; name the votes with --ferplus."
        )
    predicted = predictions[first].one_view
    figures = predicted.figures()
    ferplus = predictions["ferplus"].one_view.figures() if "ferplus" in predictions else None
    known = {name: values for name, values in figures["per_class"].items() if values["n"]}
    lowest = min(known, key=lambda name: known[name]["recall"])
    named = np.sum(figures["confusion"], axis=0)
    return Row(
        network=bundle.name,
        labels=first,
        split=model.split,
        seed=None if record is None else record.seed,
        parameters=network.count_params(),
        multiplications=multiply_accumulates(network),
        ms_one_thread=round(one, 4),
        ms_two_threads=round(two, 4),
        processor=processor(),
        epochs=model.epochs,
        planned_epochs=model.planned_epochs,
        ended_early=ended_early(model.history, 0 if record is None else record.recipe.get("patience", 0)),
        start=None if record is None else _start(record),
        n=figures["n"],
        accuracy=figures["accuracy"],
        interval_low=figures["interval"][0],
        interval_high=figures["interval"][1],
        accuracy_flipped=float(np.mean(predictions[first].calibrated.argmax(axis=1) == predicted.truth)),
        binary_accuracy=figures["binary_accuracy_not_comparable"],
        recall_at_half=predicted.recall_at_half(),
        lowest_class=lowest,
        lowest_recall=known[lowest]["recall"],
        lowest_n=known[lowest]["n"],
        most_named=predicted.head.labels[int(named.argmax())],
        most_named_share=float(named.max() / named.sum()),
        ferplus=None if ferplus is None else ferplus["accuracy"],
        ferplus_n=None if ferplus is None else ferplus["n"],
    )


def ended_early(history: History, patience: int) -> bool:
    """Whether early stopping ended the run: the best mean validation accuracy is `patience` (0: off) epochs old."""
    columns = [f"val_{name}" for name in SETS if history and f"val_{name}" in history[0]]
    if not columns or patience <= 0:
        return False
    merits = [np.mean([row[column] for column in columns]) for row in history]
    return history[-1]["epoch"] - history[int(np.argmax(merits))]["epoch"] >= patience


def _start(record: RunRecord) -> str | None:
    """What training started from, with the number of epochs if it was recorded."""
    if record.earlier_epochs:
        return f"weights of {record.earlier_epochs} epochs"
    if record.init is not None:
        recipe = record.init.get("recipe")
        return f"a run of {recipe['epochs']} epochs" if recipe else "weights of another run"
    return None if record.weights is None else Path(record.weights).name
