"""Variants of the FER2013 CSV file, and the assumptions for missing information."""

from pathlib import Path

import numpy as np
import pytest

from models.errors import InputError
from training.datasets.fer2013 import read_fer2013
from training.datasets.reading import read_faces


def rows_of(path: Path) -> list[list[str]]:
    return [line.split(",") for line in path.read_text().splitlines()]


def write(path: Path, rows: list[list[str]], separator: str = ",", end: str = "\n", encoding: str = "utf-8") -> Path:
    path.write_bytes((end.join(separator.join(row) for row in rows) + end).encode(encoding))
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(("end", "encoding"), [("\n", "utf-8"), ("\r\n", "utf-8-sig"), ("\r\n", "utf-16")])
def test_every_separator_line_end_and_encoding(
    csv_files: tuple[Path, Path], tmp_path: Path, separator: str, end: str, encoding: str
) -> None:
    data = write(tmp_path / "fer2013.csv", rows_of(csv_files[0]), separator, end, encoding)
    votes = write(tmp_path / "fer2013new.csv", rows_of(csv_files[1]), separator, end, encoding)
    faces, whole = read_faces(data), read_fer2013(*csv_files)
    assert faces.votes is not None and whole.votes is not None
    assert faces.digest == whole.digest and faces.answers_digest == whole.answers_digest
    assert np.array_equal(faces.usage, whole.usage) and votes.is_file()


@pytest.mark.parametrize("heading", [["EMOTION", "PIXELS", "USAGE"], [" Emotion ", " Pixels", "usage "]])
def test_headings_and_splits_in_any_case(csv_files: tuple[Path, Path], tmp_path: Path, heading: list[str]) -> None:
    body = [[emotion, pixels, usage.upper()] for emotion, pixels, usage in rows_of(csv_files[0])[1:]]
    faces = read_faces(write(tmp_path / "fer2013.csv", [heading, *body]))
    assert faces.digest == read_fer2013(csv_files[0]).digest
    assert sorted(set(faces.usage)) == ["PrivateTest", "PublicTest", "Training"]


def test_classes_may_be_named(csv_files: tuple[Path, Path], tmp_path: Path) -> None:
    names = ["Angry", "disgust", "FEAR", "happy", "sad", "surprise", "neutral"]
    head, *body = rows_of(csv_files[0])
    named = [[names[int(emotion)], *rest] for emotion, *rest in body]
    faces = read_faces(write(tmp_path / "a.csv", [head, *named]))
    assert np.array_equal(faces.emotion, read_fer2013(csv_files[0]).emotion)


def test_kaggle_s_train_csv_gets_a_seeded_part_to_select_on_and_says_so(
    csv_files: tuple[Path, Path], tmp_path: Path
) -> None:
    rows = [row[:2] for row in rows_of(csv_files[0])]
    faces = read_faces(write(tmp_path / "train.csv", rows))
    assert {usage: int((faces.usage == usage).sum()) for usage in set(faces.usage)} == {
        "Training": 105 - 14,  # a tenth of each class, rounded
        "PublicTest": 14,
    }
    assert len(set(faces.split("PublicTest").emotion)) == 7
    assert np.array_equal(faces.usage, read_faces(tmp_path).usage), "a folder stands for its train.csv"
    first, second = faces.notes
    assert "no column Usage; all of its rows are taken for Training" in first
    assert "10 % of each class" in second and "seed 1" in second


def test_votes_tell_the_splits_of_a_csv_without_usage(csv_files: tuple[Path, Path], tmp_path: Path) -> None:
    rows = [row[:2] for row in rows_of(csv_files[0])]
    path, whole = write(tmp_path / "train.csv", rows), read_fer2013(*csv_files)
    faces = read_faces(path, csv_files[1])
    assert np.array_equal(faces.usage, whole.usage) and faces.answers_digest == whole.answers_digest
    assert [f"{csv_files[1]} says it by row number" in note for note in faces.notes] == [True]
    order = np.r_[0, 1 + np.random.default_rng(0).permutation(len(rows) - 1)]
    shuffled = write(tmp_path / "shuffled.csv", [rows[number] for number in order])
    with pytest.raises(InputError, match="do not list the same pictures"):
        read_faces(shuffled, csv_files[1])


def test_a_whole_file_leaves_nothing_to_assume(csv_files: tuple[Path, Path]) -> None:
    assert read_faces(*csv_files).notes == ()


def test_kaggle_s_test_csv_without_answers_is_refused(csv_files: tuple[Path, Path], tmp_path: Path) -> None:
    path = write(tmp_path / "test.csv", [row[1:2] for row in rows_of(csv_files[0])])
    with pytest.raises(InputError, match=r"test\.csv has no column emotion"):
        read_faces(path)
