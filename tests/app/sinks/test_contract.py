"""The contract of every sink that the runner relies on."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from app.core.stages import Sink
from app.core.types import FrameResult, SourceInfo
from app.sinks.csv_file import CsvSink
from app.sinks.json_file import JsonSink, RunFacts
from app.sinks.progress import ProgressSink
from app.sinks.video import VideoSink
from models.emotions import FERPLUS

INFO = SourceInfo("clip", 64, 48, 30.0, None, False)
FACTS = RunFacts("student", "d1", "haar", "litert", "1.0")
Results = Callable[..., FrameResult]


def frames_of_csv(path: Path) -> int:
    with path.open(newline="", encoding="utf-8") as file:
        return len({row["frame"] for row in csv.DictReader(file)})


def frames_of_json(path: Path) -> int:
    return json.loads(path.read_text(encoding="utf-8"))["frames"]


def frames_of_video(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


SINKS: dict[str, tuple[Callable[[Path], Sink], Callable[[Path], int] | None]] = {
    "csv": (CsvSink, frames_of_csv),
    "json": (lambda path: JsonSink(path, FACTS), frames_of_json),
    "video": (lambda path: VideoSink(path.with_suffix(".mp4")), frames_of_video),
    "progress": (lambda _: ProgressSink(), None),
}


@pytest.mark.parametrize("name", SINKS)
def test_what_was_written_is_complete_after_a_close_at_any_moment(tmp_path: Path, result: Results, name: str) -> None:
    make, frames_of = SINKS[name]
    for written in (1, 2, 7):
        path = tmp_path / f"{written}.mp4"
        sink = make(path)
        sink.open(INFO, FERPLUS)
        for index in range(written):
            sink.write(result(index, index / 30, ((1, 2, 30, 40),) * (index % 3)))
        sink.close()
        sink.close()
        if frames_of is not None:
            assert frames_of(path) == written


@pytest.mark.parametrize("name", SINKS)
def test_a_source_may_end_before_its_first_frame(tmp_path: Path, name: str) -> None:
    sink = SINKS[name][0](tmp_path / "none.mp4")
    sink.open(INFO, FERPLUS)
    sink.close()
    sink.close()


@pytest.mark.parametrize("name", SINKS)
def test_the_picture_is_left_as_it_is(tmp_path: Path, result: Results, name: str) -> None:
    sink = SINKS[name][0](tmp_path / "a.mp4")
    shown = result(0, 0.0, ((1, 2, 30, 40),))
    before = shown.frame.image.copy()
    sink.open(INFO, FERPLUS)
    sink.write(shown)
    sink.close()
    np.testing.assert_array_equal(shown.frame.image, before)
