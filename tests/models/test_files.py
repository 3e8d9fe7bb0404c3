from pathlib import Path

import pytest

from models.errors import InputError
from models.files import replacing, scratch_folder


def test_a_reader_sees_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("old")
    with replacing(path) as part:
        part.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    with pytest.raises(FileNotFoundError), replacing(path) as part:
        part.with_name("never made").replace(part)
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_temporary_folder_is_gone_afterwards() -> None:
    with scratch_folder() as folder:
        (folder / "a").write_text("")
    assert not folder.exists()


def test_without_a_place_for_one_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr("models.files.tempfile.TemporaryDirectory", refuse)
    with pytest.raises(InputError, match="TMPDIR"), scratch_folder():
        raise AssertionError("there is none")
