import numpy as np

from app.sources.pool import Pool

SHAPE = (8, 6, 3)


def test_memory_that_nobody_holds_is_used_again() -> None:
    pool = Pool()
    first = pool.take(SHAPE)
    place = first.ctypes.data
    first[:] = 1
    del first
    assert pool.take(SHAPE).ctypes.data == place


def test_a_picture_that_somebody_holds_is_left_alone() -> None:
    pool = Pool()
    taken = [pool.take(SHAPE) for _ in range(20)]
    assert not any(np.shares_memory(a, b) for i, a in enumerate(taken) for b in taken[:i])
    held = memoryview(taken.pop(0)), taken.pop(0).reshape(-1), iter([taken.pop(0)])
    taken.clear()
    spare = [pool.take(SHAPE) for _ in range(20)]
    for item in (np.asarray(held[0]), held[1], next(held[2])):
        assert not any(np.shares_memory(item, array) for array in spare)


def test_part_of_a_picture_keeps_it() -> None:
    pool = Pool()
    part = pool.take(SHAPE)[2:, 1:]
    part[:] = 7
    other = pool.take(SHAPE)
    other[:] = 0
    assert part.min() == 7


def test_another_size_and_large_pictures_are_not_kept() -> None:
    pool = Pool()
    pool.take(SHAPE)
    large = pool.take((5000, 5000, 3))
    assert large.shape == (5000, 5000, 3) and len(pool._arrays) == 0
