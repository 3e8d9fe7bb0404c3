"""Cameras by index, and their names."""

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2

import app.quiet  # noqa: F401  (before the first capture)
from app.sources.live import LiveSource
from models.errors import InputError

_BACKENDS = {"linux": cv2.CAP_V4L2, "darwin": cv2.CAP_AVFOUNDATION, "win32": cv2.CAP_DSHOW}
"""The native backend of each system; OpenCV's default order tries others first and is slow on Windows."""

_SYSFS = Path("/sys/class/video4linux")
_DEV = Path("/dev")
_ELSEWHERE = "or open a file or the demo clip instead"

_QUERYCAP = 0x80685600  # VIDIOC_QUERYCAP
_CAPTURES, _CONVERTS = 0x1 | 0x1000, 0x8000 | 0x4000  # V4L2_CAP_VIDEO_CAPTURE(_MPLANE), V4L2_CAP_VIDEO_M2M(_MPLANE)
_PROBED, _PROBE_S = 4, 4.0


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """A camera of this machine: its `index` for `CameraSource`, and its `name` for people."""

    index: int
    name: str


class CameraSource(LiveSource):
    """A camera, asked for 1280x720 as motion JPEG (uncompressed, USB 2 carries few frames a second at that size).

    Args:
        index: Counts from 0.
        width: Requested pixels; the camera may deliver another size.
        height: Requested pixels.
        patience_s: How long to wait for the first frame, and later for the next.

    Raises:
        InputError: If there is no such camera, it is busy or forbidden. While iterating: if it stops delivering.
    """

    def __init__(self, index: int, *, width: int = 1280, height: int = 720, patience_s: float = 10.0) -> None:
        def open_capture() -> cv2.VideoCapture:
            capture = cv2.VideoCapture(index, _BACKENDS.get(sys.platform, cv2.CAP_ANY))
            if not capture.isOpened():
                capture.release()
                raise InputError(_why_not(index))
            capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            capture.set(cv2.CAP_PROP_FRAME_WIDTH, width)
            capture.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
            capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
            return capture

        lost = f"camera {index} delivers no picture; check its cable and that no other program uses it, {_ELSEWHERE}"
        super().__init__(f"camera {index}", open_capture, lost=lost, patience_s=patience_s)


def list_cameras() -> tuple[CameraInfo, ...]:
    """Name the cameras of this machine, in order of their indexes; empty if there are none. Never raises.

    Names come from the system, without opening a device. If it has none, the first indexes are tried, all at once and
    for four seconds at most, and the cameras are named by number.
    """
    if sys.platform == "linux":
        return _linux_cameras(_SYSFS, _DEV)
    named = _named_cameras(sys.platform)
    return _probed_cameras(_answers) if named is None else named


def _named_cameras(platform: str) -> tuple[CameraInfo, ...] | None:
    """The cameras that Windows or macOS lists, by the indexes of the backend; None if it cannot be queried."""
    try:
        from cv2_enumerate_cameras import enumerate_cameras

        found = enumerate_cameras(_BACKENDS[platform])
    except Exception:  # a system library is missing or refuses: fall back to trying indexes
        logging.getLogger(__name__).debug("the system does not list its cameras", exc_info=True)
        return None
    return tuple(sorted((CameraInfo(one.index, one.name) for one in found), key=lambda camera: camera.index))


def _linux_cameras(sysfs: Path, dev: Path) -> tuple[CameraInfo, ...]:
    """List the nodes that capture; cameras have further ones for metadata, and so have codecs."""
    found = []
    for node in sysfs.glob("video*"):
        number = node.name.removeprefix("video")
        if number.isdigit() and _captures(node, dev / node.name):
            found.append(CameraInfo(int(number), _first_line(node / "name") or f"camera {number}"))
    return tuple(sorted(found, key=lambda camera: camera.index))


def _captures(node: Path, device: Path) -> bool:
    """Ask the driver whether a node captures; without permission, the first node of a device is assumed to."""
    import fcntl  # not on Windows

    answer = bytearray(104)
    try:
        descriptor = os.open(device, os.O_RDWR | os.O_NONBLOCK)
        try:
            fcntl.ioctl(descriptor, _QUERYCAP, answer)
        finally:
            os.close(descriptor)
    except OSError:
        return _first_line(node / "index") in ("", "0")
    capabilities = int.from_bytes(answer[88:92], sys.byteorder)
    return bool(capabilities & _CAPTURES) and not capabilities & _CONVERTS


def _first_line(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""


def _answers(index: int) -> bool:
    capture = cv2.VideoCapture(index, _BACKENDS.get(sys.platform, cv2.CAP_ANY))
    try:
        return capture.isOpened()
    finally:
        capture.release()


def _probed_cameras(answers: Callable[[int], bool]) -> tuple[CameraInfo, ...]:
    """Try the first indexes, each in its own thread, so that a hanging driver does not hide other cameras."""
    found: set[int] = set()

    def probe(index: int) -> None:
        try:
            if answers(index):
                found.add(index)
        except cv2.error:
            found.discard(index)

    threads = [threading.Thread(target=probe, args=(index,), daemon=True) for index in range(_PROBED)]
    for thread in threads:
        thread.start()
    deadline_s = time.monotonic() + _PROBE_S
    for thread in threads:
        thread.join(max(0.0, deadline_s - time.monotonic()))
    return tuple(CameraInfo(index, f"camera {index}") for index in sorted(found))


def _why_not(index: int) -> str:
    """Explain why a camera did not open, as far as the system reports it."""
    if sys.platform != "linux":
        return (
            f"camera {index} cannot be opened; connect it, close other programs that use it, allow this program to use "
            f"the camera in the system's privacy settings, {_ELSEWHERE}"
        )
    device = _DEV / f"video{index}"
    if not device.exists():
        others = ", ".join(f"{camera.index} ({camera.name})" for camera in list_cameras())
        there = f"there are: {others}" if others else "no camera is connected"
        return f"camera {index} does not exist, {there}; connect one {_ELSEWHERE}"
    if not os.access(device, os.R_OK | os.W_OK):
        return f"camera {index} may not be used by this user; add the user to the group `video`, {_ELSEWHERE}"
    return f"camera {index} cannot be opened, perhaps it is busy; close the program that uses it, {_ELSEWHERE}"
