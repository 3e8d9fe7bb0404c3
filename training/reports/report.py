"""`python -m training report`: an HTML page about one trained network, with its charts next to it."""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from markupsafe import Markup

from models.bundle import CROP_CURVE
from models.emotions import SETS
from models.errors import InputError
from training.datasets.faceset import FaceSet
from training.reports.crops import read_curve
from training.reports.mistakes import refuse_if_kept_by_git
from training.reports.model import TrainedModel, open_model_and_classifier
from training.reports.page import Section, page, paragraph
from training.reports.predictions import Predictions, predict_split
from training.reports.sections import (
    configuration_section,
    crop_section,
    figures_section,
    head_section,
    mistakes_section,
    training_section,
)
from training.reports.shown import read_photos, shown_on, shown_section

PAGE = "report.html"


def write_report(
    source: str | Path,
    read: Callable[[], FaceSet],
    out: Path | None = None,
    *,
    split: str = "PublicTest",
    crops: Path | None = None,
    photos: Path | None = None,
    say: Callable[[str], None] = print,
    with_pictures: bool = False,
) -> Path:
    """Write `report.html`, its charts and the contact sheets of mistakes into one folder.

    Args:
        source: Folder of a run or of a bundle, or the name of a bundle.
        read: Returns FER2013 with the split, and the votes for a head that was trained on them; called after the
            network and the folder have been checked, possibly twice.
        out: The folder; `default_folder` by default.
        split: The rows to evaluate, one view each.
        crops: What `calibrate --curve` wrote; `crop-curve.csv` in the bundle's folder by default, if it is there.
        photos: What `score --probabilities` wrote; None leaves photos out.
        say: Called with each sentence on what a shown 80 % was worth.
        with_pictures: Also embed the contact sheets, which show people from the data, into the page.

    Returns:
        The page.

    Raises:
        InputError: If the source, the split, the photos or the curve cannot be used, git does not ignore the folder, or
            the folder cannot be written to.
    """
    model, classifier = open_model_and_classifier(source, read)
    with closing(classifier):
        folder = default_folder(model) if out is None else out
        refuse_if_kept_by_git(folder)
        curve = model.bundle.path / CROP_CURVE if crops is None else crops
        curves = read_curve(curve) if crops is not None or curve.is_file() else {}
        _make(folder)
        read_from = [] if photos is None else [read_photos(photos)]
        predictions = predict_split(classifier, read(), split)
        shown = [*shown_on(classifier, read(), split), *read_from]
    figures = [predicted.figures() for predicted in predictions]
    sections = [figures_section(predictions, figures, split, classifier.engine)]
    if model.history:
        sections.append(training_section(model.history))
    sections += [head_section(predicted, values) for predicted, values in zip(predictions, figures, strict=True)]
    if shown:
        sections.append(shown_section(shown))
        for each in shown:
            say(each.sentence())
    if curves:
        sections.append(crop_section(curves, model.bundle))
    sections += [mistakes_section(predictions, embed=with_pictures), configuration_section(model)]
    lead = _lead(model, split, predictions, figures) + _without_truth(model, split, predictions)
    return _write(folder, page(f"{model.bundle.name}: report", lead, sections), sections)


def default_folder(model: TrainedModel) -> Path:
    """Default folder of a report: inside the run's folder, which git ignores."""
    return (model.run or Path("runs") / model.bundle.name) / "report"


def _lead(
    model: TrainedModel, split: str, predictions: Sequence[Predictions], figures: Sequence[dict[str, Any]]
) -> Markup:
    accuracy_by_head = ", ".join(
        f"{predicted.head.name} {100 * values['accuracy']:.1f} % of {values['n']:,}"
        for predicted, values in zip(predictions, figures, strict=True)
    )
    if model.split != "official":
        selection = f" The epoch was selected on a part of the Training rows ({model.split})."
    elif split == "PublicTest":
        selection = " PublicTest also selected the epoch, so it flatters the network a little."
    else:
        selection = ""
    lead = paragraph(
        f"How the network names the apparent expression of a face; not what anyone feels. Measured on {split}: "
        f"{accuracy_by_head}." + selection
    )
    if not model.history:
        lead += paragraph(
            "Only the bundle is available, not the run that it came from, so there are no training curves."
        )
    return lead


def _without_truth(model: TrainedModel, split: str, predictions: Sequence[Predictions]) -> Markup:
    read = {predicted.head.name for predicted in predictions}
    names = [head.name for head in model.bundle.heads if head.name in SETS and head.name not in read]
    if not names:
        return Markup("")
    return paragraph(
        f"Nothing could be computed for the head(s) {', '.join(names)}: no picture of {split} has a label of theirs "
        "(FER+'s need the votes, and a majority among them)."
    )


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder} cannot be created ({error}); name another folder with --out.") from error


def _write(folder: Path, text: str, sections: Sequence[Section]) -> Path:
    try:
        for section in sections:
            for chart in section.charts:
                (folder / f"{chart.name}.png").write_bytes(chart.light)
        path = folder / PAGE
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{folder} cannot be written to ({error}); name another folder with --out.") from error
    return path
