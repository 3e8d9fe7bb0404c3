"""Gets BlazeFace's model file once, into the user's cache folder."""

import contextlib
import hashlib
import tempfile
import threading
import time
import urllib.request
from http.client import HTTPException
from pathlib import Path

import platformdirs

from app.detectors.mediapipe import MediaPipeDetector
from models.errors import InputError

BLAZEFACE_URL = (
    "https://storage.googleapis.com/mediapipe-models/face_detector/blaze_face_short_range/float16/1/"
    "blaze_face_short_range.tflite"
)
BLAZEFACE_BYTES = (200_000, 300_000)
"""Smallest and largest believable size; the published file has about 230 kB."""

_NAME = "blaze_face_short_range.tflite"
_CHUNK = 1 << 14


def cache_folder() -> Path:
    """Return the folder of this user's cache, whether or not it exists."""
    return Path(platformdirs.user_cache_dir("mimik"))


def cached_model(folder: Path | None = None) -> Path | None:
    """Find the model fetched before, or None if there is none or it is no longer what was fetched.

    Args:
        folder: Where to look; the user's cache by default.
    """
    path = (folder or cache_folder()) / _NAME
    try:
        remembered = _sidecar(path).read_text("ascii").strip()
        return path if remembered == hashlib.sha256(path.read_bytes()).hexdigest() else None
    except (OSError, ValueError):  # missing, forbidden or garbled: all of them mean that it must be fetched again
        return None


def fetch_model(url: str = BLAZEFACE_URL, folder: Path | None = None, *, limit_s: float = 10.0) -> Path:
    """Download BlazeFace's model, check it, and only then put it into the cache.

    Args:
        url: Where it is published.
        folder: Where to put it; the user's cache by default.
        limit_s: After so many seconds in all it gives up, however slowly the server still delivers.

    Returns:
        The file, checked by size and by one trial detection, its digest remembered beside it.

    Raises:
        InputError: If it cannot be had in time, is not what it should be, or cannot be stored.
    """
    model = _download(url, limit_s)
    smallest, largest = BLAZEFACE_BYTES
    if not smallest <= len(model) <= largest:
        raise InputError(f"what {url} delivers has {len(model)} bytes and is not BlazeFace's model; try again later")
    path = (folder or cache_folder()) / _NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="fetch-", dir=path.parent) as scratch:
            candidate = Path(scratch) / _NAME
            candidate.write_bytes(model)
            MediaPipeDetector(candidate).close()  # runs one trial detection
            digest = Path(scratch) / _sidecar(path).name
            digest.write_text(hashlib.sha256(model).hexdigest() + "\n", "ascii")
            candidate.replace(path)
            digest.replace(_sidecar(path))  # last: without its digest a model is not believed
    except OSError as error:
        raise InputError(f"BlazeFace's model cannot be stored as {path}: {error.strerror}") from error
    return path


def _sidecar(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")


def _download(url: str, limit_s: float) -> bytes:
    """Read an address within a time that holds for everything together, name look-up included.

    The reading runs in a daemon thread, because neither a name look-up nor a server that trickles obeys one time-out.
    """
    deadline_s = time.monotonic() + limit_s
    chunks: list[bytes] = []
    failures: list[Exception] = []
    done = threading.Event()

    def read() -> None:
        try:
            with contextlib.closing(urllib.request.urlopen(url, timeout=limit_s)) as answer:
                while (left_s := deadline_s - time.monotonic()) > 0 and sum(map(len, chunks)) <= BLAZEFACE_BYTES[1]:
                    chunk = answer.read1(_CHUNK)
                    if not chunk:
                        break
                    chunks.append(chunk)
                if left_s > 0:
                    done.set()
        except (OSError, ValueError, HTTPException) as error:
            failures.append(error)

    thread = threading.Thread(target=read, name="fetch", daemon=True)
    thread.start()
    thread.join(limit_s)
    if failures:
        raise InputError(f"{url} cannot be read: {failures[0]}; check the network") from failures[0]
    if not done.is_set():
        raise InputError(f"{url} was not delivered within {limit_s:g} s; check the network")
    return b"".join(chunks)
