"""A folder of pictures: the frames of a recording, or single pictures."""

import math
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from natsort import natsort_keygen, ns

from app.core.types import STILL_S, Frame, Image, SourceInfo
from app.sources.content import PICTURE_SUFFIXES
from app.sources.images import read_picture
from app.sources.recording import Recording
from app.sources.sequence import is_recording
from app.spec import SESSION_FILE
from models.errors import InputError

_FPS = 30.0
"""Default pictures per second of a recording."""

_ROUNDING_S = 1e-6


natural_key: Callable[[str], Any] = natsort_keygen(alg=ns.IGNORECASE)
"""Natural sort key: `face2` comes before `face10`."""


def pictures_in(folder: Path, *, recursive: bool = False) -> list[Path]:
    """The pictures of a folder in natural order of their names; hidden ones and recorded sessions are skipped.

    Args:
        folder: The folder.
        recursive: Whether to include its subfolders, each after the pictures next to it. Links to folders are not
            followed.

    Raises:
        InputError: If the folder cannot be listed.
    """

    def refuse(error: OSError) -> None:
        if Path(error.filename) == folder:
            raise InputError(f"{folder} cannot be listed: {error.strerror}; name a folder of pictures") from error

    found = []
    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted((n for n in folders if recursive and not n.startswith(".")), key=_order)
        if SESSION_FILE in names:  # its thumbnail is a frame of its video
            continue
        pictures = (n for n in names if Path(n).suffix.lower() in PICTURE_SUFFIXES and not n.startswith("."))
        found += [path for name in sorted(pictures, key=_order) if (path := Path(place, name)).is_file()]
    return found


class PictureFolder(Recording):
    """The pictures of a folder, one sequence in natural name order; their sizes may differ.

    They are either the frames of a recording or single pictures (`Frame.still`), such as photos of different
    people, and then each is shown for two seconds. Hidden files and files without a picture's suffix are ignored. An
    unreadable picture leaves a gap in time: each one's time follows from its place in the listing.

    Args:
        path: The folder.
        fps: Pictures per second of a recording, or 0 for single pictures. By default `is_recording` decides, with 30
            per second.
        recursive: Whether to include the pictures of its subfolders.
        start_s, end_s: Pictures before `start_s`, and from `end_s` on, are left out.

    Attributes:
        apart: Whether they are single pictures.

    Raises:
        InputError: If there is no readable picture. While iterating: after all the readable ones, if some could not be
            read; the sentence names the first of them.
    """

    def __init__(
        self,
        path: str | Path,
        fps: float | None = None,
        *,
        recursive: bool = False,
        start_s: float | None = None,
        end_s: float | None = None,
    ) -> None:
        super().__init__()
        if fps is not None and fps < 0:
            raise InputError(f"{fps} pictures per second is no rate for {path}; give 0 or more")
        self._folder = Path(path)
        every = self._listing(recursive=recursive)
        self.apart = not is_recording(every) if fps is None else fps == 0
        self._fps = 1 / STILL_S if self.apart else fps or _FPS
        self._paths = [path for i, path in enumerate(every) if _within(i / self._fps, start_s, end_s)]
        if not self._paths:
            raise InputError(
                f"{path} lasts {len(every) / self._fps:g} s and has no picture in the stretch asked for; choose another"
            )
        self._before = every.index(self._paths[0])
        self._damaged: dict[int, InputError] = {}
        self._good: set[int] = set()
        self._first = self._next_good(0)
        if self._first is None:
            raise self._damaged[0]
        self._index = self._before
        height, width = self._first[1].shape[:2]
        self.info = SourceInfo(str(path), width, height, self._fps, len(self._paths), live=False)

    def _listing(self, *, recursive: bool) -> list[Path]:
        paths = pictures_in(self._folder, recursive=recursive)
        if not paths:
            deeper = not recursive and bool(pictures_in(self._folder, recursive=True))
            where = " itself; --recursive reads its subfolders too" if deeper else ""
            raise InputError(
                f"{self._folder} contains no picture{where}"
                + ("" if deeper else "; put JPEG or PNG files there or name another folder")
            )
        return paths

    def seek(self, time_s: float, *, exact: bool = True) -> None:
        """As `Seekable.seek`; indices are the pictures' places in the listing."""
        with self._lock:
            last = len(self._paths) - 1
            wanted = math.floor(time_s * self._fps + _ROUNDING_S) - self._before if math.isfinite(time_s) else last
            place = min(max(wanted, 0), last)
            found = next((good for at in range(place, -1, -1) if (good := self._read(at)) is not None), None)
            self._first = found or self._next_good(place + 1)
            self._index = self._before + (place if self._first is None else self._first[0])

    def _read(self, place: int) -> tuple[int, Image] | None:
        """The picture at a place of the listing, or None if it is damaged."""
        try:
            image = read_picture(self._paths[place])
        except InputError as error:
            self._damaged[place] = error
            return None
        self._good.add(place)
        return place, image

    def _next_good(self, place: int) -> tuple[int, Image] | None:
        places = range(place, len(self._paths))
        return next((good for at in places if (good := self._read(at)) is not None), None)

    def _frames(self) -> Iterator[Frame]:
        index, good = self._index, self._first
        self._first = None
        while good is not None:
            place, image = good
            name = self._paths[place].relative_to(self._folder).as_posix()
            time_s = (self._before + place) / self._fps
            yield Frame(index, time_s, image, still=self.apart, name=name, duration_s=1 / self._fps)
            index += 1
            good = self._next_good(place + 1)
        if self._damaged:
            first, *more = (self._damaged[place] for place in sorted(self._damaged))
            others = f" ({len(more)} more {'picture' if len(more) == 1 else 'pictures'} failed too)" * bool(more)
            count = f"the other {len(self._good)} of {len(self._paths)} pictures were read"
            raise InputError(f"{first}{others}; {count}")


def _within(time_s: float, start_s: float | None, end_s: float | None) -> bool:
    return (start_s or 0.0) - _ROUNDING_S <= time_s and (end_s is None or time_s < end_s - _ROUNDING_S)


def _order(name: str) -> tuple[tuple[tuple[int, int, str], ...], str]:
    return natural_key(name), name
