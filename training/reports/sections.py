"""The sections of a report: HTML and charts from figures."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from markupsafe import Markup

from models.bundle import Bundle
from training.metrics import ReliabilityBin, reliability
from training.reports import charts
from training.reports.crops import Trial, crop_map
from training.reports.mistakes import contact_sheet, most_confident
from training.reports.model import History, TrainedModel
from training.reports.page import Section, draw, folded, joined, paragraph, percent, picture, side_by_side, table
from training.reports.predictions import Predictions

NOT_COMPARABLE = (
    "Keras' binary accuracy scores {k} one-hot outputs as {k} yes-or-no questions, so a network that answers no to all "
    "of them already reaches {nothing:.1f} %. The 86.3 % published for a ResNet50 is such a figure, with a recall of "
    "8.5 %, and cannot be compared with an accuracy."
)

_FIGURES = (
    ("accuracy", "accuracy"),
    ("balanced accuracy (mean recall)", "balanced_accuracy"),
    ("macro F1", "macro_f1"),
    ("area under the ROC curve", "auc"),
    ("expected calibration error", "ece"),
    ("the same without temperature", "ece_uncalibrated"),
    ("the same, temperature fitted on the other half", "ece_crossed"),
    ("binary accuracy (not comparable)", "binary_accuracy_not_comparable"),
)

_MISSING = "not recorded"


def figures_section(
    predictions: Sequence[Predictions], figures: Sequence[Mapping[str, Any]], split: str, engine: str
) -> Section:
    """All metrics of each head, with N, the interval of the accuracy, and the engine that was used."""
    rows = [["N", *(f"{values['n']:,}" for values in figures)]]
    for name, key in _FIGURES:
        rows.append([name, *(percent(values.get(key)) for values in figures)])
        if key == "accuracy":
            rows.append(["its 95 % interval (bootstrap)", *(_interval(values["interval"]) for values in figures)])
    rows.append(["negative log-likelihood", *(f"{values['nll']:.3f}" for values in figures)])
    heads = [predicted.head.name for predicted in predictions]
    k = len(predictions[0].head.labels)
    content = table(f"{split}, one view of each picture, engine {engine}", ("figure", *heads), rows)
    content += joined(map(paragraph, _not_computed(heads, figures)))
    return Section("figures", "Figures", content + paragraph(NOT_COMPARABLE.format(k=k, nothing=100 * (k - 1) / k)))


def _not_computed(heads: Sequence[str], figures: Sequence[Mapping[str, Any]]) -> list[str]:
    """A sentence for each head of which the pictures are too few for a figure."""
    reasons = {"auc": "pictures of at least two classes", "ece_crossed": "at least two pictures"}
    result = []
    for head, values in zip(heads, figures, strict=True):
        missing = [f"{name} (needs {reasons[key]})" for name, key in _FIGURES if values.get(key) is None]
        if missing:
            result.append(f"Of {head}, what cannot be computed from {values['n']:,} picture(s): {', '.join(missing)}.")
    return result


def training_section(history: History) -> Section:
    """Curves of accuracy and loss, and the whole history as a table."""
    drawn = [draw("loss", _loss_alt(history), partial(charts.loss_curves, history))]
    if charts.heads_of(history):
        drawn.insert(0, draw("accuracy", _accuracy_alt(history), partial(charts.accuracy_curves, history)))
    columns = list(history[0])
    rows = [[_number(row.get(column)) for column in columns] for row in history]
    every = folded("Every epoch", table("history.csv", columns, rows))
    return Section("training", "Training", side_by_side(map(picture, drawn)) + every, tuple(drawn))


def head_section(predicted: Predictions, figures: Mapping[str, Any]) -> Section:
    """Confusion matrix, per-class figures and reliability of one head."""
    name, labels = predicted.head.name, predicted.head.labels
    matrix = np.array(figures["confusion"])
    before = reliability(predicted.truth, predicted.uncalibrated)
    after = reliability(predicted.truth, predicted.calibrated)
    worst = min(figures["per_class"].items(), key=lambda item: item[1]["recall"])
    shown = f"{name}, rows are the labels, columns the predictions"
    drawn = (
        draw(
            f"confusion-counts-{name}",
            f"Confusion matrix of {shown}, as counts; the table below has the numbers.",
            partial(charts.confusion, matrix, labels, by_rows=False),
        ),
        draw(
            f"confusion-rows-{name}",
            f"Confusion matrix of {shown}, in per cent of each row; the table below has the numbers.",
            partial(charts.confusion, matrix, labels, by_rows=True),
        ),
        draw(
            f"classes-{name}",
            f"Bars of precision, recall and F1 of each class of {name}; the lowest recall is that of {worst[0]}, "
            f"{percent(worst[1]['recall'])}. The table below has the numbers.",
            partial(charts.class_bars, figures["per_class"]),
        ),
        draw(
            f"reliability-{name}",
            f"Reliability diagram of {name}: accuracy over confidence. The expected calibration error is "
            f"{percent(figures['ece_uncalibrated'])} without and {percent(figures['ece'])} with the temperature "
            f"{predicted.head.temperature:.3f}.",
            partial(charts.reliability_diagram, before, after),
        ),
    )
    tables = (
        _class_table(name, figures["per_class"])
        + folded("Confusion matrix as a table", _confusion_table(name, labels, matrix))
        + folded("Reliability as a table", _reliability_table("Without", before) + _reliability_table("With", after))
    )
    return Section(f"head-{name}", f"Head {name}", side_by_side(map(picture, drawn)) + tables, drawn)


def crop_section(curves: Mapping[str, Sequence[Trial]], bundle: Bundle) -> Section:
    """Accuracy over the crop's scale and shift for each detector."""
    drawn, rows = [], []
    for detector, trials in curves.items():
        best, geometry = max(trials, key=lambda trial: trial.accuracy), bundle.crop(detector)
        alt = (
            f"Accuracy over the crop's scale and shift for {detector}: {len(trials)} crops were tried; the best has "
            f"scale {best.scale:g}, shift {best.dy:g} and {percent(best.accuracy)}."
        )
        drawn.append(draw(f"crop-{detector}", alt, partial(crop_map, detector, trials, geometry)))
        mean = float(np.mean([trial.accuracy for trial in trials]))
        used = f"{geometry.scale:g} / {geometry.dy:g}"
        rows.append([detector, len(trials), percent(mean), percent(best.accuracy), used])
    note = paragraph(
        "Accuracy on labelled photos for each crop around the detector's box. The best of many crops flatters the "
        "model."
    )
    header = ("detector", "crops tried", "mean accuracy", "best accuracy", "scale / shift in the bundle")
    content = note + side_by_side(map(picture, drawn)) + table("Crop geometry", header, rows)
    return Section("crop", "Crop geometry", content, tuple(drawn))


