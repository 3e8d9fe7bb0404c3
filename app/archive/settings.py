"""The settings for every film of a run, and whether existing files were made with the same ones."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app import __version__
from app.detectors.region import Region
from app.detectors.verifier import network_of
from app.headless.identity import Identity, read_summary
from app.headless.outputs import Job, OutputFiles
from app.headless.parts import OpenedParts
from app.options import Options
from models.bundle import KERAS_FILE


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of every film.

    Attributes:
        options: The shared options.
        start_s: Start of reading, in seconds, or None.
        end_s: End of reading, in seconds, or None.
        roi: The part of the picture that is searched, or None for all of it.
        recursive: Whether folders are read with their subfolders.
        video: Whether annotated videos are written.
        rows: Format of the readings, a name of `app.headless.naming.ROWS`.
        overwrite: Whether everything is redone and existing files are replaced, no matter who wrote them.
        segments: Most parts that a long film is cut into.
        sharing: Whether films that another run is working on are left to it.
    """

    options: Options
    start_s: float | None = None
    end_s: float | None = None
    roi: Region | None = None
    recursive: bool = False
    video: bool = False
    rows: str = "csv"
    overwrite: bool = False
    segments: int = 1
    sharing: bool = False

    @property
    def stretch(self) -> dict[str, float]:
        """The keywords of `open_source` for the selected part of a film."""
        given = {"start_s": self.start_s, "end_s": self.end_s}
        return {name: value for name, value in given.items() if value is not None}

    def as_options(self, digest: str) -> Mapping[str, Any]:
        """The settings as they appear in the summary, with the digest of `digest`."""
        options = self.options
        return {
            "detector": options.detector or "auto",
            "engine": options.engine,
            "fps": options.fps,
            "stride": "auto" if options.stride_s is None else options.stride_s,
            "start": self.start_s,
            "end": self.end_s,
            "roi": None if self.roi is None else list(asdict(self.roi).values()),
            "video": self.video,
            "recursive": self.recursive,
            "rows": self.rows,
            "segments": self.segments,
            "settings_sha256": digest,
        }

    def digest(self, parts: OpenedParts, identity: Identity) -> str:
        """SHA-256 of everything, apart from the source, on which its readings depend.

        That is the program's version, the bundle with its temperatures, crops and gate, the engine, the
        detector with its file, and those options that change readings of such a source. The number of parts is not one
        of them.
        """
        bundle, network = parts.classifier.bundle, network_of(parts.detector)
        is_keras = parts.classifier.engine == "keras"
        is_folder = identity.path is not None and identity.path.is_dir()
        content = [
            __version__,
            sorted((file, digest) for file, digest in bundle.sha256.items() if is_keras or file != KERAS_FILE),
            [repr(thing) for thing in (bundle.heads, bundle.shown, bundle.crop(parts.detector.name), bundle.gate)],
            parts.classifier.engine,
            [parts.detector.name, None if network is None else network.digest],
            [self.options.stride_s, self.start_s, self.end_s, repr(self.roi)],
            self.options.fps if is_folder else None,
        ]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def finished(job: Job, digest: str, claims: OutputFiles) -> Mapping[str, Any] | None:
    """The summary of a film that is done and unchanged, so that it need not be read again; None for any other.

    Done means that every requested file exists unchanged, was made from the source as it is now, with settings of the
    same digest, and that the source was read to its end.
    """
    summary = read_summary(job.path(".json"))
    if summary is None or summary.get("complete") is not True:
        return None
    options = summary.get("options")
    if (
        not isinstance(options, dict)
        or options.get("settings_sha256") != digest
        or (job.video and not options.get("video"))
    ):
        return None
    paths = [job.path(suffix) for suffix in job.suffixes]
    return summary if all(path.is_file() for path in paths) and claims.are_ours(job, paths) else None
