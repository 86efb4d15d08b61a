"""Cameras: devices through real captures of a file, streams from real servers."""

from __future__ import annotations

import os
import sys
from itertools import islice, pairwise
from typing import TYPE_CHECKING

import cv2
import pytest
import streams
from media import corners, picture, pictures, write_video
from streams import SAMPLE, SIZE_WH, listener, was_visited, web_pages

from formcheck.camera import camera_source
from formcheck.network_camera import NetworkCamera, without_secrets
from formcheck.pipeline import CameraError, FrameSource
from formcheck.webcam import Device, Webcam

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from formcheck.pipeline import Frame

DEVICES = (Device(0, "FaceTime HD Camera"), Device(1, "USB Camera"), Device(2, "OBS Virtual"))
DEAD_PROXY = "http://127.0.0.1:9"
SECRET = "hush"  # noqa: S105 -- of nobody

# Where FFmpeg would go on to, if it were let.
PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{}\n#EXT-X-ENDLIST\n"
SESSION = (
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=video {} RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
)
JOINED = "ffconcat version 1.0\nfile {}\n"


def of_file(path: Path) -> Callable[[int], cv2.VideoCapture]:
    return lambda _: cv2.VideoCapture(str(path))


def webcam(which: int | str = 0, path: Path = SAMPLE, devices: tuple[Device, ...] = DEVICES):
    return Webcam(which, open_device=of_file(path), list_devices=lambda: devices)


def closed_webcam(which: int | str = 0, devices: tuple[Device, ...] = DEVICES) -> Webcam:
    return Webcam(which, open_device=lambda _: cv2.VideoCapture(), list_devices=lambda: devices)


def refusal(source: FrameSource) -> str:
    with pytest.raises(CameraError) as caught, source:
        pytest.fail("it opens")
    message = str(caught.value)
    assert "\n" not in message
    assert "; " in message  # reason; remedy
    assert SECRET not in message
    assert caught.value.__context__ is None  # whose message could show the password
    return message


def assert_live(frames: list[Frame], size_wh: tuple[int, int] = SIZE_WH) -> None:
    times_s = [frame.time_s for frame in frames]
    assert times_s[0] == 0.0
    assert all(after - before > 0.0009 for before, after in pairwise(times_s))
    for frame in frames:
        assert frame.size_wh == size_wh
        assert frame.image.dtype == "uint8"
        assert frame.image.flags.c_contiguous
        assert frame.image.flags.writeable
    assert frames[0].image.std() > 20  # not grey: a picture
    assert (frames[0].image != frames[-1].image).any()


@pytest.fixture(autouse=True)
def _dead_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every test run as after `forbid_telemetry`, and with a proxy of the user's besides."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, DEAD_PROXY)
        monkeypatch.setenv(name.upper(), DEAD_PROXY)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


# Cameras of this machine


def test_a_device_gives_frames_until_it_is_gone() -> None:
    source: FrameSource = webcam()
    with source:
        frames = list(source)
    assert len(frames) == 150
    assert_live(frames)


