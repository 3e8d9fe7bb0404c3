import json
from pathlib import Path
from types import ModuleType

import cv2
import pytest

from app.__main__ import main
from app.commands.score import measure, table
from models.emotions import FER2013, FERPLUS

HEADER = "image,emotion\n"


def folder_of(place: Path, fakes: ModuleType, photos: dict[str, tuple[str, int | None]]) -> Path:
    """A folder of photos: name -> (emotion, gray level of the face, or None for no face)."""
    (place / "images").mkdir(parents=True)
    for name, (_, level) in photos.items():
        squares = [(10, 20, 60)] if level else []
        cv2.imwrite(str(place / "images" / name), fakes.picture(*squares, level=level or 0))
    rows = "".join(f"{name},{emotion}\n" for name, (emotion, _) in photos.items())
    (place / "labels.csv").write_text(HEADER + rows)
    return place


def test_keys_and_counts(faked: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # In FER+'s labels, level 110 is sadness, 140 anger, 200 fear and 250 contempt. Contempt is dropped, so that the
    # first of the other labels wins.
    photos = {
        "a.png": ("Sad", 110),
        "b.png": ("anger", 140),
        "c.png": ("anger", None),
        "d.png": ("anger", 200),
        "e.png": ("Angry", 250),
    }
    folder = folder_of(tmp_path / "p", faked, photos)
    assert main(["score", str(folder), "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert list(content) == [
        *("images", "detected", "accuracy", "balanced_accuracy", "emotions", "confusion", "per_emotion")
    ]
    assert (content["images"], content["detected"], content["accuracy"]) == (5, 4, 0.6)
    assert content["per_emotion"] == {"anger": 0.5, "sadness": 1.0}
    assert content["balanced_accuracy"] == 0.75
    assert content["emotions"] == list(FER2013)
    assert content["confusion"][FER2013.index("anger")] == [2, 0, 1, 0, 0, 0, 0]
    assert main(["score", str(folder)]) == 0
    assert "accuracy 60.0% (95 % interval 23.1% to 88.2%), balanced 75.0%" in capsys.readouterr().out


def test_spaces_and_further_columns_do_no_harm(
    faked: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = folder_of(tmp_path / "p", faked, {"a.png": ("sadness", 110)})
    (folder / "labels.csv").write_text("\ufeffnumber, image , emotion,\n1, a.png , sadness ,,\n", encoding="utf-8")
    assert main(["score", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accuracy"] == 1


def test_the_largest_face_counts(faked: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = folder_of(tmp_path / "p", faked, {"a.png": ("sadness", 110)})
    image = faked.picture((5, 5, 20), level=200)
    image[40:100, 80:140] = 110
    cv2.imwrite(str(folder / "images" / "a.png"), image)
    assert main(["score", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accuracy"] == 1


def test_no_face_anywhere_is_zero_and_prints() -> None:
    content = measure(["fear", "anger"], [None, None])
    assert (content["accuracy"], content["detected"], content["balanced_accuracy"]) == (0, 0, 0)
    assert "0.0%" in table(content)


@pytest.mark.usefixtures("faked")
@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (None, "labels.csv cannot be read: No such file"),
        ("", "labels.csv has no column"),
        ("image;emotion\n", "labels.csv lists no photo"),
        ("image|emotion\n", "labels.csv has no column"),
        (HEADER, "labels.csv lists no photo"),
        (HEADER + "a.png,anger\na.png,hungry\n", "labels.csv, line 3: 'hungry'"),
        (HEADER + "a.png\n", "labels.csv, line 2: ''"),
        (HEADER + "a.png,contempt\n", "labels.csv, line 2: 'contempt'"),
        (HEADER + "b.png,anger\n", "labels.csv, line 2: there is no photo"),
        (HEADER + ",anger\n", "labels.csv, line 2: there is no photo"),
        (HEADER + "bad.png,anger\n", "bad.png is not a picture"),
    ],
)
def test_bad_input(
    fakes: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None, complaint: str
) -> None:
    folder = folder_of(tmp_path / "p", fakes, {"a.png": ("anger", 140)})
    (folder / "images" / "bad.png").write_bytes(b"\x00\x01\x02\xff" * 9)
    if text is None:
        (folder / "labels.csv").unlink()
    else:
        (folder / "labels.csv").write_text(text)
    assert main(["score", str(folder)]) == 2
    output = capsys.readouterr()
    assert complaint in output.err
    assert len(output.err.splitlines()) == 1
    assert output.out == ""


@pytest.mark.usefixtures("faked")
def test_bytes_that_are_no_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "labels.csv").write_bytes(b"image,emotion\n\xff\xfe\x00,anger\n")
    assert main(["score", str(tmp_path)]) == 2
    assert "labels.csv" in capsys.readouterr().err


def test_probabilities_are_written_as_shown_and_nothing_else_is_replaced(
    faked: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = folder_of(tmp_path / "p", faked, {"a.png": ("anger", 140), "b.png": ("Sad", None)})
    out = tmp_path / "photos.csv"
    for _ in range(2):  # the second run replaces its own file
        assert main(["score", str(folder), "--probabilities", str(out)]) == 0
    head, first, second = (line.split(",") for line in out.read_text().splitlines())
    assert head == ["photo", "label", *FERPLUS] and first[:2] == ["a.png", "anger"]
    values = dict(zip(head[2:], map(float, first[2:]), strict=True))
    assert max(values, key=values.__getitem__) == "anger" and sum(values.values()) == pytest.approx(1, abs=1e-4)
    assert second == ["b.png", "sadness", *[""] * len(FERPLUS)]
    capsys.readouterr()
    (tmp_path / "mine.csv").write_text("mine\n")
    for path, complaint in (("mine.csv", "does not hold probabilities"), ("nowhere/a.csv", "no folder")):
        assert main(["score", str(folder), "--probabilities", str(tmp_path / path)]) == 2
        assert complaint in capsys.readouterr().err
    assert (tmp_path / "mine.csv").read_text() == "mine\n"
    assert main(["score", "--negatives", str(folder), "--probabilities", str(out)]) == 2
    assert "--probabilities needs a folder of photos" in capsys.readouterr().err
