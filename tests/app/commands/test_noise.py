import json
from types import ModuleType

import numpy as np
import pytest

from app.__main__ import main
from app.commands import everyday
from app.commands.noise import noise_pictures


def test_noise_is_the_same_for_a_seed_and_other_for_another() -> None:
    first, again, other = ([image for _, image in noise_pictures(24, seed)] for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not any(a.shape == b.shape and np.array_equal(a, b) for a, b in zip(first, other, strict=True))


def test_there_are_twelve_kinds_gray_and_coloured_of_several_sizes() -> None:
    made = list(noise_pictures(48, 3))
    assert len({name.split()[-1] for name, _ in made}) == 12
    assert len({image.shape for _, image in made}) > 4
    assert all(image.dtype == np.uint8 and image.shape[2] == 3 and image.std() > 1 for _, image in made)
    assert {bool(np.ptp(image.astype(int), axis=2).any()) for _, image in made} == {True, False}


def test_the_command_counts_pictures_with_a_face(
    faked: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The fake detector finds the squares that are drawn."""
    plain = [("plain 0", faked.picture()), ("plain 1", faked.picture((10, 20, 60)))]
    monkeypatch.setattr(everyday, "plain_pictures", lambda: plain)
    monkeypatch.setattr(everyday, "noise_pictures", lambda count, seed: [(f"noise {seed} of {count}", faked.picture())])
    assert main(["score", "--made", "7", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == {"plain": {"images": 2, "shown": 1}, "noise": {"images": 1, "shown": 0}, "wrong": ["plain 1"]}
    assert main(["score", "--made"]) == 0
    printed = capsys.readouterr().out
    assert "plain: a face is shown in 1 of 2 pictures" in printed
    assert "noise: a face is shown in 0 of 1 pictures" in printed


@pytest.mark.parametrize("arguments", [["score"], ["score", "d", "--made"], ["score", "--made", "--negatives", "d"]])
def test_one_thing_is_scored_at_a_time(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "--made" in capsys.readouterr().err


def test_a_seed_is_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "--made", "many"]) == 2
    assert "many is no seed" in capsys.readouterr().err
