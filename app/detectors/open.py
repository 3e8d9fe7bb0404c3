"""Opens a detector by name."""

import importlib
import logging
import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from app.core.stages import Detector
from app.detectors.fetch import cached_model, fetch_model
from models.detectors import AUTO, DetectorKind, ModelFile, detector_choices, detector_kind, unasked_detectors
from models.errors import InputError

_NO_FETCH = "MIMIK_NO_FETCH"

_log = logging.getLogger(__name__)


def open_detector(
    name: str | None = None,
    *,
    model_file: str | Path | None = None,
    fetch: bool = True,
    notify: Callable[[str], None] = _log.warning,
) -> Detector:
    """Open a face detector of the table in `models.detectors`.

    The file that a detector needs is looked for in `model_file`, then where its variable (`MIMIK_BLAZEFACE`) says, then
    in the user's cache, then it is fetched once. May take seconds; call it away from a window's thread.

    Args:
        name: One of the table, or `auto` (as None): the first that can be opened, of those that send nothing.
        model_file: The file that the detector needs; if given, it must be usable. Detectors without one ignore it.
        fetch: False never asks the network, as does the variable `MIMIK_NO_FETCH`.
        notify: Takes a sentence if `auto` falls back to a weaker detector, and why; or about what the chosen one sends.

    Returns:
        The open detector; the caller closes it.

    Raises:
        InputError: If the name is unknown, a named file is missing or not the right model, or the requested detector's
            file or library is unavailable.
    """
    if name not in (None, *detector_choices()):
        raise InputError(f"there is no detector {name!r}; choose one of {', '.join(detector_choices())}")
    may_fetch = fetch and not os.environ.get(_NO_FETCH)
    kind = None if name in (None, AUTO) else detector_kind(str(name))
    if kind is None:
        return _open_first(model_file, may_fetch, notify)
    require_library(kind)
    if kind.sends:
        notify(kind.sends)
    return _open(kind, named_file(kind, model_file), may_fetch)


def require_library(kind: DetectorKind) -> None:
    """Check that the library that a detector needs is installed, without loading it.

    Raises:
        InputError: If it is not installed; says how to install it.
    """
    if kind.extra is not None and find_spec(kind.extra) is None:
        raise InputError(
            f"{kind.title} is not installed; type `pip install -e '.[{kind.extra}]'` in Mimik's folder, or use "
            f"`--detector {kind.boxes_of or AUTO}`"
        )


def named_file(kind: DetectorKind, model_file: str | Path | None = None) -> str | Path | None:
    """The file that the user named for a detector, by an option or its variable; None if none was named."""
    return None if kind.needs is None else model_file or os.environ.get(kind.needs.variable) or None


def _open_first(model_file: str | Path | None, fetch: bool, notify: Callable[[str], None]) -> Detector:
    *better, last = unasked_detectors()
    for kind, following in zip(better, [*better[1:], last], strict=True):
        named = named_file(kind, model_file)
        try:
            return _open(kind, named, fetch)
        except InputError as error:
            if named is not None:
                raise
            notify(f"Faces are found with {following.title}, which misses more of them than {kind.title}: {error}")
    return _open(last, named_file(last, model_file), fetch)


def _open(kind: DetectorKind, named: str | Path | None, fetch: bool) -> Detector:
    """Raises: InputError: If its file is unavailable, or it does not open."""
    module, _, attribute = kind.opener.partition(":")
    opener: Callable[..., Detector] = getattr(importlib.import_module(module), attribute)
    return opener() if kind.needs is None else opener(named or _found_model(kind.needs, fetch))


def _found_model(file: ModelFile, fetch: bool) -> Path:
    """Find a model in the cache or download it.

    Raises:
        InputError: If there is none and it may not or cannot be downloaded; says what to do.
    """
    path = cached_model(file)
    if path is not None:
        return path
    advice = f"name its file with --detector-model or {file.variable}"
    if not fetch:
        raise InputError(f"{file.title} is not on this machine and fetching it is switched off; {advice}")
    try:
        return fetch_model(file)
    except InputError as error:
        raise InputError(f"{file.title} could not be fetched: {error}, or {advice}") from error
