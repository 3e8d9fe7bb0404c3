"""Metrics of bundles with every kind of head, from a scripted classifier."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from models.bundle import Bundle, Head
from models.emotions import FER2013, HEAD_LABELS
from models.errors import InputError
from training.datasets.faceset import FaceSet
from training.datasets.fer2013 import read_fer2013
from training.datasets.labels import MERGES, label_set, truth
from training.evaluate import evaluate, main_head, make_views

KEYS = {
    "n", "accuracy", "balanced_accuracy", "macro_f1", "auc", "nll", "ece", "ece_uncalibrated", "interval", "per_class",
    "confusion", "binary_accuracy_not_comparable", "split", "views", "engine",
}  # fmt: skip


def bundle_of(*heads: str, temperature: float = 1.0) -> Bundle:
    nothing: Mapping[str, str] = MappingProxyType({})
    made = tuple(Head(name, HEAD_LABELS[name], temperature) for name in heads)
    return Bundle(Path("nowhere"), "test", (48, 48, 1), made, heads[-1], MappingProxyType({}), nothing, (), nothing)


class Oracle:
    """A classifier that knows all labels but is wrong on the first `wrong` pictures."""

    engine = "oracle"

    def __init__(self, faces: FaceSet, bundle: Bundle, wrong: int = 0) -> None:
        self.bundle = bundle
        self.known = {image.tobytes(): row for row, image in enumerate(faces.images)}
        self.truth = {head.name: truth(faces, label_set(head.name))[1] for head in bundle.heads}
        self.wrong = wrong

    def logits(self, images: np.ndarray) -> dict[str, np.ndarray]:
        rows = np.array([self.known[image.tobytes()] for image in images])
        result = {}
        for head in self.bundle.heads:
            k = len(head.labels)
            label = (self.truth[head.name][rows] + (rows < self.wrong)) % k
            result[head.name] = 5 * np.eye(k, dtype=np.float32)[label]
        return result


@pytest.fixture(scope="module")
def faces(csv_files: tuple[Path, Path]) -> FaceSet:
    return read_fer2013(*csv_files).split("PublicTest")


@pytest.mark.parametrize("name", MERGES)
def test_every_kind_of_head_is_measured_on_the_rows_that_it_knows(faces: FaceSet, name: str) -> None:
    result = evaluate(Oracle(faces, bundle_of(name)), faces, "PublicTest", "single")
    labels = label_set("fer2013" if name == "ferplus" else name)
    counts, _ = truth(faces, labels)
    assert set(result) >= KEYS
    assert (result["n"], result["accuracy"], result["head"]) == (counts.sum(), 1.0, name)
    assert result["emotions"] == list(labels.labels) == list(result["per_class"])
    assert np.array(result["confusion"]).shape == (len(labels.labels),) * 2
    assert ("ferplus" in result) == (name == "ferplus")


def test_fer2013_comes_first_and_ferplus_is_told_besides(faces: FaceSet) -> None:
    result = evaluate(Oracle(faces, bundle_of("valence", "ferplus", "fer2013"), wrong=7), faces, "PublicTest", "single")
    assert result["head"] == "fer2013" and result["n"] == 21
    assert result["accuracy"] == pytest.approx(14 / 21)
    assert (result["ferplus"]["n"], result["ferplus"]["accuracy"]) == (21, pytest.approx(14 / 21))


def test_votes_are_needed_only_where_the_truth_is_made_of_them(faces: FaceSet) -> None:
    without = FaceSet(faces.images, faces.emotion, faces.usage)
    result = evaluate(Oracle(faces, bundle_of("ferplus")), without, "PublicTest", "single")
    assert result["accuracy"] == 1 and "ferplus" not in result
    with pytest.raises(InputError, match="--ferplus"):
        evaluate(Oracle(faces, bundle_of("contempt-no-disgust")), without, "PublicTest", "single")


def test_the_temperature_changes_what_it_should(faces: FaceSet) -> None:
    """Logits of 5 and 0 that are right in 18 of 21 cases are overconfident; divided by 1.4 they are calibrated."""
    plain = evaluate(Oracle(faces, bundle_of("fer2013"), wrong=3), faces, "PublicTest", "single")
    warm = evaluate(Oracle(faces, bundle_of("fer2013", temperature=1.4), wrong=3), faces, "PublicTest", "single")
    assert plain["ece"] == plain["ece_uncalibrated"] == warm["ece_uncalibrated"]
    sure = 1 / (1 + 6 * np.exp(-5 / 1.4))
    assert warm["ece"] == pytest.approx(abs(sure - 18 / 21), abs=1e-5)
    assert warm["accuracy"] == plain["accuracy"] and warm["nll"] < plain["nll"]


def test_a_split_without_rows_that_count_is_refused(faces: FaceSet) -> None:
    oracle = Oracle(faces, bundle_of("four"))
    with pytest.raises(InputError, match="no row with Usage PrivateTest"):
        evaluate(oracle, faces, "PrivateTest", "single")
    with pytest.raises(InputError, match="has a label of four"):
        evaluate(oracle, faces.rows(faces.emotion == FER2013.index("fear")), "PublicTest", "single")


def test_heads_of_other_names_are_measured_by_fer2013_if_they_can() -> None:
    known = Bundle(**{**fields(bundle_of("ferplus")), "heads": (Head("own", HEAD_LABELS["ferplus"]),), "shown": "own"})
    assert main_head(known)[1].name == "fer2013"
    few = Bundle(**{**fields(known), "heads": (Head("own", ("happiness", "sadness")),)})
    with pytest.raises(InputError, match="cannot be measured by fer2013: it has no anger"):
        main_head(few)


def fields(bundle: Bundle) -> dict[str, object]:
    return {name: getattr(bundle, name) for name in Bundle.__dataclass_fields__}


def test_views_are_mirrored_and_cropped() -> None:
    images = np.random.default_rng(0).integers(0, 256, (3, 48, 48, 1), dtype=np.uint8)
    assert [len(make_views(images, views)) for views in ("single", "flip", "ten-crop")] == [1, 2, 10]
    assert np.array_equal(make_views(images, "flip")[1], images[:, :, ::-1])
    assert all(view.shape == images.shape for view in make_views(images, "ten-crop"))
    with pytest.raises(InputError, match="ten-crop"):
        make_views(images, "mirror")


def test_without_a_majority_among_the_votes_there_are_no_figures_of_ferplus(faces: FaceSet) -> None:
    assert faces.votes is not None
    split = np.full((len(faces), 10), 1, np.uint8)
    result = evaluate(
        Oracle(faces, bundle_of("fer2013", "ferplus")), replace(faces, votes=split), "PublicTest", "single"
    )
    assert result["n"] == 21 and "ferplus" not in result
