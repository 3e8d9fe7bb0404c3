"""The layers of docs/architecture.md: imports point down, there are no import cycles, files are short."""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST_LINES = 300

LIGHT = frozenset(
    ("app", "app.faults", "app.locks", "app.options", "app.quiet", "app.spec", "app.standard", "app.system")
)
"""Modules that are imported before the first paint; they only import each other."""

MAY_IMPORT = {
    "core": (),
    "sources": ("core",),
    "detectors": ("core",),
    "sinks": ("core",),
    "sessions": ("core", "sinks"),
    "export": ("core", "sources", "sinks", "sessions"),
    "headless": ("core", "sources", "detectors", "sinks"),
    "player": ("core", "sources", "detectors", "sinks", "sessions", "export"),
    "journal": ("core", "sinks", "sessions", "export"),
    "archive": ("core", "sources", "detectors", "sinks", "headless"),
    "commands": (
        *("core", "sources", "detectors", "sinks", "sessions", "export", "headless", "player", "journal", "archive"),
    ),
    "ui": ("core", "sources", "sinks", "sessions", "export", "headless", "player", "journal", "commands"),
}


@cache
def graph() -> dict[str, frozenset[str]]:
    """Module -> the modules that it imports at run time, also inside functions."""
    files = {
        name_of(path): path for package in ("app", "models", "training") for path in (ROOT / package).rglob("*.py")
    }
    return {name: frozenset(imported(path, frozenset(files))) - {name} for name, path in files.items()}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path, known: frozenset[str]) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    branches = [one for one in ast.walk(tree) if isinstance(one, ast.If) and ast.unparse(one.test) == "TYPE_CHECKING"]
    for_types = {id(one) for branch in branches for part in branch.body for one in ast.walk(part)}
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            yield from (
                inner if (inner := f"{node.module}.{alias.name}") in known else node.module for alias in node.names
            )


def package_of(module: str) -> str:
    return ".".join(module.split(".")[:2])


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_of_the_app_imports_only_lower_ones(package: str) -> None:
    allowed = LIGHT | {f"app.{other}" for other in (*MAY_IMPORT[package], package)}
    modules = {module for module in graph() if package_of(module) == f"app.{package}"}
    assert modules
    wrong = {
        f"{module} -> {other}"
        for module in modules
        for other in graph()[module]
        if other.startswith("app") and package_of(other) not in allowed
    }
    assert not wrong


def test_the_light_modules_import_only_each_other_and_models() -> None:
    wrong = {f"{module} -> {other}" for module in LIGHT for other in graph()[module] if not other.startswith("models")}
    assert {arrow for arrow in wrong if arrow.split(" -> ")[1] not in LIGHT} == set()


def test_app_and_training_share_only_models() -> None:
    for module, others in graph().items():
        top = module.split(".")[0]
        assert {other.split(".")[0] for other in others} <= {top, "models"}, module


def test_every_package_has_its_layer() -> None:
    folders = {path.name for path in (ROOT / "app").iterdir() if (path / "__init__.py").is_file()}
    assert folders == set(MAY_IMPORT)


def test_no_modules_import_each_other_in_a_circle() -> None:
    # Importing a module imports its package; a package that re-exports names of its modules is no cycle.
    arrows = {
        module: {other for other in others if not module.startswith(f"{other}.")} for module, others in graph().items()
    }
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_no_file_is_longer_than_a_reader_can_take_in() -> None:
    files = [path for top in ("app", "models", "training", "scripts", "tests") for path in (ROOT / top).rglob("*.py")]
    assert len(files) > 100
    assert [path.name for path in files if len(path.read_text(encoding="utf-8").splitlines()) > MOST_LINES] == []
