"""`analyze`: the pipeline without a window, into files."""

import argparse
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from app import __version__
from app.commands.outputs import Job, plan
from app.commands.parts import Parts, opened, say
from app.commands.stopping import stopping
from app.core.runner import run as run_pipeline
from app.core.stages import FrameSource, Sink
from app.options import Options, add_options
from app.sinks.csv_file import CsvSink
from app.sinks.json_file import JsonSink, RunFacts
from app.sinks.progress import ProgressSink
from app.sinks.video import VideoSink
from app.sources.folder import PictureFolder
from app.sources.open import open_source
from app.sources.recording import Recording
from models.errors import InputError

_APART = "each picture is read by itself; `--fps 30` reads them as a recording"
_RECORDED = "the pictures are read as a recording of 30 a second; `--fps 0` reads each by itself"
_FACES_TOLD = 12


def add_parser(subparsers: Any) -> None:
    """Add `analyze` to the commands."""
    parser = subparsers.add_parser(
        "analyze",
        help="write tables, and a video, of the apparent expressions in a source",
        description="Writes DIR/<name>.csv (every face of every frame) and DIR/<name>.json (a summary). Ctrl-C ends "
        "early and leaves complete files.",
    )
    parser.add_argument(
        "source", nargs="+", metavar="SOURCE", help="a file, a folder of pictures, a camera's number, an address, demo"
    )
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="the folder for the files")
    parser.add_argument("--video", action="store_true", help="also write DIR/<name>.mp4 with everything painted on it")
    add_options(parser, fps=True)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Analyse each source. A source that cannot be used is reported, and the others are still done.

    Returns:
        0, 2 if a source could not be used or broke off, or 130 if it was interrupted.

    Raises:
        InputError: If nothing could be analysed at all: the model, the detector or the folder cannot be used.
    """
    options = Options.of(args)
    jobs = plan(args.source, args.out, video=args.video)
    before = {path: _stamp(path) for job in jobs for path in job.paths}
    done: list[tuple[Job, JsonSink]] = []
    code = 0
    with ExitStack() as stack:
        parts: Parts | None = None
        try:
            for job in jobs:
                try:
                    source = open_source(job.spec, fps=options.fps)
                except InputError as error:
                    code = _report(error)
                    continue
                with source:
                    if isinstance(source, PictureFolder) and options.fps is None and source.info.frame_count != 1:
                        say(f"{job.spec}: {_APART if source.apart else _RECORDED}.")
                    if parts is None:
                        parts = stack.enter_context(opened(options))
                    summary = JsonSink(job.json, _facts(parts))
                    done.append((job, summary))
                    interrupted = False
                    try:
                        interrupted = _analyze(job, source, parts, summary)
                    except InputError as error:
                        code = _report(error)
                    if isinstance(source, Recording):
                        for sentence in source.notices:
                            say(sentence)
                if interrupted:
                    code = 130
                    break
        except KeyboardInterrupt:
            code = 130
    for job, sink in done:
        if sink.opened:  # else a file of it could not even be made, which has been reported
            print(table([path for path in job.paths if _stamp(path) != before[path]], sink.summary()))
    return code


def _stamp(path: Path) -> int | None:
    """Changes when a file is written; None where there is none."""
    return path.stat().st_mtime_ns if path.is_file() else None


def _report(error: InputError) -> int:
    say(str(error))
    return 2


def _facts(parts: Parts) -> RunFacts:
    bundle = parts.classifier.bundle
    return RunFacts(bundle.name, bundle.digest, parts.detector.name, parts.classifier.engine, __version__)


def _analyze(job: Job, source: FrameSource, parts: Parts, summary: JsonSink) -> bool:
    """Analyse one open source; True if it was interrupted."""
    sinks: list[Sink] = [CsvSink(job.csv), summary]
    if job.video is not None:
        sinks.append(VideoSink(job.video, job.file, say))
    with stopping() as stop:
        return run_pipeline(source, parts.pipeline(), [*sinks, ProgressSink()], stop).interrupted


def table(paths: Sequence[Path], summary: Mapping[str, Any]) -> str:
    """What was seen, for people: frames, faces with their time in the picture and their mean expression, files.

    Args:
        paths: The files that were written.
        summary: As `JsonSink.summary` gives it.
    """
    frames, faces = summary["frames"], summary["faces"]
    lines = [f"{summary['source']}: {_count(frames, 'frame')}, {_count(len(faces), 'face')}"]
    if summary["fps"]:
        lines[0] += f", {summary['duration_s']:.1f} s"
    if faces:
        lines.append(f"  {'face':>6}  {'seconds':>8}  strongest apparent expression, on average")
    for face in sorted(faces, key=lambda face: -face["frames"])[:_FACES_TOLD]:
        name = f"#{face['id']}"
        seconds = f"{face['frames'] / summary['fps']:.1f}" if summary["fps"] else "-"
        lines.append(f"  {name:>6}  {seconds:>8}  {face['label']} {face['mean'][face['label']]:.0%}")
    if len(faces) > _FACES_TOLD:
        lines.append(f"  and {len(faces) - _FACES_TOLD} more, seen no longer than these")
    lines += [f"  wrote {path}" for path in paths]
    return "\n".join(lines)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
