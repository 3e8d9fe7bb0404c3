"""Completes sessions that were interrupted by a kill, a crash or a power cut."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import av
import av.error
import numpy as np

from app.locks import held, is_locked
from app.sessions.files import replace_whole
from app.sessions.folder import FilmRef, Manifest, Session, write_manifest
from app.sessions.keeper import RESERVE
from app.sessions.names import named
from app.sessions.notes import tidy_notes
from app.sessions.readings import look_through, mend
from app.sessions.remux import VideoContent, put_aside, remuxed
from app.sessions.thumbnails import jpeg_of, reduced
from app.sinks.output import PART, writing
from models.errors import InputError


def is_being_recorded(session: Session) -> bool:
    """Whether a running program is recording it."""
    return is_locked(session.readings)


def was_cut_off(session: Session) -> bool:
    """Whether it was not closed properly and is not being recorded."""
    try:
        state = session.manifest().state
    except InputError:
        return _lost_its_manifest(session)
    return state == "recording" and not is_being_recorded(session)


def recover(session: Session) -> Manifest:
    """Complete an interrupted session: an ordinary mp4, whole rows, a manifest that says `recovered`.

    Only a partial row at a file's end and a partial fragment of video are discarded. A complete session is not changed.

    Raises:
        InputError: If it is being recorded, or its files cannot be read or written.
    """
    if not session.path.is_dir():
        raise InputError(f"{session.path} is not a folder; name a session.")
    with writing(session.manifest_path), held(session.path):
        if is_being_recorded(session):
            raise InputError(f"{session.name} is being recorded; end the recording first.")
        manifest = _manifest_of(session)
        if manifest.state != "recording":
            return manifest
        # frame numbers of a film are kept, even if the film is no longer known
        is_film = isinstance(manifest.source, FilmRef) or (not session.video.is_file() and _lost_its_manifest(session))
        try:
            pictures = remuxed(session.video)
        except av.error.FFmpegError as error:
            raise InputError(f"{session.video} cannot be recovered: {error.strerror}; its readings can be.") from error
        if not is_film:
            mend(session.readings, 0 if pictures is None else pictures.count)
        tidy_notes(session.notes_path)
        manifest = _recovered(session, manifest, pictures, is_film=is_film)
        if pictures is None and not is_film:
            put_aside(session.video)
        if pictures is not None and not session.thumbnail.is_file():
            _make_thumbnail(session)
        (session.path / RESERVE).unlink(missing_ok=True)
        for left in session.path.glob(f".*{PART}"):
            left.unlink(missing_ok=True)
        write_manifest(session.manifest_path, manifest)
    return manifest


def _recovered(session: Session, manifest: Manifest, pictures: VideoContent | None, *, is_film: bool) -> Manifest:
    found = look_through(session.readings)
    frames = found.readings if pictures is None else pictures.count
    came = max(frames, found.readings, manifest.frames + manifest.dropped_video)
    return replace(
        manifest,
        state="recovered",
        frames=frames if is_film or pictures is not None else 0,
        duration_s=round(max(found.end_s, 0.0 if pictures is None else pictures.duration_s), 6),
        dropped_video=0 if is_film else max(came - frames, 0) if pictures is not None else came,
        dropped_analysis=max(came - found.readings, 0),
        people=found.tally.people,
        strip=found.tally.strip(),
    )


def _manifest_of(session: Session) -> Manifest:
    """The manifest, or one made from the content of the folder."""
    try:
        return session.manifest()
    except InputError:
        if not _lost_its_manifest(session):
            raise
    from_name = named(session.path)
    if from_name is None:
        left = session.readings if session.readings.is_file() else session.video
        changed_s = left.stat().st_mtime
        return Manifest(session.name, datetime.fromtimestamp(changed_s, UTC), state="recording")
    return Manifest(from_name[1], from_name[0], state="recording")


def _lost_its_manifest(session: Session) -> bool:
    """Whether there are readings or a video but no readable manifest."""
    if not (session.readings.is_file() or session.video.is_file()) or is_being_recorded(session):
        return False
    try:
        content = session.manifest_path.read_bytes()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return not content.strip(b"\0 \n") or not content.rstrip(b"\0 \n").endswith(b"}")


def _make_thumbnail(session: Session) -> None:
    with suppress(av.error.FFmpegError, OSError), av.open(str(session.video)) as container:
        for frame in container.decode(video=0):
            replace_whole(session.thumbnail, jpeg_of(reduced(np.asarray(frame.to_ndarray(format="bgr24"), np.uint8))))
            return
