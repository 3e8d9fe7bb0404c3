"""Which share of the machine's cores this process may use, where several of them work side by side."""

import os

import cv2

_shared: list[int] = []


def take_share(processes: int) -> int:
    """Keep this process to its share of the cores: in decoding, in OpenCV, and in networks that are opened from now on.

    Args:
        processes: How many work side by side.

    Returns:
        Cores for this one, at least 1.
    """
    cores = max(1, (os.cpu_count() or 1) // max(1, processes))
    keep_to(cores)
    return cores


def keep_to(cores: int) -> None:
    """As `take_share`, where the number of cores is known."""
    _shared[:] = [cores]
    cv2.setNumThreads(cores)


def share() -> int | None:
    """The share, or None where this process is alone."""
    return _shared[0] if _shared else None
