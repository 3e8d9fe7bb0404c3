"""Which files `analyze` writes for which source, so that none is ever written over another or over a source."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.sources.demo import demo_path
from app.spec import camera_index, is_address, path_of, shown, split_address
from models.errors import InputError

_UNTOLD = (None, "", "…")


@dataclass(frozen=True, slots=True)
class Job:
    """One source and its files.

    Attributes:
        spec: The source as the user typed it.
        csv, json: The tables.
        video: The annotated video, or None if there shall be none.
        file: The file behind the source, or None for cameras, folders and addresses.
    """

    spec: str
    csv: Path
    json: Path
    video: Path | None
    file: Path | None

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every file of this source."""
        return (self.csv, self.json) if self.video is None else (self.csv, self.json, self.video)


def plan(specs: Sequence[str], folder: Path, *, video: bool) -> tuple[Job, ...]:
    """Name the files of each source and make the folder.

    Raises:
        InputError: If the folder cannot be made, or a file would replace one of the sources.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"{folder} cannot be made a folder for results: {error.strerror}; name another one."
        ) from error
    jobs = []
    for spec, stem in zip(specs, distinct(map(stem_of, specs)), strict=True):
        movie = folder / f"{stem}.mp4" if video else None
        jobs.append(Job(spec, folder / f"{stem}.csv", folder / f"{stem}.json", movie, file_of(spec)))
    for source in filter(None, (job.file for job in jobs)):
        for path in (path for job in jobs for path in job.paths):
            if path.exists() and path.samefile(source):
                raise InputError(f"{path} is a source and would be written over; name another folder with --out.")
    return tuple(jobs)


def stem_of(spec: str) -> str:
    """What the files of a source are called, without suffix; `source` where it cannot be opened by its name anyway.

    >>> stem_of("0"), stem_of("films/a.b.mp4"), stem_of("rtsp://host/live/door.sdp"), stem_of("http://host:80/")
    ('camera-0', 'a.b', 'door', 'host')
    """
    camera = camera_index(spec)
    if camera is not None:
        return f"camera-{camera}"
    try:
        if is_address(spec):
            address = split_address(shown(spec))
            return next((name for name in (Path(address.path).stem, address.hostname) if name not in _UNTOLD), "stream")
        path = path_of(spec)
        return path.resolve().name or "root" if path.is_dir() else path.stem or "source"
    except (InputError, OSError):
        return "source"


def distinct(stems: Iterable[str]) -> tuple[str, ...]:
    """Number equal names, also those that differ only in case, which some file systems take for equal.

    >>> distinct(["clip", "clip-2", "Clip"])
    ('clip', 'clip-2', 'Clip-3')
    """
    taken: set[str] = set()
    names = []
    for stem in stems:
        name, number = stem, 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)


def file_of(spec: str) -> Path | None:
    """The file behind a source, or None where there is none."""
    if camera_index(spec) is not None or is_address(spec):
        return None
    try:
        path = demo_path() if spec == "demo" else path_of(spec)
        return path if path.is_file() else None
    except (InputError, OSError, ValueError):  # a name that the system refuses; opening it will say so
        return None
