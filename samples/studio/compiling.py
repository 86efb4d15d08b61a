"""The one place that knows numba: functions compiled to machine code, free to run side by side.

A compiled function is kept on disk until its own file changes; one that it calls may have changed
meanwhile. Whoever edits such a function removes `samples/studio/__pycache__`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

    Function = TypeVar("Function", bound=Callable[..., Any])

_compile = numba.njit(nogil=True, fastmath=True, cache=True, error_model="numpy")


def compiled(function: Function) -> Function:
    """Return a function as machine code; the interpreter's lock is free while it runs."""
    return cast("Function", _compile(function))
