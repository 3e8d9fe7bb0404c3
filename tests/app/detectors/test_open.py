from pathlib import Path

import pytest

from app.detectors import open as room
from app.detectors import open_detector
from models.detectors import DetectorKind
from models.errors import InputError


@pytest.fixture(autouse=True)
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No model file given, an empty cache, and no access to the network."""
    monkeypatch.delenv("MIMIK_BLAZEFACE", raising=False)
    monkeypatch.delenv("MIMIK_NO_FETCH", raising=False)
    monkeypatch.setattr("app.detectors.fetch.cache_folder", lambda: tmp_path / "cache")

    def unexpected(*_: object) -> Path:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(room, "fetch_model", unexpected)
    return tmp_path


def test_names() -> None:
    with pytest.raises(InputError, match="no detector 'yolo'; choose one of auto, blazeface, haar, mediapipe"):
        open_detector("yolo")


def test_auto_without_a_model_is_haar_and_says_so() -> None:
    said: list[str] = []
    assert open_detector("auto", fetch=False, notify=said.append).name == "haar"
    assert len(said) == 1
    assert "Haar cascade, which misses more of them than BlazeFace" in said[0] and "MIMIK_BLAZEFACE" in said[0]


def test_auto_without_network_is_haar_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*_: object) -> Path:
        raise InputError("the address cannot be read; check the network")

    monkeypatch.setattr(room, "fetch_model", offline)
    said: list[str] = []
    assert open_detector(notify=said.append).name == "haar"
    assert "could not be fetched" in said[0] and "check the network" in said[0]


def test_the_variable_forbids_fetching(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIMIK_NO_FETCH", "1")
    said: list[str] = []
    assert open_detector(notify=said.append).name == "haar"
    assert "switched off" in said[0]


def test_blazeface_without_a_model_says_what_to_do() -> None:
    with pytest.raises(InputError, match="--detector-model or MIMIK_BLAZEFACE"):
        open_detector("blazeface", fetch=False)


@pytest.mark.parametrize("name", ["auto", "blazeface"])
def test_a_named_file_must_be_usable(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"gone\.tflite cannot be read"):
        open_detector(name, model_file=tmp_path / "gone.tflite")
    monkeypatch.setenv("MIMIK_BLAZEFACE", str(tmp_path / "other.tflite"))
    with pytest.raises(InputError, match=r"other\.tflite cannot be read"):
        open_detector(name)


@pytest.mark.parametrize("way", ["argument", "variable", "cache", "fetch"])
def test_auto_is_blazeface_where_a_model_is(
    way: str, blazeface: Path, bare_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if way == "variable":
        monkeypatch.setenv("MIMIK_BLAZEFACE", str(blazeface))
    if way == "cache":
        monkeypatch.setattr(room, "cached_model", lambda _: blazeface)
    if way == "fetch":
        monkeypatch.setattr(room, "fetch_model", lambda _: blazeface)
    said: list[str] = []
    detector = open_detector("auto", model_file=blazeface if way == "argument" else None, notify=said.append)
    detector.close()
    assert detector.name == "blazeface"
    assert said == []


def test_the_default_notice_goes_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    open_detector("auto", fetch=False)
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_library_that_is_not_installed_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """This comes first: no model file is looked for, nothing is fetched, and no warning about sent data is shown."""
    monkeypatch.setattr(room, "find_spec", lambda name: None)
    said: list[str] = []
    with pytest.raises(InputError, match=r"pip install -e '\.\[mediapipe\]'.*--detector blazeface"):
        open_detector("mediapipe", notify=said.append)
    assert said == []


def test_what_the_chosen_one_sends_is_told_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def opened(*_: object) -> object:
        assert len(said) == 1
        return object()

    monkeypatch.setattr(room, "find_spec", lambda name: object())
    monkeypatch.setattr(room, "_open", opened)
    open_detector("mediapipe", notify=said.append)
    assert "sends usage statistics to Google (play.googleapis.com)" in said[0]


def test_auto_never_opens_what_sends_something(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even if nothing else can be opened."""

    def fails(kind: DetectorKind, *_: object) -> object:
        tried.append(kind.name)
        raise InputError("it does not open")

    tried: list[str] = []
    monkeypatch.setattr(room, "_open", fails)
    with pytest.raises(InputError, match="it does not open"):
        open_detector(notify=lambda _: None)
    assert tried == ["blazeface", "haar"]
