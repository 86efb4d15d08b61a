"""Shapes, words and the marks of verdicts on a picture, with sizes that follow the picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Self

import cv2
import numpy as np

from formcheck.geometry import Point, distance
from formcheck.rules import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from formcheck.landmarks import Array
    from formcheck.pipeline import Image

Colour = tuple[int, int, int]

# Okabe and Ito's colours, which the colour-blind tell apart; blue, green, red.
GREEN: Colour = (115, 158, 0)
ORANGE: Colour = (0, 159, 230)
VERMILLION: Colour = (0, 94, 213)
GREY: Colour = (165, 165, 165)
WHITE: Colour = (255, 255, 255)
PALE: Colour = (222, 222, 222)
DARK: Colour = (24, 24, 24)

VERDICT_COLOURS = {
    Verdict.GOOD: GREEN,
    Verdict.WATCH: ORANGE,
    Verdict.FAULT: VERMILLION,
    Verdict.UNKNOWN: GREY,
}

# A white picture becomes (89, 89, 89) under a shade: 7 to 1 for WHITE, 5 to 1 for PALE.
_SHADE = 0.72
_UNITS = 360
_LEAST_UNIT = 0.6
_LEAST_CAP_PX = 3.0
_LEAD = 6.5
_CAP_PX = 22.0  # of a capital at scale 1, in the fonts of OpenCV 4 as in those of OpenCV 5
_LEAST_STRONG = 2 if hasattr(cv2, "FontFace") else 1  # OpenCV 5 takes 2 for semibold, at all sizes
_SHIFT = 4  # lines lie on sixteenths of a pixel, so that they glide and do not hop
_TURNS = np.linspace(0, 2 * np.pi, 17)
_RING = np.stack((np.cos(_TURNS), np.sin(_TURNS)), axis=1)


@dataclass(frozen=True, slots=True)
class Words:
    """Text that has been made to fit.

    Attributes
    ----------
    lines : tuple of str
        Empty when there is no room for letters.
    cap_px : float
        Height of a capital, pixels.
    strong : bool
        Whether in bold type, and white.
    """

    lines: tuple[str, ...]
    cap_px: float
    strong: bool

    @property
    def width_px(self) -> int:
        """Width of the longest line."""
        return max((_width_px(line, self.cap_px, self.strong) for line in self.lines), default=0)

    @property
    def height_px(self) -> int:
        """From the top of the first line's capitals to the last baseline."""
        return round(self.cap_px + self.step_px * (len(self.lines) - 1)) if self.lines else 0

    @property
    def step_px(self) -> float:
        """From one baseline to the next."""
        return 1.7 * self.cap_px


@lru_cache(maxsize=512)
def fitted(text: str, cap_px: float, width_px: float, *, strong: bool, n_lines: int) -> Words:
    """Return text broken into lines, and made smaller where it has to be.

    Parameters
    ----------
    text : str
    cap_px : float
        Height of a capital that is wanted, pixels.
    width_px : float
        Room for a line, pixels.
    strong : bool
        Whether in bold type.
    n_lines : int
        So many lines are allowed; a line is broken before the letters become smaller.
    """
    while cap_px >= _LEAST_CAP_PX:
        lines = _broken(text, cap_px, width_px, strong)
        widest = max((_width_px(line, cap_px, strong) for line in lines), default=0)
        if len(lines) <= n_lines and widest <= width_px:
            return Words(lines, cap_px, strong)
        cap_px *= 0.94
    return Words((), cap_px, strong)


def _broken(text: str, cap_px: float, width_px: float, strong: bool) -> tuple[str, ...]:  # noqa: FBT001
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _width_px(longer, cap_px, strong) <= width_px:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def _type(cap_px: float, strong: bool) -> tuple[int, float, int]:  # noqa: FBT001
    """Return font, scale and thickness of its strokes."""
    scale = cap_px / _CAP_PX
    thickness = max(_LEAST_STRONG, round(2.4 * scale)) if strong else max(1, round(1.3 * scale))
    return cv2.FONT_HERSHEY_SIMPLEX, scale, thickness


