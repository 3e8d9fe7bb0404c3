"""Folders of pictures: every usual layout and spelling, and a clear error for unusable ones."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from models.emotions import FER2013
from models.errors import InputError
from training.datasets.faceset import CLASSES
from training.datasets.folders import read_folder
from training.datasets.labels import label_set, truth


def save(path: Path, level: int = 100, size: tuple[int, int] = (48, 48)) -> Path:
    """Save a flat gray picture; `size` is (height, width)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), np.full(size, level, np.uint8))
    return path


def test_reads_classes_and_splits_by_name(tmp_path: Path) -> None:
    for number, (folder, spelling) in enumerate(
        [("train", "Angry"), ("train", "sad"), ("Validation", "HAPPY"), ("test", "fearful"), ("test", "surprises")]
    ):
        save(tmp_path / folder / spelling / "a.png", 10 * number + 5)
    (tmp_path / "train" / "Angry" / "notes.txt").write_text("not a picture")
    (tmp_path / "extra").mkdir()
    faces = read_folder(tmp_path)
    rows = {
        (str(usage), CLASSES[emotion]): int(image[0, 0, 0])
        for usage, emotion, image in zip(faces.usage, faces.emotion, faces.images, strict=True)
    }
    assert rows == {
        ("Training", "anger"): 5,
        ("Training", "sadness"): 15,
        ("PublicTest", "happiness"): 25,
        ("PrivateTest", "fear"): 35,
        ("PrivateTest", "surprise"): 45,
    }
    assert faces.votes is None and faces.skipped == ()


@pytest.mark.parametrize("name", ["validation", "valid", "val"])
def test_every_name_of_the_validation_folder(tmp_path: Path, name: str) -> None:
    save(tmp_path / "train" / "happy" / "a.png")
    save(tmp_path / name / "happy" / "a.png")
    assert sorted(read_folder(tmp_path).usage) == ["PublicTest", "Training"]


def test_without_a_validation_folder_a_slice_of_train_is_validated_on_never_test(tmp_path: Path) -> None:
    for number in range(40):
        save(tmp_path / "train" / ("happy" if number % 4 else "sad") / f"{number}.png", number)
    for number in range(20):
        save(tmp_path / "test" / "happy" / f"{number}.png", 200 + number)
    faces = read_folder(tmp_path)
    public, private = faces.split("PublicTest"), faces.split("PrivateTest")
    assert len(faces.split("Training")) == 36 and len(private) == 20
    assert sorted(public.emotion) == [FER2013.index("happiness")] * 3 + [FER2013.index("sadness")]
    assert public.images.max() < 200 <= private.images.min()
    assert np.array_equal(read_folder(tmp_path).usage, faces.usage)


def test_large_pictures_are_averaged_down_and_colours_become_gray(tmp_path: Path) -> None:
    path = tmp_path / "test" / "happy" / "größe.png"
    path.parent.mkdir(parents=True)
    stripes = np.zeros((192, 192, 3), np.uint8)
    stripes[:, ::2] = 200
    path.write_bytes(cv2.imencode(".png", stripes)[1].tobytes())
    save(tmp_path / "test" / "sad" / "small.png", 77, (24, 25))
    large, small = read_folder(tmp_path).images
    assert np.unique(large).tolist() == [100] and np.unique(small).tolist() == [77]


def test_contempt_is_kept_and_each_label_set_decides(tmp_path: Path) -> None:
    for name in ("contempt", "happy"):
        save(tmp_path / "train" / name / "a.png")
        save(tmp_path / "val" / name / "a.png")
    faces = read_folder(tmp_path)
    counts, label = truth(faces, label_set("fer2013"))
    assert [CLASSES[emotion] for emotion in faces.emotion[counts]] == ["happiness", "happiness"]
    counts, label = truth(faces, label_set("valence"))
    assert counts.all() and sorted(label) == [0, 0, 2, 2]


def test_bad_pictures_are_refused_or_told(tmp_path: Path) -> None:
    good = save(tmp_path / "train" / "happy" / "good.png")
    bad = {
        tmp_path / "train" / "happy" / "broken.jpg": "cannot be read as a picture",
        tmp_path / "train" / "happy" / "empty.png": "cannot be read as a picture",
        save(tmp_path / "train" / "sad" / "wide.png", size=(48, 90)): "90x48",
        save(tmp_path / "train" / "hungry" / "a.png"): "'hungry' is not a class",
    }
    (tmp_path / "train" / "happy" / "broken.jpg").write_bytes(good.read_bytes()[:40])
    (tmp_path / "train" / "happy" / "empty.png").touch()
    faces = read_folder(tmp_path, skip_bad=True)
    assert len(faces) == 1 and len(faces.skipped) == len(bad)
    for path, reason in bad.items():
        assert any(str(path) in sentence and reason in sentence for sentence in faces.skipped)
        others = [other for other in bad if other != path and other.is_file()]
        kept = {other: other.read_bytes() for other in others}
        for other in others:
            other.unlink()
        with pytest.raises(InputError) as caught:
            read_folder(tmp_path)
        assert str(path) in str(caught.value) and reason in str(caught.value)
        for other, content in kept.items():
            other.write_bytes(content)


def test_a_folder_without_splits_or_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder train"):
        read_folder(tmp_path)
    (tmp_path / "train" / "happy").mkdir(parents=True)
    with pytest.raises(InputError, match="no usable picture"):
        read_folder(tmp_path)
