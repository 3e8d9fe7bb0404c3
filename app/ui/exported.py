"""The content of the window, for an export."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from app.commands.contents import session_content
from app.core.stages import FrameSource
from app.core.store import ReadingStore
from app.export.content import Content, Footage, Moment
from app.player.parts import DEMO, Openers
from app.player.player import Player
from app.sessions.folder import VIDEO, is_session
from app.sources.demo import demo_path
from app.sources.open import open_source
from app.spec import is_address, path_of


def film_content(spec: str, title: str, player: Player, openers: Openers, *, stills: bool) -> Content | None:
    """The film or session that a player shows, as far as it has been read; None for a live source.

    Args:
        spec: The specification of the source.
        title: Its title for people.
        player: Shows it.
        openers: Open it again.
        stills: Whether its pictures are single ones.

    Raises:
        InputError: If it is a session that cannot be read.
    """
    store = player.readings
    if player.info.live or not isinstance(store, ReadingStore):
        return None
    path = _file(spec)
    folder = _session(spec)
    if folder is not None:
        return session_content(folder)
    place = path.stem if path is not None else title
    return Content(
        title=title,
        stem=place or "mimik",
        labels=store.labels,
        read=partial(_moments, store),
        facts={"source": title, "duration_s": store.covered, "complete": store.complete},
        footage=partial(_footage, spec, path, openers),
        files=() if path is None else (path,),
        stills=stills,
    )


def _moments(store: ReadingStore) -> Iterator[Moment]:
    readings = store.between(float("-inf"), float("inf"))
    return (Moment(replace(reading, index=n), reading.index) for n, reading in enumerate(readings))


def _footage(spec: str, path: Path | None, openers: Openers) -> Footage:
    return Footage(partial(_open, spec, path, openers), path)


def _open(spec: str, path: Path | None, openers: Openers, start_s: float | None, end_s: float | None) -> FrameSource:
    if path is None or (start_s is None and end_s is None):
        return openers.source(spec)  # everything; the reader skips what is not requested
    return open_source(spec, start_s=start_s, end_s=end_s)


def _session(spec: str) -> Path | None:
    """The folder of the session that a source names by it or by its video."""
    if is_address(spec) or spec == DEMO:
        return None
    path = path_of(spec)
    folder = path.parent if path.name == VIDEO else path
    return folder if is_session(folder) else None


def _file(spec: str) -> Path | None:
    path = demo_path() if spec == DEMO else path_of(spec)
    return path if not is_address(spec) and path.is_file() else None
