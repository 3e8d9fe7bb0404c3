import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.assignment import assign


def price(costs: list[list[float]], pairs: tuple[tuple[int, int], ...]) -> float:
    """The cost of an assignment; each unassigned row or column of the shorter side costs 1."""
    shorter = min(len(costs), len(costs[0]))
    return sum(costs[r][c] for r, c in pairs) + (shorter - len(pairs))


def cheapest(costs: list[list[float]]) -> float:
    rows, columns = len(costs), len(costs[0])
    if rows > columns:
        return cheapest([list(column) for column in zip(*costs, strict=True)])
    return min(
        sum(min(costs[r][c], 1.0) for r, c in enumerate(chosen))
        for chosen in itertools.permutations(range(columns), rows)
    )


matrices = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
    lambda shape: st.lists(
        st.lists(st.one_of(st.floats(0, 1.5), st.just(math.inf)), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    )
)


@given(matrices)
def test_no_assignment_is_cheaper(costs: list[list[float]]) -> None:
    pairs = assign(costs, unmatched=1.0)
    assert price(costs, pairs) == pytest.approx(cheapest(costs), abs=1e-9)
    assert all(costs[r][c] < 1 for r, c in pairs)
    assert len({r for r, _ in pairs}) == len({c for _, c in pairs}) == len(pairs)


def test_nothing_to_assign() -> None:
    assert assign([], unmatched=1.0) == ()
    assert assign([[], []], unmatched=1.0) == ()


def test_greedy_pairing_would_be_dearer() -> None:
    assert assign([[0.1, 0.2], [0.11, 0.9]], unmatched=1.0) == ((0, 1), (1, 0))
