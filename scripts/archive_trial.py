"""Analyse many generated films with two processes, kill processes and whole runs at random moments, and compare.

    python scripts/archive_trial.py [--films 200] [--frames 50] [--width 320] [--kills 10] [--jobs 2] [--seed 0]
                                    [--cluster ADDRESS] [--speed] [-- --detector haar]

The reference is an undisturbed run: every film must be done once, each table must be identical byte for byte, and the
parent's memory must stay flat. With --speed the films are also analysed by one process, for the ratio; do not use the
machine for anything else meanwhile. Needs the extra `dev`.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.made_films import make  # noqa: E402  (scripts run from anywhere)

FLAT_MB = 15.0
_GRACE_S = 0.05


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--films", type=int, default=200)
    parser.add_argument("--frames", type=int, default=50)
    parser.add_argument("--width", type=int, default=320)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cluster", metavar="ADDRESS", help="on a Dask cluster instead of processes")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("more", nargs="*", help="further words for `analyze`, after --")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder / "films", films=args.films, frames=args.frames, width=args.width)
        way = ["--cluster", args.cluster] if args.cluster else ["--jobs", str(args.jobs)]
        words = [*way, *args.more]
        calm_s, rss_mb = calm(folder / "films", folder / "calm", words)
        print(f"undisturbed: {args.films} films in {calm_s:.1f} s; the parent's memory in MB: {listed(rss_mb)}")
        if args.speed:
            alone_s, _ = calm(folder / "films", folder / "alone", args.more)
            print(f"one process: {alone_s:.1f} s; {alone_s / calm_s:.2f} times as fast with {' '.join(way)}")
            compare(folder / "alone", folder / "calm")
        disturbed(folder / "films", folder / "disturbed", words, args.kills, calm_s, random.Random(args.seed))
        compare(folder / "calm", folder / "disturbed")
        at_work = rss_mb[len(rss_mb) // 4 : -4]  # then the tables over all films are written, once
        if at_work and max(at_work) - min(at_work) > FLAT_MB:
            raise SystemExit("the parent's memory has grown")
    print(f"every film once after {args.kills} kills of the whole run; all tables as undisturbed")
    return 0


def command(films: Path, out: Path, words: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "app", "analyze", str(films), "--out", str(out), *words]


def calm(films: Path, out: Path, words: Sequence[str]) -> tuple[float, list[float]]:
    """An undisturbed run: seconds, and the parent's memory in MB every half second."""
    start_s = time.monotonic()
    rss_mb = []
    with subprocess.Popen(command(films, out, words), cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            try:
                rss_mb.append(psutil.Process(process.pid).memory_info().rss / 2**20)
                process.wait(0.5)
            except (subprocess.TimeoutExpired, psutil.Error):
                continue
    if process.returncode:
        raise SystemExit(f"an undisturbed run ended with {process.returncode}")
    return time.monotonic() - start_s, rss_mb


def disturbed(films: Path, out: Path, words: Sequence[str], kills: int, calm_s: float, dice: random.Random) -> None:
    """Kill a process and then the whole run at random moments, start again each time, and let the last one finish."""
    for _ in range(kills):
        with subprocess.Popen(
            command(films, out, words), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            until_s = time.monotonic() + dice.uniform(0.2, 2.5 * calm_s / max(kills, 1) + 3.0)
            worker_s = time.monotonic() + dice.uniform(0.0, until_s - time.monotonic())
            while time.monotonic() < until_s and process.poll() is None:
                if time.monotonic() >= worker_s and kill_one(process.pid, dice):
                    worker_s = until_s
                time.sleep(_GRACE_S)
            process.kill()
    done = subprocess.run(command(films, out, words), cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    print("the last run:", done.stdout[done.stdout.rfind(f"{len(list(films.iterdir()))} films in") :], end="")
    if done.returncode:
        raise SystemExit(f"the last run ended with {done.returncode}")


def kill_one(parent: int, dice: random.Random) -> bool:
    """Kill one of the processes that analyse films; False if there is none yet."""
    try:
        workers = [one for one in psutil.Process(parent).children() if "spawn_main" in " ".join(one.cmdline())]
        if workers:
            dice.choice(workers).kill()
    except psutil.Error:
        return False
    return bool(workers)


def compare(expected: Path, found: Path) -> None:
    """Fail unless both folders hold the same files, equal except for a run's own timings."""
    names = sorted(path.name for path in expected.iterdir())
    there = sorted(path.name for path in found.iterdir())
    if names != there:
        raise SystemExit(f"other files: missing {set(names) - set(there)}, more {set(there) - set(names)}")
    for name in names:
        one, other = (contents(folder / name) for folder in (expected, found))
        if one != other:
            raise SystemExit(f"{name} differs")


def contents(path: Path) -> object:
    if path.suffix != ".json":
        return path.read_bytes()
    content = json.loads(path.read_text(encoding="utf-8"))
    own = ("stage_ms", "films", "files") if path.name == "summary.json" else ("stage_ms", "options")
    return {key: value for key, value in content.items() if key not in own}


def listed(rss_mb: Sequence[float]) -> str:
    step = max(1, len(rss_mb) // 8)
    return ", ".join(f"{value:.0f}" for value in rss_mb[::step])


if __name__ == "__main__":
    sys.exit(main())
