"""A camera in the network as a source of frames, read with PyAV."""

from __future__ import annotations

import errno
import os
import re
import socket
import time
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import av
from av.codec.context import Flags
from av.stream import Discard

from formcheck.arrivals import live_frames, refusal
from formcheck.upright import Uprighter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.container import InputContainer

    from formcheck.pipeline import Frame, Image

SCHEMES = ("rtsp", "rtsps", "http", "https")
_TIMEOUT_S = 5.0
# `nobuffer` is not among them: it throws away what was probed, with it the first key picture,
# and the next may come ten seconds later.
_OPTIONS = {
    "protocol_whitelist": "http,https,tls,tcp",
    "format_whitelist": "rtsp,mpjpeg,mjpeg,mpegts",  # none of which leads to other addresses
    "max_redirects": "0",
    "http_proxy": "",
    "rtsp_transport": "tcp",
    "probesize": "100000",
    "analyzeduration": "500000",
    "fpsprobesize": "0",
}
_CHECK_ADDRESS = "check the address, in a browser or a player"
_NO_STREAM = ("there is no stream of pictures at this address", _CHECK_ADDRESS)
_UNKNOWN_HOST = ("no machine of this name is known", "check the name, or use its number")
_SILENT = ("it does not answer", "check that it is switched on and in the same network")
_TROUBLES: dict[type[Exception], tuple[str, str]] = {
    av.error.HTTPUnauthorizedError: (
        "it wants a name and a password, or other ones",
        "give them in the address, as in rtsp://NAME:PASSWORD@HOST/",
    ),
    av.error.HTTPForbiddenError: ("it refuses access", "allow this machine in its settings"),
    av.error.HTTPNotFoundError: ("it has nothing at this address (404)", _CHECK_ADDRESS),
    av.error.HTTPServerError: ("it reports an error of its own", "start the camera again"),
    av.error.ConnectionRefusedError: (
        "the connection is refused",
        "start the camera's program there, and check the port",
    ),
}
_UNREACHABLE = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ETIMEDOUT}


class NetworkCamera:
    """A camera in the network, or a phone that acts as one, as a source of frames.

    Parameters
    ----------
    address : str
        Of an RTSP stream, or of JPEG pictures or a transport stream over HTTP.

    Raises
    ------
    CameraError
        On entering, if no stream of pictures is there. No message shows the address's password.

    Notes
    -----
    Times are those of the pictures' arrival, since the first one. A stream that breaks off ends
    the iteration. FFmpeg connects to the address and nowhere else, except that an RTSP server can
    send it on to another. No proxy is used: for `rtsps` the variable `http_proxy` is taken out of
    this process's environment. Certificates are not checked, since such cameras sign their own.
    FFmpeg's messages are switched off for the whole process.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._container: InputContainer | None = None
        self._frames: Iterator[Frame] | None = None

    def __enter__(self) -> Self:
        self._container = _connected(self._address)
        try:
            images = _decoded(self._container)
            self._frames = live_frames(without_secrets(self._address), images, _CHECK_ADDRESS)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._container is not None:
            self._container.close()
        self._container = self._frames = None

    def __iter__(self) -> Iterator[Frame]:
        if self._frames is None:
            raise ValueError("a NetworkCamera is read inside its with block")
        return self._frames


def without_secrets(spec: str) -> str:
    """Return what a user named, fit to be shown: an address without name, password and query.

    >>> without_secrets("rtsp://me:secret@192.168.1.7:554/live?token=x")
    'rtsp://192.168.1.7:554/live'
    """
    # Up to the last @: a password may hold any character, even where it ought not to.
    return re.sub(r"(?<=://)(.*@)?([^?#]*).*", r"\2", spec, count=1, flags=re.DOTALL)


def _decoded(container: InputContainer) -> Iterator[Image]:
    """Yield pictures as soon as they can be decoded, until the stream breaks off."""
    if not container.streams.video:
        return
    stream = container.streams.video[0]
    for other in container.streams:
        other.discard = Discard.default if other is stream else Discard.all
    stream.thread_type = "SLICE"  # threads by pictures would hold some back
    stream.codec_context.flags |= Flags.low_delay
    uprighter = Uprighter(stream)
    for packet in _packets(container, stream):
        try:
            images = [uprighter.image(each) for each in packet.decode()]
        except av.FFmpegError:
            continue
        yield from images


def _packets(
    container: InputContainer, stream: av.VideoStream
) -> Iterator[av.Packet[av.VideoStream]]:
    try:
        yield from container.demux(stream)
    except av.FFmpegError:
        return


def _connected(address: str) -> InputContainer:
    av.logging.set_level(None)
    if address.startswith("rtsps:"):
        os.environ.pop("http_proxy", None)  # FFmpeg has no option against it here
    options, timeout = dict(_OPTIONS), (_TIMEOUT_S, _TIMEOUT_S)
    began_s = time.monotonic()
    try:
        return av.open(
            address, container_options=options, timeout=timeout, metadata_errors="replace"
        )
    except (av.FFmpegError, OSError, ValueError) as error:
        trouble = _trouble(error, address, time.monotonic() - began_s)
    # Outside of the handler: the error that is left behind holds the password.
    raise refusal(without_secrets(address), *trouble)


def _trouble(error: Exception, address: str, spent_s: float) -> tuple[str, str]:
    """Return reason and remedy; FFmpeg says "input/output error" of many things."""
    if type(error) in _TROUBLES:
        return _TROUBLES[type(error)]
    if spent_s >= _TIMEOUT_S or getattr(error, "errno", None) in _UNREACHABLE:
        return _SILENT
    return _UNKNOWN_HOST if _is_unknown_host(address) else _NO_STREAM


def _is_unknown_host(address: str) -> bool:
    try:
        socket.getaddrinfo(urlsplit(address).hostname, None)
    except (OSError, ValueError):
        return True
    return False
