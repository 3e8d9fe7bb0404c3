"""Damaged archives of arrays, and files that are not archives."""

import io
from pathlib import Path

import numpy as np
import pytest

from models.errors import InputError
from training.arrays import read_arrays


def archive() -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, weights=np.arange(40, dtype=np.float32), number=np.asarray(3.0))
    return buffer.getvalue()


def test_every_array_comes_back(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(archive())
    arrays = read_arrays(tmp_path / "a.npz", "go on")
    assert set(arrays) == {"weights", "number"} and arrays["weights"].tolist() == list(range(40))


def test_one_wrong_byte_anywhere_is_a_sentence_or_does_no_harm(tmp_path: Path) -> None:
    whole, path = archive(), tmp_path / "a.npz"
    messages = []
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            read_arrays(path, "train it anew")
        except InputError as error:
            messages.append(str(error))
    assert len(messages) > len(whole) / 2
    assert all(one.startswith(f"{path} cannot be read (") and one.endswith("; train it anew.") for one in messages)


def test_what_is_no_archive_is_a_sentence(tmp_path: Path) -> None:
    np.save(tmp_path / "one.npy", np.zeros(3))
    (tmp_path / "text.npz").write_text("nothing")
    for name in ("one.npy", "text.npz", "missing.npz"):
        with pytest.raises(InputError, match=f"{name} cannot be read"):
            read_arrays(tmp_path / name, "train it anew")
