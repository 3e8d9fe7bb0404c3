"""Texts about sources, times, readings and sizes."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QDateTime

from app.core.reading import Reading
from app.core.types import Frame, SourceInfo
from app.spec import camera_index, is_address, shown
from app.ui.labels import label_words, quality_words
from app.ui.language import decimal, locale_in_use, translate


def sentence_case(sentence: str) -> str:
    """Start a sentence with a capital letter, unless it starts with a file name or an address.

    >>> sentence_case("camera 0 is busy"), sentence_case("a/b.mp4 is empty")
    ('Camera 0 is busy', 'a/b.mp4 is empty')
    """
    first = sentence.partition(" ")[0]
    return sentence[:1].upper() + sentence[1:] if first.isalpha() else sentence


def source_title(spec: str, cameras: Mapping[int, str]) -> str:
    """The display name of a source, without secrets; `cameras` maps camera numbers to names.

    >>> source_title("0", {0: "Front camera"}), source_title("demo", {}), source_title("/films/a.mp4", {})
    ('Front camera', 'Demo clip', 'a.mp4')
    >>> source_title("rtsp://me:secret@host/live", {})
    'rtsp://host/live'
    """
    if spec == "demo":
        return translate("words", "Demo clip")
    camera = camera_index(spec)
    if camera is not None:
        return cameras.get(camera, translate("words", "Camera {number}").format(number=camera))
    return shown(spec) if is_address(spec) else Path(spec).name or spec


def clock(info: SourceInfo, frame: Frame, duration_s: float | None) -> str:
    """Position in a film, or number of the picture in a folder; empty for a live source or a single picture."""
    if info.live or info.frame_count == 1:
        return ""
    if frame.still:
        return f"{frame.index + 1} / {info.frame_count}"
    now = _minutes(frame.time_s)
    return now if duration_s is None else f"{now} / {_minutes(duration_s)}"


def _minutes(seconds: float) -> str:
    """A time within a film, to the second.

    >>> _minutes(61.5), _minutes(3723.04)
    ('1:01', '1:02:03')
    """
    return moment(int(seconds))[:-4]  # without the digits of the millisecond


def day_and_time(start: datetime) -> str:
    """A date and time in the local time zone and the current language.

    >>> day_and_time(datetime(2026, 3, 5, 9, 5))
    'Thu 5 Mar 2026, 09:05'
    """
    return locale_in_use().toString(
        QDateTime.fromSecsSinceEpoch(int(start.timestamp())), translate("words", "ddd d MMM yyyy, hh:mm")
    )


def moment(seconds: float) -> str:
    """A time within a film, given in seconds, to the millisecond.

    >>> moment(61.5), moment(3723.04)
    ('1:01.500', '1:02:03.040')
    """
    whole = round(max(seconds, 0.0) * 1000)
    hours, rest = divmod(whole, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    tail = f"{rest // 1000:02d}.{rest % 1000:03d}"
    return f"{hours}:{minutes:02d}:{tail}" if hours else f"{minutes}:{tail}"


def time_from(text: str) -> float | None:
    """Parse a time that a user typed, in seconds; None if it is not a time.

    >>> time_from("1:02:03.5"), time_from("90"), time_from("2:05"), time_from("x")
    (3723.5, 90.0, 125.0, None)
    """
    seconds = 0.0
    for part in text.strip().replace(",", ".").split(":"):
        try:
            value = float(part)
        except ValueError:
            return None
        if not 0 <= value < 1e7:
            return None
        seconds = seconds * 60 + value
    return seconds


def reading_text(reading: Reading) -> str:
    """The faces of one reading, one per line."""
    lines = []
    for face in reading.faces:
        share = f" {face.smooth[reading.labels.index(face.label)]:.0%}" if face.label in reading.labels else ""
        quality = f" ({', '.join(map(quality_words, face.quality))})" if face.quality else ""
        lines.append(f"#{face.track_id} {label_words(face.label)}{share}{quality}")
    return "\n".join(lines) or translate("words", "nobody")


def size_text(size: float) -> str:
    """A number of bytes with a decimal unit.

    >>> size_text(900), size_text(3_400_000), size_text(120e9)
    ('0.9 kB', '3.4 MB', '120 GB')
    """
    for unit in ("kB", "MB"):
        size /= 1000
        if size < 1000:
            return f"{decimal(size, 1)} {unit}"
    return f"{size / 1000:.0f} GB"
