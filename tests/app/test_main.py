import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import NoReturn

import pytest

from app import __version__
from app.__main__ import COMMANDS, main, program
from app.options import ENGINE_CHOICES, Options
from models.engines import ENGINES
from models.errors import InputError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str | None, Options]]:
    """The arguments that the window was opened with."""
    calls: list[tuple[str | None, Options]] = []

    def run_window(source: str | None, options: Options) -> int:
        calls.append((source, options))
        return 0

    monkeypatch.setitem(sys.modules, "app.ui.main", SimpleNamespace(run_window=run_window))
    return calls


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def run_window(*_: object) -> NoReturn:
        raise error

    monkeypatch.setitem(sys.modules, "app.ui.main", SimpleNamespace(run_window=run_window))


@pytest.mark.parametrize(
    ("argv", "source"),
    [([], None), (["0"], "0"), (["demo"], "demo"), (["a/clip.mp4"], "a/clip.mp4"), (["./score"], "./score")],
)
def test_without_a_command_the_window_opens(
    opened: list[tuple[str | None, Options]], argv: list[str], source: str | None
) -> None:
    assert main(argv) == 0
    assert opened == [(source, Options())]


def test_options_reach_the_window(opened: list[tuple[str | None, Options]]) -> None:
    argv = ["--detector", "haar", "clip.mp4", "--engine=keras", "--model", "score", "--detector-model", "f.tflite"]
    assert main(argv) == 0
    options = opened[0][1]
    assert (opened[0][0], options) == ("clip.mp4", Options("haar", "f.tflite", "keras", "score"))
    assert main(options.arguments()) == 0
    assert opened[1] == (None, options)


def test_a_command_may_follow_its_options(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["--detector", "haar", "score", str(tmp_path)]) == 2
    assert "labels.csv" in capsys.readouterr().err


WITHOUT_MODEL = {"export", "journal", "sessions"}
"""Commands that do not analyse pictures."""


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_the_shared_options(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    output = capsys.readouterr().out
    assert command in output
    for option in ("--detector", "--detector-model", "--engine", "--model"):
        assert (option in output) == (command not in WITHOUT_MODEL)


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    for option, expected in (("--help", "analyze"), ("--version", __version__)):
        with pytest.raises(SystemExit) as ended:
            main([option])
        assert ended.value.code == 0
        assert expected in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "complaint"),
    [
        (["--detector", "eyes"], "eyes"),
        (["--colour"], "--colour"),
        (["a.mp4", "b.mp4"], "b.mp4"),
        (["demo", "rtsp://me:secret@host/live"], "unrecognized arguments: rtsp://host/live"),
        (["analyze", "rtsp://127.0.0.1:9/\udcff", "--out", "x", "--detector", "haar"], "not UTF-8"),
        (["analyze", "a.mp4"], "--out"),
        (["analyze", "--out", "x"], "SOURCE is named"),
        (["analyze", "a", "--out", "x", "--fps", "-1"], "-1 is not a rate"),
        (["analyze", "a", "--out", "x", "--fps", "many"], "many is not a rate"),
        (["analyze", "a", "--out", "x", "--fps", "nan"], "nan is not a rate"),
        (["score"], "DIR"),
    ],
)
def test_a_wrong_line_is_one_sentence(
    argv: list[str],
    complaint: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)  # some create their folder before they find the error
    assert main(argv) == 2
    errors = capsys.readouterr().err
    assert complaint in errors
    assert len(errors.splitlines()) == 1
    assert errors.startswith("mimik: ")


def test_what_the_user_got_wrong(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    failing(monkeypatch, InputError("a.mp4 is not a video."))
    assert main([]) == 2
    assert capsys.readouterr().err == "mimik: a.mp4 is not a video.\n"


def test_ctrl_c(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    failing(monkeypatch, KeyboardInterrupt())
    assert main([]) == 130
    assert capsys.readouterr().err == ""


def test_sigterm_is_like_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setitem(
        sys.modules, "app.ui.main", SimpleNamespace(run_window=lambda *_: signal.raise_signal(signal.SIGTERM))
    )
    try:
        assert main([]) == 130
    finally:
        signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize("writable", [True, False])
def test_a_fault_goes_into_the_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, writable: bool
) -> None:
    logs = tmp_path / "logs"
    if not writable:
        logs.write_text("a file where the folder should be")
    monkeypatch.setattr("app.faults.user_log_dir", lambda *_, **__: str(logs))
    monkeypatch.setattr("app.faults.tempfile.gettempdir", lambda: str(tmp_path))
    failing(monkeypatch, ZeroDivisionError("of course"))
    assert main(["demo"]) == 1
    log = (logs if writable else tmp_path) / "mimik.log"
    errors = capsys.readouterr().err
    assert str(log) in errors
    assert len(errors.splitlines()) == 1
    text = log.read_text()
    assert "ZeroDivisionError: of course" in text
    assert "Traceback" in text
    assert "'demo'" in text


def test_choices_are_those_of_the_rooms() -> None:
    assert ENGINE_CHOICES == ENGINES


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("import sys; from app.__main__ import main; sys.exit(main(['--version']))", 0),
        ("import sys; from app.__main__ import main; sys.exit(main(['score', '/nowhere']))", 2),
    ],
)
def test_without_a_window_no_qt_is_imported(line: str, code: int) -> None:
    watch = "import atexit, sys; atexit.register(lambda: print('PySide6' in sys.modules, 'tensorflow' in sys.modules))"
    program = f"{watch}; {line}"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == code
    assert done.stdout.endswith("False False\n")


@pytest.mark.parametrize("window", [False, True])
@pytest.mark.parametrize("busy", [False, True])
def test_python_is_not_ended_beneath_a_thread_that_the_window_left(monkeypatch, window: bool, busy: bool) -> None:
    hard: list[int] = []
    done = threading.Event()
    thread = threading.Thread(target=done.wait, daemon=True)
    monkeypatch.setattr("app.__main__.main", lambda: 3)
    monkeypatch.setattr("os._exit", hard.append)
    monkeypatch.setattr("threading.enumerate", lambda: [threading.current_thread(), *([thread] if busy else [])])
    if window:
        monkeypatch.setitem(sys.modules, "app.ui.application", SimpleNamespace())
    else:
        monkeypatch.delitem(sys.modules, "app.ui.application", raising=False)
    thread.start()
    with pytest.raises(SystemExit) as ended:
        program()
    done.set()
    thread.join()
    assert ended.value.code == 3
    assert hard == ([3] if window and busy else [])


def test_a_file_named_like_an_option_is_told_how_to_write_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-film.mp4").touch()
    for words in (["analyze", "-film.mp4", "--out", "o"], ["-film.mp4"]):
        assert main(words) == 2
        assert "write ./-film.mp4 for the file of that name" in capsys.readouterr().err
    assert main(["analyze", "--film.mp4", "--out", "o"]) == 2
    assert "for the file" not in capsys.readouterr().err
