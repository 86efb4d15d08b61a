"""The renderer: a picture of any number of people in a room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from samples.studio.backdrop import backdrop, shares
from samples.studio.developing import developed
from samples.studio.grid import grid_around
from samples.studio.marching import starts
from samples.studio.packing import middles, packed_finishes, packed_shapes
from samples.studio.shading import People, Scene
from samples.studio.tracing import Canvas, smooth_edges, trace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from samples.studio.camera import Camera
    from samples.studio.packing import Shapes
    from samples.studio.palette import Palette
    from samples.studio.room import Room
    from samples.studio.shapes import Part

    Image = NDArray[np.uint8]
    Light = NDArray[np.float32]


class Renderer:
    """Pictures of one room from one place.

    One renderer may be used by several threads at once: a picture takes one of them, without the
    interpreter's lock most of the time.

    Parameters
    ----------
    camera : Camera
    room : Room
    """

    def __init__(self, camera: Camera, room: Room) -> None:
        self._camera, self._room = camera, room
        self._scene = Scene(camera.rays(), room.light, room.mat.colour)
        self._backdrop = backdrop(camera, room)

    def picture(self, people: Sequence[tuple[Sequence[Part], Palette]], seed: int) -> Image:
        """Return a picture; the same people and seed give the same one.

        Parameters
        ----------
        people : sequence of (parts, palette)
            Nobody gives the empty room.
        seed : int
            Of the sensor's noise; not negative.

        Returns
        -------
        Image
            Shape (h, w, 3): red, green and blue, 0 to 255.
        """
        shapes = packed_shapes([parts for parts, _ in people])
        if shapes.size == 0:
            seen = self._backdrop
            return developed(seen.by_window + seen.by_sky + seen.rest, self._room, seed)
        finishes = packed_finishes([palette for _, palette in people])
        everybody = People(shapes, finishes, grid_around(shapes))
        return developed(self._with_people(everybody), self._room, seed)

    def _with_people(self, people: People) -> Light:
        room, size_wh = self._shaded_room(people), self._camera.size_wh
        bounds = self._bounds(people.shapes)
        start_m = starts(self._scene.rays, people.grid, people.shapes, bounds, size_wh)
        what = np.zeros(room.shape[:2], np.uint8)
        canvas = Canvas(room, self._backdrop.depth_m, start_m, room.copy(), what)
        trace(self._scene, people, canvas)
        smoothed = canvas.image.copy()
        smooth_edges(self._scene, people, canvas, smoothed)
        return smoothed

    def _shaded_room(self, people: People) -> Light:
        """Return the room with people's shade on its floor."""
        seen = self._backdrop
        left = shares(self._scene.rays, people.grid, self._room.light, seen.depth_m)
        fine = cv2.resize(left, self._camera.size_wh, interpolation=cv2.INTER_LINEAR)
        light = seen.by_window * fine[..., :1] + seen.by_sky * fine[..., 1:] + seen.rest
        return np.asarray(light, np.float32)

    def _bounds(self, shapes: Shapes) -> tuple[int, int, int, int]:
        """Return the rows and columns outside which nobody is, as `starts` wants them."""
        corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
        around = middles(shapes)[:, None] + corners * shapes["reach_m"][:, None, None]
        points = self._camera.project(around.reshape(-1, 3))
        width, height = self._camera.size_wh
        if np.isnan(points).any():  # somebody is partly behind the camera
            return 0, height, 0, width
        low, high = np.floor(points.min(axis=0)) - 1, np.ceil(points.max(axis=0)) + 2
        left, right = np.clip((low[0], high[0]), 0, width).astype(int).tolist()
        top, bottom = np.clip((low[1], high[1]), 0, height).astype(int).tolist()
        return top, bottom, left, right
