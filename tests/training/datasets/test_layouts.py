"""Layouts of picture folders: location, names and numbers of the classes, and other files."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from models.emotions import FER2013
from models.errors import InputError
from training.datasets.faceset import CLASSES, FaceSet
from training.datasets.numbers import AFFECTNET_NUMBERS, RAFDB_NUMBERS
from training.datasets.reading import read_faces


def save(path: Path, level: int = 100, values: np.ndarray | None = None) -> Path:
    """Save a flat gray picture of 48x48, or `values`, in the format of the suffix."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = np.full((48, 48), level, np.uint8) if values is None else values
    path.write_bytes(cv2.imencode(path.suffix, picture)[1].tobytes())
    return path


def by_level(faces: FaceSet) -> dict[int, str]:
    """Gray level -> class."""
    return {int(image[0, 0, 0]): CLASSES[emotion] for image, emotion in zip(faces.images, faces.emotion, strict=True)}


def test_what_programs_leave_is_passed_over(tmp_path: Path) -> None:
    for name in ("train", "val"):
        save(tmp_path / name / "happy" / "x.png")
        for left in (
            f"{name}/happy/._x.png",
            f"{name}/.ipynb_checkpoints/x.png",
            f"{name}/happy/.ipynb_checkpoints/x-checkpoint.png",
            f"__MACOSX/{name}/happy/._x.png",
            f"{name}/.DS_Store",
            f"{name}/happy/Thumbs.db",
        ):
            path = tmp_path / left
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"no picture")
    faces = read_faces(tmp_path)
    assert len(faces) == 2 and faces.notes == () and faces.skipped == ()


@pytest.mark.parametrize("ending", [".tif", ".tiff", ".webp", ".avif", ".png", ".JPG", ".bmp"])
def test_every_usual_format_is_read(tmp_path: Path, ending: str) -> None:
    for name in ("train", "val"):
        save(tmp_path / name / "happy" / f"x{ending}", 120)
    assert np.allclose(read_faces(tmp_path).images, 120, atol=2)


@pytest.mark.parametrize(
    "values",
    [np.full((48, 48), 0.5, np.float32), np.full((48, 48), 32896, np.uint16), np.full((48, 48), 128, np.int16)],
)
def test_tiff_of_other_numbers_becomes_gray_levels(tmp_path: Path, values: np.ndarray) -> None:
    for name in ("train", "val"):
        save(tmp_path / name / "happy" / "x.tif", values=values)
    assert np.allclose(read_faces(tmp_path).images, 128, atol=1)


@pytest.mark.parametrize(
    ("numbers", "name", "order"),
    [
        (range(7), "x.png", dict(enumerate(FER2013))),
        (range(3), "x.png", dict(enumerate(FER2013))),
        (range(1, 8), "x.png", RAFDB_NUMBERS.emotions),
        (range(1, 6), "train_00003_aligned.png", RAFDB_NUMBERS.emotions),
        (range(8), "x.png", AFFECTNET_NUMBERS.emotions),
    ],
)
def test_numbered_classes_follow_the_data_set_that_they_fit(
    tmp_path: Path, numbers: range, name: str, order: dict[int, str]
) -> None:
    for number in numbers:
        save(tmp_path / "train" / str(number) / name, 10 + number)
        save(tmp_path / "test" / str(number) / name, 110 + number)
        save(tmp_path / "val" / f"{number:02d}" / name, 210 + number)
    faces = read_faces(tmp_path)
    assert by_level(faces) == {start + number: order[number] for number in numbers for start in (10, 110, 210)}
    (note,) = faces.notes
    assert "are taken for" in note and f"{numbers[-1]} {order[numbers[-1]]}" in note


def test_a_number_before_a_name_does_not_hide_it(tmp_path: Path) -> None:
    for level, name in enumerate(("0_anger", "3 - Happy", "6.neutral")):
        save(tmp_path / "train" / name / "x.png", level)
        save(tmp_path / "val" / name / "x.png", 100 + level)
    faces = read_faces(tmp_path)
    assert by_level(faces) == {0: "anger", 1: "happiness", 2: "neutral", 100: "anger", 101: "happiness", 102: "neutral"}


def test_classes_lie_deeper_or_hold_folders(tmp_path: Path) -> None:
    base = tmp_path / "archive" / "images"
    save(base / "train" / "happy" / "subject 3" / "x.png", 1)
    save(base / "train" / "group 1" / "sad" / "x.png", 2)
    save(base / "train" / "fear" / "5" / "x.png", 3)
    save(base / "train" / "angry" / "x.png", 4)
    save(base / "val" / "angry" / "x.png", 5)
    (tmp_path / "archive" / "notes").mkdir()
    assert by_level(read_faces(tmp_path)) == {1: "happiness", 2: "sadness", 3: "fear", 4: "anger", 5: "anger"}


def test_classes_without_splits_are_all_for_training(tmp_path: Path) -> None:
    for emotion in ("anger", "happy"):
        for number in range(10):
            save(tmp_path / "CK+48" / emotion / f"{number}.png", number)
    faces = read_faces(tmp_path)
    assert [int((faces.usage == usage).sum()) for usage in ("Training", "PublicTest")] == [18, 2]
    assert "not divided into train and test" in faces.notes[0]


def test_several_data_sets_side_by_side_are_refused(tmp_path: Path) -> None:
    for name in ("first", "second"):
        save(tmp_path / name / "train" / "happy" / "x.png")
    with pytest.raises(InputError, match="several data sets"):
        read_faces(tmp_path)


def test_a_class_without_pictures_is_told(tmp_path: Path) -> None:
    for name in ("train", "val"):
        save(tmp_path / name / "happy" / "x.png")
    (tmp_path / "train" / "sad").mkdir()
    (tmp_path / "train" / "fear").mkdir()
    (tmp_path / "train" / "fear" / "x.heic").write_bytes(b"x")
    save(tmp_path / "train" / "loose.png")
    notes = read_faces(tmp_path).notes
    assert any("sad holds no picture that can be read." in note for note in notes)
    assert any("fear holds no picture that can be read (only 1 .heic)" in note for note in notes)
    assert any("1 pictures" in note and "no class's folder" in note for note in notes)


def test_links_that_lead_round_end(tmp_path: Path) -> None:
    for name in ("train", "val"):
        save(tmp_path / name / "happy" / "x.png")
    try:
        (tmp_path / "train" / "happy" / "again").symlink_to(tmp_path / "train", target_is_directory=True)
    except OSError:
        pytest.skip("no symbolic links here")
    assert len(read_faces(tmp_path)) == 2
