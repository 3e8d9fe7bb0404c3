from pathlib import Path

import pytest

from app import faults


def test_the_log_has_the_traceback_and_no_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "user_log_dir", lambda *_, **__: str(tmp_path))
    try:
        raise RuntimeError("stuck")
    except RuntimeError as error:
        log = faults.log_fault(error, ["analyze", "rtsp://me:secret@host/live?token=abc", "--out", "here"])
    assert log.parent == tmp_path
    text = log.read_text(encoding="utf-8")
    assert "RuntimeError: stuck" in text and "rtsp://host/live" in text and "--out" in text
    assert "secret" not in text and "abc" not in text


def test_without_a_place_for_the_log_there_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be")
    monkeypatch.setattr(faults, "user_log_dir", lambda *_, **__: str(tmp_path / "logs"))

    def refuse() -> None:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr("app.faults.tempfile.gettempdir", refuse)
    assert faults.log_fault(ZeroDivisionError("of course"), []) is None
