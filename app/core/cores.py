"""The share of the machine's cores that this process may use when several work in parallel."""

import os

import cv2

_shared: list[int] = []


def take_share(processes: int) -> int:
    """Limit this process to its share of the cores, in decoding, in OpenCV, and in networks opened from now on.

    Args:
        processes: Number of parallel processes.

    Returns:
        Cores for this one, at least 1.
    """
    cores = max(1, (os.cpu_count() or 1) // max(1, processes))
    keep_to(cores)
    return cores


def keep_to(cores: int) -> None:
    """As `take_share`, with a known number of cores."""
    _shared[:] = [cores]
    cv2.setNumThreads(cores)


def share() -> int | None:
    """The share, or None if this process is alone."""
    return _shared[0] if _shared else None
