import io
import re

import pytest

from app.archive.display import Terminal


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_films_and_the_whole_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setattr("app.archive.display._OFTEN_S", 0.0)
    names = (*(f"{number}.mp4" for number in range(12)), "a/very/long/name/of/a/folder/and/its/film.mp4")
    terminal = Terminal(names)
    for round_ in range(2):
        for number in range(len(names)):
            terminal.begin(number)
            terminal.advance(number, 0, 5 + 45 * round_, 100)
    terminal.advance(3, 1, 25, None)  # another part of the film
    assert "4.2/13 films" in screen.getvalue().rpartition("all")[2]  # seven films at a half, one at three quarters
    terminal.say("something odd")
    for number in reversed(range(len(names))):
        terminal.end(number)
    shown = screen.getvalue()
    terminal.close()
    assert "3.mp4:  75%" in shown
    assert "mimik: something odd" in shown
    assert re.search(r"all 100%\|.*\| 13.0/13 films \[", shown)
    assert [name for name in names if name in shown] == list(names[:8])


def test_a_pipe_gets_sentences_alone(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal(("a.mp4",))
    terminal.begin(0)
    terminal.advance(0, 0, 1, 2)
    terminal.say("something odd")
    terminal.end(0)
    terminal.close()
    assert capsys.readouterr().err == "mimik: something odd\n"
