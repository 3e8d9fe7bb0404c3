"""Measure everything that `bench` measures on a clip and write docs/benchmarks.md.

    python scripts/benchmarks.py [CLIP] [--out FILE] [--without-peer]

The machine should be idle. Without CLIP it is the demo.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clip", nargs="?", default="demo")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks.md")
    parser.add_argument("--without-peer", action="store_true", help="leave out the comparison with fer")
    args = parser.parse_args()
    clip = args.clip if args.clip == "demo" else str(Path(args.clip).resolve())
    whole = bench(clip)
    haar = bench(clip, "--detector", "haar")
    live = [bench(clip, "--live", rate)["live"] for rate in ("30", "60")]
    against = None if args.without_peer else bench(clip, "--against", "fer")["against"]
    window = bench(None, "--window")["window"]
    args.out.write_text(page(Path(clip).name, whole, haar, live, against, window), encoding="utf-8")
    print(args.out.read_text(encoding="utf-8"))
    return 0


def bench(clip: str | None, *options: str) -> dict[str, Any]:
    """One call of `bench`; its sentences go to standard error, and a failure ends this program."""
    command = [sys.executable, "-m", "app", "bench", *([] if clip is None else [clip]), *options, "--json"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.returncode)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def page(
    clip: str,
    whole: dict[str, Any],
    haar: dict[str, Any],
    live: list[dict[str, Any]],
    against: dict[str, Any] | None,
    window: dict[str, Any],
) -> str:
    """The figures as Markdown."""
    lines = [
        "# Benchmarks",
        "",
        f"Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}: {platform.machine()}, {os.cpu_count()} cores, "
        f"{platform.system()}, Python {platform.python_version()}; clip `{clip}`, {whole['frames']} frames.",
        "What each step of the program brought is in [performance.md](performance.md).",
        "",
        "| figure | value |",
        "| --- | --- |",
        f"| analysis, BlazeFace | {whole['fps']:.0f} frames/s |",
        f"| analysis, Haar | {haar['fps']:.0f} frames/s |",
        f"| decoding alone | {whole['decode_fps']:.0f} frames/s |",
    ]
    if against is not None:
        speeds = f"{against['ours_fps']:.0f} and {against['theirs_fps']:.1f} frames/s"
        lines.append(f"| against {against['peer']}, in turn | {speeds}: {against['ratio']:.1f} times as fast |")
    for one in live:
        latency = one["capture_to_paint_ms"]
        lines.append(
            f"| camera of {one['fps']:g} frames/s | {one['dropped']} of {one['frames']} dropped; capture to paint "
            f"{latency['p50']:.1f} ms (median), {latency['p95']:.1f} ms (95 %); {one['cpu']:.0%} of one core |"
        )
    if whole["first_result_s"] is not None:
        lines.append(f"| first paint, first result | {whole['first_paint_s']:.2f} s, {whole['first_result_s']:.2f} s |")
    paint, gap, (width, height) = window["paint_ms"], window["gap_ms"], window["picture"]
    lines += [
        f"| painting 1280x720 with four faces | {paint['p50']:.1f} ms (median), {paint['p95']:.1f} ms (95 %); "
        f"processor time {paint['work']:.1f} ms |",
        f"| opening a picture of {width}x{height} | the window is held up by at most {gap['most']:.0f} ms; its own "
        f"thread works at most {gap['work']:.1f} ms of it |",
    ]
    if whole["rss_mb"]["end"] is not None:
        lines.append(f"| memory after the analysis | {whole['rss_mb']['end']:.0f} MB |")
    lines += ["", "| stage | median ms a frame | 95 % |", "| --- | ---: | ---: |"]
    lines += [f"| {stage} | {ms['p50']:.2f} | {ms['p95']:.2f} |" for stage, ms in whole["stage_ms"].items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
