"""Lists of picture files, as in RAF-DB and AffectNet."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from models.errors import InputError
from training.datasets.faceset import CLASSES, FaceSet
from training.datasets.lists import RAFDB_FILES
from training.datasets.reading import find_data, read_faces

AFFECTNET = "subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,expression,valence,arousal"


def save(path: Path, level: int, size: tuple[int, int] = (100, 100)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), np.full(size, level, np.uint8))


def by_level(faces: FaceSet) -> dict[int, tuple[str, str]]:
    """Gray level, rounded to tens -> class and split."""
    return {
        round(int(image[20, 20, 0]) / 10) * 10: (CLASSES[emotion], str(usage))
        for image, emotion, usage in zip(faces.images, faces.emotion, faces.usage, strict=True)
    }


@pytest.fixture
def rafdb(tmp_path: Path) -> Path:
    """`basic/` in the layout of RAF-DB: seven training and two test pictures; the originals are not face crops."""
    lines = []
    for number in range(1, 8):
        save(tmp_path / "basic" / "Image" / "aligned" / f"train_{number:05d}_aligned.jpg", 10 * number)
        save(tmp_path / "basic" / "Image" / "original" / f"train_{number:05d}.jpg", 250, (60, 100))
        lines.append(f"train_{number:05d}.jpg {number}")
    for number in (1, 2):
        save(tmp_path / "basic" / "Image" / "aligned" / f"test_{number:04d}_aligned.jpg", 100 + 10 * number)
        lines.append(f"test_{number:04d}.jpg {number}")
    place = tmp_path / "basic" / "EmoLabel" / RAFDB_FILES[0]
    place.parent.mkdir()
    place.write_text("\r\n".join(lines) + "\r\n")
    return tmp_path


def test_raf_db_in_its_own_order(rafdb: Path) -> None:
    order = ["surprise", "fear", "disgust", "happiness", "sadness", "anger", "neutral"]
    wanted = {10 * number: (order[number - 1], "Training") for number in range(1, 8)}
    wanted |= {110: ("surprise", "PrivateTest"), 120: ("fear", "PrivateTest")}
    for given in (rafdb, rafdb / "basic", rafdb / "basic" / "EmoLabel" / RAFDB_FILES[0]):
        faces = read_faces(given)
        assert by_level(faces) == wanted, given
        assert any("RAF-DB's (1 surprise, 2 fear" in note for note in faces.notes)


def test_raf_db_has_a_part_to_select_on(rafdb: Path) -> None:
    path = rafdb / "basic" / "EmoLabel" / RAFDB_FILES[0]
    names = [f"train_{number:05d}.jpg {1 + number % 7}" for number in range(1, 71)]
    for number in range(1, 71):
        save(rafdb / "basic" / "Image" / "aligned" / f"train_{number:05d}_aligned.jpg", number)
    path.write_text("\n".join(names))
    faces = read_faces(rafdb)
    assert [int((faces.usage == usage).sum()) for usage in ("Training", "PublicTest")] == [63, 7]
    assert "10 % of each class" in faces.notes[-1]


def test_a_picture_that_is_missing_names_the_line(rafdb: Path) -> None:
    (rafdb / "basic" / "Image" / "aligned" / "train_00003_aligned.jpg").unlink()
    (rafdb / "basic" / "Image" / "original" / "train_00003.jpg").unlink()
    with pytest.raises(InputError, match=r"line 3: the picture train_00003\.jpg does not exist"):
        read_faces(rafdb)
    faces = read_faces(rafdb, skip_bad=True)
    assert len(faces) == 8 and len(faces.skipped) == 1


@pytest.mark.parametrize("header", [True, False])
def test_affectnet_in_its_own_order_without_the_rows_that_have_no_emotion(tmp_path: Path, header: bool) -> None:
    order = ["neutral", "happiness", "sadness", "surprise", "fear", "disgust", "anger", "contempt"]
    for split, start, codes in (("training", 10, [*range(8), 9, 10, 10]), ("validation", 110, range(8))):
        lines = [AFFECTNET] if header or split == "training" else []
        for number, code in enumerate(codes):
            name = f"{start}/{number}.jpg"
            save(tmp_path / "Manually_Annotated_Images" / name, start + 10 * number, (120, 100))
            lines.append(f"{name},0,10,100,100,1;2,{code},0.1,0.2")
        (tmp_path / f"{split}.csv").write_text("\n".join(lines) + "\n")
    wanted = {10 + 10 * code: (order[code], "Training") for code in range(8)}
    wanted |= {110 + 10 * code: (order[code], "PublicTest") for code in range(8)}
    given = (tmp_path, tmp_path / "training.csv") if header else (tmp_path,)
    for path in given:
        faces = read_faces(path)
        assert by_level(faces) == wanted
        assert any("AffectNet's (0 neutral, 1 happiness" in note for note in faces.notes)
        assert any("1 of 9 (uncertain), 2 of 10 (no face)" in note for note in faces.notes)


def test_the_face_is_cut_out_where_a_list_says_where_it_is(tmp_path: Path) -> None:
    picture = np.zeros((200, 300), np.uint8)
    picture[40:140, 90:190] = 200
    (tmp_path / "1").mkdir()
    assert cv2.imwrite(str(tmp_path / "1" / "a.png"), picture)
    (tmp_path / "training.csv").write_text(f"{AFFECTNET}\n1/a.png,90,40,100,100,0,1,0,0\n")
    assert (read_faces(tmp_path / "training.csv").images == 200).all()


@pytest.mark.parametrize("heading", ["image,emotion", "File Name;LABEL", "path\texpression"])
def test_any_list_of_files_and_names(tmp_path: Path, heading: str) -> None:
    separator = next(each for each in ",;\t" if each in heading)
    save(tmp_path / "images" / "a.png", 10)
    save(tmp_path / "images" / "b.png", 20)
    path = tmp_path / "labels.csv"
    path.write_text(f"{heading}\na.png{separator}Happy\nb.png{separator}contempt\n")
    assert by_level(read_faces(path)) == {10: ("happiness", "Training"), 20: ("contempt", "Training")}
    assert find_data(tmp_path) == tmp_path and len(read_faces(tmp_path)) == 2
    path.write_text(f"{heading}\na.png{separator}hungry\n")
    with pytest.raises(InputError, match="line 2: 'hungry' is not a class"):
        read_faces(path)


def test_votes_are_of_no_use_to_a_list(rafdb: Path, csv_files: tuple[Path, Path]) -> None:
    with pytest.raises(InputError, match="leave it out"):
        read_faces(rafdb, csv_files[1])
