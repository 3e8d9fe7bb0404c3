import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
names = [package.__name__]
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    names.append(module.name)
for name in names:
    importlib.import_module(name)
print(*sorted({module.split(".")[0] for module in sys.modules} & {"PySide6", "tensorflow", "training"}))
"""


PACKAGES = (
    "app.core",
    "app.sources",
    "app.detectors",
    "app.sinks",
    "app.sessions",
    "app.player",
    "app.export",
    "app.journal",
    "app.archive",
    "models",
)


@pytest.mark.parametrize("package", PACKAGES)
def test_importing_every_module_loads_no_qt_and_no_tensorflow(package: str) -> None:
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, package], cwd=root, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
