"""The progress bar in a terminal."""

import io
import sys

import pytest

from app.core.types import SourceInfo
from app.sinks.progress import ProgressSink
from tests.app.sinks.conftest import Results


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown_on(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch, result: Results) -> str:
    """The output after three of four frames."""
    monkeypatch.setattr(sys, "stderr", stream)
    sink = ProgressSink()
    sink.open(SourceInfo("film.mp4", 64, 48, 25.0, 4, live=False), ())
    for index in range(3):
        sink.write(result(index))
    sink.close()
    sink.close()
    return stream.getvalue()


def test_a_terminal_gets_a_bar_and_a_file_nothing(monkeypatch: pytest.MonkeyPatch, result: Results) -> None:
    bar = shown_on(Terminal(), monkeypatch, result)
    assert "film.mp4" in bar and "3/4" in bar
    assert shown_on(io.StringIO(), monkeypatch, result) == ""
