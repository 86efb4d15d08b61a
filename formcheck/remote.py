"""Files at addresses (s3://, gs://, http:// ...), through fsspec: the one module that knows it.

Nothing here is used unless the user names an address. What a worker does with one, it does in a
process of its own with the environment as it was when this module was loaded: the pose model's
library may not reach the network, which is enforced by proxy variables (see `forbid_telemetry`),
and those would keep many file systems from it as well.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from formcheck.pipeline import FormcheckError, InputError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+://")
_INSTALL = "pip install 'formcheck[remote]'"
_ENVIRONMENT = dict(os.environ)
_VALIDATORS = ("ETag", "etag", "md5Hash", "Content-MD5", "Digest", "LastModified", "Last-Modified")
_SILENT_S = 60.0  # a server that sends nothing for so long is given up


class RemoteError(FormcheckError):
    """An address cannot be read or written."""


def is_address(text: str) -> bool:
    """Return whether a text names a place that is no path of this machine."""
    return _ADDRESS.match(text) is not None


def addresses_in(address: str, suffixes: Collection[str]) -> list[str]:
    """Return the files that an address means, in order.

    Parameters
    ----------
    address : str
        A file; a pattern with ``*``; or a folder, which ends with ``/`` or has none of the
        suffixes (of ``http`` anything without a final ``/`` is a file).
    suffixes : collection of str
        What is taken for a video in a folder.

    Raises
    ------
    RemoteError
        If it cannot be looked into.
    InputError
        If what is needed for such an address is not installed.
    """
    web = address.startswith(("http://", "https://"))
    bare = address.partition("?")[0] if web else address
    named = PurePosixPath(bare).suffix.lower() in suffixes or (web and not bare.endswith("/"))
    with _file_system(address) as (files, path):
        if named and "*" not in bare:
            return [address]
        found = files.glob(path) if "*" in bare else files.find(path)
        every = [files.unstrip_protocol(each) for each in found]
    return sorted(each for each in every if PurePosixPath(each).suffix.lower() in suffixes)


def fetch(address: str, path: str, stamp: str | None) -> str | None:
    """Copy a file here, unless it is known.

    Parameters
    ----------
    address : str
    path : str
        Where to put it.
    stamp : str or None
        Of the file that is known.

    Returns
    -------
    str or None
        The stamp of the file, which changes with its content; None where there is no such thing.

    Raises
    ------
    RemoteError
        If it cannot be fetched, or there is no room for it.
    """
    with _file_system(address) as (files, place):
        facts = files.info(place)
        own = _stamp(facts)
        if own is None or own != stamp:
            _check_room(facts.get("size"), Path(path).parent)
            files.get_file(place, path)
    return own


def read(address: str) -> str | None:
    """Return the text of a file; None where there is none."""
    with _file_system(address) as (files, place):
        try:
            return str(files.cat_file(place), "utf-8")
        except FileNotFoundError:
            return None


def remove(address: str) -> None:
    """Remove a file, if there is one."""
    with _file_system(address) as (files, place):
        if files.exists(place):
            files.rm_file(place)


def put_folder(address: str, folder: str, last: str) -> None:
    """Make a folder's files those at an address, one of them last: it vouches for the others."""
    with _file_system(address) as (files, place):
        files.makedirs(place, exist_ok=True)
        before = [PurePosixPath(each).name for each in files.find(place, maxdepth=1)]
        for name in sorted(before, key=last.__ne__):
            files.rm_file(f"{place}/{name}")
        names = sorted(each.name for each in Path(folder).iterdir() if each.name != last)
        for name in (*names, last):
            files.put_file(str(Path(folder, name)), f"{place}/{name}")


def put_file(address: str, path: str) -> None:
    """Write a file."""
    with _file_system(address) as (files, place):
        files.makedirs(str(PurePosixPath(place).parent), exist_ok=True)
        files.put_file(path, place)


def apart(function: Callable[..., str | None], *arguments: str | None) -> str | None:
    """Call a function of this module in a process of its own, with an untouched environment.

    Raises
    ------
    RemoteError
        If it does, or its process dies.
    """
    command = [sys.executable, "-m", "formcheck.remote", function.__name__, json.dumps(arguments)]
    # Its standard input is never written to: it ends when this process does.
    with subprocess.Popen(  # noqa: S603 - this very module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_ENVIRONMENT
    ) as process:
        assert process.stdout is not None  # noqa: S101 - it was asked for
        answer = process.stdout.read()
    try:
        document = json.loads(answer)
    except ValueError:
        raise RemoteError(f"the transfer broke off ({process.returncode}); try again") from None
    if error := document.get("error"):
        raise RemoteError(error)
    value: str | None = document["value"]
    return value


@contextmanager
def _file_system(address: str) -> Iterator[tuple[AbstractFileSystem, str]]:
    """Give the file system of an address and the path on it; what goes wrong in one line."""
    try:
        import fsspec  # noqa: PLC0415 - an optional part
    except ImportError:
        raise InputError(f"{plain(address)}: addresses need fsspec; {_INSTALL}") from None
    try:
        yield fsspec.url_to_fs(address, **_options(address))
    except ImportError as error:
        raise InputError(f"{plain(address)}: {error}; install it beside formcheck") from error
    except FormcheckError:
        raise
    except FileNotFoundError as error:
        reason = "there is no such file, or no answer"
        raise RemoteError(f"{plain(address)}: {reason}; check the address") from error
    except Exception as error:  # every file system has errors of its own
        reason = f"{type(error).__name__}: {error}".replace(address, "it").splitlines()[0][:200]
        remedy = "check the address, the network and your access"
        raise RemoteError(f"{plain(address)}: {reason}; {remedy}") from error


def _options(address: str) -> dict[str, Any]:
    if not address.startswith(("http://", "https://")):
        return {}
    import aiohttp  # noqa: PLC0415 - an optional part

    # Its own limit is five minutes for a whole file.
    patience = aiohttp.ClientTimeout(total=None, sock_connect=_SILENT_S, sock_read=_SILENT_S)
    return {"client_kwargs": {"timeout": patience, "trust_env": True}}


def plain(address: str) -> str:
    """Return an address without password and signature."""
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"


def _stamp(facts: dict[str, Any]) -> str | None:
    marks = [str(facts[name]) for name in _VALIDATORS if facts.get(name)]
    return " ".join([str(facts.get("size")), *marks]) if marks else None


def _check_room(size: int | None, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if size is not None and size > free:
        raise RemoteError(
            f"{size / 1e9:.1f} GB, and {folder} has room for {free / 1e9:.1f} GB; "
            "free some, or name another temporary folder with TMPDIR"
        )


def _main(name: str, arguments: str) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        answer = {"value": globals()[name](*json.loads(arguments))}
    except FormcheckError as error:
        answer = {"error": str(error)}
    sys.stdout.write(json.dumps(answer))


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    _main(*sys.argv[1:])
