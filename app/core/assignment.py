"""The assignment problem for the few faces of a frame."""

import math
from collections.abc import Sequence


def assign(costs: Sequence[Sequence[float]], *, unmatched: float) -> tuple[tuple[int, int], ...]:
    """Pair rows with columns so that the sum of costs is smallest.

    Shortest augmenting paths (the Hungarian method, exact, cubic): a crowd of a hundred faces is still small, and
    greedy pairing swaps people exactly when they cross.

    Args:
        costs: One row per track, one column per detection; infinite for impossible pairs.
        unmatched: Cost of leaving a row and a column unpaired; more expensive pairs are never made.

    Returns:
        Pairs (row, column), in order of rows, each with a cost of at most `unmatched`.

    >>> assign([[0.1, 0.2], [0.1, 0.9]], unmatched=1.0)
    ((0, 1), (1, 0))
    >>> assign([[math.inf], [0.3]], unmatched=1.0)
    ((1, 0),)
    """
    rows, columns = len(costs), len(costs[0]) if costs else 0
    if not rows or not columns:
        return ()
    if rows > columns:
        turned = [[costs[r][c] for r in range(rows)] for c in range(columns)]
        return tuple(sorted((row, column) for column, row in assign(turned, unmatched=unmatched)))
    price = [[min(cost, unmatched) for cost in row] for row in costs]
    row_potential, column_potential = [0.0] * rows, [0.0] * columns
    owner: list[int | None] = [None] * columns
    for start in range(rows):
        _augment(start, price, row_potential, column_potential, owner)
    pairs = ((row, column) for column, row in enumerate(owner) if row is not None)
    return tuple(sorted((row, column) for row, column in pairs if costs[row][column] < unmatched))


def _augment(
    start: int,
    price: list[list[float]],
    row_potential: list[float],
    column_potential: list[float],
    owner: list[int | None],
) -> None:
    """Give row `start` a column by the cheapest chain of reassignments (Dijkstra on reduced prices).

    Updates the potentials and owners.
    """
    columns = len(owner)
    distance = [math.inf] * columns
    previous: list[int | None] = [None] * columns
    done: list[int] = []
    row, last, travelled = start, None, 0.0
    while True:
        for column in range(columns):
            if column in done:
                continue
            through = travelled + price[row][column] - row_potential[row] - column_potential[column]
            if through < distance[column]:
                distance[column], previous[column] = through, last
        last = min((c for c in range(columns) if c not in done), key=distance.__getitem__)
        travelled = distance[last]
        holder = owner[last]
        if holder is None:
            break
        done.append(last)
        row = holder
    row_potential[start] += travelled
    for column in done:
        holder = owner[column]
        assert holder is not None
        row_potential[holder] += travelled - distance[column]
        column_potential[column] -= travelled - distance[column]
    end: int | None = last
    while end is not None:
        before = previous[end]
        owner[end] = start if before is None else owner[before]
        end = before
