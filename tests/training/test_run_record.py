"""`run.json`: required entries, entries missing in older versions, and the round trip."""

import json
from pathlib import Path
from typing import Any

import pytest

from models.bundle import load_bundle
from models.errors import InputError
from training.run_folder import CONFIG, write_json
from training.run_record import RunRecord, read_record

LEAST: dict[str, Any] = {"model": "student", "seed": 1, "data": {"ferplus": True}}


def test_an_older_record_has_the_defaults_of_its_time() -> None:
    record = RunRecord.parse(LEAST)
    assert (record.data.split, record.data.rows, record.earlier_epochs, record.minutes) == ("official", None, 0, None)


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ({"labels": ["four", "valence"]}, ("four", "valence")),
        ({"data": {"ferplus": True}}, ("fer2013", "ferplus")),
        ({"data": {"ferplus": False}}, ("fer2013",)),
    ],
)
def test_heads_follow_from_what_the_run_wrote(content: dict[str, Any], names: tuple[str, ...]) -> None:
    assert RunRecord.parse({**LEAST, **content}).labels == names


def test_it_comes_back_as_it_was_written(tmp_path: Path) -> None:
    record = RunRecord.parse(load_bundle("student").training)  # the bundled model
    assert record.model == "student" and record.data.ferplus and record.teachers
    write_json(tmp_path / CONFIG, record.as_dict())
    assert read_record(tmp_path) == record


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ([], "list where names and values belong"),
        ({"seed": 1, "data": {}}, "it has no model"),
        ({**LEAST, "data": 3}, "int where names and values belong"),
        ({**LEAST, "seed": "1"}, "seed is '1'"),
        ({**LEAST, "seed": True}, "seed is 'True'"),
        ({**LEAST, "labels": "four"}, "labels is 'four'"),
        ({**LEAST, "labels": ["four", 4]}, "labels is"),
        ({**LEAST, "labels": ["hungry"]}, "unknown labels hungry"),
        ({**LEAST, "data": {"split": 80}}, "split is '80'"),
    ],
)
def test_what_is_no_record_is_told_in_a_sentence(content: object, complaint: str, tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_text(json.dumps(content))
    with pytest.raises(InputError, match=rf"run\.json does not describe a training run \({complaint}.*name the folder"):
        read_record(tmp_path)


def test_what_is_no_json_is_told_too(tmp_path: Path) -> None:
    for content in (b"{", b"\xff"):
        (tmp_path / CONFIG).write_bytes(content)
        with pytest.raises(InputError, match=r"run\.json cannot be read"):
            read_record(tmp_path)
