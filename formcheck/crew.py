"""Processes that work on clips, each replaced when it crashes or takes too long."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
from abc import abstractmethod
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from typing import Any, ParamSpec, Self, TypeVar

from formcheck.pipeline import FormcheckError, InputError

P = ParamSpec("P")
T = TypeVar("T")
_N_TRIES = 2  # the first time it may have been the machine: no memory left, for instance


class LostError(FormcheckError):
    """Work was given up, since it ended its worker or took too long.

    Attributes
    ----------
    limit_s : float or None
        The time limit, if that was the reason.
    """

    def __init__(self, message: str, limit_s: float | None = None) -> None:
        super().__init__(message)
        self.limit_s = limit_s

    @classmethod
    def after(cls, limit_s: float) -> Self:
        """Return the error of what ran into the time limit."""
        return cls(f"took longer than the limit of {limit_s:g} s; see --time-limit", limit_s)


class Crew(Executor):
    """An executor that tells how much it can work on, of this machine or of a cluster."""

    @property
    @abstractmethod
    def room(self) -> int:
        """How many calls are worked on at the same time."""

    @abstractmethod
    def result(self, future: Future[T]) -> T:
        """Return the result of a future that is done.

        Raises
        ------
        LostError
            If it was given up.
        """


class LocalCrew(Crew):
    """An executor of worker processes, each with work of its own.

    A pool of `concurrent.futures` breaks as a whole when one of its processes dies, and cannot
    end one that hangs. So each worker here is a pool of one, with a thread that waits for it.

    Parameters
    ----------
    n_workers : int
    limit_s : float
        Longest time that one call may take.
    ready : callable
        Called first in each new process, whatever time that takes; what it raises, every call
        raises.
    """

    def __init__(self, n_workers: int, limit_s: float, ready: Callable[[], None]) -> None:
        self._n_workers = n_workers
        self._scratch = tempfile.mkdtemp(prefix="formcheck-batch-")
        self._stopping = threading.Event()
        self._workers: list[_Worker] = []
        self._own = threading.local()
        self._new_worker = partial(_Worker, limit_s, ready, self._scratch, self._stopping)
        self._threads = ThreadPoolExecutor(n_workers, initializer=self._begin)

    @property
    def room(self) -> int:
        """The number of workers."""
        return self._n_workers

    def result(self, future: Future[T]) -> T:
        """See `Crew`."""
        return future.result()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a worker call a function; its future may raise LostError."""
        return self._threads.submit(self._do, fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """End; with `cancel_futures` at once, whatever the workers are doing."""
        if cancel_futures:
            self._stopping.set()
            for worker in tuple(self._workers):
                worker.kill()
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        for worker in self._workers:
            worker.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _begin(self) -> None:
        self._own.worker = self._new_worker()
        self._workers.append(self._own.worker)

    def _do(self, fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
        worker: _Worker = self._own.worker
        for _ in range(_N_TRIES):
            with suppress(BrokenProcessPool):
                return worker.call(fn, *args, **kwargs)
            worker.close()
            if self._stopping.is_set():
                raise LostError("stopped")
        if not worker.has_started:
            raise InputError(_NO_START)
        raise LostError(f"crashed the pose model or the decoder, {_N_TRIES} times over")


class _Worker:
    """One process at a time, for one thread."""

    def __init__(
        self, limit_s: float, ready: Callable[[], None], scratch: str, stopping: threading.Event
    ) -> None:
        self.has_started = False
        self._limit_s, self._ready = limit_s, ready
        self._scratch, self._stopping = scratch, stopping
        self._pool: ProcessPoolExecutor | None = None
        self._pid: int | None = None

    def call(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        pool = self._pool or self._started()
        future = pool.submit(fn, *args, **kwargs)
        if not wait((future,), self._limit_s).done:
            self.kill()
            self.close()
            raise LostError.after(self._limit_s)
        return future.result()

    def kill(self) -> None:
        """End the process whatever it is doing; what it was to do breaks off."""
        if self._pid is not None:
            with suppress(OSError):
                os.kill(self._pid, getattr(signal, "SIGKILL", signal.SIGTERM))

    def close(self) -> None:
        """End the process when it has nothing to do."""
        pool, self._pool, self._pid = self._pool, None, None
        if pool is not None:
            pool.shutdown()

    def _started(self) -> ProcessPoolExecutor:
        """Return a pool whose process runs.

        It is spawned, since neither threads nor the pose model outlive a fork.
        """
        self._pool = ProcessPoolExecutor(
            1, multiprocessing.get_context("spawn"), _prepare, (self._scratch,)
        )
        # Ctrl-C goes to every process of the terminal; what a thread starts inherits its mask.
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        self._pid = self._pool.submit(os.getpid).result()
        if self._stopping.is_set():
            self.kill()
        try:
            self._pool.submit(self._ready).result()
        except FormcheckError:
            self.close()
            raise
        self.has_started = True
        return self._pool


_NO_START = (
    "no worker process can start; in a script of your own, "
    'call formcheck.batch below: if __name__ == "__main__":'
)


def _prepare(scratch: str) -> None:
    """Make a new process one that ends with its parent, and leaves Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tempfile.tempdir = scratch
    threading.Thread(target=_end_with_parent, args=(scratch,), daemon=True).start()


def _end_with_parent(scratch: str) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        shutil.rmtree(scratch, ignore_errors=True)
    os._exit(1)
