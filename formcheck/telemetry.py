"""MediaPipe's reports about its use, which are stopped; where that cannot be, it does not run.

The library posts to Google 60 s after a landmarker was made, and when it is closed, and has no
switch against it. On Linux it sends with libcurl, which reads the proxy variables at that moment.
On Windows and macOS it sends with the system's own network stack, which does not.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import sys
from importlib.util import find_spec
from pathlib import Path

from formcheck.pipeline import ModelError

ALLOWED = "FORMCHECK_ALLOW_USAGE_REPORTS"

# The discard port: below 1024, so that no other user of the machine can listen on it.
_DEAD_PROXY = "http://127.0.0.1:9"
_PROXY_VARIABLES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
_PROXY_EXEMPTIONS = ("no_proxy", "NO_PROXY")
_LIBRARY = "tasks/c/libmediapipe.so"


def forbid_telemetry() -> None:
    """Send what MediaPipe's library reports about its use to a dead port of this machine.

    libcurl reads the proxy variables when it sends, so they stay as they are set here until the
    process ends, and with them every other use of a proxy by this process and its children is cut
    off. A `no_proxy` of the user's would let the report pass and is removed; an empty one would
    not do, since libcurl then looks at `NO_PROXY`.

    Raises
    ------
    ModelError
        If that does not stop the reports on this machine, and the user has not allowed them.
    """
    for name in _PROXY_EXEMPTIONS:
        os.environ.pop(name, None)
    for name in _PROXY_VARIABLES:
        # Set once: another landmarker's thread may be reading the environment by now.
        if os.environ.get(name) != _DEAD_PROXY:
            os.environ[name] = _DEAD_PROXY
    reason = why_not_stopped()
    if reason and os.environ.get(ALLOWED) != "1":
        raise ModelError(
            f"MediaPipe's reports to Google cannot be stopped here ({reason}): forbid this program "
            f"the network in the firewall, then set {ALLOWED}=1"
        )


def why_not_stopped() -> str:
    """Return why MediaPipe's reports would be sent from this process now; empty if they are not."""
    if sys.platform != "linux":
        return "on this system the library does not heed proxy variables"
    if not _heeds_proxies():
        return "this MediaPipe is not known to heed proxy variables"
    # What the library will see; Python keeps a copy of its own.
    seen = ctypes.CDLL(None).getenv
    seen.restype = ctypes.c_char_p
    changed = [name for name in _PROXY_VARIABLES if seen(name.encode()) != _DEAD_PROXY.encode()]
    changed += [name for name in _PROXY_EXEMPTIONS if seen(name.encode()) is not None]
    return f"{', '.join(changed)} cannot be set" if changed else ""


def _heeds_proxies() -> bool:
    """Return whether the installed library has what reads the proxy variables."""
    spec = find_spec("mediapipe")
    home = Path((spec.submodule_search_locations or [""])[0]) if spec else Path()
    try:
        with (home / _LIBRARY).open("rb") as file:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            return content.find(b"ALL_PROXY") > 0
    except OSError:
        return False
