import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.types import FrameResult, SourceInfo
from app.sinks.json_file import JsonSink, RunFacts
from models.emotions import FERPLUS
from models.errors import InputError

FACTS = RunFacts("student", "abc", "haar", "litert", "1.2.3")


def written(path: Path, info: SourceInfo, results: list[FrameResult]) -> dict:
    sink = JsonSink(path, FACTS)
    sink.open(info, FERPLUS)
    for result in results:
        sink.write(result)
    sink.close()
    sink.close()
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content == sink.summary()
    return content


def test_keys_and_values(tmp_path: Path, result: Callable[..., FrameResult]) -> None:
    box = (0, 0, 9, 9)
    results = [result(i, i / 30, (box, box) if i == 2 else (box,) * (i < 4)) for i in range(6)]
    content = written(tmp_path / "a.json", SourceInfo("clip.mp4", 64, 48, 30.0, 6, False), results)
    assert list(content) == [
        *("source", "frames", "fps", "duration_s", "model", "detector", "engine", "emotions", "faces", "stage_ms"),
        *("version", "source_sha256", "complete", "damaged", "options", "files"),
    ]
    assert (content["source"], content["frames"], content["fps"], content["version"]) == ("clip.mp4", 6, 30.0, "1.2.3")
    assert content["duration_s"] == pytest.approx(0.2)
    assert content["model"] == {"name": "student", "sha256": "abc"}
    assert (content["detector"], content["engine"], content["emotions"]) == ("haar", "litert", list(FERPLUS))
    first, second = content["faces"]
    assert list(first) == ["id", "first_s", "last_s", "frames", "seen_s", "mean", "label"]
    assert (first["id"], first["first_s"], first["last_s"], first["frames"]) == (0, 0.0, 0.1, 4)
    assert (second["id"], second["first_s"], second["frames"]) == (1, pytest.approx(2 / 30, abs=1e-5), 1)
    assert first["label"] == "surprise"  # the strongest of the raw means
    assert sum(first["mean"].values()) == pytest.approx(1, abs=1e-5)
    assert content["stage_ms"]["detect"] == {"p50": 4.5, "p95": 6.75}
    assert not [path for path in tmp_path.iterdir() if path.name != "a.json"]


@pytest.mark.parametrize(("declared", "live"), [(None, False), (None, True), (30.0, True)])
def test_a_rate_that_is_missing_or_only_promised_is_measured(
    tmp_path: Path, result: Callable[..., FrameResult], declared: float | None, live: bool
) -> None:
    info = SourceInfo("camera 0", 64, 48, declared, None, live)
    content = written(tmp_path / "a.json", info, [result(i, 100 + i * 0.1) for i in range(11)])
    assert content["fps"] == pytest.approx(10)
    assert content["duration_s"] == pytest.approx(1.1)


def test_the_pictures_of_a_folder_are_named(tmp_path: Path, result: Callable[..., FrameResult]) -> None:
    results = [result(i) for i in range(2)]
    named = [replace(one, frame=replace(one.frame, name=f"{i}.png")) for i, one in enumerate(results)]
    content = written(tmp_path / "a.json", SourceInfo("photos", 64, 48, 30.0, 2, False), named)
    assert content["pictures"] == ["0.png", "1.png"]


@pytest.mark.parametrize("frames", [0, 1])
def test_next_to_nothing(tmp_path: Path, result: Callable[..., FrameResult], frames: int) -> None:
    info = SourceInfo("a.png", 64, 48, None, 1, False)
    content = written(tmp_path / "a.json", info, [result()] * frames)
    assert (content["frames"], content["fps"], content["duration_s"], content["faces"]) == (frames, None, 0.0, [])


def test_a_failure_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    target.mkdir()
    sink = JsonSink(target, FACTS)
    with pytest.raises(InputError, match=r"a\.json cannot be written"):
        sink.open(SourceInfo("a", 1, 1, None, 1, False), FERPLUS)
    assert not sink.opened
    assert list(tmp_path.iterdir()) == [target]
