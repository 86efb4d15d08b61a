"""Words and numbers as people read them, on the terminal and on paper."""

from __future__ import annotations

import os

DISCLAIMER = "General information, not medical advice. Stop at once when it hurts."
_SIGNS = {"deg": "°", "ratio": "", "s": " s"}
_MINUTE_S = 60.0


def clock(seconds: float) -> str:
    """Return a time as minutes, seconds and tenths.

    Examples
    --------
    >>> clock(83.46)
    '1:23.5'
    """
    minutes, tenths = divmod(round(seconds * 10), 600)
    return f"{minutes}:{tenths / 10:04.1f}"


def lasting(seconds: float) -> str:
    """Return how long something lasted, as one says it.

    Examples
    --------
    >>> lasting(11.66), lasting(83.46), lasting(1.0), lasting(59.7)
    ('12 seconds', '1:23 minutes', '1 second', '1:00 minutes')
    >>> lasting(0.4)
    'less than a second'
    """
    whole = round(seconds)
    if not whole:
        return "less than a second"
    if whole >= _MINUTE_S:
        return f"{whole // 60}:{whole % 60:02d} minutes"
    return f"{whole} second{'' if whole == 1 else 's'}"


def signed(value: float, unit: str) -> str:
    """Return a value with its sign.

    Examples
    --------
    >>> signed(12.6, "deg"), signed(-0.314, "ratio"), signed(1.72, "s")
    ('+13°', '-0.31', '1.7 s')
    """
    if unit == "s":
        return f"{value:.1f} s"
    return f"{round(value):+d}°" if unit == "deg" else f"{value:+.2f}"


def plain(value: float, unit: str) -> str:
    """Return a value, or a bound, as short as it can be.

    Examples
    --------
    >>> plain(8.0, "deg"), plain(-0.55, "ratio"), plain(2.5, "s")
    ('8°', '-0.55', '2.5 s')
    """
    return f"{value:g}{_SIGNS[unit]}"


def measured_name(name: str, unit: str) -> str:
    """Return what a metric is called in a text.

    Examples
    --------
    >>> measured_name("back_bend_deg", "deg")
    'back bend'
    """
    return name.removesuffix(f"_{unit}").replace("_", " ")


def shown(name: str) -> str:
    r"""Return the name of a file as it can be written anywhere, whatever bytes it is made of.

    Examples
    --------
    >>> print(shown(os.fsdecode(b"caf\xe9.mp4")))
    caf\xe9.mp4
    """
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
