"""A folder of pictures: the frames of a recording, or pictures that stand alone."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from app.core.types import STILL_S, Frame, Image, SourceInfo
from app.sources.content import PICTURE_SUFFIXES
from app.sources.images import read_picture
from app.sources.recording import Recording
from app.sources.sequence import is_recording
from models.errors import InputError

_FPS = 30.0
"""Pictures per second of a recording that does not say its own."""

_ROUNDING_S = 1e-6


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key by which `face2` comes before `face10`.

    >>> sorted(["b1", "face10", "face2"], key=natural_key)
    ['b1', 'face2', 'face10']
    """
    parts = re.findall(r"[0-9]+|[^0-9]+", name.casefold())
    return tuple((0, int(part), part) if part[0] in "0123456789" else (1, 0, part) for part in parts)


def pictures_in(folder: Path, *, recursive: bool = False) -> list[Path]:
    """The pictures of a folder in natural order of their names; hidden files and folders are passed over.

    Args:
        folder: Where to look.
        recursive: Whether to look into its subfolders too, each after the pictures beside it. Links to folders are not
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
        pictures = (n for n in names if Path(n).suffix.lower() in PICTURE_SUFFIXES and not n.startswith("."))
        found += [path for name in sorted(pictures, key=_order) if (path := Path(place, name)).is_file()]
    return found


class PictureFolder(Recording):
    """The pictures of a folder, one sequence in natural name order; their sizes may differ.

    They are either the frames of a recording or pictures that stand alone (`Frame.still`), such as photos of different
    people, and then each is shown for two seconds. What does not have a picture's suffix and what is hidden is ignored.

    Args:
        path: The folder.
        fps: Pictures per second of a recording, or 0 for pictures that stand alone. By default `is_recording` tells
            which it is, at 30 a second.
        recursive: Whether the pictures of its subfolders belong to it.
        start_s, end_s: Pictures before the one, and from the other on, are left out.

    Attributes:
        apart: Whether each picture stands alone.

    Raises:
        InputError: If there is no picture, or none that can be read. While iterating: after all the good ones, if some
            could not be read; the sentence names the first of them.
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
        self._index = every.index(self._paths[0])
        self._damaged: list[InputError] = []
        self._waiting = iter(self._paths)
        self._first = self._next_good()
        if self._first is None:
            raise self._damaged[0]
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

    def _next_good(self) -> tuple[str, Image] | None:
        for path in self._waiting:
            try:
                return path.relative_to(self._folder).as_posix(), read_picture(path)
            except InputError as error:
                self._damaged.append(error)
        return None

    def _frames(self) -> Iterator[Frame]:
        index, read = self._index, 0
        good, self._first = self._first, None
        while good is not None:
            name, image = good
            time_s = index / self._fps
            yield Frame(index, time_s, image, still=self.apart, name=name, duration_s=1 / self._fps)
            index, read = index + 1, read + 1
            good = self._next_good()
        if self._damaged:
            more = len(self._damaged) - 1
            others = f" ({more} more {'picture' if more == 1 else 'pictures'} beside it failed)" if more else ""
            raise InputError(f"{self._damaged[0]}{others}; the other {read} of {len(self._paths)} pictures were read")


def _within(time_s: float, start_s: float | None, end_s: float | None) -> bool:
    return (start_s or 0.0) - _ROUNDING_S <= time_s and (end_s is None or time_s < end_s - _ROUNDING_S)


def _order(name: str) -> tuple[tuple[tuple[int, int, str], ...], str]:
    return natural_key(name), name
