"""MediaPipe's library in the sandbox: it keeps the detector contract, and BlazeFace in LiteRT finds the same faces."""

import importlib.util
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1] / "app" / "detectors"

pytestmark = pytest.mark.skipif(importlib.util.find_spec("mediapipe") is None, reason="needs the extra `mediapipe`")


def run_caged(traced, blazeface: Path, file: str, *words: str) -> None:
    argv = ["-m", "pytest", "-q", "-p", "no:cacheprovider", str(TESTS / file), *words]
    done = traced(argv, MIMIK_CAGED="1", MIMIK_BLAZEFACE=str(blazeface))
    assert done.result.returncode == 0, done.result.stdout + done.result.stderr
    assert done.contacts, "the library sends nothing any more; then it need not be caged"


def test_it_keeps_the_contract_of_a_detector(traced, blazeface: Path) -> None:
    run_caged(traced, blazeface, "test_contract.py", "-k", "mediapipe")


def test_its_faces_are_those_of_blazeface(traced, shared: Path, blazeface: Path) -> None:
    run_caged(traced, blazeface, "test_parity.py")
