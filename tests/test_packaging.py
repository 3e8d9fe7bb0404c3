"""Contents of the wheel, and the guarantees of the pinned requirements."""

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from app.system import QT_PACKAGES

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PACKAGES = ("app", "assets", "models")


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The files of a wheel, built from a copy of the tree so that nothing is left in the tree itself."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        (source / name).write_bytes((ROOT / name).read_bytes())
    for name in (*PACKAGES, "training", "tests"):
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


def test_the_wheel_carries_of_every_bundle_what_the_app_loads(wheel_names: frozenset[str]) -> None:
    metas = tracked("models", "*/model.json")
    if not metas:
        pytest.skip("this tree has no trained model")
    for meta in metas:
        folder = meta.rsplit("/", 1)[0]
        listed = set(json.loads((ROOT / meta).read_text("utf-8"))["sha256"]) - {"model.keras", "model.onnx"}
        carried = {name for name in wheel_names if name.startswith(f"{folder}/")}
        assert carried == {f"{folder}/{name}" for name in {*listed, "model.json", "README.md"}}


def test_the_wheel_carries_the_assets_that_the_app_reads(wheel_names: frozenset[str]) -> None:
    unread = tracked("assets", "screenshot*") | {"assets/icon.svg"}
    assert tracked("assets", "*") - unread <= wheel_names
    assert not unread & wheel_names


def test_the_wheel_carries_the_translations(wheel_names: frozenset[str]) -> None:
    translations = tracked("app", "**/*.qm")
    assert translations
    assert translations <= wheel_names


def test_the_wheel_carries_the_templates_of_exports(wheel_names: frozenset[str]) -> None:
    templates = tracked("app", "export/templates/*")
    assert templates and templates <= wheel_names


def test_the_wheel_carries_nothing_else(wheel_names: frozenset[str]) -> None:
    assert {name.split("/")[0] for name in wheel_names} <= {*PACKAGES, f"mimik-{PROJECT['version']}.dist-info"}
    assert not [name for name in wheel_names if "test" in Path(name).name.split("_")[0]]


def pins(lock: str) -> dict[str, str]:
    """Distribution -> version; each line of a lock file is a pin, one of its hashes, or a comment."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8")
    blocks = re.split(r"\n(?=\S)", re.sub(r"(?m)^ *#.*\n?", "", text).strip())
    pin = re.compile(r"([a-z0-9.-]+)==([0-9][\w.+!]*)(?: ; [^\\\n]*)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+")
    found = [pin.fullmatch(block) for block in blocks]
    assert all(found), [block for block, match in zip(blocks, found, strict=True) if match is None]
    return {match[1]: match[2] for match in found if match is not None}


def required(*extras: str) -> set[str]:
    """Names of the requirements of the project and some extras."""
    optional = PROJECT["optional-dependencies"]
    asked = [*PROJECT["dependencies"], *(line for extra in extras for line in optional[extra])]
    return {re.sub(r"[-_.]+", "-", re.split(r"[<>=!~ \[;]", line)[0]).lower() for line in asked} - {"mimik"}


@pytest.mark.parametrize(
    ("lock", "extras"),
    [("run", ()), ("freeze", ("freeze",)), ("test", tuple(PROJECT["optional-dependencies"]))],
)
def test_every_dependency_is_pinned_with_hashes(lock: str, extras: tuple[str, ...]) -> None:
    pinned = pins(lock)
    assert required(*extras) | {"setuptools"} <= set(pinned)  # setuptools builds Mimik itself
    assert pinned.items() <= pins("test").items(), "every lock has the same versions"


def test_one_opencv_is_pinned() -> None:
    assert [name for name in pins("test") if name.startswith("opencv")] == ["opencv-contrib-python"]


def test_the_app_needs_no_tensorflow() -> None:
    assert not [name for name in pins("run") if re.match("tensorflow|keras|jax|torch", name)]


def test_the_packages_that_errors_name_are_those_that_make_installs() -> None:
    script = (ROOT / "scripts" / "system-packages.sh").read_text(encoding="utf-8")
    installed = re.findall(r"^    ([a-z0-9.-]+):lib", script, re.MULTILINE)
    assert QT_PACKAGES.split() == [*installed, "fonts-dejavu-core"]
    assert "fonts-dejavu-core" in script
