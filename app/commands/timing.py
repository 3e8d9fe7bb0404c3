"""Times networks against each other, each in its own process: TensorFlow's number of threads can be set only once."""

import multiprocessing
import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from models.bundle import KERAS_FILE, LITERT_FILE, load_bundle, sha256_of, write_meta
from models.conversion import require_tensorflow, to_litert
from models.engines import open_classifier
from models.engines.keras import load_network
from models.mini_xception import MiniXception
from models.standard_error import quiet_stderr

ROUNDS, LEAST_ROUNDS, LIMIT_S = 100, 10, 10.0
WARM_UP = 3

_Classify = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
_P = ParamSpec("_P")
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds per face over the rounds: their 10th, 50th and 90th percentile."""

    p10: float
    p50: float
    p90: float


def in_new_process(function: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
    """Call a function of a module in a fresh interpreter, on Keras with TensorFlow, without native log output."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _prepare) as pool:
        return pool.submit(_quietly, function, args, kwargs).result()


def convert(folder: Path, quantisation: str, out: Path) -> None:
    """Write a bundle into `out` with another quantisation of the network in `folder`, made from `model.keras`.

    Raises:
        InputError: As `load_network`, or if TensorFlow is not installed.
    """
    bundle = load_bundle(folder)
    require_tensorflow(f"Converting {folder / KERAS_FILE} to {quantisation}")
    (out / LITERT_FILE).write_bytes(to_litert(load_network(bundle), quantisation))
    digests = MappingProxyType({LITERT_FILE: sha256_of(out / LITERT_FILE)})
    write_meta(replace(bundle, path=out, gate=None, sha256=digests))  # the gate's network is not copied


def time_networks(
    bundles: Mapping[str, Path], threads: int, sizes: Sequence[int], reference: str | None
) -> tuple[dict[str, dict[int, Spread]], int]:
    """Time bundles with LiteRT and, unless its name is None, mini_XCEPTION with `tf.function`, alternating.

    This times what the app does with a frame's faces: uint8 crops in, probabilities out.

    Args:
        bundles: Name in the result -> folder.
        threads: Number of threads for every network.
        sizes: Batch sizes.
        reference: mini_XCEPTION's name in the result.

    Returns:
        Name -> number of faces -> spread, and how many rounds there were.
    """
    networks: dict[str, _Classify] = {}
    for name, folder in bundles.items():
        networks[name] = open_classifier(load_bundle(folder), threads=threads).probabilities
    if reference is not None:
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(threads)  # before its first operation
        tf.config.threading.set_inter_op_parallelism_threads(threads)
        networks[reference] = MiniXception().probabilities
    samples, rounds = _samples(networks, sizes)
    return {name: {n: _spread(samples[name, n], n) for n in sizes} for name in networks}, rounds


def _samples(networks: Mapping[str, _Classify], sizes: Sequence[int]) -> tuple[dict[tuple[str, int], list[float]], int]:
    """Seconds of each call.

    One round calls every network with every number of faces, so that all see the same load; each round starts with
    another network, so that none always follows the same one.
    """
    rng = np.random.default_rng(0)
    crops = {n: rng.integers(0, 256, (n, 48, 48, 1), dtype=np.uint8) for n in sizes}
    for _ in range(WARM_UP):
        for classify in networks.values():
            for n in sizes:
                classify(crops[n])
    samples: dict[tuple[str, int], list[float]] = {(name, n): [] for name in networks for n in sizes}
    until = time.perf_counter() + LIMIT_S
    rounds, order = 0, list(networks.items())
    while rounds < ROUNDS and (rounds < LEAST_ROUNDS or time.perf_counter() < until):
        for n in sizes:
            for name, classify in order:
                start = time.perf_counter()
                classify(crops[n])
                samples[name, n].append(time.perf_counter() - start)
        rounds, order = rounds + 1, [*order[1:], order[0]]
    return samples, rounds


def _spread(seconds: Sequence[float], faces: int) -> Spread:
    return Spread(*(1000 * np.percentile(seconds, (10, 50, 90)) / faces).round(4).tolist())


def _prepare() -> None:
    os.environ["KERAS_BACKEND"] = "tensorflow"


def _quietly(function: Callable[..., _R], args: tuple[Any, ...], kwargs: dict[str, Any]) -> _R:
    with quiet_stderr():
        return function(*args, **kwargs)
