"""What was taken in: how many frames, for how long, and whether anybody was in them."""

from __future__ import annotations

from collections.abc import Callable

from formcheck.pipeline import Moment
from formcheck.summary import Source

Progress = Callable[[int, int | None], None]


class Tally:
    """A sink that counts frames, and for how long somebody is in them.

    Parameters
    ----------
    progress : callable, optional
        Called with the number of frames done, and of all frames if that is known.

    Attributes
    ----------
    of : int or None
        How many frames will come, if that is known.
    n_frames, n_analysed, n_seen : int
        Frames so far, those that were looked at, and of these those with somebody in them.
    last_s : float
        Time of the last frame.
    size_wh : (int, int)
        Of the first picture, pixels; 0 where there was none.
    """

    def __init__(self, progress: Progress | None = None) -> None:
        self.of: int | None = None
        self.n_frames = 0
        self.n_analysed = 0
        self.n_seen = 0
        self.last_s = 0.0
        self.size_wh = (0, 0)
        self._progress = progress

    @property
    def duration_s(self) -> float:
        """Seconds until the last frame has been shown; one frame lasts as long as the others."""
        gaps = self.n_frames - 1
        return self.last_s * self.n_frames / gaps if gaps > 0 else self.last_s

    @property
    def seen_s(self) -> float:
        """For about how long somebody is seen."""
        return self.duration_s * self.n_seen / max(self.n_analysed, 1)

    def take(self, moment: Moment) -> None:
        """Count one more frame."""
        if not self.n_frames and moment.frame is not None:
            self.size_wh = moment.frame.size_wh
        self.n_frames += 1
        if moment.analysed:
            self.n_analysed += 1
            self.n_seen += moment.pose.present
        self.last_s = moment.time_s
        if self._progress:
            self._progress(self.n_frames, self.of)

    def source(self, name: str, damage: str | None = None) -> Source:
        """Return the description of what was taken in."""
        fps = self.n_analysed / self.duration_s if self.duration_s else None
        return Source(name, self.duration_s, self.n_frames, *self.size_wh, damage, fps)
