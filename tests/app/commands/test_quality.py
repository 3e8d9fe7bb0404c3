import csv
from pathlib import Path
from types import ModuleType

import cv2
import pytest

from app.__main__ import main
from app.commands.quality import COLUMNS, DEGRADATIONS


def test_every_way_and_level_is_measured(faked: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "images").mkdir()
    for name in ("a.png", "b.png"):
        cv2.imwrite(str(tmp_path / "images" / name), faked.picture((40, 20, 60), level=140))
    (tmp_path / "labels.csv").write_text("image,emotion\na.png,anger\nb.png,anger\n")
    out = tmp_path / "curve.csv"
    assert main(["quality", str(tmp_path), "--out", str(out)]) == 0
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert {(row["way"], float(row["level"])) for row in rows} >= {
        (name, level) for name, way in DEGRADATIONS.items() for level in way.levels
    }
    assert all(0 <= float(row["accuracy"]) <= 1 and 0 <= float(row["marked"]) <= 1 for row in rows)
    assert [float(row["measure"]) for row in rows if row["way"] == "too small"] == [60, 60, 48, 32, 24, 20, 16, 12, 8]
    assert len(capsys.readouterr().out.splitlines()) == len(rows)


@pytest.mark.usefixtures("faked")
def test_photos_without_a_face_are_told(fakes: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "images").mkdir()
    cv2.imwrite(str(tmp_path / "images" / "a.png"), fakes.picture())
    (tmp_path / "labels.csv").write_text("image,emotion\na.png,anger\n")
    assert main(["quality", str(tmp_path)]) == 2
    assert "No face was found" in capsys.readouterr().err
