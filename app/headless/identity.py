"""Identifies the source that a summary is about."""

import hashlib
import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.sources.demo import demo_path
from app.sources.folder import pictures_in
from app.spec import camera_index, is_address, path_of
from models.bundle import sha256_of
from models.errors import InputError

_OURS = frozenset(("source", "source_sha256", "frames", "faces", "model", "detector", "emotions", "version"))
"""Keys by which a summary of Mimik is recognised."""


class Identity:
    """A source's path and the SHA-256 of its content.

    The digest of a folder is over the names and contents of its pictures. Cameras and addresses have neither, because
    they never deliver the same content twice.

    Args:
        spec: The source as the user typed it.
        recursive: Whether the pictures of a folder are searched for in its subfolders too.
    """

    def __init__(self, spec: str, *, recursive: bool = False) -> None:
        self.spec = spec
        self.path = place_of(spec)
        self._recursive = recursive
        self._lock = threading.Lock()
        self._digest: str | None = None
        self._thread: threading.Thread | None = None

    def __getstate__(self) -> dict[str, Any]:
        """The state that another process needs, without the thread that may be computing."""
        return {"spec": self.spec, "path": self.path, "_recursive": self._recursive, "_digest": self._digest}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _lock=threading.Lock(), _thread=None)

    def everywhere(self) -> "Identity":
        """The same source by a name that does not depend on the current folder."""
        return self if self.path is None or self.spec == "demo" else Identity(str(self.path), recursive=self._recursive)

    @property
    def digest(self) -> str | None:
        """The digest if it has been computed."""
        return self._digest

    def compute(self) -> str | None:
        """Read the source and return its digest; None if there is none. Takes as long as reading all of it."""
        with self._lock:
            if self._digest is None and self.path is not None:
                try:
                    self._digest = self._read(self.path)
                except (OSError, InputError):  # the analysis will report it
                    return None
            return self._digest

    def compute_in_background(self) -> None:
        """Compute the digest in a daemon thread."""
        if self.path is not None and self._digest is None:
            self._thread = threading.Thread(target=self.compute, name="digest", daemon=True)
            self._thread.start()

    def wait(self, timeout_s: float | None) -> None:
        """Wait for the digest that is being computed, for this many seconds at most."""
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _read(self, path: Path) -> str:
        if path.is_file():
            return sha256_of(path)
        digest = hashlib.sha256()
        for picture in pictures_in(path, recursive=self._recursive):
            name = picture.relative_to(path).as_posix().encode(errors="surrogateescape")
            digest.update(name + b"\0" + bytes.fromhex(sha256_of(picture)))
        return digest.hexdigest()

    def is_of(self, summary: Mapping[str, Any] | None) -> bool:
        """Whether a summary is Mimik's and describes this source: the same path with the same content."""
        if summary is None or not self.is_named_in(summary):
            return False
        digest = summary["source_sha256"]
        return isinstance(digest, str) and digest == self.compute()

    def is_named_in(self, summary: Mapping[str, Any] | None) -> bool:
        """Whether a summary is Mimik's and describes a source at the same path, regardless of its content."""
        if summary is None or not summary.keys() >= _OURS or self.path is None:
            return False
        name = summary["source"]
        return isinstance(name, str) and (name == self.spec or place_of(name) == self.path)

    def initial_entries(self) -> Mapping[str, Any]:
        """The entries of a summary before anything was read, by which it is recognised as ours."""
        return {**dict.fromkeys(_OURS), "source": self.spec, "source_sha256": self._digest, "complete": False}


def place_of(spec: str) -> Path | None:
    """The file or folder of a source, symbolic links resolved; None for other sources."""
    if camera_index(spec) is not None or is_address(spec):
        return None
    try:
        path = demo_path() if spec == "demo" else path_of(spec)
        return path.resolve() if path.is_file() or path.is_dir() else None
    except (InputError, OSError, ValueError):  # a name that the system refuses; opening it will report that
        return None


def read_summary(path: Path) -> Mapping[str, Any] | None:
    """The content of a JSON file that holds an object, no matter who wrote it; None for every other file."""
    try:
        with path.open("rb") as file:
            content = json.load(file)
    except (OSError, ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None
