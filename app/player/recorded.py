"""The readings of a recorded session, for the film player."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

import av
import av.error

from app.core.reading import Reading
from app.core.store import ReadingStore
from app.core.types import FaceResult
from app.export.content import stored, timed
from app.export.table import TableReader
from app.sessions.films import found_again
from app.sessions.folder import VIDEO, Session, is_session
from app.spec import camera_index, is_address, path_of
from models.errors import InputError

_CARRIED_S = 0.5
_SAME_S = 4e-4


def session_of(spec: str) -> Session | None:
    """The session that a source names by its folder or its video; None if it names something else."""
    if camera_index(spec) is not None or is_address(spec) or not spec.strip():
        return None
    with suppress(InputError, OSError, ValueError):
        path = path_of(spec)
        folder = path.parent if path.name == VIDEO and path.is_file() else path
        if is_session(folder):
            return Session(folder)
    return None


def pictures_of(session: Session) -> Path:
    """The file with a session's pictures; a film that has moved is searched for.

    Raises:
        InputError: If there are none.
    """
    if not session.video.is_file():
        manifest = session.manifest()
        found = found_again(session, manifest)
        if found != manifest and not isinstance(found.source, str):
            return Path(found.source.path)
    return session.pictures()


def recorded_readings(spec: str, notify: Callable[[str], None]) -> ReadingStore | None:
    """The readings of a session; None if the source is not one, or if its table is unusable, which is reported.

    Args:
        spec: The source.
        notify: Takes a sentence.
    """
    session = session_of(spec)
    if session is None:
        return None
    try:
        table = TableReader.open(session.readings)
        if not session.video.is_file():
            return stored(table.labels, timed(table.moments()))
        return _stored(table, _picture_times(session.video))
    except InputError as error:
        notify(f"{str(error).removesuffix('.')}; the pictures are read again.")
        return None


def _stored(table: TableReader, times_s: Sequence[float]) -> ReadingStore:
    """The readings at the times of the video's pictures. A picture without a reading has the faces of the previous
    one."""
    store = ReadingStore(table.labels)
    readings = (moment.reading for moment in table.moments())
    reading = next(readings, None)
    faces: tuple[FaceResult, ...] = ()
    faces_s = float("-inf")
    for index, time_s in enumerate(times_s):
        while reading is not None and reading.time_s <= time_s + _SAME_S:
            faces, faces_s = reading.faces, reading.time_s
            reading = next(readings, None)
        shown = faces if time_s - faces_s <= _CARRIED_S else ()
        length_s = times_s[index + 1] - time_s if index + 1 < len(times_s) else None
        store.append(Reading(index, time_s, length_s, shown, table.labels, MappingProxyType({})))
    store.finish()
    return store


def _picture_times(video: Path) -> list[float]:
    try:
        with av.open(str(video)) as container:
            return sorted(_times(container))
    except (av.error.FFmpegError, OSError) as error:
        raise InputError(f"{video} cannot be read: {error.strerror}.") from error


def _times(container: av.container.InputContainer) -> Iterator[float]:
    stream = container.streams.video[0]
    for packet in container.demux(stream):
        if packet.pts is not None and packet.time_base is not None:
            yield float(packet.pts * packet.time_base)
