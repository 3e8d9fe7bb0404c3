"""Reliability of the shown probabilities, compared with counts made by hand."""

from pathlib import Path

import numpy as np
import pytest

from models.bundle import load_bundle
from models.emotions import FERPLUS
from models.engines import open_classifier
from models.errors import InputError
from training.datasets.faceset import FaceSet
from training.datasets.labels import label_set, truth
from training.metrics import bins_of_confidence, calibration_error
from training.reports.shown import Shown, read_photos, shown_on, shown_section

HEADER = "photo,label,neutral,happiness,disgust\n"


def file_of(folder: Path, text: str) -> Path:
    path = folder / "photos.csv"
    path.write_text(text)
    return path


def test_photos_of_five_emotions_with_a_face_count(tmp_path: Path) -> None:
    rows = (
        "a.jpg,neutral,0.8,0.1,0.1\n"
        "b.jpg,happiness,0.2,0.1,0.7\n"  # predicted as disgust: wrong
        "c.jpg,disgust,0.0,0.0,1.0\n"  # not one of the five
        "d.jpg,Happy,,,\n"  # no face
        "e.jpg,Happy,0.1,0.9,0.0\n"
    )
    shown = read_photos(file_of(tmp_path, HEADER + rows))
    assert shown.confidence.tolist() == [0.8, 0.7, 0.9] and shown.right.tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "other columns"),
        ("photo,label\n", "other columns"),
        ("image,emotion,neutral\n", "other columns"),
        (HEADER, "no photo of anger"),
        (HEADER + "a.jpg,disgust,0,0,1\n", "no photo of anger"),
        (HEADER + "a.jpg,neutral,0.8,0.1,0.1\nb.jpg,neutral,0.8,high,0.1\n", "line 3: a cell is not a probability"),
        (HEADER + "a.jpg,neutral,0.8,0.1\n", "line 2: a cell is not a probability"),
        (HEADER + "a.jpg,neutral,nan,0.1,0.1\n", "line 2: a cell is not a probability"),
    ],
)
def test_a_file_that_is_none_is_refused(text: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=rf"photos.csv.*{complaint}"):
        read_photos(file_of(tmp_path, text))


def test_eighty_per_cent_is_worth_what_was_right_near_it() -> None:
    shown = Shown("photos", np.array([0.74, 0.76, 0.8, 0.84, 0.9]), np.array([True, True, False, False, True]))
    assert shown.near_80().tolist() == [True, False, False]
    assert shown.sentence().startswith("photos: of the 3 pictures shown with 75 to 85 %, 33 % are right (0 to ")
    assert "no picture" in Shown("photos", np.array([0.5]), np.array([True])).sentence()


def test_the_error_by_hand_and_on_the_page() -> None:
    confidence, right = np.array([0.55, 0.57, 0.95]), np.array([True, False, True])
    error = (2 * abs(0.5 - 0.56) + abs(1 - 0.95)) / 3
    assert calibration_error(bins_of_confidence(confidence, right, bins=10)) == pytest.approx(error)
    section = shown_section([Shown("one", confidence, right), Shown("two", confidence, ~right)])
    assert [chart.name for chart in section.charts] == ["reliability-shown"]
    assert section.content.count("<p>") == 3 and "one" in section.content


def test_the_shown_head_is_read_on_labels_and_votes(run: Path, faces: FaceSet) -> None:
    classifier = open_classifier(load_bundle(run / "bundle"))
    fer2013, ferplus = shown_on(classifier, faces, "PublicTest")
    assert (fer2013.name, len(fer2013.right)) == ("FER2013 PublicTest", 70)
    assert (ferplus.name, len(ferplus.right)) == ("FER+ PublicTest", 69)
    chosen = faces.split("PublicTest")
    rows, label = truth(chosen, label_set("ferplus"))
    probabilities = classifier.probabilities(chosen.images[rows], mirrored=True)
    assert np.allclose(ferplus.confidence, probabilities.max(axis=1), atol=1e-6)
    named = np.array(FERPLUS)[probabilities.argmax(axis=1)]
    assert np.array_equal(ferplus.right, named == np.array(FERPLUS)[label[rows]])
