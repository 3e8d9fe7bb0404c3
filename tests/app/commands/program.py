"""The program with a detector of bright squares, for a separate process."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

_PROGRAM = """
import importlib.util, sys
from dataclasses import replace
spec = importlib.util.spec_from_file_location("fakes", {fakes!r})
fakes = sys.modules["fakes"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fakes)
import app.headless.parts as parts
classifier = fakes.FakeClassifier()
classifier.bundle = replace(classifier.bundle, sha256=dict([("model.tflite", "d1")]))
parts.load_bundle = lambda *_: None
parts.open_classifier = lambda *_: classifier
parts.open_detector = lambda *_, **__: fakes.FakeDetector(pause_s={pause_s})
from app.__main__ import main
print("ready", flush=True)
sys.exit(main())
"""


def faked_program(pause_s: float) -> str:
    """A script for `python -c`, followed by arguments of `python -m app`. It prints `ready` once it can be stopped.

    Args:
        pause_s: Seconds that the detector takes per picture.
    """
    return _PROGRAM.format(fakes=str(ROOT / "tests" / "fakes.py"), pause_s=pause_s)
