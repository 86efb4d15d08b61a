"""Nothing leaves the machine: the system calls of a real run, watched by strace."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import pytest
from media import beginning

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "samples" / "plank_good.mp4"

SENT_TO = re.compile(r"\b(connect|sendto|sendmsg|sendmmsg)\(")
FAMILY = re.compile(r"sa_family=(AF_\w+)")
# sin_addr=inet_addr("1.2.3.4"), or inet_pton(AF_INET6, "::1", &sin6_addr)
ADDRESS = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')
PORT = re.compile(r"sin6?_port=htons\((\d+)\)")
SOCKET_FILE = re.compile(r'sun_path=@?"([^"]+)"')

# Services of this machine that ask others in one's name.
DNS_PORT = 53
RESOLVER_FILE = re.compile(r"resolve|nscd")

linux = pytest.mark.skipif(
    sys.platform != "linux", reason="strace is for Linux, and so is the promise"
)

ESTIMATE = f"""
import av
from formcheck.estimator import MediaPipeEstimator
from formcheck.pipeline import Frame
with av.open({str(SAMPLE)!r}) as video, MediaPipeEstimator() as model:
    for _, frame in zip(range(5), video.decode(video=0)):
        model.estimate(Frame(frame.time, frame.to_ndarray(format="bgr24")))
