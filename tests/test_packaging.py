"""What an installed wheel carries, and what the pins promise."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from app.system import QT_PACKAGES

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("app", "assets", "models", "training")
BUNDLE_FILES = ("model.tflite", "model.keras", "model.json", "README.md")


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The files of a wheel built from a copy of the tree, so that nothing is left in the tree itself."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        (source / name).write_bytes((ROOT / name).read_bytes())
    for name in (*PACKAGES, "tests"):
        for path in (ROOT / name).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                copy = source / path.relative_to(ROOT)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
    words = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder)]
    done = subprocess.run([sys.executable, "-m", "pip", *words, str(source)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("mimik-*.whl")
    return frozenset(zipfile.ZipFile(wheel).namelist())


def tracked(folder: str, pattern: str) -> set[str]:
    found = (path.relative_to(ROOT) for path in (ROOT / folder).glob(pattern) if path.is_file())
    return {path.as_posix() for path in found if "__pycache__" not in path.parts}


@pytest.mark.parametrize("package", PACKAGES)
def test_the_wheel_carries_every_module(wheel_names: frozenset[str], package: str) -> None:
    modules = tracked(package, "**/*.py")
    assert modules
    assert modules <= wheel_names


def test_the_wheel_carries_every_bundle(wheel_names: frozenset[str]) -> None:
    metas = tracked("models", "*/model.json")
    if not metas:
        pytest.skip("this tree has no trained model")
    bundles = {path for name in BUNDLE_FILES for path in tracked("models", f"*/{name}")}
    assert bundles <= wheel_names


def test_the_wheel_carries_the_assets_but_no_screenshot(wheel_names: frozenset[str]) -> None:
    screenshots = tracked("assets", "screenshot*")
    assert tracked("assets", "*") - screenshots <= wheel_names
    assert not screenshots & wheel_names


def test_the_wheel_carries_the_recipes(wheel_names: frozenset[str]) -> None:
    recipes = tracked("training", "recipes/*.toml")
    if not recipes:
        pytest.skip("this tree has no recipe")
    assert recipes <= wheel_names


def test_the_wheel_carries_the_templates_of_exports(wheel_names: frozenset[str]) -> None:
    templates = tracked("app", "export/templates/*")
    assert templates and templates <= wheel_names


def test_the_wheel_carries_nothing_else(wheel_names: frozenset[str]) -> None:
    assert {name.split("/")[0] for name in wheel_names} <= {*PACKAGES, "mimik-0.1.0.dist-info"}
    assert not [name for name in wheel_names if "test" in Path(name).name.split("_")[0]]


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    wanted = [line for line in lines if line.strip() and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9.+!]+", line) for line in wanted), "exact pins only"
    return {re.sub(r"[-_.]+", "-", name).lower(): number for name, number in (line.split("==") for line in wanted)}


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    named = [*project["dependencies"], *(requirement for extra in extras for requirement in extra)]
    names = {re.sub(r"[-_.]+", "-", re.split(r"[<>=!~ \[;]", requirement)[0]).lower() for requirement in named}
    assert names - {"mimik"} <= set(pins())  # an extra may take in another one


def test_one_opencv_is_pinned() -> None:
    assert [name for name in pins() if name.startswith("opencv")] == ["opencv-contrib-python"]


def test_the_app_needs_no_tensorflow() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert not [r for r in project["dependencies"] if re.match("tensorflow|keras|jax|torch", r)]


def test_the_packages_that_errors_name_are_those_that_make_installs() -> None:
    script = (ROOT / "scripts" / "system-packages.sh").read_text(encoding="utf-8")
    installed = re.findall(r"^    ([a-z0-9.-]+):lib", script, re.MULTILINE)
    assert QT_PACKAGES.split() == [*installed, "fonts-dejavu-core"]
    assert "fonts-dejavu-core" in script
