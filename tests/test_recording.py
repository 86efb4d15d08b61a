from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from media import SIZE_WH, UPRIGHT, corners, index_of, picture, pictures

from formcheck.pipeline import Frame, OutputError
from formcheck.recording import VideoWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from media import Image


def write(path: Path, images: Iterable[Image], times_s: Sequence[float] | None = None) -> Path:
    with VideoWriter(path) as writer:
        for index, image in enumerate(images):
            writer.write(Frame(times_s[index] if times_s else index / 30, image))
    return path


def read(path: Path) -> tuple[list[float], list[Image]]:
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
        return [frame.time for frame in frames], [f.to_ndarray(format="bgr24") for f in frames]


def refusal(path: Path) -> str:
    with pytest.raises(OutputError) as caught:
        write(path, pictures(3))
    message = str(caught.value)
    assert path.name in message
    assert "\n" not in message
    assert ";" in message  # reason; remedy
    return message


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """Name a video to write; nothing else may be left in its folder."""
    path = tmp_path / "annotated.mp4"
    yield path
    assert {found.name for found in tmp_path.iterdir()} <= {path.name}


@contextmanager
def small_files_only() -> Iterator[None]:
    """Let the system refuse files of more than 20 kB, as a full disk does.

    For as short as can be: the output of the tests may go to such a file.
    """
    resource = pytest.importorskip("resource")
    usual, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (usual, most))


def test_pictures_and_times_survive(path: Path) -> None:
    times_s, images = read(write(path, pictures(40)))
    assert times_s == pytest.approx([n / 30 for n in range(40)], abs=1e-4)
    assert [index_of(image) for image in images] == list(range(40))
    assert {corners(image) for image in images} == {UPRIGHT}
    assert np.quantile(np.abs(images[9].astype(int) - picture(9)), 0.9) <= 8


def test_levels_are_kept(path: Path) -> None:
    for bgr in [(0, 0, 0), (255, 255, 255), (40, 90, 200), (200, 160, 30)]:
        _, images = read(write(path, [np.full((96, 128, 3), bgr, np.uint8)]))
        assert images[0][48, 64].astype(int) == pytest.approx(bgr, abs=6)


def test_uneven_times_survive(path: Path) -> None:
    steps_s = np.random.default_rng(5).uniform(0.005, 0.5, 39)
    wanted_s = [0.0, *np.cumsum(steps_s).tolist()]
    times_s, images = read(write(path, pictures(40), wanted_s))
    assert times_s == pytest.approx(wanted_s, abs=1e-3)
    assert [index_of(image) for image in images] == list(range(40))


def test_times_count_from_the_first_frame(path: Path) -> None:
    times_s, _ = read(write(path, pictures(3), [5.0, 5.5, 6.5]))
    assert times_s == pytest.approx([0, 0.5, 1.5], abs=1e-3)


def test_times_closer_than_a_tick_still_increase(path: Path) -> None:
    times_s, _ = read(write(path, pictures(4), [0.0, 1e-7, 2e-7, 0.1]))
    assert all(before < after for before, after in pairwise(times_s))


@pytest.mark.parametrize("times_s", [[0.0], [0.0, 0.1, 0.2], [0.0, 0.04, 3.0]])
def test_the_length_is_sane(times_s: list[float], path: Path) -> None:
    with av.open(str(write(path, pictures(len(times_s)), times_s))) as container:
        stream = container.streams.video[0]
        length_s = float(stream.duration * stream.time_base)
    assert times_s[-1] < length_s < times_s[-1] + 0.2


def test_a_browser_can_play_it(path: Path) -> None:
    with av.open(str(write(path, pictures(12)))) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        tags = context.colorspace, context.color_range, context.color_primaries, context.color_trc
        assert tags == (1, 1, 1, 1)  # BT.709, studio range
        assert container.format.name.startswith("mov,mp4")
    data = path.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize("size_wh", [(501, 281), (128, 95), (127, 96), (1, 1)])
def test_odd_sizes_gain_a_row_or_column(size_wh: tuple[int, int], path: Path) -> None:
    width, height = size_wh
    _, images = read(write(path, [picture(9, size_wh)] * 2))
    assert images[0].shape == (height + height % 2, width + width % 2, 3)
    if width > 1:
        inner = images[0][:height, :width]
        assert index_of(inner) == 9
        assert corners(inner) == UPRIGHT
        # Chroma is shared by two pixels, so that only the brightness of an edge is its own.
        edge, next_to_it = images[0].mean(axis=2)[:, [-1, -2]].T
        assert np.abs(edge - next_to_it).max() < 30


