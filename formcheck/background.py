"""A sink in a thread of its own, for work that must not hold up the loop."""

from __future__ import annotations

import threading
from typing import Self

from formcheck.handover import Handover
from formcheck.pipeline import Moment, Sink

_N_WAITING = 4


class Background:
    """A sink whose work is done in a thread; a context manager.

    Parameters
    ----------
    sink : Sink
        Who does the work; used by the thread alone between entering and leaving.
    leaves_out : bool
        Whether moments are left out when the thread cannot keep up, for a loop that must not
        wait; else the loop waits.

    Raises
    ------
    Exception
        On leaving, what the sink has raised.
    """

    def __init__(self, sink: Sink, *, leaves_out: bool) -> None:
        self._sink, self._leaves_out = sink, leaves_out
        self._waiting: Handover[Moment] = Handover(_N_WAITING)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="background sink", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._waiting.end()
        self._thread.join()
        if self._error and kind is None:
            raise self._error

    def take(self, moment: Moment) -> None:
        """Hand one more moment to the thread."""
        self._waiting.put(moment, waits=not self._leaves_out)

    def _work(self) -> None:
        while (moment := self._waiting.take()) is not None:
            if self._error is None:
                self._take(moment)

    def _take(self, moment: Moment) -> None:
        try:
            self._sink.take(moment)
        except BaseException as error:  # noqa: BLE001 - it is raised where the thread is joined
            self._error = error
