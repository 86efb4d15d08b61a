"""Noise that belongs to a place: the same point gives the same value, always."""

from __future__ import annotations

from math import floor

from samples.studio.compiling import compiled


@compiled
def chance(x: float, y: float, z: float) -> float:
    """Return a number in 0 to 1 that looks random, one for each place of whole numbers."""
    mixed = (int(x) * 374761393 + int(y) * 668265263 + int(z) * 2147483641) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 13)) * 1274126177) & 0xFFFFFFFF
    return ((mixed ^ (mixed >> 16)) & 0xFFFF) / 65535.0


@compiled
def _between(a: float, b: float, share: float) -> float:
    return a + (b - a) * share


@compiled
def _on_line(x: float, y: float, z: float, share: float) -> float:
    return _between(chance(x, y, z), chance(x + 1, y, z), share)


@compiled
def noise(x: float, y: float, z: float) -> float:
    """Return a value in 0 to 1 that changes smoothly over a length of about 1."""
    left, low, near = floor(x), floor(y), floor(z)
    u, v, w = x - left, y - low, z - near
    u, v, w = u * u * (3 - 2 * u), v * v * (3 - 2 * v), w * w * (3 - 2 * w)
    front = _between(_on_line(left, low, near, u), _on_line(left, low + 1, near, u), v)
    back = _between(_on_line(left, low, near + 1, u), _on_line(left, low + 1, near + 1, u), v)
    return _between(front, back, w)


@compiled
def layered(x: float, y: float, z: float, n_layers: int) -> float:
    """Return noise with finer and fainter noise on top; in 0 to 1."""
    total, share = 0.0, 0.5
    for _ in range(n_layers):
        total += share * noise(x, y, z)
        x, y, z = x * 2.03 + 17.1, y * 2.03 + 5.3, z * 2.03 + 9.7
        share *= 0.5
    return total
