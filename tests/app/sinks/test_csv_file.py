import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.types import FrameResult, SourceInfo
from app.sinks.csv_file import CsvSink
from models.emotions import FERPLUS
from models.errors import InputError

INFO = SourceInfo("clip", 64, 48, 30.0, 2, False)
COLUMNS = (
    "frame,time_s,face_id,x,y,width,height,score,label,"
    "raw_neutral,raw_happiness,raw_surprise,raw_sadness,raw_anger,raw_disgust,raw_fear,raw_contempt,"
    "smooth_neutral,smooth_happiness,smooth_surprise,smooth_sadness,smooth_anger,smooth_disgust,smooth_fear,"
    "smooth_contempt,quality,status,picture"
)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_columns_and_rows(tmp_path: Path, result: Callable[..., FrameResult]) -> None:
    path = tmp_path / "a.csv"
    sink = CsvSink(path)
    sink.open(INFO, FERPLUS)
    sink.write(result(0, 0.0))
    sink.write(result(1, 1 / 30, ((1.25, 2, 30, 40), (-5, 0, 10, 10))))
    sink.close()
    sink.close()
    assert path.read_text(encoding="utf-8").splitlines()[0] == COLUMNS
    empty, first, second = rows_of(path)
    assert (empty["frame"], empty["time_s"]) == ("0", "0.000000")
    assert {name for name in empty if empty[name]} == {"frame", "time_s", "status"}
    assert (empty["status"], first["status"], first["quality"], first["picture"]) == ("nobody", "ok", "", "")
    assert [float(first[name]) for name in ("x", "y", "width", "height")] == [1.25, 2, 30, 40]
    assert (first["face_id"], second["face_id"]) == ("0", "1")
    assert (first["frame"], first["time_s"], first["score"], first["label"]) == ("1", "0.033333", "0.7500", "happiness")
    assert float(first["smooth_happiness"]) == pytest.approx(0.65)
    assert float(first["raw_surprise"]) == pytest.approx(0.65)
    for kind in ("raw", "smooth"):
        assert sum(float(first[f"{kind}_{name}"]) for name in FERPLUS) == pytest.approx(1, abs=1e-5)


def test_every_frame_is_on_disk_at_once(tmp_path: Path, result: Callable[..., FrameResult]) -> None:
    sink = CsvSink(tmp_path / "a.csv")
    sink.open(INFO, FERPLUS)
    for index in range(3):
        sink.write(result(index, index / 30, ((0, 0, 9, 9),)))
        assert len(rows_of(tmp_path / "a.csv")) == index + 1
    sink.close()


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        CsvSink(tmp_path).open(INFO, FERPLUS)
