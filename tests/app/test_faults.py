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
