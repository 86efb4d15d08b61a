"""Render the sample clips: `python -m samples.studio [NAME...] [--workers N]`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from samples.studio.clip import Clip
from samples.studio.film import FilmError, write_film
from samples.studio.rendering import Renderer
from samples.studio.room import ROOMS
from samples.studio.script import SCRIPT, read_script
from samples.studio.sheet import write_sheet
from samples.studio.staging import figure_at
from samples.studio.tables import ScriptError
from samples.studio.truth import truth

if TYPE_CHECKING:
    from samples.studio.rendering import Image

_FRAME_SEEDS = 100_000  # so that no two clips share their grain


def main(
    names: Annotated[list[str] | None, typer.Argument(help="clips; all when left out")] = None,
    workers: Annotated[int, typer.Option(help="pictures made at once", min=1)] = 2,
    folder: Annotated[Path, typer.Option("--out", help="where the clips go")] = SCRIPT.parent,
    *,
    sheet: Annotated[bool, typer.Option("--sheet", help="make only the contact sheet")] = False,
) -> None:
    """Render sample clips and their truth."""
    try:
        script = read_script()
        chosen = [_named(script, name) for name in names or script]
        if sheet:
            write_sheet(folder / "contact.jpg", folder, list(script.values()))
            return
        for clip in chosen:
            typer.echo(_made(clip, folder, workers))
    except (ScriptError, FilmError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(2) from error


def _named(script: dict[str, Clip], name: str) -> Clip:
    if name not in script:
        raise ScriptError(f"{name}: no such clip; the names are in {SCRIPT}")
    return script[name]


def _made(clip: Clip, folder: Path, workers: int) -> str:
    """Write a clip and its truth; return a line about it."""
    start_s = time.perf_counter()
    path = folder / f"{clip.name}.mp4"
    path.with_suffix(".json").write_text(truth(clip), encoding="utf-8", newline="\n")
    write_film(path, _pictures(clip, workers), clip)
    each_s = (time.perf_counter() - start_s) / len(clip.times_s)
    size_kb = path.stat().st_size // 1000
    return f"{clip.name}: {len(clip.times_s)} frames, {each_s:.2f} s each, {size_kb} kB"


def _pictures(clip: Clip, workers: int) -> Iterator[Image]:
    renderer = Renderer(clip.camera, ROOMS[clip.room])

    def picture(index: int) -> Image:
        time_s = clip.times_s[index]
        figures = [(figure_at(role, time_s, clip.seed), role.person) for role in clip.roles]
        people = [(figure.parts, person.palette) for figure, person in figures]
        return renderer.picture(people, seed=_FRAME_SEEDS * clip.seed + index)

    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(picture, range(len(clip.times_s)))


if __name__ == "__main__":
    typer.run(main)
