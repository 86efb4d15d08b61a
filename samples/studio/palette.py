"""What a person's surfaces look like: colour and gloss of each material."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from samples.studio.shapes import Material

if TYPE_CHECKING:
    from collections.abc import Mapping

    from samples.studio.triples import Triple


class Finish(NamedTuple):
    """One surface.

    Attributes
    ----------
    colour : tuple of float
        Red, green and blue, 0 to 1, linear.
    gloss : float
        How strong its highlights are.
    sharpness : float
        How small they are: the exponent of Blinn and Phong.
    """

    colour: Triple
    gloss: float
    sharpness: float


@dataclass(frozen=True, slots=True)
class Palette:
    """The finish of each material, in the order of `Material`."""

    finishes: tuple[Finish, ...]


SKINS: Mapping[str, Triple] = MappingProxyType(
    {"light": (0.80, 0.58, 0.46), "medium": (0.72, 0.47, 0.35), "dark": (0.38, 0.22, 0.15)}
)
SHIRTS: Mapping[str, Triple] = MappingProxyType(
    {
        "teal": (0.07, 0.34, 0.36),
        "blue": (0.10, 0.26, 0.50),
        "red": (0.62, 0.16, 0.18),
        "grey": (0.62, 0.62, 0.60),
        "white": (0.82, 0.82, 0.80),
        "black": (0.045, 0.045, 0.050),
        "yellow": (0.74, 0.52, 0.12),
    }
)
TROUSERS: Mapping[str, Triple] = MappingProxyType(
    {
        "black": (0.055, 0.055, 0.065),
        "navy": (0.05, 0.06, 0.12),
        "grey": (0.12, 0.13, 0.15),
        "wine": (0.22, 0.05, 0.09),
        "beige": (0.52, 0.43, 0.32),
    }
)
HAIRS: Mapping[str, Triple] = MappingProxyType(
    {
        "black": (0.018, 0.014, 0.012),
        "brown": (0.060, 0.038, 0.025),
        "auburn": (0.20, 0.11, 0.05),
        "blond": (0.48, 0.34, 0.17),
        "grey": (0.42, 0.41, 0.40),
    }
)
SHOES: Mapping[str, Triple] = MappingProxyType(
    {"white": (0.72, 0.72, 0.72), "black": (0.10, 0.10, 0.11), "red": (0.55, 0.12, 0.10)}
)


def palette(
    skin: str = "medium",
    shirt: str = "teal",
    trousers: str = "black",
    hair: str = "brown",
    shoes: str = "white",
) -> Palette:
    """Return a palette by the names of its colours.

    Raises
    ------
    ValueError
        For a colour that is not in the table; the message lists those that are.
    """
    skin_colour = _colour(SKINS, "skin", skin)
    hair_colour = _colour(HAIRS, "hair", hair)
    finishes = {
        Material.SKIN: Finish(skin_colour, 0.10, 18.0),
        Material.SHIRT: Finish(_colour(SHIRTS, "shirt", shirt), 0.02, 8.0),
        Material.TROUSERS: Finish(_colour(TROUSERS, "trousers", trousers), 0.03, 10.0),
        Material.HAIR: Finish(hair_colour, 0.12, 20.0),
        Material.SHOE: Finish(_colour(SHOES, "shoes", shoes), 0.06, 20.0),
        Material.SOLE: Finish((0.85, 0.85, 0.85), 0.05, 10.0),
        Material.EYE: Finish((0.80, 0.78, 0.75), 0.5, 80.0),
        Material.LIP: Finish(_lips(skin_colour), 0.12, 25.0),
        Material.BROW: Finish(_brows(hair_colour), 0.02, 8.0),
        Material.SOCK: Finish((0.75, 0.75, 0.75), 0.02, 8.0),
    }
    return Palette(tuple(finishes[material] for material in Material))


def _colour(table: Mapping[str, Triple], what: str, name: str) -> Triple:
    if name not in table:
        raise ValueError(f"{what}: no colour named {name!r}; there are {', '.join(table)}")
    return table[name]


def _lips(skin: Triple) -> Triple:
    red, green, blue = skin
    return red * 0.82, green * 0.55, blue * 0.55


def _brows(hair: Triple) -> Triple:
    red, green, blue = hair
    return red * 0.9 + 0.01, green * 0.9 + 0.01, blue * 0.9 + 0.01
