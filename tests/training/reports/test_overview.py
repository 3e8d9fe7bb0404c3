"""Text and figures about a data set."""

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.emotions import FER2013
from models.errors import InputError
from training.datasets.faceset import FaceSet
from training.datasets.fer2013 import read_fer2013
from training.datasets.labels import label_set, parse_labels
from training.reports.overview import SHOWN, survey, table
from training.reports.overview_charts import SAMPLES, draw, sample_sheet
from training.reports.style import LIGHT


@pytest.fixture(scope="module")
def faces(csv_files: tuple[Path, Path]) -> FaceSet:
    """The first PublicTest picture also occurs in Training and, darker, in PrivateTest; a Training one is flat."""
    faces = read_fer2013(*csv_files)
    public, private = (int(np.flatnonzero(faces.usage == usage)[0]) for usage in ("PublicTest", "PrivateTest"))
    faces.images[0] = faces.images[public]
    faces.images[private] = faces.images[public] // 2
    faces.images[public - 1] = 50
    return faces


def test_everything_is_counted(faces: FaceSet) -> None:
    found = survey(faces, parse_labels("fer2013+four+contempt-no-disgust", True))
    assert found["pictures"] == {"Training": 70, "PublicTest": 21, "PrivateTest": 14}
    assert found["classes"]["fer2013"] == {
        name: {"Training": 10, "PublicTest": 3, "PrivateTest": 2} for name in FER2013
    }
    assert found["without_label"]["four"] == {"Training": 30, "PublicTest": 9, "PrivateTest": 6}
    assert found["classes"]["contempt-no-disgust"]["contempt"]["Training"] == 0
    assert found["without_label"]["contempt-no-disgust"]["Training"] == 10
    assert found["not_a_face"] == {"Training": 1, "PublicTest": 0, "PrivateTest": 0}
    assert found["in_both_tests"] == {"exact": 0, "near": 1}
    left_out = {"not_a_face": 1, "exact_duplicates": 1, "near_duplicates": 0}
    assert found["learning"] == {"split": "official", "learn": 68, "check": 21, "left_out": left_out}
    assert json.loads(json.dumps(found)) == found


def test_another_split_is_counted_too(faces: FaceSet) -> None:
    learning = survey(faces, parse_labels(None, True), "50/50", seed=2)["learning"]
    assert learning["check"] == 35 and learning["learn"] + sum(learning["left_out"].values()) == 35


def test_the_text_has_every_figure_and_names_some_skipped_rows(faces: FaceSet) -> None:
    skipped = tuple(f"fer2013.csv, line {line}: 3 pixels." for line in range(2, 4 + SHOWN))
    text = table(survey(replace(faces, skipped=skipped), parse_labels(None, True)))
    lines = [line.split() for line in text.splitlines()]
    assert ["pictures", "70", "21", "14"] in lines
    assert ["happiness", "10", "3", "2"] in lines
    assert "68 pictures for training, 21 for validation" in text
    assert "1 show no face, 1 are also in another split, 0 are near copies" in text
    assert text.count("line ") == SHOWN and "and 2 more" in text


def test_draws_a_chart_and_a_sheet(faces: FaceSet, tmp_path: Path) -> None:
    labels = label_set("fer2013")
    found = survey(faces, [labels])
    drawn = draw(faces, found, labels, tmp_path / "new" / "folder")
    assert len(drawn) == 2
    for path in drawn:
        picture = cv2.imread(str(path))
        assert picture is not None and min(picture.shape[:2]) > 300 and np.ptp(picture) > 100


def test_the_sheet_shows_training_pictures_in_the_row_of_their_class(faces: FaceSet) -> None:
    labels = label_set("four")
    sheet = np.asarray(sample_sheet(faces, labels, LIGHT).axes[0].images[0].get_array())
    assert sheet.shape == (4 * 50, SAMPLES * 50)
    for row, name in enumerate(labels.labels):
        allowed = (faces.emotion == FER2013.index(name)) & (faces.usage == "Training")
        known = {image.tobytes() for image in faces.images[allowed]}
        for column in range(SAMPLES):
            cell = sheet[row * 50 : row * 50 + 48, column * 50 : column * 50 + 48]
            assert np.ascontiguousarray(cell).tobytes() in known


def test_pictures_of_people_are_not_written_where_git_keeps_them(faces: FaceSet, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    labels = label_set("fer2013")
    with pytest.raises(InputError, match="git repository"):
        draw(faces, survey(faces, [labels]), labels, tmp_path / "out")
    assert not (tmp_path / "out").exists()
