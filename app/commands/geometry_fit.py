"""Finds the crop with which a network reads a detector's faces best."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from models.bundle import CropGeometry

_STEP_SCALE, _STEP_DY = 10, 5  # of the coarse grid, in hundredths
_FINE_SCALE, _FINE_DY = 5, 2.5
_SCALES = range(90, 171, _STEP_SCALE)
_SHIFTS = range(-25, 16, _STEP_DY)


@dataclass(frozen=True, slots=True)
class Quality:
    """How well faces are read with one geometry.

    Attributes:
        accuracy: 0..1.
        log_likelihood: Mean over the faces, of the truth's probability; breaks ties.
    """

    accuracy: float
    log_likelihood: float


Place = tuple[float, float]
"""Scale and dy in hundredths: a point of the grid, free of rounding."""

Curve = Mapping[Place, Quality]


def coarse_grid() -> tuple[Place, ...]:
    """Scales 0.9 to 1.7 by 0.1 and shifts -0.25 to 0.15 by 0.05."""
    return tuple((float(scale), float(dy)) for scale, dy in product(_SCALES, _SHIFTS))


def fine_grid(center: Place) -> tuple[Place, ...]:
    """Twice as fine around a point of the coarse grid, one and a half coarse steps each way, not beyond its edges."""
    offsets = range(-3, 4)
    scales = [center[0] + i * _FINE_SCALE for i in offsets]
    shifts = [center[1] + j * _FINE_DY for j in offsets]
    inside = [scale for scale in scales if _SCALES[0] <= scale <= _SCALES[-1]]
    return tuple(product(inside, (dy for dy in shifts if _SHIFTS[0] <= dy <= _SHIFTS[-1])))


def geometry_of(place: Place) -> CropGeometry:
    """The geometry at a point; a face is symmetric, so nothing is shifted sideways.

    >>> geometry_of((130.0, -2.5))
    CropGeometry(scale=1.3, dx=0.0, dy=-0.025)
    """
    return CropGeometry(round(place[0] / 100, 4), 0.0, round(place[1] / 100, 4))


def plateau(curve: Curve, steps: Place, candidates: Iterable[Place] | None = None) -> Place:
    """The point whose surroundings are best, not the best point: a lucky spike has poor neighbours.

    Args:
        curve: Qualities on a regular grid, which may have holes; a hole counts like the worst neighbour that was
            measured, so that a point at the edge has no advantage.
        steps: Step of the grid, in hundredths.
        candidates: The points to choose from; all of the curve by default.

    Returns:
        The point with the highest accuracy averaged over itself (weight 4), its neighbours (2) and the diagonal ones
        (1); of equal ones, that with the highest log-likelihood averaged in the same way.
    """

    def score(place: Place) -> tuple[float, float]:
        around = {
            (i, j): curve.get((place[0] + i * steps[0], place[1] + j * steps[1]))
            for i, j in product((-1, 0, 1), (-1, 0, 1))
        }
        known = [quality for quality in around.values() if quality is not None]
        worst = Quality(min(q.accuracy for q in known), min(q.log_likelihood for q in known))
        accuracy = likelihood = 0.0
        for (i, j), quality in around.items():
            weight = (2 - abs(i)) * (2 - abs(j)) / 16
            accuracy += weight * (quality or worst).accuracy
            likelihood += weight * (quality or worst).log_likelihood
        return round(accuracy, 9), likelihood

    return max(curve if candidates is None else candidates, key=score)


def fit_geometry(measure: Callable[[CropGeometry], Quality]) -> tuple[CropGeometry, dict[Place, Quality]]:
    """Search the coarse grid, then a finer one around its best neighbourhood.

    Args:
        measure: Reads all faces with one geometry.

    Returns:
        The geometry, and the quality at every point that was tried.
    """
    curve = {place: measure(geometry_of(place)) for place in coarse_grid()}
    grid = fine_grid(plateau(curve, (_STEP_SCALE, _STEP_DY)))
    for place in grid:
        if place not in curve:
            curve[place] = measure(geometry_of(place))
    return geometry_of(plateau(curve, (_FINE_SCALE, _FINE_DY), grid)), curve
