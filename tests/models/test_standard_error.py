import os
import threading

import pytest

from models.standard_error import quiet_stderr


def test_native_logs_are_held_back_and_the_rest_is_passed_on(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet_stderr():
        os.write(2, b"INFO: [environment.cc:36] Creating LiteRT environment\nlibpng error: no\nsomeone else's line\n")
    os.write(2, b"INFO: after\n")
    assert capfd.readouterr().err == "someone else's line\nINFO: after\n"


def test_a_block_may_lie_within_another(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet_stderr() as outer, quiet_stderr() as inner:
        os.write(2, b"INFO: native\nsomeone else's line\n")
    assert (outer, inner) == ([], [b"INFO: native\n"])
    assert capfd.readouterr().err == "someone else's line\n"


def test_standard_error_comes_back_after_an_exception(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="inside"), quiet_stderr():
        raise ValueError("inside")
    os.write(2, b"heard\n")
    assert capfd.readouterr().err == "heard\n"


def test_a_program_without_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(descriptor: int) -> int:
        raise OSError(9, "bad descriptor")

    monkeypatch.setattr(os, "dup", closed)
    ran = []
    with quiet_stderr():
        ran.append(True)
    assert ran


def test_threads_take_turns(capfd: pytest.CaptureFixture[str]) -> None:
    def work() -> None:
        for _ in range(50):
            with quiet_stderr():
                os.write(2, b"ERROR: native\n")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert capfd.readouterr().err == ""
    os.write(2, b"still there\n")
    assert capfd.readouterr().err == "still there\n"


@pytest.mark.parametrize("in_memory", [True, False])
def test_no_temporary_folder_is_needed(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], in_memory: bool
) -> None:
    def refuse() -> None:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr("models.standard_error.tempfile.TemporaryFile", refuse)
    if not in_memory:
        monkeypatch.delattr("os.memfd_create", raising=False)
    elif not hasattr(os, "memfd_create"):
        pytest.skip("this system has no files in memory")
    with quiet_stderr() as held:
        os.write(2, b"INFO: native\nsomeone else's line\n")
    assert held == ([b"INFO: native\n"] if in_memory else [])
    assert "someone else's line\n" in capfd.readouterr().err
