"""`bench --archive`: films per hour with one process, with two, and with a cluster of two workers on this machine."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from app.archive.display import Terminal
from app.archive.inline import Inline
from app.archive.listing import listed
from app.archive.pool import Pool
from app.archive.run import DAMAGED, DONE, Run
from app.archive.settings import Settings
from app.archive.tasks import Executor, Plan
from app.headless.identity import Identity
from app.headless.outputs import plan
from app.headless.stopping import stopping
from app.options import Options
from app.standard import say
from models.errors import InputError
from models.files import scratch_folder

_SIZE = 2
_READY_S = 120.0


def bench_archive(folder: str, options: Options, *, as_json: bool) -> int:
    """Measure and print.

    Returns:
        0, or 130 if it was interrupted, which leaves no figures.

    Raises:
        InputError: If there are no films, one of them cannot be analysed, or the model or detector cannot be used.
    """
    listing = listed([folder], (), recursive=False, notify=say)
    rates: dict[str, float] = {}
    sizes: dict[str, int] = {}
    with stopping() as stop:
        for way, size, crew in _ways():
            with scratch_folder() as out:
                hour = _films_per_hour(listing.specs, out, options, crew, stop)
            if hour is None:
                return 130
            rates[way], sizes[way] = hour, size
    first = next(iter(rates.values()))
    result = {
        "films": len(listing.specs),
        "films_per_hour": {way: round(rate, 2) for way, rate in rates.items()},
        "efficiency": {way: round(rate / first / sizes[way], 4) for way, rate in rates.items()},
    }
    print(json.dumps(result, indent=2) if as_json else table(result))
    return 0


def table(result: Mapping[str, Any]) -> str:
    """The figures for people."""
    lines = [f"{result['films']} films", f"  {'way':<14}{'films per hour':>14}{'efficiency':>12}"]
    lines += [
        f"  {way:<14}{rate:>14.0f}{result['efficiency'][way]:>12.0%}" for way, rate in result["films_per_hour"].items()
    ]
    return "\n".join(lines)


_Open = Callable[[Plan, Terminal, ExitStack], Executor]


def _ways() -> Iterator[tuple[str, int, _Open]]:
    """Name, parallelism and crew factory of each way to run the films."""
    yield "processes-1", 1, _one
    yield f"processes-{_SIZE}", _SIZE, _some
    if find_spec("distributed") is None:
        say("the cluster is left out, since Dask is not installed (`pip install -e '.[cluster]'`).")
    else:
        yield f"cluster-{_SIZE}", _SIZE, _cluster


def _films_per_hour(
    specs: tuple[str, ...], out: Path, options: Options, open_crew: _Open, stop: threading.Event
) -> float | None:
    """Films per hour, counted from when model and detector are open everywhere; None if it was interrupted."""
    identities = [Identity(spec).everywhere() for spec in specs]
    jobs, claims = plan(identities, out, video=False, overwrite=False, notify=say)
    films = Plan(jobs, claims, Settings(options, sharing=True))
    display = Terminal(specs)
    with ExitStack() as stack:
        stack.callback(display.close)
        crew = open_crew(films, display, stack)
        trip = Run(films, crew, display)
        start_s = time.perf_counter()
        trip.go(stop)
        spent_s = time.perf_counter() - start_s
    if stop.is_set():
        return None
    for result in trip.results.values():
        if result.state not in (DONE, DAMAGED):
            raise InputError(result.reason or f"{specs[result.number]} could not be analysed; leave it out.")
    return len(specs) / spent_s * 3600


def _one(films: Plan, display: Terminal, stack: ExitStack) -> Executor:
    crew = Inline(
        films, lambda task, frames, total: display.advance(task.number, 0, frames, total), display.say, alone=False
    )
    stack.callback(crew.close)
    crew.prepare()
    return crew


def _some(films: Plan, display: Terminal, stack: ExitStack) -> Executor:
    crew = Pool(films, _SIZE)
    stack.callback(crew.close)
    late_s = time.monotonic() + _READY_S
    while not crew.ready:
        if time.monotonic() > late_s:
            raise InputError(f"{_SIZE} processes were not ready after {_READY_S:.0f} s; is the machine busy?")
        crew.wait(0.2)
    return crew


def _cluster(films: Plan, display: Terminal, stack: ExitStack) -> Executor:
    from app.archive.cluster import Cluster

    address = stack.enter_context(_local_cluster())
    crew = Cluster(films, address)
    stack.callback(crew.close)
    return crew


@contextmanager
def _local_cluster() -> Iterator[str]:
    import logging

    from distributed import LocalCluster

    with LocalCluster(
        n_workers=_SIZE, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=logging.CRITICAL
    ) as cluster:
        yield cluster.scheduler_address
