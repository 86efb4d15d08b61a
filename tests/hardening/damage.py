"""Videos damaged on purpose: each kind of damage makes a file from sound ones and a seed.

``damaged(seed, folder, sources)`` always makes the same file of the same sources. The kinds take
turns, so that any range of seeds has about as many of each.
"""

from __future__ import annotations

import os
import struct
import zlib
from typing import TYPE_CHECKING

import av
import cv2
import media
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Sources = Mapping[str, bytes]  # by name, whose suffix tells the container
    Chance = np.random.Generator
    Damage = Callable[[Chance, Sources, Path], Path]

SIZE_WH = (160, 90)
N_PICTURES = 24
PART = media.Coding(options={"g": "8"})
CODINGS = {
    "h264.mp4": PART,
    "pieces.mp4": media.Coding(movflags="+frag_keyframe+empty_moov", options={"g": "8"}),
    "hevc.mp4": media.Coding("libx265"),
    "mpeg4.mov": media.Coding("mpeg4"),
    "h264.mkv": PART,
    "vp8.webm": media.Coding("libvpx"),
    "mjpeg.avi": media.Coding("mjpeg", "yuvj420p"),
    "h264.ts": PART,
    "h264.flv": PART,
    "film.gif": media.Coding("gif", "rgb8"),
}
ODD_FORMATS = (
    ("rawvideo", "gray", "avi"),
    ("rawvideo", "yuv410p", "avi"),
    ("rawvideo", "yuyv422", "avi"),
    ("ffv1", "gray16le", "mkv"),
    ("ffv1", "yuva444p16le", "mkv"),
    ("ffv1", "gbrp14le", "mkv"),
    ("ffv1", "bgra", "mkv"),
    ("png", "gray16be", "avi"),
    ("png", "rgba64be", "mov"),
    ("qtrle", "argb", "mov"),
    ("libx264", "gray", "mp4"),
    ("libx264", "yuv422p10le", "mp4"),
    ("prores_ks", "yuva444p10le", "mov"),
    ("huffyuv", "yuv422p", "avi"),
)


def sound_files(folder: Path, clip: Path) -> dict[str, bytes]:
    """Make the sound videos of which all others are made, from the beginning of a clip."""
    with av.open(str(clip)) as video:
        frames = zip(range(N_PICTURES), video.decode(video=0), strict=False)
        large = [frame.to_ndarray(format="bgr24") for _, frame in frames]
    images = [cv2.resize(image, SIZE_WH, interpolation=cv2.INTER_AREA) for image in large]
    for name, coding in CODINGS.items():
        media.write_video(folder / name, images, coding=coding)
    cv2.imwrite(str(folder / "still.jpg"), images[0])
    cv2.imwrite(str(folder / "still.png"), images[0])
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def damaged(seed: int, folder: Path, sources: Sources) -> tuple[str, Path]:
    """Return the kind of damage and the file that it made in a folder."""
    kind = tuple(KINDS)[seed % len(KINDS)]
    return kind, KINDS[kind](np.random.default_rng(seed), sources, folder)


def _any(chance: Chance, sources: Sources, *suffixes: str) -> tuple[str, bytearray]:
    names = [name for name in sources if name.endswith(suffixes or "")]
    name = names[chance.integers(len(names))]
    return name, bytearray(sources[name])


def _written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _flipped(data: bytearray, start: int, stop: int, chance: Chance) -> None:
    for _ in range(chance.integers(1, 16)):
        data[chance.integers(start, max(start + 1, stop))] ^= 1 << chance.integers(8)


def _box(data: bytes, name: bytes) -> int:
    """Return where the content of the first box of a name begins, after its name."""
    return data.index(name) + 4


def cut_off(chance: Chance, sources: Sources, folder: Path) -> Path:
    name, data = _any(chance, sources)
    return _written(folder, name, data[: chance.integers(1, len(data))])


