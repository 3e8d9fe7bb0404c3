"""Fixtures for all tests."""

import importlib.util
import json
import logging
import os
import re
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

# Set before Qt is imported: test windows are never shown, and no test fetches anything.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["MIMIK_NO_FETCH"] = "1"
# Parallel test processes have one core each; spinning threads of one would stall the others.
os.environ.update(
    dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1")
    if "PYTEST_XDIST_WORKER" in os.environ
    else {}
)

import cv2
import hypothesis
import numpy as np
import pytest
from filelock import FileLock

# No deadline: a busy machine is not a failure.
hypothesis.settings.register_profile("mimik", deadline=None)
hypothesis.settings.load_profile("mimik")

ROOT = Path(__file__).resolve().parents[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run slow modules first, so that no process is left with one at the end."""
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """If MIMIK_MAY_SKIP, a regular expression, is set, a skip for any other reason is a failure."""
    return _only_expected_skips((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    """The same for modules."""
    return _only_expected_skips((yield))


def _only_expected_skips(report: Any) -> Any:
    expected = os.environ.get("MIMIK_MAY_SKIP")
    if expected is not None and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not re.search(expected, reason):
            report.outcome, report.longrepr = "failed", f"{reason}, which MIMIK_MAY_SKIP does not expect"
    return report


@pytest.fixture(scope="session")
def until() -> Callable[..., Any]:
    """`until(found, what)`: waits until `found()` is true, and returns its result.

    For conditions that nothing signals, such as another process's files; the limit is reached only by a failure.
    """

    def wait(found: Callable[[], Any], what: str = "it") -> Any:
        end_s = time.monotonic() + WAIT_S
        while not (value := found()):
            assert time.monotonic() < end_s, f"{what} did not happen"
            _LOOKING.wait(0.002)
        return value

    return wait


WAIT_S = 60.0
_LOOKING = threading.Event()


@pytest.fixture(scope="session")
def make_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """`make_once(name, make)`: a folder filled by `make(folder)`, once for all parallel test processes."""
    base = tmp_path_factory.getbasetemp()
    base = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "made"
    base.mkdir(exist_ok=True)

    def made(name: str, make: Callable[[Path], object]) -> Path:
        folder, done = base / name, base / f"{name}.done"
        with FileLock(base / f"{name}.lock"):
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                done.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of optional shared data: MIMIK_SHARED, or next to the project."""
    folder = Path(os.environ.get("MIMIK_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        pytest.skip(f"no shared data at {folder} (set MIMIK_SHARED)")
    return folder


@pytest.fixture(scope="session")
def blazeface_file() -> Path | None:
    """BlazeFace's model file from MIMIK_BLAZEFACE or the shared data, or None."""
    folder = Path(os.environ.get("MIMIK_SHARED") or ROOT.parent / "shared")
    path = Path(os.environ.get("MIMIK_BLAZEFACE") or folder / "models" / "blaze_face_short_range.tflite")
    return path if path.is_file() else None


@pytest.fixture(scope="session")
def blazeface(blazeface_file: Path | None) -> Path:
    """The same, for tests that require it."""
    if blazeface_file is None:
        pytest.skip("no BlazeFace model in MIMIK_BLAZEFACE or the shared folder")
    return blazeface_file


@pytest.fixture(scope="session")
def tracer() -> ModuleType:
    """The module `scripts/trace_network.py`, even if tracing is not possible."""
    return _module("trace_network", ROOT / "scripts" / "trace_network.py")


@pytest.fixture(scope="session")
def made_films() -> ModuleType:
    """The module `scripts/made_films.py`."""
    return _module("made_films", ROOT / "scripts" / "made_films.py")


@pytest.fixture
def traced(tracer: ModuleType, tmp_path: Path) -> Callable[..., object]:
    """`traced(command, **variables)` runs Python with these arguments in the sandbox; None unsets a variable.

    Statistics queued for later leave files in the user's folders; those fail the test as well.
    """
    reason = tracer.why_not()
    if reason and "CI" in os.environ and sys.platform.startswith("linux"):
        pytest.fail(f"{reason}, though it must be possible here")
    if reason:
        pytest.skip(reason)

    def run(command: list[str], **variables: str | None) -> object:
        folders = {name: str(tmp_path / name.lower()) for name in ("HOME", *_XDG)}
        # As on user machines: with CI set, ONNX Runtime sends nothing by itself.
        env = {**os.environ, **folders, **dict.fromkeys(("CI", "ORT_DISABLE_TELEMETRY")), "PYTHONPATH": str(ROOT)}
        env |= {"QT_QPA_PLATFORM": "offscreen", **variables}
        kept = {name: value for name, value in env.items() if value is not None}
        done = tracer.trace([sys.executable, *command], env=kept)
        left = {path.relative_to(tmp_path).parts[1] for folder in folders.values() for path in Path(folder).glob("*")}
        assert left <= OWN_FOLDERS, f"left in the user's folders, perhaps to be sent later: {left - OWN_FOLDERS}"
        return done

    return run


_XDG = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")

OWN_FOLDERS = {".keras", "matplotlib", "mimik"}
"""Files that programs may leave in home, cache and configuration folders: settings and font caches."""

COMMANDS = """
import json, sys
from importlib import import_module
main = import_module(sys.argv[1] + ".__main__").main
for argv in json.loads(sys.argv[2]):
    print("running", *argv, flush=True)
    code = main(argv)
    assert code == 0, (argv, code)
"""


@pytest.fixture
def run_all(traced: Callable[..., Any]) -> Callable[..., Any]:
    """`run_all("app", [["doctor"], ...], **variables)` traces commands that run in sequence in one process."""

    def run(program: str, commands: list[list[str]], **variables: str | None) -> Any:
        done = traced(["-c", COMMANDS, program, json.dumps(commands)], **variables)
        assert done.result.returncode == 0, done.result.stdout + done.result.stderr
        return done

    return run


@pytest.fixture(scope="session")
def fakes() -> ModuleType:
    """The module fakes.py next to this file."""
    return _module("mimik_test_fakes", Path(__file__).with_name("fakes.py"))


def _module(name: str, path: Path) -> ModuleType:
    """A module outside any package, loaded once per process."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(autouse=True)
def fail_on_logged_errors(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A logged ERROR fails the test."""
    yield
    errors = [
        r.getMessage() for when in ("setup", "call") for r in caplog.get_records(when) if r.levelno >= logging.ERROR
    ]
    assert not errors, f"logged as errors: {errors}"


@pytest.fixture(scope="session")
def clip(make_once: Callable[..., Path]) -> Callable[..., Path]:
    """`clip(frames=30, fps=30, size=(160, 120))`: path of an .mp4 with a bright moving square.

    The same arguments give the same file, which is read-only.
    """

    def clip_of(*, frames: int = 30, fps: float = 30, size: tuple[int, int] = (160, 120)) -> Path:
        width, height = size
        name = f"{frames}_{fps:g}_{width}x{height}"

        def make(folder: Path) -> None:
            writer = cv2.VideoWriter(str(folder / f"{name}.mp4"), cv2.VideoWriter.fourcc(*"mp4v"), fps, size)
            assert writer.isOpened()
            side = height // 3
            for i in range(frames):
                image = np.zeros((height, width, 3), np.uint8)
                x = 2 * i % (width - side)
                image[side : 2 * side, x : x + side] = 200
                writer.write(image)
            writer.release()

        return make_once(name, make) / f"{name}.mp4"

    return clip_of


@pytest.fixture(scope="session")
def tiny_bundle(make_once: Callable[..., Path]) -> Path:
    """A bundle with a small random network that has a head for each label set; read-only."""
    return make_once("tiny", make_tiny_bundle)


def make_tiny_bundle(path: Path) -> None:
    keras = pytest.importorskip("keras", reason="a bundle is made with the extra `training`")
    from types import MappingProxyType

    from models.bundle import KERAS_FILE, LITERT_FILE, Bundle, Head, sha256_of, write_meta
    from models.conversion import to_litert
    from models.detectors import first_crops
    from models.emotions import HEAD_LABELS, MIXTURE, SETS
    from training.architectures.layers import gray_input, logits

    keras.utils.set_random_seed(1)
    keras.mixed_precision.set_global_policy("float32")
    inputs, x = gray_input()
    # 16 filters of 81 weights: LiteRT keeps kernels of fewer than 1,024 weights in float32
    x = keras.layers.GlobalMaxPooling2D()(keras.layers.Conv2D(16, 9, strides=6, activation="relu")(x))
    network = keras.Model(inputs, logits(x, {name: len(labels) for name, labels in SETS.items()}), name="tiny")
    network.save(path / KERAS_FILE)
    (path / LITERT_FILE).write_bytes(to_litert(network, "float32"))
    bundle = Bundle(
        path=path,
        name="tiny",
        input_shape=(48, 48, 1),
        heads=tuple(Head(name, HEAD_LABELS[name]) for name in network.output),
        shown=MIXTURE,
        crops=first_crops(),
        training=MappingProxyType({"quantisation": "float32"}),
        metrics=(),
        sha256=MappingProxyType({file: sha256_of(path / file) for file in (KERAS_FILE, LITERT_FILE)}),
    )
    write_meta(bundle)
