"""A run killed at any of its file operations: the next run recognises its files as ours."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.types import SourceInfo
from app.headless.identity import Identity
from app.headless.outputs import plan
from app.headless.run_files import RunFiles
from app.sinks.csv_file import CsvSink
from app.sinks.json_file import JsonSink, RunFacts

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows does not fork")

LABELS = ("anger", "neutral")
STEPS = ("open", "os.link", "os.remove", "os.rename", "os.truncate")


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "films" / "a.mp4"
    path.parent.mkdir()
    path.write_bytes(b"film")
    return path


def one_run(film: Path, out: Path, version: str) -> list[str]:
    """Write empty results of a film; returns the messages."""
    messages: list[str] = []
    jobs, claims = plan([Identity(str(film))], out, video=False, overwrite=False, notify=messages.append, trusting=True)
    identity = jobs[0].identity
    identity.compute()
    with RunFiles(jobs[0], claims, messages.append, sharing=True) as files:
        facts = RunFacts("student", "abc", "haar", "litert", version)
        summary = JsonSink(files.job.part(".json"), facts, digest=lambda: identity.digest)
        for sink in (CsvSink(files.job.part(".csv")), summary):
            sink.open(SourceInfo(str(film), 64, 48, 30.0, 0, live=False), (*LABELS, version))
            sink.close()
        files.place(summary, complete=True)
    return messages


def dies_at(step: int, folder: Path, work: Callable[[], object]) -> bool:
    """Run `work` in a process that dies before file operation number `step`; False if it finished."""
    from posix import _exit  # coverage replaces `os._exit` to save its data, which a forked process cannot do

    pid = os.fork()
    if not pid:
        left = [step]

        def watch(event: str, args: tuple[object, ...]) -> None:
            if event in STEPS and str(args[0]).startswith(str(folder)):
                left[0] -= 1
                if left[0] < 0:
                    _exit(9)

        sys.addaudithook(watch)
        try:
            work()
        except BaseException:
            _exit(1)
        _exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert code in (0, 9)
    return code == 9


@pytest.mark.parametrize("again", [False, True], ids=["first run", "files of an earlier run are there"])
def test_whatever_a_kill_leaves_is_known_as_ours(film: Path, tmp_path: Path, again: bool) -> None:
    step, killed = 0, True
    while killed:
        out = tmp_path / f"out-{step}"
        out.mkdir()
        if again:
            assert one_run(film, out, "1") == []
        killed = dies_at(step, out, lambda out=out: one_run(film, out, "2"))
        assert one_run(film, out, "3") == [], f"after a kill before step {step}"
        assert {path.name for path in out.iterdir()} == {"a.csv", "a.json"}
        assert '"version": "3"' in (out / "a.json").read_text()
        assert (out / "a.csv").read_text().rstrip().endswith("smooth_3,quality,status,picture")
        step += 1
    assert step > 12
