"""Workers on other machines, through Dask: the one module that knows it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from formcheck.crew import Crew, LostError
from formcheck.pipeline import FormcheckError, InputError

P = ParamSpec("P")
T = TypeVar("T")
_INSTALL = "pip install 'formcheck[cluster]'"
_PATIENCE_S = 10
_LOGGERS = ("distributed", "distributed.client", "tornado.application")
"""Their tracebacks are not shown: what goes wrong is told in one line."""


class ClusterError(FormcheckError):
    """The cluster went away."""


class ClusterCrew(Crew):
    """The executor of a Dask cluster, and how much it can work on.

    Dask itself gives the work of a lost worker to another one, and gives up what has cost it
    more than `distributed.scheduler.allowed-failures` workers (3, if not configured otherwise).
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._executor = client.get_executor(pure=False)

    @property
    def room(self) -> int:
        """How many calls are worked on at the same time; it changes as workers come and go.

        To hand over more would charge what waits at a worker with its death.
        """
        n_threads: int = sum(self._client.nthreads().values())
        return max(1, n_threads)

    def result(self, future: Future[T]) -> T:
        """See `Crew`."""
        from distributed import KilledWorker  # noqa: PLC0415 - an optional part

        try:
            return future.result()
        except KilledWorker as error:
            n_lost = error.allowed_failures + 1
            raise LostError(
                f"ended each of {n_lost} workers of the cluster that tried it"
            ) from error
        except ImportError as error:
            raise InputError(
                f"a worker cannot load formcheck ({error}); install it there"
            ) from error

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a worker call a function."""
        future: Future[T] = self._executor.submit(fn, *args, **kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """End; with `cancel_futures`, what has not begun is taken back."""
        self._executor.shutdown(wait=wait and not cancel_futures)


@contextmanager
def cluster(address: str) -> Iterator[ClusterCrew]:
    """Connect to a Dask scheduler.

    Raises
    ------
    InputError
        If there is none at the address, or Dask is not installed.
    """
    try:
        import distributed  # noqa: PLC0415 - an optional part
    except ImportError:
        raise InputError(f"--cluster needs Dask: {_INSTALL}") from None
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    untyped: Any = distributed
    try:
        client = untyped.Client(address, timeout=_PATIENCE_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        remedy = "start `dask scheduler`, and give its address, such as tcp://host:8786"
        raise InputError(f"{address}: no cluster answers there; {remedy}") from error
    try:
        with client:
            yield ClusterCrew(client)
    except (CancelledError, OSError, TimeoutError) as error:
        remedy = "what is done is kept; start again when it is back"
        reason = str(error) or type(error).__name__
        raise ClusterError(f"{address}: the cluster is gone ({reason}); {remedy}") from error
