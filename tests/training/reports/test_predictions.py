"""The figures behind a report, compared with values computed by hand."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.bundle import Head, load_bundle
from models.engines import open_classifier
from models.errors import InputError
from training.datasets.faceset import FaceSet
from training.metrics import expected_calibration_error, reliability
from training.reports.crops import read_curve
from training.reports.mistakes import most_confident
from training.reports.model import open_model, read_history
from training.reports.predictions import Predictions, predict_split

HEAD = Head("fer2013", ("a", "b", "c"), 2.0)


def reading(probabilities: list[list[float]], truth: list[int]) -> Predictions:
    """Predictions with these calibrated probabilities."""
    logits = HEAD.temperature * np.log(np.array(probabilities, np.float32))
    return Predictions(HEAD, np.zeros((len(truth), 48, 48, 1), np.uint8), np.array(truth), (logits,))


def test_bins_hold_the_mean_confidence_and_accuracy_of_their_pictures() -> None:
    probabilities = np.array([[0.91, 0.09], [0.95, 0.05], [0.55, 0.45], [0.2, 0.8]])
    bins = reliability(np.array([0, 1, 0, 1]), probabilities, bins=10)
    assert [(b.n, b.accuracy) for b in bins] == [(1, 1.0), (1, 1.0), (2, 0.5)]
    assert [b.confidence for b in bins] == pytest.approx([0.55, 0.8, 0.93])


def test_the_calibration_error_by_hand() -> None:
    # Fifteen bins of equal width: 0.935 and 0.94 share the last one, 0.92 and 0.6 have their own.
    sure = np.array([0.94, 0.935, 0.92, 0.6])
    truth = np.array([0, 1, 0, 1])
    gaps = (2 * abs(0.5 - 0.9375) + abs(1 - 0.92) + abs(0 - 0.6)) / 4
    assert expected_calibration_error(truth, np.stack([sure, 1 - sure], axis=1)) == pytest.approx(gaps)


def test_the_most_confident_mistakes_come_first() -> None:
    given = reading([[0.6, 0.3, 0.1], [0.9, 0.05, 0.05], [0.2, 0.75, 0.05], [0.98, 0.01, 0.01]], [1, 2, 0, 0])
    mistakes = most_confident(given, 2)
    assert [(m.labelled, m.read) for m in mistakes] == [("c", "a"), ("a", "b")]
    assert [m.confidence for m in mistakes] == pytest.approx([0.9, 0.75], abs=1e-5)


def test_recall_at_half_counts_true_classes_that_got_more_than_half() -> None:
    assert reading([[0.6, 0.3, 0.1], [0.4, 0.3, 0.3], [0.1, 0.2, 0.7]], [0, 0, 1]).recall_at_half() == pytest.approx(
        1 / 3
    )


def test_one_view_leaves_the_others_out() -> None:
    both = reading([[0.6, 0.3, 0.1]], [0])
    both = replace(both, logits=(both.logits[0], np.log(np.array([[0.01, 0.01, 0.98]], np.float32))))
    assert both.calibrated.argmax() == 2 and both.one_view.calibrated.argmax() == 0
    assert "ece_crossed" not in both.figures()


def test_every_head_is_read_on_the_rows_that_it_counts(run: Path, faces: FaceSet) -> None:
    classifier = open_classifier(load_bundle(run / "bundle"))
    readings = {r.head.name: r for r in predict_split(classifier, faces, "PublicTest", "flip")}
    assert {name: (len(r.truth), len(r.logits)) for name, r in readings.items()} == {
        "fer2013": (70, 2),
        "ferplus": (69, 2),
    }
    assert np.array_equal(readings["ferplus"].images, faces.images[1:70]), "the first row has no majority"
    without = replace(faces, votes=None)
    assert [r.head.name for r in predict_split(classifier, without, "PublicTest")] == ["fer2013"]
    with pytest.raises(InputError, match="PrivateTest"):
        predict_split(classifier, faces, "PrivateTest")


def test_a_trained_network_knows_its_run(run: Path, tiny_bundle: Path, make_run: Callable[..., Path]) -> None:
    for source in (run, run / "bundle"):
        trained = open_model(source)
        assert (trained.run, trained.epochs, trained.planned_epochs, trained.split) == (run, 3, 3, "official")
        assert trained.history[1]["val_fer2013"] == 0.43
    alone = open_model(tiny_bundle)
    assert (alone.run, alone.epochs, alone.planned_epochs, alone.history) == (None, None, None, ())
    assert open_model(make_run(data={"split": "80/20"})).split == "80/20"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "no column epoch"),
        ("loss\n1\n", "no column epoch"),
        ("epoch,loss\n1,2\n2,high\n", "line 3"),
        ("epoch\n1,2\n", "line 2"),
    ],
)
def test_a_history_that_is_none_is_refused(content: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    path.write_text(content)
    with pytest.raises(InputError, match=rf"history.csv.*{reason}"):
        read_history(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "no column detector, scale, dy, accuracy"),
        ("detector,scale,dy,accuracy,log_likelihood\n", "no rows"),
        ("detector,scale,dy,accuracy,log_likelihood\nhaar,1.0,0.1,0.5,-1\nhaar,1.0,,0.5,-1\n", "line 3"),
    ],
)
def test_a_curve_that_is_none_is_refused(content: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "crop-curve.csv"
    path.write_text(content)
    with pytest.raises(InputError, match=rf"crop-curve.csv.*{reason}"):
        read_curve(path)
