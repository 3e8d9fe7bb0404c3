"""The readers of the published files: valid rows, and a clear error for every kind of invalid one."""

from pathlib import Path

import numpy as np
import pytest

from models.errors import InputError
from training.datasets.fer2013 import read_fer2013

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
    assert len(faces.skipped) == (0 if shorter == "data" else 75)
    assert not faces.skipped or faces.skipped[0].endswith("b.csv ends before it.")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"7,{PIXELS},Training", "emotion is '7'"),
        (f"hungry,{PIXELS},Training", "emotion is 'hungry'"),
        (f"-1,{PIXELS},Training", "emotion is '-1'"),
        (f"3,{PIXELS} 7,Training", "2305 pixels"),
        ("3,1 2 3,Training", "3 pixels"),
        (f"3,{PIXELS[:-1]}x,Training", "not a whole number"),
        (f"3,{PIXELS[:-1]}999,Training", "outside 0..255"),
        (f"3,{PIXELS},Test", "Usage is 'Test'"),
        (f"3,{PIXELS}", "2 cells"),
        ("3", "1 cells"),
        (f"3,{PIXELS[:-1]}1.5,Training", "not a whole number"),
        (f"3,{PIXELS[:-1]}99999999999999999999999,Training", "outside 0..255"),
        (f"\u0663,{PIXELS},Training", "emotion is"),
        (f"3.0,{PIXELS},Training", "emotion is"),
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


BAD = [f"9,{PIXELS},Training", "3,1 2 3,Training", f"3,{PIXELS},Test", "3"]


@pytest.mark.parametrize("bad", BAD)
def test_a_skipped_row_is_told_and_does_not_shift_the_votes(
    csv_files: tuple[Path, Path], tmp_path: Path, bad: str
) -> None:
    data = csv_files[0].read_text().splitlines()
    data[11] = bad
    whole = read_fer2013(*csv_files)
    path = write(tmp_path / "fer2013.csv", *data)
    faces = read_fer2013(path, csv_files[1], skip_bad=True)
    left = np.delete(np.arange(105), 10)
    assert whole.votes is not None and faces.votes is not None
    assert np.array_equal(faces.images, whole.images[left])
    assert np.array_equal(faces.votes, whole.votes[left])
    assert len(faces.skipped) == 1 and f"{path}, line 12" in faces.skipped[0]
    with pytest.raises(InputError, match="line 12"):
        read_fer2013(path, csv_files[1])


@pytest.mark.parametrize("cell", ["-1", "many", "1.5", ""])
def test_a_bad_vote_is_refused_or_its_picture_skipped(csv_files: tuple[Path, Path], tmp_path: Path, cell: str) -> None:
    lines = csv_files[1].read_text().splitlines()
    lines[5] = f"Training,x.png,{cell},0,0,0,0,0,0,0,0,0"
    votes = write(tmp_path / "fer2013new.csv", *lines)
    with pytest.raises(InputError, match="line 6: neutral"):
        read_fer2013(csv_files[0], votes)
    faces = read_fer2013(csv_files[0], votes, skip_bad=True)
    assert np.array_equal(faces.images, np.delete(read_fer2013(csv_files[0]).images, 4, axis=0))
    assert [f"{votes}, line 6" in sentence for sentence in faces.skipped] == [True]


def test_other_pictures_votes_are_refused_even_where_bad_rows_are_skipped(
    csv_files: tuple[Path, Path], tmp_path: Path
) -> None:
    votes = write(tmp_path / "fer2013new.csv", VOTES, "PublicTest,x.png,1,1,1,1,1,1,1,1,1,1")
    with pytest.raises(InputError, match="do not list the same pictures"):
        read_fer2013(csv_files[0], votes, skip_bad=True)


def test_empty_lines_are_no_rows(tmp_path: Path) -> None:
    path = write(tmp_path / "fer2013.csv", "emotion,pixels,Usage", "", f"3,{PIXELS},Training", "")
    assert read_fer2013(path).emotion.tolist() == [3]


def test_a_file_of_bad_rows_alone_is_refused_with_the_first_reason(tmp_path: Path) -> None:
    path = write(tmp_path / "fer2013.csv", "emotion,pixels,Usage", *BAD)
    with pytest.raises(InputError, match=r"no usable row, as in: .*line 2: emotion is '9'"):
        read_fer2013(path, skip_bad=True)
