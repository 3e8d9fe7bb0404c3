"""`bench`: how fast the pipeline runs on a clip, and how soon the window shows something; or the network alone."""

import argparse
import json
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.commands.bench_archive import bench_archive
from app.commands.bench_classifier import bench_classifier
from app.commands.bench_film import bench_film
from app.commands.bench_live import bench_live
from app.commands.bench_peer import PEERS, bench_against
from app.commands.bench_picture import bench_picture
from app.commands.bench_window import window_times
from app.commands.memory import rss_mb
from app.core.runner import run as run_pipeline
from app.headless.parts import OpenedParts, opened
from app.headless.stopping import stopping
from app.options import Options, add_options
from app.sources.demo import demo_path
from app.sources.open import open_source
from models.errors import InputError

_DEFAULT_CLIP = "demo"
_PEERS = Path("results/peers")


def add_parser(subparsers: Any) -> None:
    """Add `bench` to the commands."""
    parser = subparsers.add_parser(
        "bench",
        help="measure the speed of the pipeline and of the window's start, or of the network alone",
        description="Decodes CLIP alone, analyses it, and opens the window on it in a new process. With --classifier: "
        "milliseconds per face of the network in LiteRT, for 1, 2, 4 and 8 faces, one and two threads, float32 and "
        "int8, compared with a second network.",
    )
    parser.add_argument("clip", nargs="?", metavar="CLIP", help=f"a video file (default: {_DEFAULT_CLIP})")
    parser.add_argument("--classifier", action="store_true", help="measure the network alone, without a clip")
    parser.add_argument(
        "--second",
        metavar="NAME|DIR",
        help="the second bundle for --classifier (default: mini_XCEPTION by TensorFlow)",
    )
    parser.add_argument(
        "--film", metavar="FILE", help="measure seeking, stepping, dragging and analysing ahead in the window instead"
    )
    parser.add_argument(
        "--archive",
        metavar="DIR",
        help="measure films per hour with one process, two, and a cluster on this machine, on a folder",
    )
    parser.add_argument(
        "--live", type=_rate, metavar="FPS", help="watch the window before a simulated camera that shows CLIP"
    )
    parser.add_argument(
        "--against", choices=sorted(PEERS), help=f"time another program on CLIP, alternating with this one ({_PEERS})"
    )
    parser.add_argument(
        "--window",
        action="store_true",
        help="measure painting, and how long a picture of 12,000x9,000 blocks the window",
    )
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    add_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure and print.

    Returns:
        0, or 130 if it was interrupted, which leaves no figures.

    Raises:
        InputError: If the clip is live, breaks off, or cannot be opened, the model or the detector cannot be used, or
            the options do not go together.
    """
    options = Options.of(args)
    if sum(map(bool, (args.classifier, args.live, args.against, args.film, args.window, args.archive))) > 1:
        raise InputError(
            "--archive, --classifier, --film, --live, --window and --against measure different things; choose one of "
            "them."
        )
    if args.archive is not None:
        if args.clip is not None or args.second is not None:
            raise InputError("--archive measures a folder of films; leave out CLIP and --second.")
        return bench_archive(args.archive, options, as_json=args.json)
    if args.window:
        if args.clip is not None or args.second is not None:
            raise InputError("--window measures its own frame and picture; leave out CLIP and --second.")
        bench_picture(options, as_json=args.json)
        return 0
    if args.film is not None:
        if args.clip is not None or args.second is not None:
            raise InputError("--film measures one film in the window; leave out CLIP and --second.")
        bench_film(args.film, options, as_json=args.json)
        return 0
    if args.classifier:
        if args.clip is not None or options.engine != "litert":
            raise InputError("--classifier times the network alone in LiteRT; leave out CLIP and --engine.")
        bench_classifier(options.model, args.second, as_json=args.json)
        return 0
    if args.second is not None:
        raise InputError("--second names the second network of --classifier; add --classifier or leave it out.")
    clip = args.clip or _DEFAULT_CLIP
    if args.live:
        live = bench_live(clip, args.live, options)
        print(json.dumps({"live": live}, indent=2) if args.json else live_table(live))
        return 0
    if args.against:
        with opened(options) as parts:
            path = demo_path() if clip == _DEFAULT_CLIP else Path(clip)
            against = bench_against(args.against, path, lambda: speed(clip, parts), _PEERS)
        print(json.dumps({"against": against}, indent=2) if args.json else against_table(against))
        return 0
    decode_fps = measure_decoding(clip)
    with opened(options) as parts, open_source(clip) as source, stopping() as stop:
        start_mb = rss_mb()
        stats = run_pipeline(source, parts.pipeline(), (), stop)
        end_mb = rss_mb()
    if stats.interrupted:
        return 130
    result = {
        "frames": stats.frames,
        "faces": stats.faces,
        "wall_s": round(stats.wall_s, 4),
        "fps": round(stats.frames / stats.wall_s, 2),
        "decode_fps": round(decode_fps, 2),
        "stage_ms": {
            stage: {"p50": round(p50, 4), "p95": round(p95, 4)} for stage, (p50, p95) in stats.stage_ms.items()
        },
        "rss_mb": {"start": start_mb, "end": end_mb},
        **window_times(clip, options),
    }
    print(json.dumps(result, indent=2) if args.json else table(result))
    return 0


def _rate(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 1 <= value <= 1000:
        raise argparse.ArgumentTypeError(f"{text} is not a rate between 1 and 1000 frames per second")
    return value


def speed(clip: str, parts: OpenedParts) -> float:
    """Frames per second of an analysis, decoding included.

    Raises:
        InputError: If the clip cannot be read, or has no end.
    """
    with open_source(clip) as source:
        if source.info.live:
            raise InputError(f"{source.info.name} has no end to measure; name a video file.")
        stats = run_pipeline(source, parts.pipeline(), (), threading.Event())
        return stats.frames / stats.wall_s


def measure_decoding(clip: str) -> float:
    """Frames per second of the source alone.

    Raises:
        InputError: If the source is live, because it would never end, or cannot be read.
    """
    with open_source(clip) as source:
        if source.info.live:
            raise InputError(f"{source.info.name} has no end to measure; name a video file.")
        start_s = time.perf_counter()
        frames = sum(1 for _ in source)
        return frames / (time.perf_counter() - start_s)


def live_table(live: Mapping[str, Any]) -> str:
    """The figures of the window before a camera, for people."""
    latency = live["capture_to_paint_ms"]
    return (
        f"camera of {live['fps']:g} frames/s for {live['seconds']:.0f} s: {live['frames']} frames, {live['dropped']} "
        f"dropped\n  capture to paint: median {latency['p50']:.1f} ms, 95 % {latency['p95']:.1f} ms\n"
        f"  processor: {live['cpu']:.0%} of one core"
    )


def against_table(against: Mapping[str, Any]) -> str:
    """Both speeds for people."""
    return (
        f"{against['ours_fps']:.1f} frames/s, {against['peer']} {against['theirs_fps']:.1f}: "
        f"{against['ratio']:.1f} times as fast"
    )


def table(result: Mapping[str, Any]) -> str:
    """The figures for people."""
    lines = [
        f"{result['frames']} frames with {result['faces']} faces in {result['wall_s']:.2f} s: "
        f"{result['fps']:.0f} frames/s (decoding alone {result['decode_fps']:.0f})",
        f"  {'stage':<10}{'median ms':>10}{'95 % ms':>10}",
    ]
    lines += [f"  {stage:<10}{ms['p50']:>10.2f}{ms['p95']:>10.2f}" for stage, ms in result["stage_ms"].items()]
    memory, paint_s, result_s = result["rss_mb"], result["first_paint_s"], result["first_result_s"]
    if memory["start"] is not None:
        lines.append(f"  memory {memory['start']:.0f} MB before, {memory['end']:.0f} MB after")
    if paint_s is not None and result_s is not None:
        lines.append(f"  window: first paint after {paint_s:.2f} s, first analysed frame after {result_s:.2f} s")
    return "\n".join(lines)
