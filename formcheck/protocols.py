"""Standard tests of repetitions to a metronome."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from formcheck.reps import Repetition

TOLERANCE_RATIO = 0.2
"""How far an interval may be off the metronome, in intervals. A convention: no test gives one."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """A standard test.

    Attributes
    ----------
    name : str
        As given on the command line.
    title : str
    beats_per_min : float
        Of the metronome: one beat up and one down.
    duration_s : float or None
        Length of the test, seconds; None where only the person ends it.
    most_reps : int
        The test is over after so many.
    ends_at_fault : int or None
        Which fault ends the test; then a repetition with a FAULT is one as well as a lost
        cadence. None where faults of form end nothing, and the first loss of cadence does.
    tolerance_ratio : float
        How far an interval may be off, in intervals of the metronome (0 to 0.5). A convention.
    source : str
        Where the test is published, and what is unclear about it.
    """

    name: str
    title: str
    beats_per_min: float
    duration_s: float | None
    most_reps: int
    ends_at_fault: int | None
    tolerance_ratio: float
    source: str

    @property
    def period_s(self) -> float:
        """Seconds from one top to the next, in time.

        Examples
        --------
        >>> ACSM.period_s, CSEP.period_s, FITNESSGRAM.period_s
        (3.0, 2.4, 3.0)
        """
        return 120.0 / self.beats_per_min


ACSM = Protocol(
    name="acsm",
    title="ACSM partial curl-up",
    beats_per_min=40.0,
    duration_s=None,
    most_reps=75,
    ends_at_fault=None,
    tolerance_ratio=TOLERANCE_RATIO,
    source=(
        "American College of Sports Medicine, curl-up to a cadence, as ExRx.net describes it: "
        "at most 75, without a time limit, over when the cadence is broken."
    ),
)
CSEP = Protocol(
    name="csep",
    title="CSEP partial curl-up",
    beats_per_min=50.0,
    duration_s=60.0,
    most_reps=25,
    ends_at_fault=None,
    tolerance_ratio=TOLERANCE_RATIO,
    source=(
        "Canadian Society for Exercise Physiology, Canadian Physical Activity, Fitness & "
        "Lifestyle Approach, 3rd edition, 2003: one minute without a pause, at most 25."
    ),
)
FITNESSGRAM = Protocol(
    name="fitnessgram",
    title="FITNESSGRAM curl-up",
    beats_per_min=40.0,
    duration_s=None,
    most_reps=75,
    ends_at_fault=2,
    tolerance_ratio=TOLERANCE_RATIO,
    source=(
        "The Cooper Institute, FITNESSGRAM, for ages 5 to 17 and above: one every 3 s to a "
        "recorded cadence, at most 75, over at the second error of form or cadence."
    ),
)

PROTOCOLS = (ACSM, CSEP, FITNESSGRAM)


def protocol_named(name: str) -> Protocol:
    """Return a protocol by its name; ValueError, which lists the names, for any other.

    Examples
    --------
    >>> protocol_named("CSEP").title
    'CSEP partial curl-up'
    """
    known = {protocol.name: protocol for protocol in PROTOCOLS}
    if name.strip().lower() not in known:
        raise ValueError(f"there is no protocol {name!r}: choose one of {', '.join(known)}")
    return known[name.strip().lower()]


class Pace(Enum):
    """How a repetition keeps to the metronome."""

    FAST = "too fast"
    IN_TIME = "in time"
    SLOW = "too slow"
    UNKNOWN = "unknown"


class Ending(Enum):
    """Why a test was over."""

    TIME = "time"
    CADENCE_LOST = "cadence lost"
    SECOND_FAULT = "second fault"
    MOST_REPS = "most repetitions"
    CLIP_ENDED = "clip ended"


class Beat(NamedTuple):
    """A repetition against the metronome.

    Attributes
    ----------
    interval_s : float
        From the top before to this one, to the millisecond; NaN for the first repetition, and
        where a top is not seen.
    pace : Pace
        UNKNOWN where the interval is.
    """

    interval_s: float
    pace: Pace


@dataclass(frozen=True, slots=True)
class ProtocolResult:
    """What came of a test.

    Attributes
    ----------
    protocol : Protocol
    n_counted : int
        Repetitions that count: those before the end of the test.
    n_faults : int
        Faults that this test knows, up to its end.
    beats : tuple of Beat
        One for each repetition given, those after the end included.
    ended_s : float
        When the test was over, seconds of the video; NaN when that was not seen.
    ended_by : Ending
    """

    protocol: Protocol
    n_counted: int
    n_faults: int
    beats: tuple[Beat, ...]
    ended_s: float
    ended_by: Ending


class _Moment(NamedTuple):
    """A repetition, or a beat that passed without one."""

    time_s: float
    fault: bool
    rep: bool


def beats_of(protocol: Protocol, repetitions: Sequence[Repetition]) -> tuple[Beat, ...]:
    """Return each repetition against the metronome; see `Beat`."""
    tops = [math.nan, *(repetition.rep.top_s for repetition in repetitions)]
    return tuple(_beat(protocol, round(top - before, 3)) for before, top in pairwise(tops))


def _beat(protocol: Protocol, interval_s: float) -> Beat:
    off_ratio = interval_s / protocol.period_s - 1
    if math.isnan(off_ratio):
        return Beat(interval_s, Pace.UNKNOWN)
    if abs(off_ratio) <= protocol.tolerance_ratio + 1e-9:
        return Beat(interval_s, Pace.IN_TIME)
    return Beat(interval_s, Pace.SLOW if off_ratio > 0 else Pace.FAST)


def judged_by(
    protocol: Protocol, repetitions: Iterable[Repetition], *, seen_until_s: float = math.nan
) -> ProtocolResult:
    """Return what a test makes of repetitions, which are in order of time.

    The clock starts with the first repetition. The cadence is lost when a beat passes without a
    repetition (one and a half intervals since the last top, and again each interval after), and
    when two repetitions running are too fast, or two too slow: one top that is early or late is
    forgiven. For a test with `ends_at_fault`, each loss is a fault, and so is each repetition with
    a FAULT of any kind; the repetition whose fault ends the test does not count. What is not seen
    is no fault: a time that is NaN never ends a test, and its repetition counts.

    Parameters
    ----------
    protocol : Protocol
    repetitions : iterable of Repetition
        Of one set: trials and a rest before the test would lose its cadence.
    seen_until_s : float, optional
        How long the person was watched, seconds of the video. NaN when not known: then nobody can
        tell a person who stopped from a clip that ended.

    Returns
    -------
    ProtocolResult
    """
    reps = tuple(repetitions)
    beats = beats_of(protocol, reps)
    limit_s = _limit_s(protocol, reps)
    n_counted = n_faults = 0
    ended_s = math.nan
    for moment in _moments(protocol, reps, beats, seen_until_s):
        if moment.time_s > limit_s + protocol.tolerance_ratio * protocol.period_s:
            return ProtocolResult(protocol, n_counted, n_faults, beats, limit_s, Ending.TIME)
        ended_s = moment.time_s
        n_faults += moment.fault
        by = _ended_by(protocol, n_faults, n_counted + moment.rep)
        n_counted += moment.rep and by in {None, Ending.MOST_REPS}
        if by is not None:
            return ProtocolResult(protocol, n_counted, n_faults, beats, ended_s, by)
    if seen_until_s >= limit_s or ended_s >= limit_s:
        return ProtocolResult(protocol, n_counted, n_faults, beats, limit_s, Ending.TIME)
    ended_s = ended_s if math.isnan(seen_until_s) else seen_until_s
    return ProtocolResult(protocol, n_counted, n_faults, beats, ended_s, Ending.CLIP_ENDED)


def _ended_by(protocol: Protocol, n_faults: int, n_reps: int) -> Ending | None:
    if protocol.ends_at_fault is None and n_faults:
        return Ending.CADENCE_LOST
    if protocol.ends_at_fault is not None and n_faults >= protocol.ends_at_fault:
        return Ending.SECOND_FAULT
    if n_reps >= protocol.most_reps:
        return Ending.MOST_REPS
    return None


def _limit_s(protocol: Protocol, reps: tuple[Repetition, ...]) -> float:
    """Return when the time is over; NaN without a limit, and when no start was seen.

    The test starts with the first repetition: one beat before its top, where its start is unseen.
    """
    if protocol.duration_s is None or not reps:
        return math.nan
    rep = reps[0].rep
    start_s = rep.top_s - protocol.period_s / 2 if math.isnan(rep.start_s) else rep.start_s
    return start_s + protocol.duration_s


def _moments(
    protocol: Protocol,
    reps: tuple[Repetition, ...],
    beats: tuple[Beat, ...],
    seen_until_s: float,
) -> Iterator[_Moment]:
    """Yield repetitions, and beats missed before and after them, in order of time."""
    before = Beat(math.nan, Pace.UNKNOWN)
    for repetition, beat in zip(reps, beats, strict=True):
        yield from _missed(protocol, repetition.rep.top_s - beat.interval_s, beat.interval_s)
        twice = beat.pace is before.pace and beat.pace in {Pace.FAST, Pace.SLOW}
        off_form = protocol.ends_at_fault is not None and repetition.faulty
        yield _Moment(repetition.span_s[1], twice or off_form, rep=True)
        before = beat
    if reps:
        top_s = reps[-1].rep.top_s
        yield from _missed(protocol, top_s, round(seen_until_s - top_s, 3))


def _missed(protocol: Protocol, top_s: float, interval_s: float) -> Iterator[_Moment]:
    """Yield the beats that passed without a repetition in the time after a top."""
    n_beats = interval_s / protocol.period_s + 0.5
    if math.isfinite(n_beats):
        for n in range(1, math.floor(n_beats + 1e-9)):
            yield _Moment(top_s + (n + 0.5) * protocol.period_s, fault=True, rep=False)