def head_cut_off(chance: Chance, sources: Sources, folder: Path) -> Path:
    name, data = _any(chance, sources)
    return _written(folder, name, data[chance.integers(1, len(data)) :])


def bits_of_the_header(chance: Chance, sources: Sources, folder: Path) -> Path:
    name, data = _any(chance, sources)
    _flipped(data, 0, min(len(data), 64), chance)
    return _written(folder, name, data)


def bits_of_the_index(chance: Chance, sources: Sources, folder: Path) -> Path:
    name, data = _any(chance, sources, "h264.mp4", "hevc.mp4", "pieces.mp4")
    start = _box(data, b"moov")
    _flipped(data, start, data.index(b"mdat"), chance)
    return _written(folder, name, data)


def bits_anywhere(chance: Chance, sources: Sources, folder: Path) -> Path:
    name, data = _any(chance, sources)
    _flipped(data, 0, len(data), chance)
    return _written(folder, name, data)


def sizes_of_boxes(chance: Chance, sources: Sources, folder: Path) -> Path:
    name, data = _any(chance, sources, ".mp4", ".mov")
    boxes = (b"ftyp", b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"avcC", b"mdat")
    found = [data.index(box) - 4 for box in boxes if box in data]
    size = (0, 1, 7, 2**31, 2**32 - 1, int(chance.integers(2**32)))[chance.integers(6)]
    struct.pack_into(">I", data, found[chance.integers(len(found))], size)
    return _written(folder, name, data)


def tables_that_lie(chance: Chance, sources: Sources, folder: Path) -> Path:
    name, data = _any(chance, sources, "h264.mp4", "hevc.mp4", "mpeg4.mov")
    tables = [
        b for b in (b"stsz", b"stco", b"stsc", b"stts", b"ctts", b"stss", b"elst") if b in data
    ]
    start = _box(data, tables[chance.integers(len(tables))]) + 4
    for _ in range(chance.integers(1, 4)):
        value = (0, 2**31 - 1, 2**32 - 1, int(chance.integers(2**32)))[chance.integers(4)]
        struct.pack_into(">I", data, start + 4 * int(chance.integers(6)), value)
    return _written(folder, name, data)


def huge_claims(chance: Chance, sources: Sources, folder: Path) -> Path:
    """Claim 16384 x 16384 pixels: in the index, or as a picture that unpacks to as many."""
    side = 16_384
    if chance.integers(2):
        data = bytearray(sources["h264.mp4"])
        entry = _box(data, b"avc1")
        struct.pack_into(">HH", data, entry + 24, side, side)
        return _written(folder, "claims.mp4", data)
    if chance.integers(2):
        data = bytearray(sources["still.png"])
        struct.pack_into(">II", data, _box(data, b"IHDR"), side, side)
        check = zlib.crc32(data[12:29])
        struct.pack_into(">I", data, 29, check)
        return _written(folder, "claims.png", data)
    data = bytearray(sources["still.jpg"])
    struct.pack_into(">HH", data, data.index(b"\xff\xc0") + 5, side, side)
    return _written(folder, "claims.jpg", data)


def one_pixel(chance: Chance, sources: Sources, folder: Path) -> Path:
    sizes_wh = ((1, 1), (2, 2), (1, 500), (500, 1), (3, 1))
    coding = (media.Coding("rawvideo", "bgr24"), media.Coding("png", "rgb24"))[chance.integers(2)]
    images = [np.full((*sizes_wh[chance.integers(5)][::-1], 3), 90, np.uint8)] * 3
    return media.write_video(folder / "point.avi", images, coding=coding)


def repeated_times(chance: Chance, sources: Sources, folder: Path) -> Path:
    data = bytearray(sources["h264.mp4"])
    struct.pack_into(">I", data, _box(data, b"stts") + 12, int(chance.integers(2)))
    return _written(folder, "repeated.mp4", data)


