from __future__ import annotations

import os
import re
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import av
import cv2
import numpy as np
import pytest
from media import (
    TURNS,
    UPRIGHT,
    Coding,
    corners,
    cut,
    grainy_pictures,
    index_of,
    picture,
    pictures,
    set_matrix,
    spoil,
    write_sound,
    write_video,
)

from formcheck.capture import VideoFile
from formcheck.pipeline import FrameSource, VideoError
from formcheck.upright import Uprighter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from formcheck.pipeline import Frame, Image

CODINGS = {
    "h264.mp4": Coding("libx264"),
    "h264-10-bit.mp4": Coding("libx264", "yuv420p10le"),
    "hevc.mp4": Coding("libx265"),
    "hevc-10-bit.mov": Coding("libx265", "yuv420p10le"),
    "av1.mp4": Coding("libaom-av1"),
    "vp9.webm": Coding("libvpx-vp9"),
    "vp8.mkv": Coding("libvpx"),
    "film.gif": Coding("gif", "rgb8"),
    "mjpeg.avi": Coding("mjpeg", "yuvj420p"),
    "mpeg4.avi": Coding("mpeg4"),
    "prores.mov": Coding("prores_ks", "yuv422p10le"),
    "stream.ts": Coding("libx264"),
    "raw.avi": Coding("rawvideo", "bgr24"),
}
IN_ORDER = Coding(options={"g": "30", "bf": "0"})  # stored in the order in which they are shown


def read(path: Path) -> tuple[VideoFile, list[Frame]]:
    with VideoFile(path) as video:
        frames = list(video)
    return video, frames


def times_s(frames: list[Frame]) -> list[float]:
    return [frame.time_s for frame in frames]


def indices(frames: list[Frame]) -> list[int]:
    return [index_of(frame.image) for frame in frames]


def refusal(path: Path) -> str:
    with pytest.raises(VideoError) as caught, VideoFile(path) as video:
        list(video)
    message = str(caught.value)
    assert path.name in message
    assert "\n" not in message
    assert ";" in message  # reason; remedy
    return message


@pytest.mark.parametrize("name", CODINGS)
def test_every_coding_gives_each_picture_once_and_upright(name: str, tmp_path: Path) -> None:
    path = write_video(tmp_path / name, pictures(12), coding=CODINGS[name])
    video, frames = read(path)
    assert indices(frames) == list(range(12))
    assert {corners(frame.image) for frame in frames} == {UPRIGHT}
    assert times_s(frames) == pytest.approx([n / 30 for n in range(12)], abs=0.006)
    assert video.damage is None
    assert (video.name, video.width, video.height) == (name, 128, 96)


def test_images_are_bgr_bytes_in_one_piece(tmp_path: Path) -> None:
    _, frames = read(write_video(tmp_path / "a.mp4", pictures(3)))
    for frame in frames:
        assert frame.image.dtype == np.uint8
        assert frame.image.shape == (96, 128, 3)
        assert frame.image.flags.c_contiguous
        assert frame.image.flags.writeable


def test_it_fits_the_port(tmp_path: Path) -> None:
    source: FrameSource = VideoFile(write_video(tmp_path / "a.mp4", pictures(3)))
    with source as frames:
        assert len(list(frames)) == 3


