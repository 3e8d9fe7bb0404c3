"""`analyze` that does not finish: killed, or on a full disk."""

import csv
import gc
import json
import random
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import numpy as np
import pytest

from app.__main__ import main
from app.sinks.output import PART
from tests.app.commands.program import ROOT, faked_program

resource = pytest.importorskip("resource", reason="Windows has no such limits, nor SIGKILL")

Clip = Callable[..., Path]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert all(None not in row and None not in row.values() for row in rows)
    return rows


def frames_of(path: Path) -> int:
    with av.open(str(path), format="mp4") as container:
        return sum(1 for _ in container.decode(video=0))


def noise(path: Path, frames: int, size: tuple[int, int] = (160, 120)) -> Path:
    """A film of noise, which gives large files."""
    random_levels = np.random.default_rng(0)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.bit_rate = 20_000_000
        for _ in range(frames):
            image = random_levels.integers(0, 90, (size[1], size[0], 3), np.uint8)
            image[:20, :20] = 250
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        container.mux(stream.encode(None))
    return path


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Limits every file to so many bytes, as if the disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_killed_at_any_moment(clip: Clip, tmp_path: Path) -> None:
    source, out = clip(frames=60), tmp_path / "out"
    stem, random_moment = source.stem, random.Random(1)
    (out / "other").mkdir(parents=True)
    foreign = out / f"{stem}-2.csv"
    foreign.write_text("precious")
    program = faked_program(0.01)
    words = ["analyze", str(source), "--out", str(out), "--video", "--overwrite"]  # else the second run would skip it
    command = [sys.executable, "-c", program, *words]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60).returncode == 0
    for _ in range(5):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(random_moment.uniform(0.0, 1.0))  # at any moment, also one that leaves no trace in a file
            process.kill()
        assert foreign.read_text() == "precious"
        # The finished results are kept, or replaced by finished ones.
        assert len({row["frame"] for row in rows_of(out / f"{stem}.csv")}) == 60
        assert json.loads((out / f"{stem}.json").read_text())["complete"] is True
        assert frames_of(out / f"{stem}.mp4") == 60
        for part in out.glob(f"*{PART}"):
            readable(part)
    assert subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60).returncode == 0
    assert json.loads((out / f"{stem}.json").read_text())["complete"] is True


def readable(part: Path) -> None:
    size = part.stat().st_size
    if part.name.endswith(f".csv{PART}") and size:
        rows_of(part)
    elif part.name.endswith(f".json{PART}") and size:
        facts = json.loads(part.read_text())
        assert not facts["complete"] or facts["frames"] == 60  # the end was read, and its files were being renamed
    elif part.name.endswith(f".mp4{PART}") and b"moov" in part.read_bytes()[:200]:
        assert frames_of(part) > 0


@pytest.mark.usefixtures("faked")
@pytest.mark.parametrize(("share", "less"), [(0.01, 0), (0.03, 0), (0.25, 0), (0.7, 0), (1, 3000), (1, 1)])
def test_a_full_disk(tmp_path: Path, share: float, less: int, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = noise(tmp_path / "a.mkv", 100), tmp_path / "out"
    assert main(["analyze", str(source), "--out", str(tmp_path), "--video"]) == 0
    size = round((tmp_path / "a.mp4").stat().st_size * share) - less
    capsys.readouterr()
    with files_of_at_most(size):
        assert main(["analyze", str(source), "--out", str(out), "--video"]) == 2
    output = capsys.readouterr()
    assert len(output.err.splitlines()) == 1
    assert "cannot be written: File too large" in output.err
    assert PART not in output.err
    assert "wrote" not in output.out
    assert f"unfinished: {out / 'a.csv'}" in output.out
    rows = {row["frame"] for row in rows_of(out / "a.csv")}
    assert 1 < len(rows) <= 100
    summary = json.loads((out / "a.json").read_text())
    assert (summary["frames"], summary["complete"]) in ((len(rows), False), (len(rows) - 1, False))
    if (out / "a.mp4").exists():
        assert 0 < frames_of(out / "a.mp4") <= len(rows)
    assert not list(out.glob(f"*{PART}"))


@pytest.mark.usefixtures("faked")
def test_a_disk_that_is_full_from_the_beginning(clip: Clip, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = clip(frames=6)  # created before files are limited
    with warnings.catch_warnings(record=True, action="always", category=ResourceWarning) as left:
        with files_of_at_most(100):
            assert main(["analyze", str(source), "--out", str(tmp_path), "--video"]) == 2
        gc.collect()
    assert [str(one.message) for one in left if "unclosed" in str(one.message)] == []
    output = capsys.readouterr()
    assert len(output.err.splitlines()) == 1
    assert output.out == ""
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


@pytest.mark.usefixtures("faked")
def test_an_unfinished_run_can_be_repeated(tmp_path: Path) -> None:
    source, out = noise(tmp_path / "a.mkv", 60), tmp_path / "out"
    with files_of_at_most(100_000):
        assert main(["analyze", str(source), "--out", str(out), "--video"]) == 2
    assert main(["analyze", str(source), "--out", str(out), "--video"]) == 0
    assert {path.name for path in out.iterdir()} == {"a.csv", "a.json", "a.mp4"}
    assert json.loads((out / "a.json").read_text())["complete"] is True