def negative_times(chance: Chance, sources: Sources, folder: Path) -> Path:
    data = bytearray(sources["h264.mp4"])
    start = _box(data, b"elst") + 8
    back = int(chance.integers(-(2**31), 0))
    struct.pack_into(">Ii", data, start, int(chance.integers(1, 2**31)), back)
    if b"ctts" in data:
        struct.pack_into(">i", data, _box(data, b"ctts") + 12, back)
    return _written(folder, "negative.mp4", data)


def hours_between(chance: Chance, sources: Sources, folder: Path) -> Path:
    data = bytearray(sources["h264.mp4"])
    steps = _box(data, b"stts") + 12
    struct.pack_into(">I", data, steps, int(chance.integers(10**6, 2**31)))
    return _written(folder, "gaps.mp4", data)


def no_rate(chance: Chance, sources: Sources, folder: Path) -> Path:
    data = bytearray(sources["h264.mp4"])
    for header in (b"mdhd", b"mvhd")[: chance.integers(1, 3)]:
        struct.pack_into(">I", data, _box(data, header) + 12, int(chance.integers(2)))
    return _written(folder, "rate.mp4", data)


def many_streams(chance: Chance, sources: Sources, folder: Path) -> Path:
    """Repeat the one track of a file up to 10,000 times."""
    data = sources["h264.mp4"]
    start = data.index(b"moov") - 4
    size = struct.unpack_from(">I", data, start)[0]
    track = data.index(b"trak") - 4
    track_size = struct.unpack_from(">I", data, track)[0]
    n = int((10, 98, 101, 10_000)[chance.integers(4)])
    moov = data[start : track + track_size] + data[track : track + track_size] * n
    moov = struct.pack(">I", len(moov)) + moov[4:]
    return _written(folder, "streams.mp4", data[:start] + moov + data[start + size :])


def turned_askew(chance: Chance, sources: Sources, folder: Path) -> Path:
    path = _written(folder, "askew.mp4", sources["h264.mp4"])
    angle = np.deg2rad(37 if chance.integers(2) else chance.uniform(0, 360))
    matrix = tuple(chance.uniform(0, 3) * part for part in (1, 1, -1, 1))
    cosine, sine = np.cos(angle), np.sin(angle)
    return media.set_matrix(path, (cosine, sine, -sine, cosine) if chance.integers(2) else matrix)


def no_key_pictures(chance: Chance, sources: Sources, folder: Path) -> Path:
    """Blank the beginning of what each key picture is made of, or all but it."""
    data = bytearray(sources["h264.ts" if chance.integers(2) else "h264.mp4"])
    for place in _places(data, b"\x65"):
        if chance.integers(4):
            data[place : place + 40] = bytes(40)
    return _written(folder, "keyless.ts" if data[0] == 0x47 else "keyless.mp4", data)


def _places(data: bytes, byte: bytes) -> list[int]:
    start = max(data.find(b"mdat"), 0)
    return [start + at for at, found in enumerate(data[start:]) if found == byte[0]]


