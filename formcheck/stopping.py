"""Ctrl-C, and requests to end: heeded where it suits, so that nothing is left half done."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

T = TypeVar("T")

STOPPING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""Ctrl-C, a request to end, and the terminal being closed; Windows has no such."""
_PATIENCE_S = 5.0
_AGAIN_S = 0.02


@contextmanager
def stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Have the first Ctrl-C, or a request to end, call a function.

    What comes within five seconds is the same request once more, and does not break off the
    tidying up; later it does, with KeyboardInterrupt. Elsewhere than in the main thread, nothing
    is changed.
    """
    before = {number: signal.getsignal(number) for number in STOPPING}
    heeded = {number: handler for number, handler in before.items() if callable(handler)}
    if threading.current_thread() is not threading.main_thread():
        heeded = {}
    first_s: list[float] = []

    def asked(_: int, __: FrameType | None) -> None:
        now_s = time.monotonic()
        if not first_s:
            first_s.append(now_s)
            stop()
        elif now_s - first_s[0] > _PATIENCE_S:
            raise KeyboardInterrupt

    try:
        for number in heeded:
            signal.signal(number, asked)
        with _asked_again_when_lost(heeded, first_s.clear):
            yield
    finally:
        for number, handler in heeded.items():
            signal.signal(number, handler)


@contextmanager
def _asked_again_when_lost(heeded: Collection[int], forget: Callable[[], None]) -> Iterator[None]:
    """Repeat a request that came while Python forgot an object: raised there, it reaches nobody."""
    if not heeded:
        yield
        return
    number, told = next(iter(heeded)), sys.unraisablehook

    def lost(unraisable: sys.UnraisableHookArgs) -> None:
        if not isinstance(unraisable.exc_value, KeyboardInterrupt):
            told(unraisable)
            return
        forget()
        threading.Timer(_AGAIN_S, signal.raise_signal, [number]).start()

    sys.unraisablehook = lost
    try:
        yield
    finally:
        sys.unraisablehook = told


@contextmanager
def stopped_between_items() -> Iterator[Callable[[Iterator[T]], Iterator[T]]]:
    """Put Ctrl-C off: it is raised between two items, or when the block is left.

    Threads then neither lose what was handed over, nor work on with what is closed already.

    Returns
    -------
    callable
        Gives the same items, and raises KeyboardInterrupt before the next one once it was asked.
    """
    asked = threading.Event()

    def checked(items: Iterator[T]) -> Iterator[T]:
        for item in items:
            if asked.is_set():
                raise KeyboardInterrupt
            yield item

    with stopped_by_signals(asked.set):
        yield checked
    if asked.is_set():
        raise KeyboardInterrupt
