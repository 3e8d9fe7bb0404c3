"""A session: a folder of ordinary files that open anywhere, and the manifest that says what they are.

`session.json` is the manifest, `readings.csv` has the columns of `analyze`, `notes.csv` is in `notes`, and the pictures
are in `video.mp4` or in the film that the manifest names. `frame` of the readings counts the pictures of `video.mp4`
from 0; it is empty if the video lacks the picture. Times are seconds from the first picture of the video or, of a film,
in the film's own time.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast, get_args

from app.sessions.files import replace_whole
from app.sessions.names import named
from app.sessions.notes import Note, read_notes
from app.sinks.output import utf8, writing
from app.spec import SESSION_FILE, SESSION_VIDEO
from models.errors import InputError

FORMAT = 1
MANIFEST, VIDEO, READINGS = SESSION_FILE, SESSION_VIDEO, "readings.csv"
NOTES, THUMBNAIL = "notes.csv", "thumbnail.jpg"

State = Literal["recording", "complete", "recovered"]

_STATES = get_args(State)
_FIRST_YEAR, _LAST_YEAR = 1900, 9999  # beyond them a moment has no local time
_LONGEST_S = 1e9


@dataclass(frozen=True, slots=True)
class FilmRef:
    """The film of a session.

    Attributes:
        path: Its last known path, absolute.
        sha256: Of its content; None if not computed yet.
        size: In bytes; None if unknown.
    """

    path: str
    sha256: str | None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of `session.json`.

    Attributes:
        source: A camera's or stream's name, or the film.
        started_at: UTC; the time of the video's first picture, or the start of reading a film.
        state: `recording` until it is closed properly, then `complete`; `recovered` after an interruption.
        duration_s: Seconds from the first picture to the end of the last one.
        frames: Number of pictures in the video or, for a film, of frames that were read.
        dropped_video: Number of pictures that the source delivered and the video lacks.
        dropped_analysis: Number of pictures that the source delivered but that were not analysed.
        model: `name` and `sha256` of the bundle.
        detector: Its name in `models.detectors`.
        versions: Versions of the programs involved, by name.
        title, tags: Set by the user.
        own: Whether it counts in its owner's journal.
        people: Number of distinct faces; None if not counted.
        strip: The most frequent label in each of equal time spans; empty text if no face was seen.
        others: Keys unknown to this version; preserved when the manifest is rewritten.
    """

    source: str | FilmRef
    started_at: datetime
    state: State = "complete"
    duration_s: float = 0.0
    frames: int = 0
    dropped_video: int = 0
    dropped_analysis: int = 0
    model: Mapping[str, Any] = field(default_factory=dict)
    detector: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    tags: tuple[str, ...] = ()
    own: bool = False
    people: int | None = None
    strip: tuple[str, ...] = ()
    others: Mapping[str, Any] = field(default_factory=dict)

    @property
    def source_name(self) -> str:
        """The source for people: a camera's name, or the film's file name."""
        return Path(self.source.path).name if isinstance(self.source, FilmRef) else self.source


@dataclass(frozen=True, slots=True)
class Session:
    """The files of one session. Nothing is read before it is asked for."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def manifest_path(self) -> Path:
        return self.path / MANIFEST

    @property
    def video(self) -> Path:
        """The path of the session's own video, if it has one."""
        return self.path / VIDEO

    @property
    def readings(self) -> Path:
        return self.path / READINGS

    @property
    def notes_path(self) -> Path:
        return self.path / NOTES

    @property
    def thumbnail(self) -> Path:
        return self.path / THUMBNAIL

    def manifest(self) -> Manifest:
        """Read the manifest.

        Raises:
            InputError: If there is none, it is not Mimik's, or it is from a later version.
        """
        return read_manifest(self.manifest_path)

    def notes(self) -> tuple[Note, ...]:
        """The notes in the order of their time.

        Raises:
            InputError: If they cannot be read.
        """
        try:
            return read_notes(self.notes_path)
        except OSError as error:
            raise InputError(f"{self.notes_path} cannot be read: {error.strerror}; check its permissions.") from error

    def pictures(self) -> Path:
        """The file with the pictures: the session's own video, or the film at the path in the manifest.

        Raises:
            InputError: As `manifest`; also if neither is there.
        """
        if self.video.is_file():
            return self.video
        source = self.manifest().source
        if isinstance(source, FilmRef):
            if (film := Path(source.path)).is_file():
                return film
            raise InputError(f"{source.path} has moved since {self.name} was made from it; say where it is now.")
        raise InputError(f"{self.path} has no {VIDEO}; only its readings and notes can be used.")


