import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.standard import BROKEN_PIPE

ROOT = Path(__file__).resolve().parents[2]
FULL = Path("/dev/full")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell's redirections")


def shell(line: str, *words: str, unbuffered: bool = False) -> subprocess.CompletedProcess[str]:
    """Run `line` in a shell, in which $MIMIK is the program and what follows are $1, $2, ..."""
    program = f"MIMIK='{sys.executable} {'-u ' if unbuffered else ''}-m app'; set -o pipefail; {line}"
    return subprocess.run(["bash", "-c", program, "bash", *words], cwd=ROOT, capture_output=True, text=True, timeout=60)


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full")
@pytest.mark.parametrize("unbuffered", [False, True])
@pytest.mark.parametrize("words", ["--version", "analyze --help"])
def test_full_output_is_a_sentence(words: str, unbuffered: bool) -> None:
    done = shell(f"$MIMIK {words} > /dev/full", unbuffered=unbuffered)
    assert done.returncode == 2
    assert done.stderr == "mimik: Standard output cannot be written: No space left on device; send it elsewhere.\n"


def test_closed_output_is_a_sentence() -> None:
    done = shell("$MIMIK --version >&-")
    assert done.returncode == 2
    assert done.stderr == "mimik: Standard output cannot be written: it is closed; send it elsewhere.\n"


def test_a_reader_that_has_gone_is_no_fault() -> None:
    done = shell("$MIMIK --version | true")
    assert done.returncode in (0, BROKEN_PIPE)  # `true` may exit only after the line was written
    assert done.stderr == ""


@pytest.mark.parametrize("closed", ["2>&-", ">&- 2>&- <&-"])
def test_what_is_closed_takes_no_file_of_ours(clip: Callable[..., Path], tmp_path: Path, closed: str) -> None:
    """Files get the lowest free descriptor, so the table would replace a closed standard output."""
    source = clip(frames=6)
    done = shell(f'$MIMIK analyze "$1" --detector haar --out "$2" {closed}', str(source), str(tmp_path))
    assert (done.stderr, done.returncode) == ("", 2 if ">&- " in closed else 0)
    assert (tmp_path / f"{source.stem}.csv").read_text(encoding="utf-8").startswith("frame,time_s")
    assert (tmp_path / f"{source.stem}.json").read_text(encoding="utf-8").startswith("{")


def test_a_complaint_that_nobody_can_read_changes_nothing(tmp_path: Path) -> None:
    assert shell('$MIMIK score "$1" 2>&-', str(tmp_path)).returncode == 2