def test_pictures_come_in_order_and_upright(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", pictures(5))
    with webcam(path=path) as source:
        assert {corners(frame.image) for frame in source} == {"RG-B"}


@pytest.mark.parametrize(("part", "index"), [("facetime", 0), ("USB", 1), ("obs virtual", 2)])
def test_a_part_of_the_name_is_enough(part: str, index: int) -> None:
    opened = []

    def open_device(number: int) -> cv2.VideoCapture:
        opened.append(number)
        return cv2.VideoCapture(str(SAMPLE))

    with Webcam(part, open_device=open_device, list_devices=lambda: DEVICES) as source:
        assert next(iter(source)).time_s == 0.0
    assert opened == [index]


def test_a_device_is_let_go() -> None:
    captures = []

    def open_device(_: int) -> cv2.VideoCapture:
        captures.append(cv2.VideoCapture(str(SAMPLE)))
        return captures[-1]

    with pytest.raises(ZeroDivisionError), Webcam(0, open_device=open_device):
        _ = 1 / 0
    assert not captures[0].isOpened()


def test_a_device_without_pictures_is_let_go(tmp_path: Path) -> None:
    capture = cv2.VideoCapture(str(write_video(tmp_path / "a.mp4", pictures(2))))
    while capture.read()[0]:
        pass
    message = refusal(Webcam(0, open_device=lambda _: capture, list_devices=lambda: DEVICES))
    assert "gives no picture; close other programs that use it" in message
    assert not capture.isOpened()


def test_names_that_several_have_or_none() -> None:
    several = refusal(webcam("camera"))
    assert "'camera': several are called so: 0 (FaceTime HD Camera), 1 (USB Camera);" in several
    none = refusal(webcam("logitech"))
    assert "'logitech': there is no such camera; there is 0 (FaceTime" in none
    assert "2 (OBS Virtual)" in none


def test_a_number_that_none_has() -> None:
    message = refusal(closed_webcam(7))
    assert "camera 7: there is no such camera; there is 0 (FaceTime HD Camera), 1" in message


@pytest.mark.parametrize("which", [0, "facetime"])
def test_no_camera_at_all(which: int | str) -> None:
    message = refusal(closed_webcam(which, ()))
    assert "no camera; plug one in" in message


@pytest.mark.parametrize(
    ("platform", "remedy"),
    [
        ("linux", "close other programs"),
        ("darwin", "allow the terminal to use it (System Settings, Privacy & Security, Camera)"),
        ("win32", "close other programs that use it, and let desktop apps use the camera"),
    ],
)
def test_a_device_that_is_busy_or_forbidden(
    platform: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    message = refusal(closed_webcam(1))
    assert "camera 1 (USB Camera): it does not open; " in message
    assert remedy in message


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_a_device_that_needs_a_group(tmp_path: Path) -> None:
    node = tmp_path / "video0"
    node.touch()
    node.chmod(0)
    device = Device(0, "USB Camera", str(node))
    user = os.geteuid()
    if user == 0:  # to whom every file is open
        os.seteuid(65534)
    try:
        message = refusal(closed_webcam(0, (device,)))
    finally:
        if user == 0:
            os.seteuid(user)
    assert f"not permitted to use {node}; join the group" in message
    assert "video" in message


@pytest.mark.parametrize("size_wh", [(62, 96), (96, 62)])
def test_pictures_too_small_to_judge(size_wh: tuple[int, int], tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", pictures(3, size_wh))
    message = refusal(webcam(path=path))
    assert f"too small ({size_wh[0]} x {size_wh[1]})" in message


# Cameras in the network


@pytest.fixture(scope="module")
def rtsp_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with streams.rtsp_server(tmp_path_factory.mktemp("rtsp")) as server:
        yield server.address


def test_jpeg_pictures_over_http(tmp_path: Path) -> None:
    with streams.mjpeg_server(tmp_path) as server, NetworkCamera(server.address) as source:
        frames = list(islice(source, 30))
    assert_live(frames)
    assert frames[-1].time_s > 1.0  # the sample has 15 pictures a second: none was held back


def test_a_transport_stream_over_http(tmp_path: Path) -> None:
    coding = ("-c:v", "libx264", "-preset", "ultrafast", "-f", "mpegts")
    with streams.mjpeg_server(tmp_path, *coding) as server, NetworkCamera(server.address) as source:
        assert_live(list(islice(source, 20)))


def test_rtsp(rtsp_address: str) -> None:
    with NetworkCamera(rtsp_address) as source:
        frames = list(islice(source, 30))
    assert_live(frames)
    assert frames[-1].time_s > 1.0


def test_a_phone_that_is_turned(tmp_path: Path) -> None:
    rotate = "h264_mp4toannexb,h264_metadata=rotate=90:display_orientation=insert"
    turn = ("-c", "copy", "-bsf:v", rotate, "-f", "mpegts")
    with streams.mjpeg_server(tmp_path, *turn) as server, NetworkCamera(server.address) as source:
        assert_live(list(islice(source, 20)), SIZE_WH[::-1])


def jpeg(size_wh: tuple[int, int]) -> bytes:
    return cv2.imencode(".jpg", picture(5, size_wh))[1].tobytes()


def test_a_size_that_changes_in_the_middle() -> None:
    sizes_wh = [(128, 96)] * 3 + [(64, 160)] * 3
    pages = {"/video": streams.multipart([jpeg(size_wh) for size_wh in sizes_wh])}
    with web_pages(pages) as address, NetworkCamera(f"{address}/video") as source:
        frames = list(source)  # and a stream that breaks off ends
    assert [frame.size_wh for frame in frames] == sizes_wh
    assert {corners(frame.image) for frame in frames} == {"RG-B"}


def test_a_stream_of_single_points() -> None:
    with web_pages({"/video": streams.multipart([jpeg((1, 1))] * 20)}) as address:
        assert "too small (1 x 1)" in refusal(NetworkCamera(f"{address}/video"))


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ((404, {}, b""), "nothing at this address (404); check the address"),
        ((401, {"WWW-Authenticate": 'Basic realm="x"'}, b""), "password, or other ones; give them"),
        ((403, {}, b""), "refuses access"),
        ((503, {}, b""), "an error of its own"),
        ((200, {"Content-Type": "text/html"}, b"<html>Hello</html>" * 99), "no stream of pictures"),
        ((200, {}, b""), "no stream of pictures"),
        ((200, {"Content-Type": "multipart/x-mixed-replace"}, b"--x\r\n"), "no stream of pictures"),
    ],
    ids=["404", "401", "403", "503", "page", "nothing", "no part"],
)
def test_a_server_that_is_no_camera(page: streams.Page, told: str) -> None:
    with web_pages({"/video": page}) as address:
        host = address.removeprefix("http://")
        spec = f"http://me:{SECRET}@{host}/video?pwd={SECRET}"
        message = refusal(camera_source(spec)())
    assert message.startswith(f"http://{host}/video: ")
    assert told in message


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (302, "text/plain", ""),
        (200, "application/vnd.apple.mpegurl", PLAYLIST),
        (200, "application/sdp", SESSION),
        (200, "text/plain", JOINED),
    ],
    ids=["redirect", "playlist", "session", "list"],
)
def test_a_page_that_leads_elsewhere_leads_nowhere(
    status: int, kind: str, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("http_proxy")  # which would lead nowhere by itself
    with listener() as other:
        place = f"http://127.0.0.1:{other.getsockname()[1]}/a.ts"
        page = (status, {"Content-Type": kind, "Location": place}, body.format(place).encode())
        with web_pages({"/video": page}) as address:
            assert "no stream of pictures" in refusal(NetworkCamera(f"{address}/video"))
        assert not was_visited(other)


def test_a_file_is_no_address() -> None:
    for spec in (f"file://{SAMPLE}", f"concat://{SAMPLE}", "rtmp://127.0.0.1/live"):
        with pytest.raises(CameraError, match="not an address of a camera; one of rtsp://"):
            camera_source(spec)


def test_rtsp_without_that_path(rtsp_address: str) -> None:
    assert "(404)" in refusal(NetworkCamera(rtsp_address.replace("/live", "/none")))


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_a_port_where_nobody_is(scheme: str) -> None:
    address = f"{scheme}://me:{SECRET}@127.0.0.1:{streams.free_port()}/video"
    assert "the connection is refused; start" in refusal(NetworkCamera(address))


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_a_machine_that_nobody_knows(scheme: str) -> None:
    message = refusal(NetworkCamera(f"{scheme}://me:{SECRET}@camera.invalid/video"))
    assert "no machine of this name" in message


@pytest.mark.parametrize("scheme", ["rtsp", "rtsps", "http", "https"])
def test_silence_is_reached_without_a_proxy_and_given_up(scheme: str) -> None:
    with listener() as door:
        port = door.getsockname()[1]
        message = refusal(NetworkCamera(f"{scheme}://me:{SECRET}@127.0.0.1:{port}/video"))
        assert was_visited(door)
    assert "it does not answer; check that it is switched on" in message


@pytest.mark.parametrize("address", ["http://[bad/", "rtsp://127.0.0.1:99999/", "http://"])
def test_addresses_that_are_none(address: str) -> None:
    refusal(NetworkCamera(address))


# What a user names


@pytest.mark.parametrize(
    ("spec", "kind"),
    [
        ("0", Webcam),
        ("12", Webcam),
        ("FaceTime", Webcam),
        ("rtsp://camera/live", NetworkCamera),
        ("HTTP://192.168.1.7:8080/video", NetworkCamera),
        ("https://camera/", NetworkCamera),
        ("rtsps://camera/", NetworkCamera),
    ],
)
def test_numbers_names_and_addresses_are_told_apart(spec: str, kind: type) -> None:
    assert isinstance(camera_source(spec)(), kind)


def test_an_address_in_capitals_is_read(tmp_path: Path) -> None:
    with streams.mjpeg_server(tmp_path) as server:
        source = camera_source(server.address.replace("http", "HTTP"))()
        with source:
            assert next(iter(source)).size_wh == SIZE_WH


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("rtsp://me:hush@10.0.0.7:554/live", "rtsp://10.0.0.7:554/live"),
        ("rtsp://me:hu@sh@10.0.0.7/live", "rtsp://10.0.0.7/live"),
        ("rtsp://me:hu/s#h?@10.0.0.7/live", "rtsp://10.0.0.7/live"),
        ("http://10.0.0.7/video.cgi?user=me&pwd=hush", "http://10.0.0.7/video.cgi"),
        ("http://hush@[::1]:80/video", "http://[::1]:80/video"),
        ("http://10.0.0.7/video", "http://10.0.0.7/video"),
        ("FaceTime #2?", "FaceTime #2?"),
    ],
)
def test_what_is_shown_of_an_address(address: str, shown: str) -> None:
    assert without_secrets(address) == shown


def test_devices_are_read_inside_their_block() -> None:
    for source in (webcam(), NetworkCamera("http://127.0.0.1/")):
        with pytest.raises(ValueError, match="inside its with block"):
            iter(source)