def _width_px(line: str, cap_px: float, strong: bool) -> int:  # noqa: FBT001
    (width, _), _ = cv2.getTextSize(line.removesuffix("°"), *_type(cap_px, strong))
    return int(width + (0.6 * cap_px if line.endswith("°") else 0))


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """A picture to draw on. Places are in pixels, sizes in units of the picture.

    Attributes
    ----------
    image : array, shape (height, width, 3), uint8
        Blue, green, red; it is drawn on.
    unit : float
        Pixels of one unit: a 360th of the picture's shorter side, at least 0.6.
    """

    image: Image
    unit: float

    @classmethod
    def copied(cls, image: Image) -> Self:
        """Return a canvas with a copy of a picture."""
        return cls.on(np.array(image, order="C"))

    @classmethod
    def on(cls, image: Image) -> Self:
        """Return a canvas that draws on a picture itself."""
        return cls(image, max(min(image.shape[:2]) / _UNITS, _LEAST_UNIT))

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height, pixels."""
        return self.image.shape[1], self.image.shape[0]

    def px(self, units: float) -> int:
        """Return a length in whole pixels, at least 1."""
        return max(1, round(units * self.unit))

    def shows(self, *points: Point) -> bool:
        """Return whether all points lie in the picture; NaN does not."""
        width, height = self.size_wh
        return all(0 <= x <= width and 0 <= y <= height for x, y in points)

    def line(self, a: Point, b: Point, colour: Colour, width: float) -> None:
        """Draw a line with round ends."""
        cv2.line(self.image, _fine(a), _fine(b), colour, self.px(width), cv2.LINE_AA, _SHIFT)

    def dashes(self, a: Point, b: Point, colour: Colour, width: float) -> None:
        """Draw a dashed line."""
        n = max(1, round(distance(a, b) / (6.0 * self.unit)))
        shares = (np.arange(0, n, 2)[:, None] + (0, 1)) / n
        ends = np.array(a) + (np.array(b) - a) * shares[..., None]
        self._chains(list(ends), colour, self.px(width))

    def _chains(self, chains: list[Array], colour: Colour, width_px: int) -> None:
        """Draw lines through points, each chain of the shape (n, 2)."""
        places = [_fine_all(chain) for chain in chains]
        cv2.polylines(self.image, places, False, colour, width_px, cv2.LINE_AA, _SHIFT)  # noqa: FBT003

    def chain(self, points: Array, colour: Colour, width: float) -> None:
        """Draw a line through points, an array of the shape (n, 2)."""
        self._chains([points], colour, self.px(width))

    def disc(self, centre: Point, radius: float, colour: Colour) -> None:
        """Draw a filled circle."""
        size = _fine((radius * self.unit, 0))[0]
        cv2.circle(self.image, _fine(centre), size, colour, cv2.FILLED, cv2.LINE_AA, _SHIFT)

    def area(self, centre: Point, corners: list[Point], colour: Colour) -> None:
        """Draw a filled convex shape; its corners are in units from the centre."""
        places = _fine_all(np.array(corners) * self.unit + centre)
        cv2.fillConvexPoly(self.image, places, colour, cv2.LINE_AA, _SHIFT)

    def strokes(self, centre: Point, chains: list[list[Point]], colour: Colour) -> None:
        """Draw lines of two units' width; their points are in units from a centre."""
        self._chains([np.array(chain) * self.unit + centre for chain in chains], colour, self.px(2))

    def mark(self, centre: Point, verdict: Verdict) -> None:
        """Draw the mark of a verdict: a dot, a triangle with "!", a square with a cross, a ring."""
        colour = VERDICT_COLOURS[verdict]
        if verdict is Verdict.WATCH:
            self.area(centre, [(0, -10.5), (10.5, 7.7), (-10.5, 7.7)], DARK)
            self.area(centre, [(0, -8.1), (8.3, 6.4), (-8.3, 6.4)], colour)
            self.strokes(centre, [[(0, -2.8), (0, 0.2)]], DARK)
            self.disc((centre[0], centre[1] + 4.4 * self.unit), 1.2, DARK)
        elif verdict is Verdict.FAULT:
            self.area(centre, [(-8.4, -8.4), (8.4, -8.4), (8.4, 8.4), (-8.4, 8.4)], DARK)
            self.area(centre, [(-7.1, -7.1), (7.1, -7.1), (7.1, 7.1), (-7.1, 7.1)], colour)
            cross: list[list[Point]] = [[(-3.6, -3.6), (3.6, 3.6)], [(-3.6, 3.6), (3.6, -3.6)]]
            self.strokes(centre, cross, WHITE)
        else:
            self.disc(centre, 5.0, DARK)
            self.disc(centre, 3.9, colour)
            if verdict is Verdict.UNKNOWN:
                self.disc(centre, 2.2, DARK)

    def label(self, text: str, centre: Point, verdict: Verdict, aside: float) -> None:
        """Write a few words on a solid backing, which does not leave the picture.

        The verdict gives the rim its colour; `aside` moves the backing from its centre to the
        right, by so many halves of its own width.
        """
        words = self.words(text, 8, 0.9 * self.size_wh[0], strong=True, n_lines=1)
        size, rim = (words.width_px + self.px(13), self.px(17)), self.px(1.5)
        wanted = centre[0] + aside * size[0] / 2, centre[1]
        x, y = (
            min(max(place, own / 2 + rim), whole - own / 2 - rim)
            for place, own, whole in zip(wanted, size, self.size_wh, strict=True)
        )
        self._pill((x, y), size, VERDICT_COLOURS[verdict])
        self._pill((x, y), (size[0] - self.px(2.4), size[1] - self.px(2.4)), DARK)
        self.write(words, x - words.width_px / 2, y - words.height_px / 2)

    def _pill(self, centre: Point, size: tuple[int, int], colour: Colour) -> None:
        half = max(0.0, (size[0] - size[1]) / 2)
        a, b = (_fine((centre[0] + x, centre[1])) for x in (-half, half))
        cv2.line(self.image, a, b, colour, max(1, size[1]), cv2.LINE_AA, _SHIFT)

    def shade(self, left: int, top: int, right: int, bottom: int) -> None:
        """Darken a rectangle, so that words on it can be read and the picture is still seen."""
        part = self.image[max(0, top) : bottom, max(0, left) : right]
        if part.size:
            part[:] = cv2.convertScaleAbs(part, alpha=1 - _SHADE, beta=_SHADE * DARK[0])

    def block(self, left: int, top: int, right: int, bottom: int, colour: Colour) -> None:
        """Fill a rectangle."""
        self.image[max(0, top) : bottom, max(0, left) : right] = colour

    def words(
        self, text: str, cap: float, room_px: float, *, strong: bool = False, n_lines: int = 2
    ) -> Words:
        """Return text that fits into so much room, its capitals so many units high or less."""
        return fitted(text, cap * self.unit, room_px, strong=strong, n_lines=n_lines)

    def write(self, words: Words, left: float, top: float) -> None:
        """Write words, the upper left of their capitals at a place."""
        colour = WHITE if words.strong else PALE
        face, scale, thickness = _type(words.cap_px, words.strong)
        for number, line in enumerate(words.lines):
            text = line.removesuffix("°")
            x, y = round(left), round(top + words.cap_px + number * words.step_px)
            cv2.putText(self.image, text, (x, y), face, scale, colour, thickness, cv2.LINE_AA)
            if text != line:
                x += _width_px(text, words.cap_px, words.strong)
                self._degree_sign((x, y), words.cap_px, colour)

    def _degree_sign(self, origin: Point, cap_px: float, colour: Colour) -> None:
        """Draw the sign that the fonts of OpenCV 4 do not have."""
        radius, width_px = max(0.19 * cap_px, 1.7), max(1, int(cap_px / 12))
        centre = np.array((origin[0] + 0.26 * cap_px, origin[1] - 0.81 * cap_px))
        self._chains([centre + radius * _RING], colour, width_px)

    def column_px(self, rows: Iterable[Words]) -> tuple[int, int]:
        """Return width and height of words below each other."""
        full = [words for words in rows if words.lines]
        height = sum(words.height_px for words in full) + self.px(_LEAD) * (len(full) - 1)
        return max((words.width_px for words in full), default=0), max(0, height)

    def column(self, rows: Iterable[Words], left: float, top: float) -> None:
        """Write words below each other."""
        for words in rows:
            if words.lines:
                self.write(words, left, top)
                top += words.height_px + self.px(_LEAD)


def _fine(point: Point) -> tuple[int, int]:
    return round(point[0] * (1 << _SHIFT)), round(point[1] * (1 << _SHIFT))


def _fine_all(points: Array) -> NDArray[np.int32]:
    return (points * (1 << _SHIFT)).round().astype(np.int32)
