"""Append-only arrays for tables of unknown length."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

_LEAST = 256


class Columns:
    """Named arrays of one length. Each is contiguous, so that `searchsorted` needs no copy of it.

    Capacity grows by an eighth: appending is cheap on average, and little memory is unused.

    Args:
        kinds: Name -> type and shape of one row's value.
    """

    def __init__(self, kinds: Mapping[str, tuple[DTypeLike, tuple[int, ...]]]) -> None:
        self._arrays: dict[str, NDArray[Any]] = {
            name: np.empty((0, *shape), dtype) for name, (dtype, shape) in kinds.items()
        }
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return iter(self._arrays)

    def __getitem__(self, name: str) -> NDArray[Any]:
        """The values so far: a view, which later rows do not change."""
        return self._arrays[name][: self._length]

    @property
    def nbytes(self) -> int:
        """Bytes held, including room for further rows."""
        return sum(array.nbytes for array in self._arrays.values())

    def append(self, **values: object) -> None:
        """Add one row; every column has a value."""
        self.extend(1, {name: [value] for name, value in values.items()})

    def extend(self, count: int, values: Mapping[str, Sequence[Any] | NDArray[Any]]) -> None:
        """Add `count` rows; every column has that many values."""
        end = self._length + count
        for name, array in self._arrays.items():
            if end > len(array):
                larger = np.empty((max(_LEAST, end, len(array) + len(array) // 8), *array.shape[1:]), array.dtype)
                larger[: self._length] = array[: self._length]
                self._arrays[name] = array = larger
            array[self._length : end] = values[name]
        self._length = end
