"""Memory use of this process, as the system reports it."""

import mmap
import sys

import pytest

from app.commands.memory import rss_mb


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux reports the current value")
def test_more_memory_is_more() -> None:
    before = rss_mb()
    with mmap.mmap(-1, 64 * 2**20) as held:  # never reuses memory that was freed before
        held.write(b"\1" * len(held))
        after = rss_mb()
    assert before is not None and after is not None
    assert after - before > 50


def test_where_nothing_is_reported_there_is_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert rss_mb() is None
