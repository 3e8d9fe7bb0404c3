"""Records a source into a session's folder: every picture, the readings of those that were analysed, a manifest.

    capture's thread   take(frame)   -> VideoWriter    -> video.mp4
    analysis           write(result) -> ReadingsWriter -> readings.csv
    keeper's thread    flushes, watches the disk, writes notes and manifest

Neither of the first two ever waits for the disk. A reading is written to disk after its picture, so that the files of a
killed program are consistent.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.core.types import Frame, FrameResult, SourceInfo
from app.locks import lock
from app.sessions.blur import Faces, blurred
from app.sessions.encoders import pick_encoder
from app.sessions.facts import FilmDigest, manifest_of
from app.sessions.files import make_private_file
from app.sessions.folder import Session, write_manifest
from app.sessions.keeper import Autosave, Counts
from app.sessions.notes import Kind
from app.sessions.places import new_folder
from app.sessions.table import ReadingsWriter
from app.sessions.writer import VideoWriter
from app.sinks.json_file import RunFacts
from app.sinks.output import writing

_FIRST_S = 1.0
_PATIENCE_S = 180.0
_MOST_NUMBERS = 4096

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RecordingPlan:
    """The description of a recording.

    Attributes:
        library: The folder for sessions.
        name: What files of the source are called, such as `camera-0`.
        facts: What reads the pictures.
        film: The film that is the source, whose pictures are not recorded again; None for other sources.
        faces: The faces to blur in the video; None for none.
        title: As of the manifest.
    """

    library: Path
    name: str
    facts: RunFacts
    film: Path | None = None
    faces: Faces | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """The state of a recording.

    Attributes:
        seconds: Since its first picture.
        size: Bytes on the disk.
        free: Free bytes on the disk; None before the start.
        frames: Number of delivered pictures.
        dropped: Number of pictures that the video lacks.
        has_video: Whether pictures are recorded.
        ended: Whether the recording has ended.
    """

    seconds: float
    size: int
    free: int | None
    frames: int
    dropped: int
    has_video: bool
    ended: bool


class Recorder:
    """Records one source. It is a sink of the run, and `take` gets every picture.

    A failure never reaches the run: it is reported through `notify`, and everything written before is kept.

    Args:
        plan: What and where.
        info: Of the open source.
        notify: Takes a sentence; called in any thread.
        ended: Called if the recording ends by itself, because the disk is full or cannot be written.

    Attributes:
        session: The folder, from `open` on.

    Raises:
        InputError: If this machine has no encoder. From `open`: if the folder cannot be made.
    """

    def __init__(
        self,
        plan: RecordingPlan,
        info: SourceInfo,
        notify: Callable[[str], None],
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        self.session: Session | None = None
        self._plan, self._info, self._notify, self._ended = plan, info, notify, ended
        self._video: VideoWriter | None = None
        if plan.film is None:
            fps = info.fps or 30.0
            self._video = VideoWriter(pick_encoder(info.width, info.height, fps), fps, plan.faces, self._video_failed)
        self._table: ReadingsWriter | None = None
        self._keeper: Autosave | None = None
        self._mark: int | None = None
        self._numbers: dict[int, int | None] = {}
        self._lock = threading.Lock()
        self._first = threading.Event()
        self._zero_s = self._start_s = self._end_s = 0.0
        self._length_s: float | None = None
        self._started_s = time.monotonic()
        self._frames = self._left_out = 0
        self._closed = False

    def take(self, frame: Frame) -> None:
        """Record the next picture of the source. Waits for the encoder only if the source can wait."""
        if self._closed or (self._keeper is not None and self._keeper.closing):
            return
        if not self._first.is_set():
            # a film keeps its own time; everything else starts at the first picture
            self._zero_s = frame.time_s if self._plan.film is None else 0.0
            self._started_s = time.monotonic()
        number: int | None = frame.index
        video = self._video
        if video is not None:
            number = video.put(frame.image, frame.time_s - self._zero_s, wait=not self._info.live)
        with self._lock:
            if not self._first.is_set():
                self._start_s = frame.time_s
            self._frames += 1
            self._end_s = frame.time_s
            self._length_s = frame.duration_s
            self._left_out += number is None
            self._numbers[frame.index] = number
            if len(self._numbers) > _MOST_NUMBERS:
                del self._numbers[next(iter(self._numbers))]
            self._first.set()
        if number is None and self._left_out == 1 and video is not None and not video.ended:
            self._notify(
                f"The video of {self._info.name} leaves out pictures, because the encoder or the disk does not keep "
                "up; the readings are complete. Closing other programs helps."
            )

    def open(self, info: SourceInfo, labels: tuple[str, ...]) -> None:
        """Create the session's folder and start. Earlier pictures are included."""
        plan, started_at = self._plan, datetime.now(UTC)
        if info.live and self._first.wait(_FIRST_S) and info.started_at is not None:
            started_at = info.started_at + timedelta(seconds=self._zero_s)
        session = Session(new_folder(plan.library, started_at, plan.name))
        digest = FilmDigest(plan.film)
        manifest = manifest_of(plan.facts, info, digest.reference(), started_at, plan.title)
        with writing(session.readings):
            make_private_file(session.readings)
            self._mark = lock(session.readings)
            if self._video is not None:
                make_private_file(session.video)
            write_manifest(session.manifest_path, manifest)
            table = ReadingsWriter(session.readings, labels)
            keeper = Autosave(
                session, manifest, table, self._video, digest, self._counts, self._notify, self._ended_by_itself
            )
        digest.start()
        self._table, self._keeper, self.session = table, keeper, session
        if self._video is not None:
            self._video.start(session.video)
        keeper.start()

    def write(self, result: FrameResult) -> None:
        """Record the reading of a picture. Never waits."""
        frame, table, keeper = result.frame, self._table, self._keeper
        with self._lock:
            if table is None or keeper is None or keeper.closing or frame.index not in self._numbers:
                return  # of a picture before the recording
            number = self._numbers[frame.index]
            for index in [index for index in self._numbers if index <= frame.index]:
                del self._numbers[index]
        time_s = frame.time_s - self._zero_s
        table.add(number, time_s, result.faces, frame.name or "")
        if self._video is not None:
            self._video.see(time_s, result.faces)
        faces = self._plan.faces
        if faces is None:
            keeper.thumbnail.offer(frame.image, has_face=bool(result.faces))
        elif result.faces:
            keeper.thumbnail.offer(blurred(frame.image, faces.hidden(result.faces)), has_face=True)

    def close(self) -> None:
        """End properly: an ordinary mp4, all readings, a manifest that says `complete`. May be called twice."""
        self._closed = True
        if self._keeper is not None and not self._keeper.finish(_PATIENCE_S):
            _log.warning("the recording of %s is still being written", self._info.name)
            return  # keep it marked as being recorded, so that no other program recovers or deletes it
        self._let_go()

    def note(self, text: str = "", kind: Kind = "note", *, ago_s: float = 0.0) -> None:
        """Write a note or a mark at the present moment, or some seconds before; also when the recording has ended.

        Raises:
            InputError: If it has ended and its notes cannot be written.
        """
        if self._keeper is not None:
            self._keeper.note(max(time.monotonic() - self._started_s - ago_s, 0.0), kind, text)

    def status(self) -> Status:
        """How it stands."""
        keeper, counts = self._keeper, self._counts()
        ended = keeper is not None and keeper.done.is_set()
        return Status(
            seconds=counts.duration_s if ended or not self._first.is_set() else time.monotonic() - self._started_s,
            size=0 if keeper is None else keeper.size,
            free=None if keeper is None else keeper.room.free,
            frames=counts.frames,
            dropped=counts.left_out,
            has_video=self._video is not None and not self._video.ended,
            ended=ended,
        )

    def _counts(self) -> Counts:
        with self._lock:
            if not self._frames:
                return Counts(0, 0, 0.0)
            span_s = self._end_s - self._start_s
            length_s = self._length_s
            if length_s is None:
                length_s = span_s / (self._frames - 1) if self._frames > 1 else 1 / (self._info.fps or 30.0)
            return Counts(self._frames, self._left_out, span_s + length_s)

    def _video_failed(self, error: Exception) -> None:
        if self._keeper is not None:
            self._keeper.video_failed(error)

    def _ended_by_itself(self) -> None:
        self._let_go()
        self._ended()

    def _let_go(self) -> None:
        mark, self._mark = self._mark, None
        if mark is not None:
            os.close(mark)
