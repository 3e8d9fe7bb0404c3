"""Hand-overs between threads: a slot for the newest value, and a short queue that keeps all."""

import threading
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """A slot for one value. The newest wins; values not taken in time are counted.

    The writer never waits, so a slow reader cannot block a device or the analysis.

    >>> box = Mailbox[int]()
    >>> box.put(1), box.put(2), box.take(), box.take(), box.dropped
    (True, True, 2, None, 1)
    """

    def __init__(self) -> None:
        self._values: deque[T] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._dropped = 0

    @property
    def dropped(self) -> int:
        """Number of values that were replaced before they were taken."""
        return self._dropped

    @property
    def closed(self) -> bool:
        """True once `close` was called; values may still be available."""
        return self._closed

    @property
    def exhausted(self) -> bool:
        """True once it is closed and empty: there will never be another value."""
        with self._changed:
            return self._closed and not self._values

    def put(self, value: T) -> bool:
        """Put a value; returns False, without putting it, if closed."""
        with self._changed:
            if self._closed:
                return False
            self._dropped += len(self._values)
            self._values.clear()
            self._values.append(value)
            self._changed.notify_all()
            return True

    def take(self, timeout_s: float | None = 0) -> T | None:
        """Take the value.

        Args:
            timeout_s: How long to wait for one; None waits until there is one or the mailbox is closed.

        Returns:
            The value, or None if none came.
        """
        with self._changed:
            self._changed.wait_for(lambda: bool(self._values) or self._closed, timeout_s)
            value = self._values.popleft() if self._values else None
            self._changed.notify_all()
            return value

    def close(self, *, discard: bool = False) -> None:
        """Accept no more values and wake all waiting threads. May be called twice.

        Args:
            discard: Also discard values that have not been taken.
        """
        with self._changed:
            self._closed = True
            if discard:
                self._values.clear()
            self._changed.notify_all()


class Queue(Mailbox[T]):
    """A mailbox that keeps up to `size` values in order; a full one makes the writer wait instead of dropping any."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size

    def put(self, value: T) -> bool:
        """Put a value, waiting for room; returns False, without putting it, if closed before or while waiting."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or len(self._values) < self._size)
            if self._closed:
                return False
            self._values.append(value)
            self._changed.notify_all()
            return True
