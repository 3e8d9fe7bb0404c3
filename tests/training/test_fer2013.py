"""The readers of the published files: good rows, and one clear sentence for every kind of bad one."""

from pathlib import Path

import numpy as np
import pytest

from models.errors import InputError
from training.datasets.fer2013 import find_csv, find_votes, read_fer2013

PIXELS = " ".join(["7"] * 2304)
VOTES = "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


def test_reads_every_row_in_order(csv_files: tuple[Path, Path]) -> None:
    faces = read_fer2013(*csv_files)
    assert len(faces) == 105
    assert faces.images.shape == (105, 48, 48, 1)
    assert faces.votes is not None
    assert faces.emotion[:8].tolist() == [0, 1, 2, 3, 4, 5, 6, 0]
    assert (faces.images[3, 18:24] >= 120).all()
    assert {usage: int((faces.usage == usage).sum()) for usage in ("Training", "PublicTest", "PrivateTest")} == {
        "Training": 70,
        "PublicTest": 21,
        "PrivateTest": 14,
    }


def test_reads_column_names_with_blanks_and_another_order(tmp_path: Path) -> None:
    path = write(tmp_path / "icml.csv", "emotion, Usage, pixels", f"3, PublicTest,{PIXELS}")
    faces = read_fer2013(path)
    assert faces.usage.tolist() == ["PublicTest"]
    assert (faces.images == 7).all()


@pytest.mark.parametrize("shorter", ["data", "votes"])
def test_joins_votes_where_one_file_is_a_prefix_of_the_other(
    csv_files: tuple[Path, Path], tmp_path: Path, shorter: str
) -> None:
    data, votes = (path.read_text().splitlines() for path in csv_files)
    data, votes = (data[:31], votes) if shorter == "data" else (data, votes[:31])
    faces = read_fer2013(write(tmp_path / "a.csv", *data), write(tmp_path / "b.csv", *votes))
    assert len(faces) == 30
    assert faces.votes is not None and len(faces.votes) == 30


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"7,{PIXELS},Training", "emotion is '7'"),
        (f"happy,{PIXELS},Training", "emotion is 'happy'"),
        (f"-1,{PIXELS},Training", "emotion is '-1'"),
        (f"3,{PIXELS} 7,Training", "2305 pixels"),
        ("3,1 2 3,Training", "3 pixels"),
        (f"3,{PIXELS[:-1]}x,Training", "no whole number"),
        (f"3,{PIXELS[:-1]}999,Training", "outside 0..255"),
        (f"3,{PIXELS},Test", "Usage is 'Test'"),
        (f"3,{PIXELS}", "2 cells"),
    ],
)
def test_names_file_and_line_of_a_broken_row(tmp_path: Path, row: str, reason: str) -> None:
    path = write(tmp_path / "fer2013.csv", "emotion,pixels,Usage", f"3,{PIXELS},Training", row)
    with pytest.raises(InputError) as caught:
        read_fer2013(path)
    assert f"{path}, line 3" in str(caught.value)
    assert reason in str(caught.value)


@pytest.mark.parametrize("content", ["", "emotion,pixels,Usage\n", "a,b\n1,2\n", "\x00\x01\x02"])
def test_refuses_a_file_without_usable_rows(tmp_path: Path, content: str) -> None:
    path = tmp_path / "fer2013.csv"
    path.write_text(content)
    with pytest.raises(InputError, match=r"fer2013\.csv"):
        read_fer2013(path)


def test_refuses_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "fer2013.csv"
    path.write_bytes(bytes(range(128, 256)) * 20)
    with pytest.raises(InputError, match=r"fer2013\.csv"):
        read_fer2013(path)


def test_refuses_votes_of_other_pictures(csv_files: tuple[Path, Path], tmp_path: Path) -> None:
    row = ",".join(["1"] * 10)
    votes = write(tmp_path / "fer2013new.csv", VOTES, f"PublicTest,x.png,{row}")
    with pytest.raises(InputError, match="do not list the same pictures"):
        read_fer2013(csv_files[0], votes)


def test_a_missing_file_says_where_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for given in (None, tmp_path / "nowhere.csv"):
        with pytest.raises(InputError, match="Kaggle"):
            find_csv(given)


def test_finds_files_in_the_usual_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, csv_files: tuple[Path, Path]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    for path in csv_files:
        (tmp_path / "data" / path.name).write_bytes(path.read_bytes())
    found = find_csv(None)
    assert found == Path("data/fer2013.csv")
    assert find_votes(None, found) == Path("data/fer2013new.csv")
    assert np.array_equal(read_fer2013(found).images, read_fer2013(csv_files[0]).images)
