"""Milliseconds per face with LiteRT, and the processor of this machine."""

import os
import platform
import time
from pathlib import Path

import numpy as np

from models.bundle import Bundle
from models.engines import open_classifier

WARM_UP, ROUNDS = 20, 200


def milliseconds_per_face(bundle: Bundle, threads: int) -> float:
    """Median time of one face after a warm-up, from gray levels to logits, in milliseconds.

    Args:
        bundle: Its `model.tflite` is run, one face at a time.
        threads: Number of LiteRT threads.
    """
    crop = np.random.default_rng(0).integers(0, 256, (1, *bundle.input_shape), dtype=np.uint8)
    classifier = open_classifier(bundle, "litert", threads)
    try:
        for _ in range(WARM_UP):
            classifier.logits(crop)
        times = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            classifier.logits(crop)
            times.append(time.perf_counter() - started)
    finally:
        classifier.close()
    return 1000 * float(np.median(times))


def processor() -> str:
    """Name of the processor if the system reports it, else its architecture, and its number of cores."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores"
