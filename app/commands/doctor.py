"""`doctor`: what works on this machine and what does not, one line each.

Each part is imported inside its probe, so that a part that does not load is reported as a line.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, distributions, version
from importlib.util import find_spec
from typing import Any, Literal

from app.options import Options, add_options
from app.system import QT_PACKAGES
from models import detectors

State = Literal["ok", "warning", "problem"]

_QT_PROBE = (
    "from PySide6 import QtCore, QtGui, QtWidgets; "
    "application = QtWidgets.QApplication([]); "
    "print(QtCore.qVersion(), application.platformName())"
)
_QT_PATIENCE_S = 30.0
_SUPPORTED = ((3, 11), (3, 14))


@dataclass(frozen=True, slots=True)
class Finding:
    """What a probe found.

    Attributes:
        name: The part, such as `OpenCV`.
        state: `ok`; `warning`, without it something is missing but headless analysis runs; `problem`, it does not.
        sentence: What was found, or what is wrong and what to do about it.
    """

    name: str
    state: State
    sentence: str


Probe = Callable[[Options], tuple[State, str]]


def add_parser(subparsers: Any) -> None:
    """Add the command to the program's parser."""
    parser = subparsers.add_parser("doctor", help="report what works on this machine and what does not")
    add_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print one line per part. Returns 0 if Mimik can analyse here, 2 if something that it needs is broken."""
    findings = examine(Options.of(args))
    for finding in findings:
        print(f"{finding.name:<20} {finding.state:<8} {finding.sentence}")
    problems = [finding.name for finding in findings if finding.state == "problem"]
    print(f"To be solved first: {', '.join(problems)}." if problems else "Mimik runs on this machine.")
    return 2 if problems else 0


def examine(options: Options) -> tuple[Finding, ...]:
    """Run every probe. A probe that fails unexpectedly becomes a problem, never an exception."""
    return tuple(_find(name, probe, options) for name, probe in probes().items())


def _find(name: str, probe: Probe, options: Options) -> Finding:
    try:
        return Finding(name, *probe(options))
    except Exception as error:  # this command exists to report any failure
        return Finding(name, "problem", _sentence(error))


def _sentence(error: Exception) -> str:
    """Put an exception on one line."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if text.endswith(".") else f"{text}."


def _python(_: Options) -> tuple[State, str]:
    running = ".".join(map(str, sys.version_info[:3]))
    lowest, beyond = _SUPPORTED
    if lowest <= sys.version_info[:2] < beyond:
        return "ok", f"{running} on {sys.platform}."
    return "problem", f"{running} is not supported; recreate the environment with Python 3.11, 3.12 or 3.13."


def installed_opencvs() -> dict[str, str]:
    """Return the installed OpenCV distributions by name, with their versions."""
    names = {str(d.metadata["Name"]).lower().replace("_", "-"): d.version for d in distributions()}
    return {name: names[name] for name in sorted(names) if name.startswith("opencv") and "python" in name}


def _opencv(_: Options) -> tuple[State, str]:
    found = installed_opencvs()
    if len(found) > 1:
        return "problem", (
            f"{' and '.join(found)} are installed and overwrite each other; uninstall all of them, then install "
            "opencv-contrib-python again."
        )
    import cv2

    if not hasattr(cv2, "CascadeClassifier"):
        return "problem", f"{cv2.__version__} has no CascadeClassifier; install opencv-contrib-python 4.14."
    return "ok", f"{cv2.__version__} from {next(iter(found), 'an unknown distribution')}, the only one."