def mistakes_section(predictions: Sequence[Predictions], *, embed: bool) -> Section:
    """The most confident mistakes of each head; their pictures are in the page only with `embed`."""
    drawn, content = [], Markup("")
    for predicted in predictions:
        name = predicted.head.name
        mistakes = most_confident(predicted)
        if not mistakes:
            content += paragraph(f"{name} made no mistake.")
            continue
        alt = f"The {len(mistakes)} most confident mistakes of {name}; the table lists their labels and predictions."
        sheet_of = partial(contact_sheet, mistakes, f"Most confident mistakes of {name}")
        sheet = draw(f"mistakes-{name}", alt, sheet_of, both=False)
        drawn.append(sheet)
        listed = [[i, m.labelled, m.read, percent(m.confidence)] for i, m in enumerate(mistakes, 1)]
        header = ("", "labelled", "read as", "confidence")
        content += (side_by_side([picture(sheet)]) if embed else Markup("")) + folded(
            f"The {len(mistakes)} of {name} as a table",
            table(f"Mistakes of {name}, most confident first", header, listed),
        )
    note = "The labels are strangers' guesses, so some of these are errors in the label."
    if drawn and not embed:
        files = ", ".join(f"{sheet.name}.png" for sheet in drawn)
        note += f" The pictures show people, so they are stored next to this page and not in it: {files}."
    return Section("mistakes", "Most confident mistakes", paragraph(note) + content, tuple(drawn))


