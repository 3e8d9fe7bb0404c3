"""Hand-overs between threads: a slot that keeps the newest value, and a short queue that keeps every one."""

import threading
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """A slot for one value. The newest wins; values not taken in time are counted.

    The writer never waits, so a device or the analysis cannot be held up by a slow reader.

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
        """Values that were replaced before anybody took them."""
        return self._dropped

    @property
    def closed(self) -> bool:
        """True once `close` was called; values may still be there."""
        return self._closed

    @property
    def exhausted(self) -> bool:
        """True once it is closed and everything was taken: there will never be another value."""
        with self._changed:
            return self._closed and not self._values

    def put(self, value: T) -> bool:
        """Leave a value; False, and nothing left, when closed."""
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
            The value, or None where none came.
        """
        with self._changed:
            self._changed.wait_for(lambda: bool(self._values) or self._closed, timeout_s)
            value = self._values.popleft() if self._values else None
            self._changed.notify_all()
            return value

    def close(self, *, discard: bool = False) -> None:
        """Take no more values and wake everybody who waits. May be called twice.

        Args:
            discard: Also throw away what has not been taken.
        """
        with self._changed:
            self._closed = True
            if discard:
                self._values.clear()
            self._changed.notify_all()


class Queue(Mailbox[T]):
    """A mailbox that keeps `size` values in order and makes the writer wait instead of dropping any."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size

    def put(self, value: T) -> bool:
        """Leave a value, waiting for room; False, and nothing left, when closed before or while waiting."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or len(self._values) < self._size)
            if self._closed:
                return False
            self._values.append(value)
            self._changed.notify_all()
            return True
