"""Reading back tables, both those of `analyze` and others."""

import os
from pathlib import Path

import pytest

from app.export.content import Content
from app.export.delimited import write_long
from app.export.reporter import Reporter
from app.export.table import TableReader
from models.errors import InputError
from tests.app.export.conftest import FRAMES


def _with_face(line: str, number: str) -> str:
    cells = line.split(",")
    return ",".join([*cells[:2], number, *cells[3:]])


@pytest.fixture
def written(content: Content, tmp_path: Path) -> Path:
    path = tmp_path / "a.csv"
    write_long(content, path, Reporter())
    return path


def test_what_was_read_back_is_written_again_to_the_byte(content: Content, written: Path, tmp_path: Path) -> None:
    table = TableReader.open(written)
    again = tmp_path / "b.csv"
    write_long(Content("b", "b", table.labels, table.moments), again, Reporter())
    assert again.read_bytes() == written.read_bytes()
    assert table.labels == content.labels
    assert len(list(table.moments())) == FRAMES


def test_a_picture_that_the_video_lacks_has_no_number(written: Path) -> None:
    lines = written.read_text().splitlines()
    lines[2] = "," + lines[2].partition(",")[2]
    written.write_text("\n".join(lines) + "\n")
    assert [m.frame for m in TableReader.open(written).moments()][:4] == [0, None, 2, 3]


def test_tables_of_the_first_version_have_fewer_columns(written: Path) -> None:
    lines = [line.rsplit(",", 3)[0] for line in written.read_text().splitlines()]
    written.write_text("\ufeff" + "\r\n".join(lines) + "\r\n", encoding="utf-8")
    first = next(iter(TableReader.open(written).moments()))
    assert first.reading.faces[0].quality == () and first.picture == ""


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda lines: [], "empty"),
        (lambda lines: ["a,b", "1,2"], "no column frame"),
        (lambda lines: [lines[0].replace("smooth_fear", "fear"), *lines[1:]], "no column smooth_fear"),
        (lambda lines: [*lines[:4], lines[4][:-20]], "row 5"),
        (lambda lines: [*lines[:4], lines[4] + ","], "row 5"),
        (lambda lines: [*lines[:3], lines[1]], "not later"),
        (lambda lines: [*lines[:3], lines[3].replace(lines[3].split(",")[1], "1e300", 1)], "row 4.*not a time"),
        (lambda lines: [*lines[:3], lines[3].replace("0.900", "nan.", 1), *lines[4:]], "row 4"),
        (lambda lines: [*lines[:3], lines[3].replace("0.9000", "inf"), *lines[4:]], "row 4.*inf is not a number"),
        (lambda lines: [*lines[:3], "9" * 30 + lines[3].lstrip("0123456789"), *lines[4:]], "row 4.*of a picture"),
        (lambda lines: [*lines[:3], _with_face(lines[3], str(2**31)), *lines[4:]], "row 4.*of a picture or face"),
        (lambda lines: [*lines[:3], _with_face(lines[3], "-1"), *lines[4:]], "row 4.*of a picture or face"),
    ],
)
def test_what_is_no_table_is_told_with_its_name(written: Path, spoil, word: str) -> None:
    written.write_text("\n".join(spoil(written.read_text().splitlines())))
    with pytest.raises(InputError, match=word) as caught:
        list(TableReader.open(written).moments())
    assert str(written) in str(caught.value)


def test_other_files_are_no_tables(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(bytes(range(256)))
    for path in (tmp_path / "a.csv", tmp_path / "none.csv", tmp_path):
        with pytest.raises(InputError, match=path.name):
            TableReader.open(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_refused_without_waiting_for_its_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(InputError, match=r"a\.csv is not a plain file"):
        TableReader.open(tmp_path / "a.csv")
