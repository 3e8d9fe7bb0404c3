import itertools
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.scan import COARSE_S, UNCHANGED_S, WHOLE_S, Scan, Tile, tiles
from app.core.types import Box, Image
from app.core.views import Pyramid

SIZES = [(1280, 720), (720, 1280), (640, 480), (1920, 1080), (3840, 2160), (1000, 1000), (4000, 300)]


@pytest.mark.parametrize("size", SIZES)
@given(st.floats(0, 1), st.floats(0, 1))
def test_every_place_is_whole_in_a_tile_of_each_size(size: tuple[int, int], x: float, y: float) -> None:
    """A face a fifth as wide as the tiles, anywhere in the picture."""
    for rank in {tile.rank for tile in tiles(*size)} - {0}:
        row = [tile for tile in tiles(*size) if tile.rank == rank]
        face = row[0].square.side / 5
        box = Box(x * (size[0] - face), y * (size[1] - face), face, face)
        assert any(holds(tile, box) for tile in row)


def holds(tile: Tile, box: Box) -> bool:
    half = tile.square.side / 2 + 1e-6
    x, y = box.center
    return abs(x - tile.square.x) <= half - box.w / 2 and abs(y - tile.square.y) <= half - box.h / 2


@pytest.mark.parametrize("size", SIZES)
def test_sizes_of_tiles_follow_each_other_closely_down_to_small_faces(size: tuple[int, int]) -> None:
    sides = sorted({tile.square.side for tile in tiles(*size)}, reverse=True)
    inner = [side for side in sides if side <= min(size) + 1e-6]
    assert all(a / b < 3 for a, b in itertools.pairwise(inner))
    assert inner[-1] == pytest.approx(min(size[1], size[0], max(180, max(size) / 9.6)), rel=0.05)


@pytest.mark.parametrize("size", [(1, 1), (2, 16000), (100, 90)])
def test_a_small_picture_is_searched_as_a_whole_alone(size: tuple[int, int]) -> None:
    assert [tile.rank for tile in tiles(*size)] == [0]


def film(seconds: float, fps: float, *, moving: bool) -> Iterable[tuple[float, Image]]:
    rng = np.random.default_rng(5)
    still = np.kron(rng.integers(0, 256, (9, 16, 3)), np.ones((40, 40, 1))).astype(np.uint8)
    for number in range(round(seconds * fps)):
        # a slow fade, which does not count as a new scene
        brighter = np.uint8(60 * abs(1.5 * number / fps % 2 - 1))
        yield number / fps, still // 2 + brighter if moving else still


@pytest.mark.parametrize("fps", [4, 10, 30, 120])
def test_where_all_changes_the_whole_plan_is_done_within_its_time(fps: float) -> None:
    scan, done = Scan(), dict.fromkeys(tiles(640, 360), 0.0)
    longest = dict.fromkeys(done, 0.0)
    for time_s, image in film(4, fps, moving=True):
        for tile in scan.next(Pyramid(image), time_s, 1 / fps):
            longest[tile] = max(longest[tile], time_s - done[tile])
            done[tile] = time_s
    late_s = 2 * WHOLE_S + 1 / fps  # at most, until the change is large enough to be noticed
    assert all(waited_s <= tile.period_s + late_s + 1e-6 for tile, waited_s in longest.items())
    assert max(longest.values()) <= 1.0 + late_s


@pytest.mark.parametrize("fps", [10, 30])
def test_work_is_spread_over_the_frames(fps: float) -> None:
    scan = Scan()
    counts = [len(scan.next(Pyramid(image), time_s, 1 / fps)) for time_s, image in film(3, fps, moving=True)]
    rate = sum(1 / tile.period_s for tile in tiles(640, 360))
    assert max(counts[1:]) <= 1.3 * rate / fps + 1


def test_where_nothing_changes_nothing_is_searched_again_for_some_seconds() -> None:
    scan, counts = Scan(), {}
    for time_s, image in film(UNCHANGED_S + 2, 10, moving=False):
        counts[time_s] = len(scan.next(Pyramid(image), time_s, 0.1))
    assert counts[0.0] == len(tiles(640, 360))
    assert sum(count for time_s, count in counts.items() if 0 < time_s < UNCHANGED_S - 1) == 0
    assert sum(count for time_s, count in counts.items() if time_s >= UNCHANGED_S - 1) >= len(tiles(640, 360))


def test_a_cut_is_searched_at_once() -> None:
    scan = Scan()
    for time_s, image in film(1, 30, moving=False):
        scan.next(Pyramid(image), time_s, 1 / 30)
    after = scan.next(Pyramid(255 - image), 1.0, 1 / 30)
    assert {tile for tile in tiles(640, 360) if tile.rank <= 2} <= set(after)


def test_where_somebody_was_lost_is_searched_at_once() -> None:
    scan = Scan()
    for time_s, image in film(1, 30, moving=False):
        scan.next(Pyramid(image), time_s, 1 / 30)
    lost = Box(500, 200, 40, 40)
    after = scan.next(Pyramid(image), 1.0, 1 / 30, lost=[lost])
    assert {tile for tile in tiles(640, 360) if tile.rank <= 1} <= set(after)
    assert any(tile.rank > 1 and holds(tile, lost) for tile in after)


def test_what_known_people_do_does_not_bring_on_small_tiles() -> None:
    scan, ranks = Scan(), []
    for time_s, image in film(3, 30, moving=False):
        x = round(100 + 100 * time_s)
        moved = image.copy()
        moved[100:160, x : x + 60] = 255
        ranks += [tile.rank for tile in scan.next(Pyramid(moved), time_s, 1 / 30, known=[Box(x, 100, 60, 60)])][
            : None if time_s else 0
        ]
    assert ranks.count(0) >= 3 / COARSE_S
    assert sum(rank > 1 for rank in ranks) <= 5  # background uncovered next to the face


def test_another_size_is_searched_anew() -> None:
    scan = Scan()
    scan.next(Pyramid(np.zeros((360, 640, 3), np.uint8)), 0.0, 1 / 30)
    assert scan.next(Pyramid(np.zeros((480, 640, 3), np.uint8)), 0.1, 0.1) == tiles(640, 480)
