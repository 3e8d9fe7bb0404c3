import json
from pathlib import Path
from types import ModuleType

import cv2
import pytest

from app.__main__ import main
from app.commands.everyday import measure, table
from app.commands.labelled import LabelledBox
from app.core.types import Box

HEADER = "image,x,y,width,height,score,label\n"


def test_shown_boxes_are_matched_with_what_somebody_saw() -> None:
    face, dog = LabelledBox(Box(0, 0, 40, 40), "face"), LabelledBox(Box(100, 0, 40, 40), "animal")
    other = LabelledBox(Box(0, 100, 40, 40), "face")
    shown = [Box(5, 0, 40, 40), Box(115, 15, 10, 10), Box(300, 300, 9, 9)]
    found = measure([shown, []], [[face, dog], [other]])
    assert found["shown"] == {"face": 1, "depiction": 0, "animal": 1, "none": 0, "unlabelled": 1}
    assert (found["wrong"], found["faces"], found["kept"]) == (0.5, 2, 0.5)
    assert "kept: 50.0%" in table(found)


def test_nothing_shown_is_nothing_wrong() -> None:
    found = measure([[]], [[]])
    assert (found["wrong"], found["kept"]) == (0, 1)


def folder_of(place: Path, fakes: ModuleType, rows: str) -> Path:
    (place / "images").mkdir(parents=True)
    cv2.imwrite(str(place / "images" / "a.png"), fakes.picture((10, 20, 60)))
    cv2.imwrite(str(place / "images" / "b.png"), fakes.picture((30, 30, 50)))
    (place / "detections.csv").write_text(HEADER + rows)
    return place


def test_the_command(faked: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = folder_of(tmp_path / "d", faked, "a.png,10,20,60,60,0.9,face\nb.png,30,30,50,50,0.5,none\n")
    assert main(["score", "--negatives", str(folder), "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["shown"] == {"face": 1, "depiction": 0, "animal": 0, "none": 1, "unlabelled": 0}
    assert (content["images"], content["wrong"], content["kept"]) == (2, 0.5, 1)


@pytest.mark.usefixtures("faked")
@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ("a.png,1,2,3,4,0.5,cat\n", "line 2: 'cat'"),
        ("a.png,1,2,x,4,0.5,face\n", "line 2: a cell of the box"),
        ("c.png,1,2,3,4,0.5,face\n", "lists c.png"),
    ],
)
def test_bad_labels(
    fakes: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: str, complaint: str
) -> None:
    folder = folder_of(tmp_path / "d", fakes, rows)
    assert main(["score", "--negatives", str(folder)]) == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.usefixtures("faked")
def test_one_of_the_two_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score"]) == 2
    assert "--negatives DIR" in capsys.readouterr().err


def test_emotions_can_be_left_out(faked: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "images").mkdir()
    for name in ("a.png", "b.png"):
        cv2.imwrite(str(tmp_path / "images" / name), faked.picture((10, 20, 60), level=140))
    (tmp_path / "labels.csv").write_text("image,emotion\na.png,anger\nb.png,disgust\n")
    assert main(["score", str(tmp_path), "--leave-out", "disgust", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert (content["images"], content["accuracy"]) == (1, 1)
    assert main(["score", str(tmp_path), "--leave-out", "anger,disgust"]) == 2
    assert main(["score", str(tmp_path), "--leave-out", "boredom"]) == 2
