"""Rebuild `pose_landmarker_full.task` from the official mediapipe 0.10.21 wheel.

    python models/rebuild.py [OUTPUT]

Needs Python 3.11 or 3.12 (there is no such wheel for later ones), pip with its usual package index,
and about 1 GB of temporary room. The same bytes come out each time; the last line is their sha256.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import venv
import zipfile
from dataclasses import dataclass
from importlib import metadata, resources
from pathlib import Path

PACKAGE, VERSION = "mediapipe", "0.10.21"
DEFAULT_OUTPUT = Path(__file__).with_name("pose_landmarker_full.task")

# What the zip format can say at the earliest. The time of the build would change the bytes.
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
# A model that starts on such a boundary of the file is read in place; others are copied, with a
# warning.
ALIGNMENT_BYTES = 16
LOCAL_HEADER_BYTES = 30
EXTRA_HEADER_BYTES = 4
# The identifier under which Android's zipalign stores its padding, which readers skip.
PADDING_ID = 0xD935


@dataclass(frozen=True, slots=True)
class Part:
    """One of the two networks of the task.

    Attributes
    ----------
    source : str
        File inside the mediapipe package.
    sha256 : str
        Of that file.
    member : str
        Name inside the task file, which the pose landmarker looks for.
    title : str
        Name in the metadata.
    mean, std : float
        A pixel enters the network as (value - mean) / std, value 0 to 255.
    n_outputs : int
        Output tensors.
    """

    source: str
    sha256: str
    member: str
    title: str
    mean: float
    std: float
    n_outputs: int


PARTS = (
    Part(
        source="modules/pose_detection/pose_detection.tflite",
        sha256="9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
        member="pose_detector.tflite",
        title="det",
        mean=127.5,
        std=127.5,
        n_outputs=2,
    ),
    Part(
        source="modules/pose_landmark/pose_landmark_full.tflite",
        sha256="e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
        member="pose_landmarks_detector.tflite",
        title="lm",
        mean=0.0,
        std=255.0,
        n_outputs=5,
    ),
)


def main() -> None:
    """Build the task file here when mediapipe 0.10.21 is at hand, or else in its own place."""
    parser = argparse.ArgumentParser(description="Rebuild the pose model from the official wheel.")
    parser.add_argument("output", nargs="?", type=Path, default=DEFAULT_OUTPUT)
    output: Path = parser.parse_args().output.resolve()
    if _installed_version() == VERSION:
        build(output)
    else:
        _build_in_own_environment(output)


def build(output: Path) -> None:
    """Write the task file; mediapipe 0.10.21 must be importable.

    Parameters
    ----------
    output : Path
        Replaced when it exists.

    Raises
    ------
    SystemExit
        When a network in the installed package is not the one that is known.
    """
    parts = [(part.member, with_metadata(part, read_part(part))) for part in PARTS]
    partial = output.with_name(output.name + ".partial")
    write_task(partial, parts)
    partial.replace(output)
    sys.stdout.write(f"{hashlib.sha256(output.read_bytes()).hexdigest()}  {output.name}\n")


def read_part(part: Part) -> bytes:
    """Return a network as the wheel carries it; SystemExit unless its sha256 is the known one."""
    content = resources.files(PACKAGE).joinpath(part.source).read_bytes()
    if hashlib.sha256(content).hexdigest() != part.sha256:
        raise SystemExit(f"{part.source}: not the file of the official {PACKAGE} {VERSION} wheel")
    return content


def with_metadata(part: Part, content: bytes) -> bytes:
    """Return a network that says how its input pixels are normalised."""
    # Only the package of 0.10.21 can write it, so nothing above this line may need it.
    from mediapipe.tasks.python.metadata.metadata_writers import metadata_writer  # noqa: PLC0415

    writer = metadata_writer.MetadataWriter.create(bytearray(content))
    writer.add_general_info(part.title, "")
    writer.add_image_input([part.mean], [part.std])
    for _ in range(part.n_outputs):
        writer.add_feature_output()
    model, _json = writer.populate()
    return bytes(model)


def write_task(path: Path, members: list[tuple[str, bytes]]) -> None:
    """Write members into a zip, uncompressed, aligned, without a trace of when or where.

    Parameters
    ----------
    path : Path
        Replaced when it exists.
    members : list of (str, bytes)
        Name and content, in this order.
    """
    with path.open("wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as task:
        for name, content in members:
            info = zipfile.ZipInfo(name, ZIP_EPOCH)
            info.create_system = 3  # Unix, whatever this runs on
            info.external_attr = 0o644 << 16
            info.extra = _padding(file.tell(), name)
            task.writestr(info, content)


def _padding(header_start: int, name: str) -> bytes:
    """Return the extra field after which the content of a member starts on a boundary."""
    start = header_start + LOCAL_HEADER_BYTES + len(name) + EXTRA_HEADER_BYTES
    n_zeros = -start % ALIGNMENT_BYTES
    header = PADDING_ID.to_bytes(2, "little") + n_zeros.to_bytes(2, "little")
    return header + bytes(n_zeros)


def _installed_version() -> str | None:
    """Return the version of the mediapipe that would be imported, None without one."""
    try:
        return metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        return None


def _build_in_own_environment(output: Path) -> None:
    """Run this script again in a passing environment that has the old wheel."""
    with tempfile.TemporaryDirectory(prefix="pose-model-") as folder:
        venv.create(folder, with_pip=True)
        # -I: a PYTHONPATH must not put another mediapipe in front of this one.
        python = [str(Path(folder, "Scripts" if os.name == "nt" else "bin", "python")), "-I"]
        wheel = ["--only-binary=:all:", f"{PACKAGE}=={VERSION}"]
        _run([*python, "-m", "pip", "install", "--quiet", *wheel])
        _run([*python, str(Path(__file__).resolve()), str(output)])


def _run(command: list[str]) -> None:
    """Run a command; SystemExit when it fails, for it has told why itself."""
    if subprocess.run(command, check=False).returncode:  # noqa: S603 -- no word is from outside
        raise SystemExit(f"failed: {' '.join(command)}")


if __name__ == "__main__":
    main()
