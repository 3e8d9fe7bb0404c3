"""The memory use of this process."""

import sys
from pathlib import Path


def rss_mb() -> float | None:
    """Resident memory in MB; the peak if the system reports only that, None if it reports nothing.

    Linux reports the current value, macOS the peak.
    """
    if sys.platform.startswith("linux"):
        for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmRSS:"):
                return round(int(line.split()[1]) / 1024, 1)
    if sys.platform == "darwin":
        import resource

        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2, 1)
    return None
