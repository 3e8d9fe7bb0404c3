"""Numbers that must lie between others."""

from collections.abc import Mapping


def require_ranges(settings: object, ranges: Mapping[str, tuple[float, float]]) -> None:
    """Check attributes by name.

    Raises:
        ValueError: If one is below the lowest or above the highest value that it may have, or no number.
    """
    for name, (low, high) in ranges.items():
        value = getattr(settings, name)
        if not low <= value <= high:
            raise ValueError(f"{name} is {value}, but must lie between {low} and {high}")
