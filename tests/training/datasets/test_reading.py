"""Where data is searched for, and which reader is used."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from models.errors import InputError
from training.datasets.fer2013 import read_fer2013
from training.datasets.reading import find_data, find_votes, read_faces


def test_a_missing_file_says_where_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for given in (None, tmp_path / "nowhere.csv", tmp_path):
        with pytest.raises(InputError, match="Kaggle"):
            find_data(given)
    with pytest.raises(InputError, match="Kaggle"):
        find_votes(tmp_path / "nowhere.csv", tmp_path / "fer2013.csv")


@pytest.mark.parametrize("place", [".", "data", "data/fer2013"])
def test_finds_files_in_the_usual_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, csv_files: tuple[Path, Path], place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(place).mkdir(parents=True, exist_ok=True)
    for path in csv_files:
        shutil.copy(path, place)
    assert find_data(None) == find_data(Path(place)) == Path(place) / "fer2013.csv"
    faces, whole = read_faces(None), read_fer2013(*csv_files)
    assert faces.votes is not None and whole.votes is not None
    assert np.array_equal(faces.images, whole.images) and np.array_equal(faces.votes, whole.votes)


def test_reads_the_other_name_of_the_same_data(tmp_path: Path, csv_files: tuple[Path, Path]) -> None:
    text = csv_files[0].read_text().replace("emotion,pixels,Usage", "emotion, pixels, Usage", 1)
    (tmp_path / "icml_face_data.csv").write_text(text)
    faces = read_faces(tmp_path, csv_files[1])
    assert np.array_equal(faces.images, read_fer2013(csv_files[0]).images)
    assert faces.votes is not None


def test_folders_are_found_but_not_the_program_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("training/datasets").mkdir(parents=True)
    with pytest.raises(InputError, match=r"No fer2013\.csv"):
        find_data(None)
    Path("data/train").mkdir(parents=True)
    assert find_data(None) == find_data(Path("data")) == Path("data")


def test_votes_are_of_no_use_to_a_folder(tmp_path: Path, csv_files: tuple[Path, Path]) -> None:
    (tmp_path / "train" / "happy").mkdir(parents=True)
    with pytest.raises(InputError, match="leave it out"):
        read_faces(tmp_path, csv_files[1])


def test_bad_rows_are_skipped_only_when_asked(tmp_path: Path, csv_files: tuple[Path, Path]) -> None:
    path = tmp_path / "fer2013.csv"
    path.write_text(csv_files[0].read_text() + "3,1 2 3,Training\n")
    with pytest.raises(InputError, match=r"line 107: 3 pixels .*; --skip-bad skips"):
        read_faces(path)
    faces = read_faces(path, skip_bad=True)
    assert len(faces) == 105 and len(faces.skipped) == 1