def test_facts_are_known_before_the_first_frame(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", pictures(30), fps=15)
    with VideoFile(path) as video:
        assert (video.name, video.width, video.height) == ("a.mp4", 128, 96)
        assert video.duration_s == pytest.approx(2.0)
        assert video.n_frames_hint == 30


@pytest.mark.parametrize("extension", ["jpg", "png"])
def test_a_single_picture_is_a_video_of_one_frame(extension: str, tmp_path: Path) -> None:
    path = tmp_path / f"still-%03d.{extension}"
    assert cv2.imwrite(str(path), picture(5))
    video, frames = read(path)
    assert indices(frames) == [5]
    assert times_s(frames) == [0.0]
    assert video.damage is None


def test_orientation_of_a_photograph_is_applied(tmp_path: Path) -> None:
    _, jpeg = cv2.imencode(".jpg", np.rot90(picture(5)))  # to be turned clockwise: EXIF 6
    exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
    marker = b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big")
    path = tmp_path / "photo.jpg"
    path.write_bytes(jpeg.tobytes()[:2] + marker + exif + jpeg.tobytes()[2:])
    _, frames = read(path)
    assert corners(frames[0].image) == UPRIGHT


@pytest.mark.parametrize("degrees", TURNS)
def test_a_turned_video_is_read_upright(degrees: int, tmp_path: Path) -> None:
    stored = [np.rot90(image, degrees // 90) for image in pictures(3)]
    video, frames = read(set_matrix(write_video(tmp_path / "a.mp4", stored), TURNS[degrees]))
    assert indices(frames) == [0, 1, 2]
    assert corners(frames[-1].image) == UPRIGHT
    assert (video.width, video.height) == (128, 96)
    assert all(frame.image.flags.c_contiguous for frame in frames)


@pytest.mark.parametrize(
    ("matrix", "seen"),
    [
        ((-1, 0, 0, 1), "GR" + "B-"),
        ((1, 0, 0, -1), "B-" + "GR"),
        ((0, 1, 1, 0), "RB" + "-G"),
        ((0, -1, -1, 0), "-G" + "RB"),
        ((0.98, 0.17, -0.17, 0.98), UPRIGHT),
        ((-0.17, 0.98, -0.98, -0.17), "BRG-"),
        ((0, 0, 0, 0), UPRIGHT),
    ],
    ids=["mirrored", "upside down", "transposed", "antitransposed", "10", "100", "none"],
)
def test_mirrored_and_oblique_matrices(
    matrix: tuple[float, float, float, float], seen: str, tmp_path: Path
) -> None:
    path = set_matrix(write_video(tmp_path / "a.mp4", [picture(0)]), matrix)
    _, frames = read(path)
    assert corners(frames[0].image) == seen


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_uneven_timestamps_survive(suffix: str, tmp_path: Path) -> None:
    steps_s = np.random.default_rng(3).uniform(0.011, 0.4, 40)
    wanted_s = [0.0, *np.cumsum(steps_s).tolist()]
    path = write_video(tmp_path / f"a.{suffix}", pictures(41), times_s=wanted_s)
    _, frames = read(path)
    assert times_s(frames) == pytest.approx(wanted_s, abs=0.001)
    assert indices(frames) == list(range(41))


def test_time_starts_at_the_first_frame(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.ts", pictures(5), times_s=[7, 7.1, 7.2, 7.4, 7.5])
    assert times_s(read(path)[1]) == pytest.approx([0, 0.1, 0.2, 0.4, 0.5], abs=0.001)


def test_missing_timestamps_follow_the_nominal_rate(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.h264", pictures(20), fps=20)
    assert times_s(read(path)[1]) == pytest.approx([n / 20 for n in range(20)])


def test_repeated_timestamps_still_increase(tmp_path: Path) -> None:
    wanted_s = [0, 0.1, 0.1002, 0.1004, 0.2, 0.3]  # Matroska keeps whole milliseconds
    path = write_video(
        tmp_path / "a.mkv", pictures(6), times_s=wanted_s, coding=Coding("mjpeg", "yuvj420p")
    )
    got_s = times_s(read(path)[1])
    assert got_s == pytest.approx(wanted_s, abs=0.003)
    assert all(after - before > 0.0009 for before, after in pairwise(got_s))


def test_a_clock_that_begins_anew_goes_on(tmp_path: Path) -> None:
    parts = [write_video(tmp_path / f"{n}.ts", pictures(30)) for n in range(2)]
    path = tmp_path / "joined.ts"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    video, frames = read(path)
    assert indices(frames) == [*range(30), *range(30)]
    assert np.diff(times_s(frames)) == pytest.approx(1 / 30, abs=0.002)
    assert video.damage is None


def test_ten_bit_levels(tmp_path: Path) -> None:
    ramp = np.repeat(np.arange(0, 256, 2, dtype=np.uint8)[None, :, None], 96, 0).repeat(3, 2)
    path = write_video(
        tmp_path / "a.mp4", [ramp] * 2, coding=Coding("libx264", "yuv420p10le", {"crf": "8"})
    )
    error = read(path)[1][0].image.astype(int) - ramp
    assert abs(error).max() <= 4


@pytest.mark.parametrize(
    ("name", "coding"),
    [
        ("a.webm", Coding("libvpx-vp9", options={"crf": "10", "b": "0"})),
        ("a.mp4", Coding("libx264", "yuv444p")),
        ("a.gif", Coding("gif", "rgb8")),
        ("a.mkv", Coding("ffv1", "bgr0")),
    ],
)
def test_odd_sizes_are_not_skewed(name: str, coding: Coding, tmp_path: Path) -> None:
    size_wh = (501, 281)
    path = write_video(tmp_path / name, [picture(9, size_wh)] * 2, coding=coding)
    video, frames = read(path)
    assert (video.width, video.height) == size_wh
    assert frames[0].image.flags.c_contiguous
    blurred, wanted = (cv2.blur(image, (9, 9)) for image in (frames[0].image, picture(9, size_wh)))
    away = cv2.absdiff(blurred, wanted)
    assert np.quantile(away, 0.95) <= 12
    assert corners(frames[0].image) == UPRIGHT


def test_oblong_pixels_become_square(tmp_path: Path) -> None:
    coding = Coding(pixel_ratio=Fraction(3, 2))
    video, frames = read(write_video(tmp_path / "a.mp4", pictures(2), coding=coding))
    assert (video.width, video.height) == (192, 96)
    assert indices(frames) == [0, 1]


def test_a_size_that_changes_in_the_middle(tmp_path: Path) -> None:
    sizes_wh = [(128, 96), (64, 160)]
    parts = [
        write_video(tmp_path / f"{n}.h264", pictures(10, size_wh))
        for n, size_wh in enumerate(sizes_wh)
    ]
    path = tmp_path / "both.h264"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    video, frames = read(path)
    assert (video.width, video.height) == sizes_wh[0]
    assert [frame.size_wh for frame in frames] == [sizes_wh[0]] * 10 + [sizes_wh[1]] * 10
    assert indices(frames) == [*range(10), *range(10)]


def test_a_cover_picture_is_not_the_video(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", pictures(10), cover=picture(77, (640, 480)))
    assert indices(read(path)[1]) == list(range(10))


def test_sound_that_lasts_longer_is_no_damage(tmp_path: Path) -> None:
    for name in ("a.mp4", "a.mkv"):
        video, frames = read(write_video(tmp_path / name, pictures(30), sound_s=5))
        assert len(frames) == 30
        assert video.duration_s == pytest.approx(1.0, abs=0.05)
        assert video.damage is None


def test_a_long_last_picture_is_no_damage(tmp_path: Path) -> None:
    shown_s = [0.0, 0.5, 1.0, 9.0]
    video, _ = read(write_video(tmp_path / "a.mkv", pictures(4), times_s=shown_s))
    assert video.damage is None


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
@pytest.mark.parametrize("sound_s", [0.0, 4.0])
def test_a_cut_file_is_read_up_to_the_cut(name: str, sound_s: float, tmp_path: Path) -> None:
    path = write_video(tmp_path / name, grainy_pictures(120), coding=IN_ORDER, sound_s=sound_s)
    video, frames = read(cut(path, 0.5))
    assert 30 < len(frames) < 90
    assert indices(frames) == list(range(len(frames)))
    told = re.fullmatch(r"the file breaks off at (\S+) s of 4\.0 s", video.damage or "")
    assert told
    assert float(told[1]) == pytest.approx(len(frames) / 30, abs=0.15)


def test_sound_that_is_cut_off_takes_no_picture_with_it(tmp_path: Path) -> None:
    # One fragment: all of the pictures, then all of the sound, of which nothing is left.
    coding = Coding(options={"bf": "0"}, movflags="+frag_keyframe+empty_moov")
    path = write_video(tmp_path / "a.mp4", grainy_pictures(120), coding=coding, sound_s=4)
    _, frames = read(cut(path, 0.9))
    assert 90 < len(frames) < 120
    assert indices(frames) == list(range(len(frames)))


def test_damage_is_told_only_after_reading(tmp_path: Path) -> None:
    path = cut(write_video(tmp_path / "a.mp4", grainy_pictures(120), coding=IN_ORDER), 0.5)
    with VideoFile(path) as video:
        assert video.damage is None
        assert video.duration_s == pytest.approx(4.0)


def test_a_half_picture_at_the_end_is_left_out(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", pictures(40), coding=Coding("mjpeg", "yuvj420p"))
    video, frames = read(cut(path, 0.99))
    assert indices(frames) == list(range(len(frames)))
    assert video.damage == "1 picture damaged or missing"


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", ["h264.mp4", "hevc.mp4", "av1.mp4", "vp9.webm", "stream.ts"])
def test_spoilt_bytes_never_stop_the_reading(name: str, seed: int, tmp_path: Path) -> None:
    coding = Coding(CODINGS[name].codec, options={"g": "15"})
    path = spoil(write_video(tmp_path / name, grainy_pictures(60), coding=coding), seed)
    _, frames = read(path)
    assert len(frames) > 10
    assert all(before < after for before, after in pairwise(times_s(frames)))


def test_lost_pictures_are_told(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", pictures(60), coding=Coding("mjpeg", "yuvj420p"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 4000] = bytes(4000)
    path.write_bytes(data)
    video, frames = read(path)
    assert 50 < len(frames) <= 60
    assert video.damage is not None
    assert video.damage.endswith("damaged or missing")


def test_a_picture_is_made_once_and_only_when_somebody_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    make = Uprighter._image

    def counted(uprighter: Uprighter, *wanted: Any) -> Image:
        asked.append(wanted)
        return make(uprighter, *wanted)

    monkeypatch.setattr(Uprighter, "_image", counted)
    frames = read(write_video(tmp_path / "a.mp4", pictures(20)))[1]
    asked.clear()
    assert indices([frames[7], frames[12], frames[7]]) == [7, 12, 7]
    assert len(asked) == 2


def test_in_place_of_a_picture_that_cannot_be_made_comes_a_grey_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Uprighter.later

    def later(uprighter: Uprighter, picture: av.VideoFrame) -> Callable[[], Image]:
        return too_large if picture.pts == 5 * ticks else whole(uprighter, picture)

    def too_large() -> Image:
        raise MemoryError

    path = write_video(tmp_path / "a.mp4", pictures(20))
    with av.open(str(path)) as container:
        ticks = next(container.decode(video=0)).duration
    monkeypatch.setattr(Uprighter, "later", later)
    with VideoFile(path) as video:
        shown = [frame.image for frame in video]
    assert len(shown) == 20
    assert [image.std() == 0 for image in shown].index(True) == 5
    assert video.damage == "1 picture damaged or missing"


def test_decoder_messages_stay_away_from_the_user(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = spoil(write_video(tmp_path / "a.mp4", grainy_pictures(60)), seed=1)
    capfd.readouterr()
    read(path)
    assert capfd.readouterr() == ("", "")


def test_missing_file(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "missing.mp4")


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "clips.mp4").mkdir()
    assert "folder" in refusal(tmp_path / "clips.mp4")


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    assert "empty" in refusal(tmp_path / "a.mp4")


@pytest.mark.parametrize("name", ["a.mp4", "notes.txt", "a.gif", "a.jpg"])
def test_text(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("Keep the hips in line.\n" * 200)
    refusal(tmp_path / name)


def test_a_recording_that_was_never_finished(tmp_path: Path) -> None:
    path = tmp_path / "a.mov"  # its index comes at the end
    assert "never finished" in refusal(cut(write_video(path, pictures(60)), 0.5))


@pytest.mark.parametrize("name", ["a.m4a", "a.mp4"])
def test_sound_alone(name: str, tmp_path: Path) -> None:
    assert "no video" in refusal(write_sound(tmp_path / name))


def test_sound_with_a_cover(tmp_path: Path) -> None:
    assert "no video" in refusal(write_sound(tmp_path / "a.mp3", cover=picture(1)))


def test_no_picture_at_all(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", pictures(5))
    data = path.read_bytes()
    start = data.index(b"mdat") + 4
    path.write_bytes(data[:start] + bytes(len(data) - start))
    assert "no picture" in refusal(path)
    assert "no picture" in refusal(cut(path, (start + 1) / len(data)))


def test_half_a_photograph(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.jpg"), picture(1))
    assert "no picture" in refusal(cut(tmp_path / "a.jpg", 0.2))


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_a_forbidden_file(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", pictures(2))
    path.chmod(0)
    user = os.geteuid()
    if user == 0:  # to whom every file is open
        os.seteuid(65534)
    try:
        assert "not permitted" in refusal(path)
    finally:
        if user == 0:
            os.seteuid(user)


def test_a_playlist_leads_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n"
    )
    refusal(path)


def test_strange_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    video = write_video(tmp_path / "a.mp4", pictures(4))
    for name in ("part:2.mp4", "week%03d.mp4", "a [1] *.mp4", "Übung 1.mp4"):
        path = video.rename(name)
        assert len(read(path)[1]) == 4
        video = path
    with (
        pytest.raises(VideoError, match=r"two lines\.mp4: there is no such file"),
        VideoFile(tmp_path / "two\nlines.mp4"),
    ):
        pass


def test_notes_in_another_encoding_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        container.metadata["title"] = "PLACEHOLDER"
        stream = container.add_stream("mjpeg", rate=10)
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuvj420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(picture(1), "bgr24")))
        container.mux(stream.encode(None))
    path.write_bytes(path.read_bytes().replace(b"PLACEHOLDER", b"\xdcbung \xfcber"))
    assert indices(read(path)[1]) == [1]


def test_leaving_early_ends_the_frames(tmp_path: Path) -> None:
    with VideoFile(write_video(tmp_path / "a.mp4", pictures(30))) as video:
        frames = iter(video)
        assert [index_of(next(frames).image) for _ in range(3)] == [0, 1, 2]
    assert list(frames) == []
    with pytest.raises(ValueError, match="with block"):
        iter(video)


def test_the_callers_own_error_passes(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", pictures(30))

    def fail_at_the_third_frame() -> None:
        with VideoFile(path) as video:
            for index, _ in enumerate(video):
                _ = 1 / (2 - index)

    with pytest.raises(ZeroDivisionError):
        fail_at_the_third_frame()
    assert len(read(path)[1]) == 30


def test_drawing_on_a_frame_stays_on_it(tmp_path: Path) -> None:
    # This decoder hands out the very picture that it draws the next changes on.
    path = write_video(tmp_path / "a.flv", [picture(5)] * 6, coding=Coding("flashsv", "bgr24"))
    with VideoFile(path) as video:
        for frame in video:
            assert corners(frame.image) == UPRIGHT
            frame.image[:] = 255