def test_later_sizes_are_fitted_with_black_bars(path: Path) -> None:
    sizes_wh = [SIZE_WH, (96, 128), (640, 100), (64, 48)]
    _, images = read(write(path, [picture(9, size_wh) for size_wh in sizes_wh]))
    assert {image.shape for image in images} == {(96, 128, 3)}
    tall, wide, small = images[1:]
    assert tall[:, :24].max() < 12
    assert corners(tall[:, 28:100]) == UPRIGHT
    assert wide[:34].max() < 12
    assert corners(wide[38:58]) == UPRIGHT
    assert index_of(small) == 9
    assert corners(small) == UPRIGHT


def test_an_image_that_is_not_in_one_piece(path: Path) -> None:
    flipped = picture(9)[:, ::-1]
    _, images = read(write(path, [flipped, flipped[::-1]]))
    assert [corners(image) for image in images] == ["GRB-", "-BRG"]


def test_an_exception_leaves_no_file(path: Path) -> None:
    def write_then_fail() -> None:
        with VideoWriter(path) as writer:
            for index in range(60):
                writer.write(Frame(index / 30, picture(index)))
            raise KeyError

    with pytest.raises(KeyError):
        write_then_fail()
    assert not path.exists()


def test_an_exception_leaves_the_earlier_file(path: Path) -> None:
    before = write(path, pictures(3)).read_bytes()

    def write_then_fail() -> None:
        with VideoWriter(path) as writer:
            writer.write(Frame(0.0, picture(0)))
            raise KeyError

    with pytest.raises(KeyError):
        write_then_fail()
    assert path.read_bytes() == before


def test_nothing_stands_under_the_name_before_the_end(path: Path) -> None:
    with VideoWriter(path) as writer:
        for index in range(60):
            writer.write(Frame(index / 30, picture(index)))
        assert not path.exists()
    assert len(read(path)[0]) == 60


def test_an_earlier_file_is_replaced(path: Path) -> None:
    write(path, pictures(3))
    assert len(read(write(path, pictures(7)))[0]) == 7


def test_without_a_frame_there_is_no_file(path: Path) -> None:
    write(path, [])
    assert not path.exists()


def test_anybody_may_read_it(path: Path) -> None:
    mine = path.with_name("mine")
    mine.touch()
    assert write(path, pictures(3)).stat().st_mode == mine.stat().st_mode
    mine.unlink()


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    assert "create the folder" in refusal(tmp_path / "missing" / "a.mp4")


def test_the_first_frame_tells_whether_a_file_can_be_made(tmp_path: Path) -> None:
    folder = tmp_path / "soon gone"
    folder.mkdir()
    with VideoWriter(folder / "a.mp4") as writer:
        folder.rmdir()
        with pytest.raises(OutputError, match=r"a\.mp4: "):
            writer.write(Frame(0.0, picture(0)))


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").mkdir()
    assert "not a folder" in refusal(tmp_path / "a.mp4")
    assert [found.name for found in tmp_path.iterdir()] == ["a.mp4"]


def test_a_folder_that_may_not_be_written_to(tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("permissions are POSIX's")
    folder = tmp_path / "locked"
    folder.mkdir()
    user = os.geteuid()
    folder.chmod(0o500)
    if user == 0:  # to whom every folder is open
        os.seteuid(65534)
    try:
        assert "may write to" in refusal(folder / "a.mp4")
    finally:
        if user == 0:
            os.seteuid(user)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("n_frames", [1, 60])
def test_a_full_disk(n_frames: int, path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (240, 320, 3), np.uint8)
    told = pytest.raises(OutputError, match=r"annotated\.mp4: .+; choose another disk")
    with told, small_files_only():
        write(path, [np.roll(noise, index, axis=0) for index in range(n_frames)])
    assert not path.exists()


def test_a_disk_that_fills_at_the_very_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(OutputError, match="free some space"):
        write(path, pictures(3))


def test_encoder_messages_stay_away_from_the_user(
    path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write(path, pictures(10))
    assert capfd.readouterr() == ("", "")
