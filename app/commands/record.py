"""`record`: a source into a session's folder, without a window."""

import argparse
from pathlib import Path
from typing import Any

from app import __version__
from app.core.runner import run as run_pipeline
from app.headless.identity import place_of
from app.headless.naming import stem_of
from app.headless.parts import opened
from app.headless.stopping import stopping
from app.options import Options, add_options, number
from app.sessions.blur import Faces
from app.sessions.recorder import Recorder, RecordingPlan
from app.sessions.tapped import TappedSource
from app.sinks.json_file import RunFacts
from app.sinks.progress import ProgressSink
from app.sources.open import open_source
from app.sources.recording import Recording
from app.spec import is_address
from app.standard import say
from models.errors import InputError

_BLURS = ("all", "others")


def add_parser(subparsers: Any) -> None:
    """Add `record` to the commands."""
    parser = subparsers.add_parser(
        "record",
        help="record a camera, or the readings of a film, as a session",
        description="Creates a session folder in DIR and prints its path. The folder holds video.mp4 with the camera's "
        "frames, readings.csv with their readings, and session.json. The session of a film refers to the film and has "
        "no video.mp4. Ctrl-C ends the recording cleanly. After a kill or a power cut the video can still be played, "
        "and `sessions recover` completes the session.",
    )
    parser.add_argument("source", metavar="SOURCE", help="a camera number, an address, a file, a folder, or demo")
    parser.add_argument(
        "--out", required=True, type=_folder, metavar="DIR", help="folder in which the session is created"
    )
    parser.add_argument("--seconds", type=_seconds, metavar="N", help="stop after N seconds")
    parser.add_argument("--title", default="", metavar="TEXT", help="title of the session")
    parser.add_argument(
        "--blur", choices=_BLURS, help="make faces in the video unrecognisable: all, or all except --keep"
    )
    parser.add_argument(
        "--keep",
        type=_ids,
        metavar="ID[,ID]",
        help="IDs of the faces that `--blur others` leaves visible (default: 0, the first one found)",
    )
    add_options(parser, fps=True)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Record until the source ends, the time is over or the user stops it.

    Returns:
        0, 2 if the source broke off or the recording failed, or 130 if it was interrupted.

    Raises:
        InputError: If nothing can be recorded: source, model, detector or folder cannot be used.
    """
    if args.keep is not None and args.blur != "others":
        raise InputError("--keep says whose face is shown where others are not; it needs --blur others.")
    options = Options.of(args)
    source = open_source(args.source, fps=options.fps)
    with source, opened(options) as parts, stopping() as stop:
        bundle = parts.classifier.bundle
        facts = RunFacts(bundle.name, bundle.digest, parts.detector.name, parts.classifier.engine, __version__)
        plan = RecordingPlan(
            args.out,
            stem_of(args.source),
            facts,
            film=_film(args.source, live=source.info.live),
            faces=None if args.blur is None else Faces(args.blur, args.keep or (0,)),
            title=args.title,
        )
        if plan.film is not None and plan.faces is not None:
            raise InputError(f"{args.source} is a film, which is not recorded again; blur it when you export it.")
        failures: list[str] = []

        def ended() -> None:
            failures.append("")
            stop.set()

        recorder = Recorder(plan, source.info, say, ended)
        tapped = TappedSource(source, recorder.take, args.seconds)
        code = 0
        try:
            if run_pipeline(tapped, parts.pipeline(), [recorder, ProgressSink()], stop).interrupted:
                code = 2 if failures else 130
        except InputError as error:
            if recorder.session is None:
                raise
            say(str(error))
            code = 2
    for notice in source.notices if isinstance(source, Recording) else ():
        say(notice)
    if recorder.session is not None:
        print(recorder.session.path)
    return code


def _film(spec: str, *, live: bool) -> Path | None:
    """The file to which a session refers instead of having a video."""
    path = None if live or is_address(spec) else place_of(spec)
    return path if path is not None and path.is_file() else None


def _folder(text: str) -> Path:
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("an empty name is not a folder; name one, or `.` for this one")
    return Path(text)


def _seconds(text: str) -> float:
    value = number(text)
    if not 0 < value <= 1e7:
        raise argparse.ArgumentTypeError(f"{text} is not a time; give seconds above 0")
    return value


def _ids(text: str) -> tuple[int, ...]:
    words = text.split(",")
    if not all(word.isascii() and word.isdigit() for word in words):
        raise argparse.ArgumentTypeError(f"{text} are no ids of faces; give numbers, such as 0,2")
    return tuple(map(int, words))
