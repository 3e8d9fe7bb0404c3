"""Tables of labels, as spreadsheets and people write them."""

from pathlib import Path

import pytest

from app.commands.tables import read_rows
from models.errors import InputError


@pytest.mark.parametrize("separator", [",", ";", "\t", ", ", "; "])
def test_spreadsheets_separate_in_their_own_way(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "labels.csv"
    rows = [("number", "image", "emotion"), ("1", '"a;b,c.png"', "sadness"), ("2", "d.png", "anger")]
    path.write_text("".join(separator.join(row) + "\r\n" for row in rows), encoding="utf-8-sig")
    found = [(row["image"], row["emotion"]) for _, row in read_rows(path, ("image", "emotion"))]
    assert found == [("a;b,c.png", "sadness"), ("d.png", "anger")]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_another_encoding_is_told_with_the_next_step(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("image,emotion\nmüde.png,sadness\n", encoding=encoding)
    with pytest.raises(InputError, match=r"labels\.csv is not text in UTF-8; save it as CSV in UTF-8"):
        read_rows(path, ("image", "emotion"))
