"""Messages of the rest of the program, translated in the window."""

import ast
import re
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

import app
from app.detectors.blazeface import USE_ANOTHER
from app.sources import open_source
from app.ui.localised import SENTENCES, localised
from models.errors import InputError

HERE = Path(app.__file__).parent


@pytest.fixture(scope="module")
def raised() -> str:
    """All string constants of the modules outside `app.ui`, joined."""
    texts = []
    for path in sorted(HERE.rglob("*.py")):
        if path.is_relative_to(HERE / "ui"):
            continue
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.append(node.value)
    return "\n".join(texts)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_is_a_sentence_that_something_says(sentence: str, raised: str) -> None:
    """Its longer parts occur in the code that makes the sentence, so a change there fails this test."""
    parts = [part.strip(" ;,:") for part in re.split(r"\{\w+\}|; |, |: | or ", sentence)]
    telling = [part for part in parts if part.count(" ") > 1]
    assert telling
    for part in telling:
        assert part in raised


def test_english_stays_as_it_is_but_for_its_first_letter(qapp) -> None:
    for sentence in SENTENCES:
        whole = re.sub(r"\{(\w+)\}", r"«\1»", sentence) + "."
        assert localised(whole)[1:] == whole[1:]
    assert localised("camera 0 is odd") == "Camera 0 is odd"


def test_what_people_meet_is_told_in_german(german: None, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        open_source(str(tmp_path / "fehlt; wirklich.mp4"))
    assert localised(str(error.value)) == f"{tmp_path}/fehlt; wirklich.mp4 gibt es nicht; prüfen Sie den Namen"
    fetched = (
        "Faces are found with Haar cascade, which misses more of them than BlazeFace: BlazeFace's model could not be "
        "fetched: https://a/b cannot be read: Name or service not known; check the network, or name its file with "
        "--detector-model or MIMIK_BLAZEFACE"
    )
    told = localised(fetched)
    assert "Haar cascade" in told and "MIMIK_BLAZEFACE" in told and "https://a/b" in told
    assert not re.search(r"\b(found|fetched|read|network|service)\b", told), told


def test_what_is_not_listed_is_told_all_the_same(german: None) -> None:
    assert localised(f"x is no BlazeFace model that LiteRT can run; {USE_ANOTHER}").startswith(
        "X is no BlazeFace model"
    )
