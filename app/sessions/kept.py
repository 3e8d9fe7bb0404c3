"""Saves the readings of a film as a session, which refers to the film."""

import os
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime

from app.core.store import ReadingStore
from app.core.types import Image, SourceInfo
from app.locks import lock
from app.sessions.facts import FilmDigest, manifest_of
from app.sessions.files import make_private_file, replace_whole
from app.sessions.folder import Manifest, Session, write_manifest
from app.sessions.places import new_folder
from app.sessions.recorder import RecordingPlan
from app.sessions.table import ReadingsWriter
from app.sessions.thumbnails import jpeg_of, reduced
from app.sinks.output import writing

_ALL = 2**62
_AT_ONCE = 512


def keep_readings(plan: RecordingPlan, info: SourceInfo, store: ReadingStore, picture: Image | None) -> Session:
    """Make a session from readings; takes as long as reading the film's bytes once.

    Args:
        plan: The library and the film.
        info: Of the film.
        store: The readings so far.
        picture: For the thumbnail.

    Raises:
        InputError: If it cannot be written.
    """
    started_at = datetime.now(UTC)
    digest = FilmDigest(plan.film)
    digest.start()
    session = Session(new_folder(plan.library, started_at, plan.name))
    with ExitStack() as stack:
        with writing(session.readings):
            make_private_file(session.readings)
            mark = lock(session.readings)  # so that it is not taken for an interrupted one
        if mark is not None:
            stack.callback(os.close, mark)
        _fill(
            session, manifest_of(plan.facts, info, digest.reference(), started_at, plan.title), store, digest, picture
        )
    return session


def _fill(session: Session, manifest: Manifest, store: ReadingStore, digest: FilmDigest, picture: Image | None) -> None:
    """Write the session's files; the manifest says `complete` at the end."""
    write_manifest(session.manifest_path, manifest)
    with writing(session.readings):
        table = ReadingsWriter(session.readings, store.labels)
        readings = store.between(float("-inf"), float("inf"))
        for number, reading in enumerate(readings):
            table.add(reading.index, reading.time_s, reading.faces)
            if number % _AT_ONCE == 0:
                table.flush(_ALL, ended=True)
        table.flush(_ALL, ended=True)
        table.close()
        if picture is not None:
            replace_whole(session.thumbnail, jpeg_of(reduced(picture)))
    digest.wait(None)
    first = next(store.between(float("-inf"), float("inf")), None)
    manifest = replace(
        manifest,
        source=digest.reference() or manifest.source,
        state="complete",
        duration_s=0.0 if first is None else store.covered - first.time_s,
        frames=len(store),
        people=table.tally.people,
        strip=table.tally.strip(),
    )
    write_manifest(session.manifest_path, manifest)
