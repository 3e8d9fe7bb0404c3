"""Range checks of numeric settings."""

from collections.abc import Mapping


def require_ranges(settings: object, ranges: Mapping[str, tuple[float, float]]) -> None:
    """Check that numeric attributes lie within their ranges.

    Raises:
        ValueError: If one lies outside its range or is NaN.
    """
    for name, (low, high) in ranges.items():
        value = getattr(settings, name)
        if not low <= value <= high:
            raise ValueError(f"{name} is {value}, but must lie between {low} and {high}")
