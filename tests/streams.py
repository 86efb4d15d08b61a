"""Real servers of live pictures on loopback, and web pages that are none."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "plank_good.mp4"
SIZE_WH = (854, 480)
LOOPED = ("-re", "-stream_loop", "-1", "-i", str(SAMPLE), "-an")
MJPEG = ("-c:v", "mjpeg", "-q:v", "5", "-f", "mpjpeg")
_START_S = 30.0
_PAUSE_S = 0.05


class Server:
    """A program that listens at a port of its own; started, killed and started again.

    `command` holds the word PORT where the number goes.
    """

    def __init__(self, address: str, command: Sequence[str], folder: Path) -> None:
        port = str(free_port())
        self.port, self.address = int(port), address.replace("PORT", port)
        self._command = [part.replace("PORT", port) for part in command]
        self._log = folder / f"server-{port}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start it, and wait until it listens."""
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        try:
            self._wait()
        except BaseException:
            self.kill()
            raise

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _wait(self) -> None:
        end_s = time.monotonic() + _START_S
        while not is_listening(self.port):
            over = time.monotonic() > end_s or self._process.poll() is not None
            assert not over, f"{self._command} does not serve: {self._log.read_text()}"
            time.sleep(_PAUSE_S)


def mjpeg_server(folder: Path, *coding: str) -> Server:
    """Return Debian's ffmpeg as an HTTP server, which serves one visitor and ends."""
    address = "http://127.0.0.1:PORT/video"
    quiet = ("ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "warning")
    return Server(address, (*quiet, *LOOPED, *(coding or MJPEG), "-listen", "1", address), folder)


def rtsp_server(folder: Path) -> Server:
    """Return Debian's GStreamer as an RTSP server of the sample thirty times over."""
    clip = folder / "long.mp4"
    repeat = ("-stream_loop", "30", "-i", str(SAMPLE), "-an", "-c", "copy", str(clip))
    subprocess.run(("ffmpeg", "-nostdin", "-loglevel", "error", "-y", *repeat), check=True)
    script = Path(__file__).with_name("rtsp_server.py")
    command = ("/usr/bin/python3", str(script), str(clip), "PORT")
    return Server("rtsp://127.0.0.1:PORT/live", command, folder)


def free_port() -> int:
    """Return a port of loopback that nobody uses now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def is_listening(port: int) -> bool:
    """Tell whether somebody listens; without a visit, which a server of one visitor would count."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return True
        return False


@contextmanager
def listener() -> Iterator[socket.socket]:
    """Give a socket where connections arrive and nothing is ever said."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        door.settimeout(0)
        yield door


def was_visited(door: socket.socket) -> bool:
    """Tell whether somebody has connected, and forget it."""
    try:
        door.accept()[0].close()
    except BlockingIOError:
        return False
    return True


@contextmanager
def web_pages(pages: dict[str, Page]) -> Iterator[str]:
    """Serve pages by HTTP while the block runs; give the address that they stand under."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = pages[self.path.partition("?")[0]]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


Page = tuple[int, dict[str, str], bytes]


def multipart(jpegs: Sequence[bytes]) -> Page:
    """Return pictures as cameras send them by HTTP."""
    part = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n"
    body = b"".join(part % (len(jpeg), jpeg) for jpeg in jpegs)
    return 200, {"Content-Type": "multipart/x-mixed-replace; boundary=frame"}, body
