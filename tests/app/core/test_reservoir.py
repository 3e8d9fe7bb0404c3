import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.reservoir import Reservoir


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=200))
def test_short_runs_are_exact(values: list[float]) -> None:
    reservoir = Reservoir()
    for value in values:
        reservoir.add(value)
    assert reservoir.percentiles() == pytest.approx(tuple(np.percentile(values, (50, 95))))


def test_long_runs_are_close_in_bounded_memory() -> None:
    reservoir = Reservoir(size=1000)
    for value in range(50_000):
        reservoir.add(value)
    assert len(reservoir._values) == 1000
    p50, p95 = reservoir.percentiles()
    assert p50 == pytest.approx(25_000, rel=0.1)
    assert p95 == pytest.approx(47_500, rel=0.05)


def test_nothing_seen() -> None:
    assert Reservoir().percentiles() == (0.0, 0.0)