def configuration_section(model: TrainedModel) -> Section:
    """Everything that decided the result, key by key, and the files of the bundle."""
    config: dict[str, Any] = dict(model.bundle.training)
    if model.run is not None and model.record is not None:
        config = model.record.as_dict()
    first = {"seed": config.pop("seed", _MISSING), "git": config.pop("git", _MISSING)}
    rows = [[key, value] for key, value in _flat({**first, **config})]
    shown = [row for row in rows if not str(row[0]).startswith("init.")]
    earlier = [row for row in rows if str(row[0]).startswith("init.")]
    bundle = model.bundle
    made = [[file, digest] for file, digest in bundle.sha256.items()]
    made += [[f"temperature of {head.name}", f"{head.temperature:.4f}"] for head in bundle.heads]
    content = table("Recipe, data, versions, seed and revision", ("key", "value"), shown, words=True)
    if earlier:
        below = table("Configuration of that run", ("key", "value"), earlier, words=True)
        content += folded("The run that this one started from", below)
    content += folded("The bundle's files", table("SHA-256 and temperatures", ("file", "value"), made, words=True))
    return Section("configuration", "Configuration", content)


def _flat(values: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    """Nested mappings as dotted keys, in their order."""
    rows: list[tuple[str, str]] = []
    for key, value in values.items():
        if isinstance(value, Mapping):
            rows += _flat(value, f"{before}{key}.")
        else:
            rows.append((f"{before}{key}", "none" if value is None else str(value)))
    return rows


def _class_table(name: str, per_class: Mapping[str, Mapping[str, Any]]) -> Markup:
    rows = [
        [label, *(percent(f[key]) for key in ("precision", "recall", "f1")), f"{f['n']:,}"]
        for label, f in per_class.items()
    ]
    return table(f"Each class of {name}", ("class", "precision", "recall", "F1", "N"), rows)


def _confusion_table(name: str, labels: Sequence[str], matrix: np.ndarray) -> Markup:
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    rows = [
        [label, *(f"{n:,} ({100 * share:.1f} %)" for n, share in zip(counts, parts, strict=True))]
        for label, counts, parts in zip(labels, matrix, shares, strict=True)
    ]
    return table(f"{name}: count and share of the row", ("labelled \\ read as", *labels), rows)


def _reliability_table(which: str, bins: Sequence[ReliabilityBin]) -> Markup:
    rows = [[percent(b.confidence), percent(b.accuracy), f"{b.n:,}"] for b in bins]
    return table(f"{which} temperature", ("mean confidence", "accuracy", "pictures"), rows)


def _accuracy_alt(history: History) -> str:
    last = history[-1]
    ends = [f"{head} {percent(last[f'val_{head}'])}" for head in charts.heads_of(history) if f"val_{head}" in last]
    return f"Accuracy over {len(history)} epochs; validation ends at {', '.join(ends) or 'no measured value'}."


def _loss_alt(history: History) -> str:
    first, last = history[0].get("loss"), history[-1].get("loss")
    return f"Loss over {len(history)} epochs; training goes from {_number(first)} to {_number(last)}."


def _number(value: float | None) -> str:
    return "" if value is None or np.isnan(value) else f"{value:.4g}"


def _interval(interval: Sequence[float]) -> str:
    low, high = interval
    return f"{percent(low)} to {percent(high)}"
