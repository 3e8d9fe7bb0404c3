"""The thread that writes all of a recording except the pictures, and monitors the disk."""

import errno
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from app.faults import fault_sentence
from app.sessions.facts import FilmDigest
from app.sessions.files import replace_whole
from app.sessions.folder import Manifest, Session, State, write_manifest
from app.sessions.notes import Kind, add_note
from app.sessions.room import FreeSpace
from app.sessions.table import ReadingsWriter
from app.sessions.thumbnails import Thumbnail
from app.sessions.writer import VideoWriter
from models.errors import InputError

_LOOK_S, _SECOND_S, _RENEW_S = 0.2, 1.0, 5.0
_DIGEST_S = 120.0
_ALL = 2**62
RESERVE = ".reserve"
"""A file that reserves space for the manifest during a recording."""

_RESERVE_BYTES = 64 * 2**10
_DISK = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.ENODEV))


@dataclass(frozen=True, slots=True)
class Counts:
    """The number of pictures, how many of them the video lacks, and the seconds that they span."""

    frames: int
    left_out: int
    duration_s: float


class FullError(InputError):
    """The disk has no room for the recording."""


class Autosave:
    """Writes readings, notes and manifest until it is asked to end, then finishes the session.

    Args:
        session: Its folder.
        manifest: The initial manifest.
        table: The readings.
        video: The pictures, or None for a film's session.
        digest: The digest of the film.
        counts: Returns the present counts.
        notify: Takes a sentence.
        ended: Called after the session was finished because of a failure.

    Attributes:
        room: The state of the disk.
        thumbnail: Receives candidates for the thumbnail.
        done: Set once everything is finished.

    Raises:
        OSError: If the disk is full at the start.
    """

    def __init__(
        self,
        session: Session,
        manifest: Manifest,
        table: ReadingsWriter,
        video: VideoWriter | None,
        digest: FilmDigest,
        counts: Callable[[], Counts],
        notify: Callable[[str], None],
        ended: Callable[[], None],
    ) -> None:
        self.room = FreeSpace(session.path)
        self.thumbnail = Thumbnail()
        self.done = threading.Event()
        self._session, self._manifest, self._table, self._video = session, manifest, table, video
        self._digest, self._counts, self._notify, self._ended = digest, counts, notify, ended
        self._notes: list[tuple[float, Kind, str]] = []
        self._emptied = False
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._failure: Exception | None = None
        self._was_reported = self._forbidden = False
        replace_whole(session.path / RESERVE, bytes(_RESERVE_BYTES))  # for the manifest if the disk is full
        self._thread = threading.Thread(target=self._work, name="recording", daemon=True)

    @property
    def closing(self) -> bool:
        """Whether it accepts no more data."""
        return self._closing.is_set()

    @property
    def size(self) -> int:
        """Size of the session so far in bytes."""
        try:
            pictures = self._session.video.stat().st_size if self._video is not None else 0
        except OSError:
            pictures = 0
        return pictures + self._table.size

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def note(self, time_s: float, kind: Kind, text: str) -> None:
        """Queue a note, or add it to the finished session if the recording ended while it was written.

        Raises:
            InputError: If the session is finished and its notes cannot be written.
        """
        with self._lock:
            if not self._emptied:
                self._notes.append((time_s, kind, text))
                return
        add_note(self._session.notes_path, time_s, kind, text)

    def video_failed(self, error: Exception) -> None:
        """Receive the error that ended the video. A full disk ends the recording, an encoder only the video."""
        if isinstance(error, OSError) and error.errno in _DISK:
            reason = error.strerror or error
            self._failure = InputError(f"{self._session.video} cannot be written: {reason}")
        else:
            self._notify(
                f"The video of {self._session.name} ends here, because its encoder failed ({error}); the readings "
                "continue."
            )

    def finish(self, timeout_s: float) -> bool:
        """End properly; False if that takes longer."""
        self._closing.set()
        if self._thread is not threading.current_thread():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        second_s = renewed_s = time.monotonic()
        try:
            while not self._closing.wait(_LOOK_S):
                self._flush()
                now_s = time.monotonic()
                if now_s - second_s >= _SECOND_S:
                    second_s = now_s
                    self._look(now_s)
                if now_s - renewed_s >= _RENEW_S:
                    renewed_s = now_s
                    with suppress(InputError):  # the older one stays; the next writer that needs space will report it
                        self._renew("recording")
                if self._failure is not None:
                    raise self._failure
        except Exception as error:
            self._fail(error)
        finally:
            self._end()

    def _flush(self) -> None:
        video = self._video
        self._table.flush(_ALL if video is None else video.on_disk, ended=video is None or video.ended)
        with self._lock:
            notes, self._notes = self._notes, []
            self._emptied = self._closing.is_set()  # nobody may come to look again
        try:
            for time_s, kind, text in notes:
                add_note(self._session.notes_path, time_s, kind, text)
        except InputError as error:  # not a reason to end the recording
            self._notify(str(error))

    def _look(self, now_s: float) -> None:
        """Sync everything to disk, and check the free space."""
        self._table.sync()
        if self._video is not None:
            self._video.sync()
        if not self._forbidden and not os.access(self._session.path, os.W_OK):
            self._forbidden = True
            self._notify(
                f"{self._session.path} does not allow new files any more; the recording continues in those that are "
                f"open. Check its permissions."
            )
        counts = self._counts()
        state = self.room.look(self.size, counts.frames, counts.duration_s)
        if state == "full":
            raise FullError(
                f"The disk of {self._session.path.parent} is full; the recording has ended, and everything before is "
                "kept."
            )
        if state == "low":
            self._notify(
                f"The disk of {self._session.path.parent} has room for less than three minutes of recording; free some "
                "or end it."
            )

    def _renew(self, state: State) -> None:
        counts, video, table = self._counts(), self._video, self._table
        frames = counts.frames if video is None else video.on_disk
        film = self._digest.reference()
        write_manifest(
            self._session.manifest_path,
            replace(
                self._manifest,
                source=film or self._manifest.source,
                state=state,
                duration_s=counts.duration_s,
                frames=frames,
                dropped_video=0 if video is None else counts.frames - frames,
                dropped_analysis=max(counts.frames - table.written, 0),
                people=table.tally.people,
                strip=table.tally.strip(),
            ),
        )

    def _fail(self, error: Exception) -> None:
        """Report the error that ended the recording, once."""
        self._closing.set()
        self._failure, self._was_reported = error, True
        if isinstance(error, FullError):
            self._notify(str(error))
        elif isinstance(error, InputError):
            self._notify(f"{str(error).removesuffix('.')}; the recording has ended, and everything before is kept.")
        else:
            self._notify(fault_sentence(error))

    def _end(self) -> None:
        """Finish every file, even if others fail."""
        in_time = self._video is None or self._video.close()
        if self._failure is not None and not self._was_reported:  # the end of the video did not fit
            self._fail(self._failure)
        for step in (self._flush, self._table.close, self._keep_thumbnail, self._say_complete):
            try:
                step()
            except Exception as error:
                if self._failure is None:
                    self._fail(error)
        if not in_time:
            self._notify(f"The video of {self._session.name} is still being written; the disk does not answer.")
        self.done.set()
        if self._failure is not None:
            self._ended()

    def _keep_thumbnail(self) -> None:
        data = self.thumbnail.jpeg()
        if data is not None:
            with suppress(OSError):
                replace_whole(self._session.thumbnail, data)

    def _say_complete(self) -> None:
        with suppress(OSError):
            (self._session.path / RESERVE).unlink(missing_ok=True)
        if self._video is None:
            self._digest.wait(_DIGEST_S)
        self._renew("complete")
