"""The options of the command line that several commands share, or that take many words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ExerciseOption = Annotated[
    str,
    typer.Option(help="`auto` recognises it; `formcheck exercises` lists the others."),
]
ConfigOption = Annotated[
    Path | None, typer.Option(help="A TOML file with thresholds of your own.", show_default=False)
]
ModelOption = Annotated[
    Path | None,
    typer.Option(help="Another pose landmarker .task file.", show_default=False),
]
GoalOption = Annotated[
    str | None,
    typer.Option(help="What you set out to do: 60s, 1:30, 25 or 2x25.", show_default=False),
]
ProtocolOption = Annotated[
    str | None,
    typer.Option(help="A standard test: acsm, csep or fitnessgram.", show_default=False),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace files that exist.")]
WorkersOption = Annotated[
    int | None,
    typer.Option(min=1, help="How many processes.", show_default="one for each core"),
]
LabelsOption = Annotated[
    Path | None,
    typer.Option(help="A JSON file of labels to compare with.", show_default=False),
]
ClusterOption = Annotated[
    str | None,
    typer.Option(help="Address of a Dask scheduler whose workers to use.", show_default=False),
]
TimeLimitOption = Annotated[
    float, typer.Option(min=1, max=1_000_000, help="Seconds after which a clip is given up.")
]
InputsArgument = Annotated[
    list[str],
    typer.Argument(
        help="Folders, files, patterns, text files with names, or addresses (s3://...).",
        show_default=False,
    ),
]
CameraOption = Annotated[
    str | None,
    typer.Option(
        help="Number, name or address (http, rtsp) of a camera, or a video file.",
        show_default="the one in `formcheck settings`",
    ),
]
VoiceOption = Annotated[
    bool | None,
    typer.Option("--voice/--mute", help="Speak, or not.", show_default="as in the settings"),
]
MirrorOption = Annotated[
    bool | None,
    typer.Option(
        "--mirror/--no-mirror",
        help="Show the picture as in a mirror.",
        show_default="for a webcam",
    ),
]
RecordOption = Annotated[
    Path | None,
    typer.Option(help="Write the annotated video to this .mp4 file.", show_default=False),
]
SaveOption = Annotated[
    Path | None,
    typer.Option(help="Folder for the same files as of `analyze --out`.", show_default=False),
]
