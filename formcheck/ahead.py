"""Items made in a thread of their own, a few ahead of whoever takes them."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from formcheck.handover import Handover

T = TypeVar("T")

_N_WAITING = 2  # evens out what takes long now and then; at 4K an item is 25 MB


@contextmanager
def ahead(items: Iterable[T]) -> Iterator[Iterator[T]]:
    """Give the same items in the same order, made in a thread while the last is worked on.

    Parameters
    ----------
    items : iterable
        Not None; iterated by the thread alone. Besides the two that wait, the thread holds one.

    Raises
    ------
    Exception
        Where the next item would come: what making it has raised, with its traceback.

    Notes
    -----
    Leaving the block, also with items left, waits for the item that is being made and ends the
    thread; only then may be closed what the items are made from.
    """
    maker = _Maker(items)
    thread = threading.Thread(target=maker.work, name="ahead", daemon=True)
    thread.start()
    try:
        yield maker.taken()
    finally:
        maker.stop()
        thread.join()


class _Maker(Generic[T]):
    def __init__(self, items: Iterable[T]) -> None:
        self._items = items
        self._made: Handover[T] = Handover(_N_WAITING)
        self._error: BaseException | None = None
        self._stopping = False

    def work(self) -> None:
        try:
            for item in self._items:
                self._made.put(item)
                if self._stopping:
                    return
        except BaseException as error:  # noqa: BLE001 - whoever takes the items raises it
            self._error = error
        self._made.end()

    def taken(self) -> Iterator[T]:
        while (item := self._made.take()) is not None:
            yield item
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """Let the thread end: it may be waiting for room, and puts one more item at most."""
        self._stopping = True
        self._made.widen()
