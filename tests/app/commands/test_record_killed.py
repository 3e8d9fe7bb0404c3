"""`record` that is killed: the video plays, readings match their frames, and `recover` completes the session."""

import csv
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import pytest

from app.sessions.folder import Session
from app.sessions.recovery import recover, was_cut_off
from tests.app.commands.program import ROOT, faked_program
from tests.app.sessions.counting import count_of, counted, counting_camera, counts_in

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")

KILLS = int(os.environ.get("MIMIK_KILLS", "2"))
"""Number of killed recordings; `make recordings` sets more."""


def rows_of(session: Session) -> list[dict[str, str]]:
    with session.readings.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def check_numbers(session: Session) -> int:
    """Check each reading against the frame it names; returns the number of frames."""
    counts = counts_in(session.video)
    numbers = [number for number, _ in counts]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "a picture is missing"
    rows = rows_of(session)
    assert len(rows) > len(counts) / 2
    for row in rows:
        number, time_s = counts[int(row["frame"])]
        assert abs(float(row["time_s"]) - time_s) < 0.001
        if row["x"]:
            assert abs(float(row["x"]) - 2 * number % 240) < 1.5  # where the square was in that frame
    return len(counts)


@pytest.mark.parametrize("seed", range(KILLS))
def test_killed_at_a_random_moment(tmp_path: Path, until, seed: int) -> None:
    lasts_s = random.Random(seed).uniform(1.5, 4.0)
    command = [sys.executable, "-c", faked_program(0.0), "record"]
    with counting_camera() as camera:
        with subprocess.Popen(
            [*command, camera.address, "--out", str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            folder = until(lambda: list(tmp_path.glob("*/video.mp4")), "a recording")[0].parent
            time.sleep(lasts_s)  # at any moment, also one that leaves no trace in a file
            process.send_signal(signal.SIGKILL)
            killed_s = time.time()
        session = Session(folder)
        started_s = session.manifest().started_at.timestamp()
    assert session.manifest().state == "recording"
    assert was_cut_off(session)
    pictures = check_numbers(session)
    with av.open(str(session.video)) as container:
        held_s = [float(frame.pts * frame.time_base) for frame in container.decode(video=0)][-1]
    assert killed_s - started_s - held_s < (1.0 if KILLS > 2 else 5.0)  # the shorter test runs in parallel with others

    manifest = recover(session)
    assert (manifest.state, manifest.frames) == ("recovered", pictures)
    assert check_numbers(session) == pictures
    with av.open(str(session.video)) as container:
        assert container.streams.video[0].frames == pictures  # an index, as in an ordinary MP4
    assert abs(manifest.duration_s - held_s) < 0.2
    assert {path.name for path in folder.iterdir()} == {
        "session.json", "video.mp4", "readings.csv", "thumbnail.jpg",
    }  # fmt: skip
    assert session.manifest() == recover(session) == manifest
    assert not was_cut_off(session)


def test_a_picture_tells_its_number() -> None:
    assert [count_of(counted(number)) for number in (0, 1, 1000, 65535)] == [0, 1, 1000, 65535]
