"""`analyze`: the pipeline without a window, into files."""

import argparse
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app import __version__
from app.commands.identity import Identity
from app.commands.outputs import Job, plan
from app.commands.parts import Parts, opened
from app.commands.placing import RunFiles
from app.commands.report import Outcome, table
from app.commands.stopping import stopping
from app.commands.stretch import add_stretch, stretch_of
from app.core.runner import run as run_pipeline
from app.core.stages import FrameSource, Sink
from app.detectors.region import Region, RegionDetector
from app.options import Options, add_options
from app.sinks.csv_file import CsvSink
from app.sinks.json_file import JsonSink, RunFacts
from app.sinks.progress import ProgressSink
from app.sinks.video import Stretch, VideoSink
from app.sources.folder import PictureFolder
from app.sources.open import open_source
from app.sources.watched import Watched
from app.spec import is_address
from app.standard import say
from models.errors import InputError

_APART = "each picture is read by itself; `--fps 30` reads them as a recording"
_RECORDED = "the pictures are read as a recording of 30 a second; `--fps 0` reads each by itself"

_PATIENCE_S = 2.0
"""So long the end of an unfinished run waits for its source's digest, without which it counts as of another source."""


def add_parser(subparsers: Any) -> None:
    """Add `analyze` to the commands."""
    parser = subparsers.add_parser(
        "analyze",
        help="write tables, and a video, of the apparent expressions in a source",
        description="Writes DIR/<name>.csv (every face of every frame) and DIR/<name>.json (a summary). Files that "
        "Mimik did not write for the same source are kept, and the new ones get a number. Ctrl-C ends early and leaves "
        "readable files that say so.",
    )
    parser.add_argument(
        "source", nargs="+", metavar="SOURCE", help="a file, a folder of pictures, a camera's number, an address, demo"
    )
    parser.add_argument("--out", required=True, type=_folder, metavar="DIR", help="the folder for the files")
    parser.add_argument("--video", action="store_true", help="also write DIR/<name>.mp4 with everything painted on it")
    parser.add_argument("--overwrite", action="store_true", help="replace files of the same names, whoever wrote them")
    parser.add_argument("--recursive", action="store_true", help="read the pictures of a folder's subfolders too")
    add_stretch(parser)
    parser.add_argument(
        "--roi", type=Region.parse, metavar="X,Y,W,H", help="search only this part of the picture, in pixels"
    )
    add_options(parser, fps=True)
    parser.set_defaults(run=run)


def _folder(text: str) -> Path:
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("an empty name is no folder; name one, or `.` for this one")
    return Path(text)


def run(args: argparse.Namespace) -> int:
    """Analyse each source. A source that cannot be used is reported, and the others are still done.

    Returns:
        0, 2 if a source could not be used or broke off, or 130 if it was interrupted.

    Raises:
        InputError: If nothing could be analysed at all: the model, the detector or the folder cannot be used.
    """
    options = Options.of(args)
    stretch = stretch_of(args)
    identities = [Identity(spec, recursive=args.recursive) for spec in args.source]
    jobs, claims = plan(identities, args.out, video=args.video, overwrite=args.overwrite, notify=say)
    told = _told(options, args)
    outcomes: list[Outcome] = []
    code = 0
    with ExitStack() as stack:
        parts: Parts | None = None
        try:
            for job in jobs:
                try:
                    source = open_source(job.spec, fps=options.fps, recursive=args.recursive, **stretch)
                except InputError as error:
                    code = _report(error)
                    continue
                with source, RunFiles(job, claims, say) as files:
                    if args.roi is not None:
                        args.roi.require_within(source.info)
                    if isinstance(source, PictureFolder) and options.fps is None and source.info.frame_count != 1:
                        say(f"{job.spec}: {_APART if source.apart else _RECORDED}.")
                    if parts is None:
                        parts = stack.enter_context(opened(options))
                    outcome = _analyze(files, source, parts, args.roi, told)
                outcomes.append(outcome)
                if outcome.error is not None:
                    code = _report(outcome.error)
                if outcome.interrupted:
                    code = 130
                    break
        except KeyboardInterrupt:
            code = 130
    for outcome in outcomes:
        if outcome.summary:  # else not even a file of it could be made, which has been reported
            print(table(outcome))
    return code


def _report(error: InputError) -> int:
    say(str(error))
    return 2


def _told(options: Options, args: argparse.Namespace) -> Mapping[str, Any]:
    """What the user asked for, as the summary says it."""
    return {
        "detector": options.detector or "auto",
        "engine": options.engine,
        "fps": options.fps,
        "start": args.start,
        "end": args.end,
        "roi": None if args.roi is None else list(asdict(args.roi).values()),
        "video": args.video,
        "recursive": args.recursive,
    }


def _analyze(
    files: RunFiles, source: FrameSource, parts: Parts, region: Region | None, told: Mapping[str, Any]
) -> Outcome:
    """Analyse one open source and bring its files to their places, however it ends."""
    watched = Watched(source)
    identity, bundle = files.job.identity, parts.classifier.bundle
    facts = RunFacts(bundle.name, bundle.digest, parts.detector.name, parts.classifier.engine, __version__, told)
    summary = JsonSink(files.job.part(".json"), facts, digest=lambda: identity.digest, damage=lambda: watched.damage)
    sinks: list[Sink] = [CsvSink(files.job.part(".csv")), summary]
    if files.job.video:
        sinks.append(VideoSink(files.job.part(".mp4"), _stretch(files.job, watched, told), say))
    detector = parts.detector if region is None else RegionDetector(parts.detector, region)
    pipeline = parts.pipeline(detector)
    error: InputError | None = None
    complete = interrupted = False
    placed: tuple[Path, ...] = ()
    with stopping() as stop:
        try:
            identity.compute_beside()
            interrupted = run_pipeline(watched, pipeline, [*sinks, ProgressSink()], stop).interrupted
            complete = not interrupted
        except InputError as raised:
            error = raised
        finally:
            if summary.opened:
                identity.wait(None if complete else _PATIENCE_S)
                placed = files.place(summary, complete=complete)
    for notice in watched.notices:
        say(notice)
    return Outcome(placed, summary.summary() if summary.opened else {}, error, interrupted, watched.broke_off)


def _stretch(job: Job, source: Watched, told: Mapping[str, Any]) -> Stretch:
    """What the painted video must know of its source."""
    path = job.identity.path
    sound_of = job.spec if is_address(job.spec) else path if path is not None and path.is_file() else None
    return Stretch(sound_of, told["start"], told["end"], source.is_all, lambda: source.jumps)