def odd_formats(chance: Chance, sources: Sources, folder: Path) -> Path:
    codec, pix_fmt, suffix = ODD_FORMATS[chance.integers(len(ODD_FORMATS))]
    images = media.pictures(3, (64, 48))
    path = media.write_video(folder / f"odd.{suffix}", images, coding=media.Coding(codec, pix_fmt))
    data = bytearray(path.read_bytes())
    _flipped(data, len(data) // 4, len(data), chance)
    return _written(folder, path.name, data)


def another_codec(chance: Chance, sources: Sources, folder: Path) -> Path:
    """Call the coding of the pictures by the name of another."""
    data = bytes(sources["h264.mp4"])
    names = (b"hev1", b"mp4v", b"vp09", b"av01", b"jpeg", b"png ", b"rle ", b"SVQ3", b"tx3g")
    return _written(folder, "named.mp4", data.replace(b"avc1", names[chance.integers(9)]))


def another_name(chance: Chance, sources: Sources, folder: Path) -> Path:
    _, data = _any(chance, sources)
    suffixes = ("mp4", "mkv", "avi", "gif", "jpg", "h264", "yuv", "m3u8", "txt", "sdp", "wav")
    return _written(folder, f"named.{suffixes[chance.integers(11)]}", data)


def blank_stretches(chance: Chance, sources: Sources, folder: Path) -> Path:
    name, data = _any(chance, sources)
    for _ in range(chance.integers(1, 5)):
        start = int(chance.integers(len(data)))
        stop = min(len(data), start + int(chance.integers(1, 3000)))
        data[start:stop] = bytes([int(chance.integers(256))]) * (stop - start)
    return _written(folder, name, data)


def shuffled_parts(chance: Chance, sources: Sources, folder: Path) -> Path:
    name, data = _any(chance, sources)
    parts = [data[at : at + 700] for at in range(0, len(data), 700)]
    for _ in range(chance.integers(1, 6)):
        one, other = chance.integers(len(parts), size=2)
        parts[one], parts[other] = parts[other], parts[one]
    return _written(folder, name, b"".join(parts))


def two_in_one(chance: Chance, sources: Sources, folder: Path) -> Path:
    name, first = _any(chance, sources)
    _, second = _any(chance, sources)
    return _written(folder, name, first[: chance.integers(1, len(first) + 1)] + second)


def playlists(chance: Chance, sources: Sources, folder: Path) -> Path:
    texts = (
        "#EXTM3U\n#EXTINF:5,\n/etc/hostname\n#EXT-X-ENDLIST\n",
        "#EXTM3U\n#EXTINF:5,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile /dev/zero\n",
        "v=0\nm=video 5004 RTP/AVP 96\nc=IN IP4 127.0.0.1\na=rtpmap:96 H264/90000\n",
        '<?xml version="1.0"?><MPD type="dynamic"><Period/></MPD>',
        "YUV4MPEG2 W16000 H16000 F0:0\nFRAME\n",
    )
    text = texts[chance.integers(len(texts))].encode() * int(chance.integers(1, 400))
    suffix = ("mp4", "m3u8", "sdp", "mpd", "y4m")[chance.integers(5)]
    return _written(folder, f"list.{suffix}", text)


def noise(chance: Chance, sources: Sources, folder: Path) -> Path:
    head = bytes(_any(chance, sources)[1][: chance.integers(200)])
    return _written(folder, "noise.mp4", head + chance.bytes(int(chance.integers(1, 60_000))))


def without_end(chance: Chance, sources: Sources, folder: Path) -> Path:
    """Go on with nothing for a terabyte (the file takes no room)."""
    name, data = _any(chance, sources, ".mkv", ".webm", ".ts", ".avi", ".flv", "pieces.mp4")
    path = _written(folder, name, data[: chance.integers(len(data) // 2, len(data) + 1)])
    os.truncate(path, 2**40)
    return path


def no_file(chance: Chance, sources: Sources, folder: Path) -> Path:
    """Make a pipe that nobody writes to, a link to itself, or a link to a device."""
    path = folder / "strange.mp4"
    which = chance.integers(4)
    if which == 0:
        os.mkfifo(path)
    else:
        path.symlink_to((path, "/dev/zero", folder)[which - 1])
    return path


KINDS: dict[str, Damage] = {
    damage.__name__.replace("_", " "): damage
    for damage in (
        cut_off,
        head_cut_off,
        bits_of_the_header,
        bits_of_the_index,
        bits_anywhere,
        sizes_of_boxes,
        tables_that_lie,
        huge_claims,
        one_pixel,
        repeated_times,
        negative_times,
        hours_between,
        no_rate,
        many_streams,
        turned_askew,
        no_key_pictures,
        odd_formats,
        another_codec,
        another_name,
        blank_stretches,
        shuffled_parts,
        two_in_one,
        playlists,
        noise,
        without_end,
        no_file,
    )
}
