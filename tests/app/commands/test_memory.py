"""What the system says of the memory of this process."""

import sys

import numpy as np
import pytest

from app.commands.memory import rss_mb


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux reports the current value")
def test_more_memory_is_more() -> None:
    before = rss_mb()
    held = np.ones(64 * 2**20, np.uint8)
    after = rss_mb()
    assert before is not None and after is not None
    assert after - before > 50 and held.nbytes == 64 * 2**20


def test_where_nothing_is_reported_there_is_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert rss_mb() is None
