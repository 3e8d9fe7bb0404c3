"""Start a Dask scheduler and two workers on this machine, print how to use them, and wait for Ctrl-C.

    python scripts/cluster_demo.py [--workers 2] [--port 8786]

They listen only on 127.0.0.1, because anyone who reaches a scheduler can run programs on its workers.
"""

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
END_S = 10


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--port", type=int, default=8786, help="the scheduler's; the dashboard has the next one")
    args = parser.parse_args()
    address, dashboard = f"tcp://{HOST}:{args.port}", f"{HOST}:{args.port + 1}"
    scheduler = start("dask_scheduler", "--host", HOST, "--port", str(args.port), "--dashboard-address", dashboard)
    workers = [
        start("dask_worker", address, "--host", HOST, "--nthreads", "1", "--no-dashboard") for _ in range(args.workers)
    ]
    print(f"A scheduler at {address} with {args.workers} workers; Ctrl-C ends them.")
    print(f"Its dashboard: http://{dashboard}/status")
    print(f"In another terminal: .venv/bin/python -m app analyze FOLDER --out DIR --cluster {address}", flush=True)
    try:
        scheduler.wait()
        print("The scheduler has ended; its messages above say why.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        for process in (*workers, scheduler):
            end(process)


def start(program: str, *words: str) -> subprocess.Popen[bytes]:
    """Start one of Dask's programs in the project's folder, so that it finds Mimik."""
    return subprocess.Popen([sys.executable, "-m", f"distributed.cli.{program}", *words], cwd=ROOT)


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()


if __name__ == "__main__":
    sys.exit(main())
