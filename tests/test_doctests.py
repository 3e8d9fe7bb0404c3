"""The examples in docstrings give the documented results."""

import doctest
import importlib
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = [path for name in ("app", "models", "training") for path in sorted((ROOT / name).rglob("*.py"))]
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in FILES
    if ">>>" in path.read_text("utf-8") and path.name != "__init__.py"
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    if name.startswith("training.") and not os.environ.get("CI"):
        pytest.importorskip("keras", reason="needs the extra `training`")
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.attempted > 0
    assert result.failed == 0, "the captured output shows what differs"