def is_session(path: Path) -> bool:
    """Whether a folder is a session, even one of which only the readings or the video are left."""
    # Path.is_file fails where a name is too long
    if os.path.isfile(path / MANIFEST):  # noqa: PTH113
        return True
    return named(path) is not None and any(os.path.isfile(path / name) for name in (READINGS, VIDEO))  # noqa: PTH113


def read_manifest(path: Path) -> Manifest:
    """Read a `session.json`. Missing or invalid values count as unknown; the start is taken from the folder's name.

    Raises:
        InputError: If there is none, it is not Mimik's, or it is from a later version.
    """
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}; name a session's folder.") from error
    except (ValueError, RecursionError) as error:
        sentence = f"{path} is damaged; repair it, or remove it, and `mimik sessions recover` recreates it."
        raise InputError(sentence) from error
    if not isinstance(content, dict) or not isinstance(content.get("format"), int):
        raise InputError(f"{path} is not a Mimik session; name another folder.")
    if content["format"] > FORMAT:
        raise InputError(f"{path} was written by a later version of Mimik; open it with that one.")
    return _manifest(content, named(path.parent))


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write a `session.json` atomically.

    Raises:
        InputError: If it cannot be written.
    """
    with writing(path):
        replace_whole(path, manifest_bytes(manifest))


def manifest_bytes(manifest: Manifest) -> bytes:
    """The bytes of a `session.json`."""
    source: Any = manifest.source
    if isinstance(source, FilmRef):
        source = {"path": source.path, "sha256": source.sha256, "size": source.size}
    content = {
        "format": FORMAT,
        "state": manifest.state,
        "source": source,
        "started_at": manifest.started_at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "duration_s": round(manifest.duration_s, 6),
        "frames": manifest.frames,
        "dropped": {"video": manifest.dropped_video, "analysis": manifest.dropped_analysis},
        "model": dict(manifest.model),
        "detector": manifest.detector,
        "versions": dict(manifest.versions),
        "title": manifest.title,
        "tags": list(manifest.tags),
        "own": manifest.own,
        "people": manifest.people,
        "strip": list(manifest.strip),
    }
    return utf8(json.dumps({**manifest.others, **content}, indent=2, ensure_ascii=False) + "\n")


_KNOWN = frozenset(json.loads(manifest_bytes(Manifest("", datetime.fromtimestamp(0, UTC)))))


def _manifest(content: Mapping[str, Any], from_name: tuple[datetime, str] | None) -> Manifest:
    def given(key: str, kind: type, otherwise: Any) -> Any:
        value = content.get(key)
        return value if isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool) else otherwise

    dropped = given("dropped", dict, {})
    state = content.get("state")
    return Manifest(
        source=_source(content.get("source"), from_name),
        started_at=_moment(content.get("started_at"), from_name),
        state=cast(State, state) if state in _STATES else "recording",
        duration_s=_seconds(content.get("duration_s")),
        frames=_count(content.get("frames")),
        dropped_video=_count(dropped.get("video")),
        dropped_analysis=_count(dropped.get("analysis")),
        model=given("model", dict, {}),
        detector=given("detector", str, ""),
        versions=given("versions", dict, {}),
        title=given("title", str, ""),
        tags=tuple(tag for tag in given("tags", list, []) if isinstance(tag, str)),
        own=given("own", bool, False),
        people=given("people", int, None),
        strip=tuple(label for label in given("strip", list, []) if isinstance(label, str)),
        others={key: value for key, value in content.items() if key not in _KNOWN},
    )


def _source(value: Any, from_name: tuple[datetime, str] | None) -> str | FilmRef:
    if isinstance(value, dict) and isinstance(value.get("path"), str):
        digest, size = value.get("sha256"), value.get("size")
        return FilmRef(
            value["path"], digest if isinstance(digest, str) else None, size if isinstance(size, int) else None
        )
    if isinstance(value, str):
        return value
    return "" if from_name is None else from_name[1]


def _moment(value: Any, from_name: tuple[datetime, str] | None) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        if not _FIRST_YEAR < moment.year < _LAST_YEAR:
            raise ValueError(value)
    except (TypeError, ValueError, OverflowError):
        return datetime.fromtimestamp(0, UTC) if from_name is None else from_name[0]
    return moment


def _seconds(value: Any) -> float:
    ok = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _LONGEST_S
    return float(value) if ok else 0.0


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0