def _qt(_: Options) -> tuple[State, str]:
    # In a separate process, because Qt aborts if it cannot reach a display. Importing OpenCV sets variables that point
    # to its own Qt.
    environment = {k: v for k, v in os.environ.items() if k not in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")}
    if not _has_display():
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        done = subprocess.run(
            [sys.executable, "-c", _QT_PROBE],
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_QT_PATIENCE_S,
        )
    except subprocess.TimeoutExpired:
        return "warning", f"it does not start within {_QT_PATIENCE_S:g} s, so the window may not open."
    if done.returncode == 0:
        number, platform = done.stdout.split()[-2:]
        return "ok", f"{number}, it draws to {platform}."
    return "warning", why_qt_fails(done.stderr)


def why_qt_fails(stderr: str) -> str:
    """Turn what a broken Qt prints into one sentence with the next step."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    telling = [line for line in lines if "Error:" in line or "could not" in line.lower() or "is needed" in line]
    reason = (telling or lines or ["it ends without a word"])[-1].rstrip(".")
    if "No module named" in reason:
        return f"the window cannot open ({reason}); install Mimik again."
    advice = f"; on Debian and Ubuntu: sudo apt-get install {QT_PACKAGES}" if sys.platform == "linux" else ""
    return f"the window cannot open ({reason}){advice}."


def _detector(kind: detectors.DetectorKind, options: Options) -> tuple[State, str]:
    """Open a detector and show it a picture. One that sends something is opened only on request."""
    demanded = options.detector == kind.name
    if kind.extra is not None and find_spec(kind.extra) is None and not demanded:
        return "ok", f"not installed, and not needed: pip install '.[{kind.extra}]'."
    if kind.sends and not demanded:
        return "ok", f"{_version(kind.extra or '')} is installed and was not opened: {kind.sends}."
    import numpy as np

    from app.detectors.fetch import cached_model
    from app.detectors.open import named_file, open_detector

    named = named_file(kind, options.detector_model)
    file = named if kind.needs is None else named or cached_model(kind.needs)
    if kind.needs is not None and file is None:
        return "problem" if demanded and os.environ.get("MIMIK_NO_FETCH") else "warning", (
            f"its model is not on this machine yet: it is fetched once ({kind.needs.size // 1000} kB) at the first "
            "start with a network, or name its file with --detector-model; until then another detector finds the faces."
        )
    try:
        reasons: list[str] = []
        detector = open_detector(kind.name, model_file=file, fetch=False, notify=reasons.append)
        try:
            detector.detect(np.zeros((48, 48, 3), np.uint8))
        finally:
            detector.close()
    except Exception as error:  # as in _find: another detector takes over unless this one, or its file, was requested
        needed = named is not None or demanded or kind == detectors.unasked_detectors()[-1]
        return "problem" if needed else "warning", _sentence(error)
    return "ok", "; ".join(("it needs no file" if file is None else f"with {file}", *reasons)) + "."


def _pyav(_: Options) -> tuple[State, str]:
    import av  # noqa: F401  (whether it loads is the question)

    return "ok", f"{version('av')}, which writes videos."


def _litert(_: Options) -> tuple[State, str]:
    from ai_edge_litert.interpreter import Interpreter  # noqa: F401  (whether it loads is the question)

    return "ok", f"{version('ai-edge-litert')}."


def _keras(options: Options) -> tuple[State, str]:
    # Looked for, not imported: TensorFlow takes many seconds, and --engine keras is there to run it.
    missing = [name for name in ("keras", "tensorflow") if find_spec(name) is None]
    if not missing:
        return "ok", f"{_version('keras')} with TensorFlow {_version('tensorflow')}, only needed for training."
    state: State = "problem" if options.engine == "keras" else "ok"
    return state, f"{' and '.join(missing)} not installed, only needed for training: pip install '.[training]'."


def _model(options: Options) -> tuple[State, str]:
    import numpy as np

    from models.bundle import load_bundle
    from models.engines import open_classifier

    bundle = load_bundle(options.model)
    classifier = open_classifier(bundle, options.engine)
    try:
        classifier.probabilities(np.zeros((1, *bundle.input_shape), np.uint8))
    finally:
        classifier.close()
    return (
        "ok",
        f"{bundle.name} is verified, runs with {options.engine} and distinguishes {len(bundle.labels)} emotions.",
    )


def _cameras(_: Options) -> tuple[State, str]:
    from app.sources.camera import list_cameras

    cameras = list_cameras()
    if not cameras:
        return "warning", "none found; connect one, or open a file or the demo clip."
    return "ok", ", ".join(f"{camera.index} {camera.name}" for camera in cameras) + "."


def _has_display() -> bool:
    return sys.platform != "linux" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _display(_: Options) -> tuple[State, str]:
    if sys.platform != "linux":
        return "ok", "the system's own."
    for name in ("WAYLAND_DISPLAY", "DISPLAY"):
        if os.environ.get(name):
            return "ok", f"{name}={os.environ[name]}."
    return "warning", "none (DISPLAY and WAYLAND_DISPLAY are not set); analyze and the other commands need none."


def _sound(_: Options) -> tuple[State, str]:
    from app.player.speaker import Device, SilentError

    try:
        device = Device()
    except SilentError as error:
        return "warning", str(error)
    try:
        return "ok", f"through {device.system}."
    finally:
        device.close()


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:  # a variant under another name, such as tensorflow-cpu
        return "of unknown version"


def probes() -> dict[str, Probe]:
    """The probes, in the order of the report."""
    return {
        "Python": _python,
        "OpenCV": _opencv,
        "PyAV": _pyav,
        "Qt": _qt,
        **{f"detector {kind.name}": partial(_detector, kind) for kind in detectors.DETECTORS},
        "engine litert": _litert,
        "engine keras": _keras,
        "model": _model,
        "cameras": _cameras,
        "display": _display,
        "sound": _sound,
    }