"""


@dataclass(frozen=True)
class Destination:
    """Where a program sent something, or tried to."""

    family: str
    address: str = ""
    port: int = 0

    @property
    def is_here(self) -> bool:
        """Whether it ends on this machine; False for what is not understood."""
        if self.family in {"AF_NETLINK", "AF_UNSPEC"}:  # the kernel; a socket set free
            return True
        if self.family == "AF_UNIX":
            return not RESOLVER_FILE.search(self.address)
        if self.family in {"AF_INET", "AF_INET6"}:
            known = bool(self.address) and self.port != DNS_PORT
            return known and ip_address(self.address).is_loopback
        return False

    @classmethod
    def in_line(cls, line: str) -> Destination | None:
        """Return what a line of strace tells; None for other calls."""
        family = FAMILY.search(line)
        if not (family and SENT_TO.search(line)):
            return None
        address = ADDRESS.search(line) or SOCKET_FILE.search(line)
        port = PORT.search(line)
        text = next(filter(None, address.groups()), "") if address else ""
        return cls(family[1], text, int(port[1]) if port else 0)


def destinations(trace: str) -> list[Destination]:
    """Return where a traced run sent something, or tried to, in order."""
    return [place for line in trace.splitlines() if (place := Destination.in_line(line))]


def elsewhere(trace: str) -> list[Destination]:
    """Return the destinations that are not this machine."""
    return [place for place in destinations(trace) if not place.is_here]


DEAD_PROXY = Destination("AF_INET", "127.0.0.1", 9)


def traced(command: list[str], folder: Path, **environment: str) -> str:
    """Return the network calls of a command and all its children; the test fails if it does."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.fail("this test needs strace: apt-get install strace")
    trace = folder / "trace"
    watch = [strace, "-f", "-qq", "-o", str(trace), "-e", "trace=network", "--", *command]
    done = subprocess.run(
        watch, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return trace.read_text()


@linux
def test_an_estimation_contacts_no_one_else(tmp_path: Path) -> None:
    trace = traced([sys.executable, "-c", ESTIMATE], tmp_path)
    # The library does try, when it is closed. Once it stops trying, this test proves nothing.
    assert DEAD_PROXY in destinations(trace)
    assert elsewhere(trace) == []


@linux
def test_the_users_proxy_settings_do_not_let_it_out(tmp_path: Path) -> None:
    proxy = "http://192.0.2.1:3128"  # an address for documentation, never assigned
    lower = {"https_proxy": proxy, "all_proxy": proxy, "no_proxy": "*"}
    settings = lower | {name.upper(): value for name, value in lower.items()}
    trace = traced([sys.executable, "-c", ESTIMATE], tmp_path, **settings)
    assert DEAD_PROXY in destinations(trace)
    assert elsewhere(trace) == []


@linux
def test_an_empty_network_is_enough(tmp_path: Path) -> None:
    """No interface at all, not even the loopback."""
    out = tmp_path / "out"
    clip = beginning(SAMPLE, tmp_path, 2)
    program = [sys.executable, "-m", "formcheck", "analyze", str(clip), "--out", str(out)]
    alone = ["unshare", "--map-root-user", "--net", *program]
    subprocess.run(alone, cwd=ROOT, check=True, capture_output=True)
    pages = ["compare", str(out), str(out), "--out", str(tmp_path / "both.html")]
    trace = traced([sys.executable, "-m", "formcheck", *pages], tmp_path)
    assert (tmp_path / "both.html").exists()
    assert destinations(trace) == []


@linux
@pytest.mark.parametrize(
    "arguments",
    [
        ["live", "--no-window", "--mute", "--camera", "CLIP", "--save", "OUT"],
        ["batch", "CLIP", "--workers", "1", "--report", "--out", "OUT"],
    ],
    ids=["live", "batch"],
)
def test_an_empty_network_is_enough_for_trainings_and_many_clips(
    arguments: list[str], tmp_path: Path
) -> None:
    places = {"CLIP": str(beginning(SAMPLE, tmp_path, 2)), "OUT": str(tmp_path / "out")}
    program = [sys.executable, "-m", "formcheck", *(places.get(one, one) for one in arguments)]
    alone = ["unshare", "--map-root-user", "--net", *program]
    own = os.environ | {"XDG_CONFIG_HOME": str(tmp_path)}
    none = subprocess.DEVNULL
    subprocess.run(alone, cwd=ROOT, env=own, stdin=none, check=True, capture_output=True)
    assert list((tmp_path / "out").rglob("report.html"))


# A datagram socket that connects sends nothing.
CONNECT = """
import socket
for family, place in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "192.0.2.1")):
    with socket.socket(family, socket.SOCK_DGRAM) as out:
        out.connect_ex((place, 9))  # a machine without network refuses
"""


@linux
def test_a_program_that_does_is_caught(tmp_path: Path) -> None:
    trace = traced([sys.executable, "-c", CONNECT], tmp_path)
    assert [place.address for place in destinations(trace)] == ["127.0.0.1", "192.0.2.1"]
    assert [place.address for place in elsewhere(trace)] == ["192.0.2.1"]


@pytest.mark.parametrize(
    "line",
    [
        '7 connect(5, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("8.8.8.8")},'
        " 16) = -1 ENETUNREACH (Network is unreachable)",
        "7 connect(5, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), "
        'inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28 <unfinished ...>',
        "7 sendmsg(5, {msg_name={sa_family=AF_INET, sin_port=htons(443), "
        'sin_addr=inet_addr("192.0.2.1")}, msg_namelen=16, msg_iov=[], msg_flags=0}, 0) = 1',
        '7 sendto(5, "x", 1, 0, {sa_family=AF_INET, sin_port=htons(53), '
        'sin_addr=inet_addr("127.0.0.53")}, 16) = 1',
        '7 connect(5, {sa_family=AF_UNIX, sun_path="/run/systemd/resolve/io.systemd.Resolve"}, 42)',
        "7 connect(5, {sa_family=AF_BLUETOOTH, sa_data=...}, 8) = 0",
    ],
)
def test_a_line_that_leaves_the_machine_is_seen(line: str) -> None:
    assert len(elsewhere(line)) == 1


@pytest.mark.parametrize(
    "line",
    [
        '7 connect(5, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")}, 16)',
        "7 connect(5, {sa_family=AF_INET6, sin6_port=htons(9), sin6_flowinfo=htonl(0), "
        'inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
        '7 connect(5, {sa_family=AF_UNIX, sun_path=@"/tmp/.X11-unix/X0"}, 110) = 0',
        "7 sendto(5, [{nlmsg_len=20}], 20, 0, {sa_family=AF_NETLINK, nl_pid=0}, 12) = 20",
        '7 getsockname(5, {sa_family=AF_INET, sin_addr=inet_addr("8.8.8.8")}, [16]) = 0',
        "7 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 6",
    ],
)
def test_a_line_that_stays_is_let_pass(line: str) -> None:
    assert elsewhere(line) == []
