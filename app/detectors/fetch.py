"""Downloads a detector's model file once, into the user's cache folder. Nothing else in this program downloads
anything."""

import contextlib
import hashlib
import tempfile
import threading
import time
import urllib.request
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError

import platformdirs

from models.detectors import ModelFile
from models.errors import InputError

_CHUNK = 1 << 14


def cache_folder() -> Path:
    """Return the folder of this user's cache, whether or not it exists."""
    return Path(platformdirs.user_cache_dir("mimik"))


def cached_model(file: ModelFile, folder: Path | None = None) -> Path | None:
    """Find a file that was downloaded earlier; None if there is none or it is not the published one.

    Args:
        file: The file to find.
        folder: Where to look; the user's cache by default.
    """
    path = (folder or cache_folder()) / file.name
    try:
        return path if _is_published(file, path.read_bytes()) else None
    except OSError:  # missing or forbidden: it must be downloaded either way
        return None


def fetch_model(file: ModelFile, folder: Path | None = None, *, limit_s: float = 10.0) -> Path:
    """Download a file, verify its digest, and only then put it into the cache.

    Args:
        file: The file, with its address.
        folder: Where to put it; the user's cache by default.
        limit_s: Give up after this many seconds in total, even if the server is still sending.

    Returns:
        The path of the file.

    Raises:
        InputError: If it cannot be downloaded in time, is not what was published, or cannot be stored.
    """
    content = _download(file.url, file.size, limit_s)
    if not _is_published(file, content):
        raise InputError(f"what {file.url} delivers is not {file.title} (its SHA-256 differs); try another network")
    path = (folder or cache_folder()) / file.name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="fetch-", dir=path.parent) as scratch:  # two programs may fetch at once
            part = Path(scratch) / file.name
            part.write_bytes(content)
            part.replace(path)
    except OSError as error:
        raise InputError(f"{file.title} cannot be stored as {path}: {error.strerror}") from error
    return path


def _is_published(file: ModelFile, content: bytes) -> bool:
    return hashlib.sha256(content).hexdigest() == file.sha256


def _download(url: str, size: int, limit_s: float) -> bytes:
    """Read an address within a total time, name look-up included.

    The reading runs in a daemon thread, because neither a name look-up nor a slow server obeys a single time-out. It
    stops at the first byte beyond the expected size.
    """
    deadline_s = time.monotonic() + limit_s
    content = bytearray()
    failures: list[Exception] = []
    done = threading.Event()

    def read() -> None:
        try:
            with contextlib.closing(urllib.request.urlopen(url, timeout=limit_s)) as answer:
                while (left_s := deadline_s - time.monotonic()) > 0 and len(content) <= size:
                    chunk = answer.read1(_CHUNK)
                    if not chunk:
                        break
                    content.extend(chunk)
                if left_s > 0:
                    done.set()
        except (OSError, ValueError, HTTPException) as error:
            failures.append(error)

    thread = threading.Thread(target=read, name="fetch", daemon=True)
    thread.start()
    thread.join(limit_s)
    if failures:
        raise InputError(f"{url} cannot be read: {_why(failures[0])}; check the network") from failures[0]
    if not done.is_set():
        raise InputError(f"{url} was not delivered within {limit_s:g} s; check the network")
    return bytes(content)


def _why(error: Exception) -> str:
    """The system's or the server's message, without the library's words around it."""
    reason = error.reason if isinstance(error, URLError) and not isinstance(error, HTTPError) else error
    return (reason.strerror if isinstance(reason, OSError) else None) or str(reason)
