"""`analyze`: the pipeline without a window, into files."""

import argparse
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.archive.closing import STEM, leave
from app.archive.crews import crew_for
from app.archive.display import Terminal
from app.archive.listing import listed
from app.archive.run import Run
from app.archive.settings import Settings
from app.archive.tables import require_parquet
from app.archive.tally import code_of, films_table, tale_of
from app.archive.tasks import Plan
from app.commands.stretch import add_stretch, stretch_of
from app.detectors.region import Region
from app.headless.identity import Identity
from app.headless.naming import ROWS
from app.headless.outputs import plan
from app.headless.report import Outcome, table
from app.headless.stopping import stopping
from app.options import Options, add_options
from app.standard import say
from models.errors import InputError

_TABLES = 12
"""Up to this many films each get their own table at the end."""


def add_parser(subparsers: Any) -> None:
    """Add `analyze` to the commands."""
    parser = subparsers.add_parser(
        "analyze",
        help="write tables, and a video, of the apparent expressions in a source",
        description="Writes DIR/<name>.csv (every face of every frame) and DIR/<name>.json (a summary). Files that "
        "Mimik did not write for the same source are kept, and the new ones get a number. Sources that are done and "
        "unchanged are skipped. Ctrl-C ends early and leaves readable files that say so. For many films there are "
        "also DIR/summary.csv and summary.parquet, with one row per face, and DIR/failed.txt.",
    )
    parser.add_argument(
        "source",
        nargs="*",
        metavar="SOURCE",
        help="a file, a folder of films or pictures, a pattern like 'films/*.mp4', a camera's number, an address, demo",
    )
    parser.add_argument(
        "--from",
        dest="lists",
        action="append",
        default=[],
        metavar="FILE",
        help="a list with one source per line, or - for standard input",
    )
    parser.add_argument("--out", required=True, type=_folder, metavar="DIR", help="the folder for the files")
    parser.add_argument("--video", action="store_true", help="also write DIR/<name>.mp4 with everything painted on it")
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="redo everything, and replace files of the same names, no matter who wrote them",
    )
    parser.add_argument(
        "--recursive", action="store_true", help="read the films and pictures of a folder's subfolders too"
    )
    add_stretch(parser)
    parser.add_argument(
        "--roi", type=Region.parse, metavar="X,Y,W,H", help="search only this part of the picture, in pixels"
    )
    parser.add_argument("--rows", choices=tuple(ROWS), default="csv", help="the format of the readings")
    group = parser.add_argument_group("many films, many cores")
    group.add_argument("--jobs", type=_count, metavar="N", help="analyse N films at the same time, in processes")
    group.add_argument(
        "--segments",
        type=_count,
        default=1,
        metavar="N",
        help="cut a long film into N parts that are read in parallel",
    )
    group.add_argument(
        "--cluster", metavar="ADDRESS", help="analyse on a Dask cluster that reaches films and DIR by the same paths"
    )
    add_options(parser, fps=True)
    parser.set_defaults(run=run)


def _count(text: str) -> int:
    value = int(text[:9]) if text.isascii() and text.isdigit() else 0
    if not 1 <= value <= 1000:
        raise argparse.ArgumentTypeError(f"{text} is not a number between 1 and 1000")
    return value


def _folder(text: str) -> Path:
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("an empty name is not a folder; name one, or `.` for this one")
    return Path(text)


def run(args: argparse.Namespace) -> int:
    """Analyse each source. A source that cannot be used is reported, and the others are still done.

    Returns:
        0, 2 if a source could not be used or broke off, 130 if it was interrupted, or 1 after a fault of ours.

    Raises:
        InputError: If nothing could be analysed at all: the model, the detector or the folder cannot be used.
    """
    settings, jobs = _settings(args)
    listing = listed(args.source, args.lists, recursive=args.recursive, notify=say)
    many = listing.found or jobs > 1 or args.cluster is not None
    identities = [Identity(spec, recursive=args.recursive) for spec in listing.specs]
    if args.cluster is not None:
        identities = [identity.everywhere() for identity in identities]
        args.out = args.out.absolute()
    films, claims = plan(
        identities,
        args.out,
        video=args.video,
        overwrite=args.overwrite,
        notify=say,
        rows=args.rows,
        reserved=(STEM,) if many else (),
        trusting=many,
    )
    whole = Plan(films, claims, replace(settings, sharing=many))
    display = Terminal(tuple(job.spec for job in films), bars=many)
    outcomes: list[Outcome] = []

    def finished(_number: int, outcome: Outcome) -> None:
        if outcome.summary and len(films) <= _TABLES:  # otherwise not even one of its files could be created
            outcomes.append(outcome)

    start_s = time.monotonic()
    crew = crew_for(whole, display, jobs=jobs, cluster=args.cluster)
    trip = Run(whole, crew, display, finished)
    interrupted = False
    try:
        if many:
            with stopping() as stop:
                trip.go(stop)
        else:
            trip.go(threading.Event())
    except KeyboardInterrupt:
        interrupted = True
    finally:
        crew.close()
        display.close()
    for outcome in outcomes:
        print(table(outcome))
    tale = tale_of(whole, trip.results)
    if many:
        print(films_table(whole, trip.results, tale, time.monotonic() - start_s))
        for path in leave(args.out, tale, say):
            print(f"  wrote {path}")
    return code_of(trip.results, interrupted=interrupted)


def _settings(args: argparse.Namespace) -> tuple[Settings, int]:
    """The settings for every film, and the number of processes.

    Raises:
        InputError: If options do not go together, or one needs what is not installed.
    """
    if args.segments > 1 and args.video:
        raise InputError(
            "--segments writes no video, since ids are known only when the parts are joined; leave out one."
        )
    if args.cluster is not None and args.jobs is not None:
        raise InputError("--jobs counts processes of this machine and --cluster has its own; leave out one of them.")
    if args.rows == "parquet":
        require_parquet()
    stretch = stretch_of(args)
    settings = Settings(
        Options.of(args),
        stretch.get("start_s"),
        stretch.get("end_s"),
        args.roi,
        args.recursive,
        args.video,
        args.rows,
        args.overwrite,
        args.segments,
    )
    return settings, args.jobs or args.segments
