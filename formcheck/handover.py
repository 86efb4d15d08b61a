"""What one thread makes and another takes, handed over so that no signal can come between."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")


class Handover(Generic[T]):
    """Items on their way from one thread to another, a few at most.

    Parameters
    ----------
    n_waiting : int
        How many may wait.

    Notes
    -----
    `queue.Queue` takes several steps, and Ctrl-C between two of them can leave the other thread
    waiting for ever. A `SimpleQueue` takes one; here are two, of the items and of the room left.
    """

    def __init__(self, n_waiting: int) -> None:
        self._items: SimpleQueue[T | None] = SimpleQueue()
        self._room: SimpleQueue[None] = SimpleQueue()
        for _ in range(n_waiting):
            self.widen()

    def widen(self) -> None:
        """Make room for one more, also for somebody who waits for it."""
        self._room.put(None)

    def put(self, item: T, *, waits: bool = True) -> None:
        """Hand an item over; where there is no room, wait for it or leave the item out."""
        try:
            self._room.get(block=waits)
        except Empty:
            return
        self._items.put(item)

    def end(self) -> None:
        """Say that no more will come; this needs no room."""
        self._items.put(None)

    def take(self) -> T | None:
        """Wait for the next item and return it; None at the end."""
        item = self._items.get()
        self.widen()
        return item
