"""The feed: newest frame first, whatever the source and the consumer do."""

from __future__ import annotations

import threading
import time
import traceback
import tracemalloc
from itertools import pairwise
from typing import TYPE_CHECKING, Self

import numpy as np
import pytest
import streams
from hypothesis import given, settings
from hypothesis import strategies as st
from media import index_of, picture, pictures, write_video

from formcheck.camera import camera_source
from formcheck.capture import VideoFile
from formcheck.feed import Feed, FeedState, Paced
from formcheck.pipeline import CameraError, Frame, FrameSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

LIMIT_S = 60.0  # against hangs; nothing here takes nearly as long
GONE = "The camera is gone. Trying again."
STILL = "The picture stands still. Please check the camera."


class Clock:
    """Time that passes when a test says so, or somebody waits for it."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.waits_s: list[float] = []

    def __call__(self) -> float:
        return self.now_s

    def wait(self, seconds: float) -> None:
        self.waits_s.append(seconds)
        self.now_s += seconds


class Source:
    """Frames of a test; steps that can be called are, between the frames."""

    def __init__(self, steps: Iterable[Frame | Callable[[], object]]) -> None:
        self.steps = steps
        self.opened, self.closed = threading.Event(), threading.Event()
        self.closed_by = ""

    def __enter__(self) -> Self:
        self.opened.set()
        return self

    def __exit__(self, *_: object) -> None:
        self.closed_by = threading.current_thread().name
        self.closed.set()

    def __iter__(self) -> Iterator[Frame]:
        for step in self.steps:
            if isinstance(step, Frame):
                yield step
            else:
                step()


class Failing:
    """A source that does not open."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __enter__(self) -> Self:
        raise self.error

    def __exit__(self, *_: object) -> None:
        pytest.fail("it was never opened")

    def __iter__(self) -> Iterator[Frame]:
        return iter(())


def frame(index: int, time_s: float | None = None) -> Frame:
    return Frame(index / 30 if time_s is None else time_s, picture(index % 256, (64, 48)))


def raising(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def until(feed: Feed, state: FeedState) -> None:
    """Wait for a state; frames on the way are taken."""
    end_s = time.monotonic() + LIMIT_S
    while feed.state is not state:
        assert time.monotonic() < end_s, f"{feed.state} for too long, not {state}"
        feed.newest(0.05)


def taken(feed: Feed) -> Frame:
    found = feed.newest(LIMIT_S)
    assert found is not None
    return found


def take_all(feed: Feed) -> None:
    while feed.newest(LIMIT_S) is not None:
        pass


def feed_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "feed"]


@pytest.fixture(autouse=True)
def _no_thread_stays() -> Iterator[None]:
    yield
    for thread in feed_threads():
        thread.join(LIMIT_S)
        assert not thread.is_alive()


# The newest frame


def test_a_file_comes_to_its_end() -> None:
    with Feed(lambda: VideoFile(streams.SAMPLE), ends=True) as feed:
        seen = []
        while feed.state is not FeedState.ENDED:
            if found := feed.newest(LIMIT_S):
                seen.append(found.time_s)
        assert feed.newest(LIMIT_S) is None
        assert feed.trouble == ""
        assert len(seen) + feed.n_dropped == 150
    with VideoFile(streams.SAMPLE) as video:
        own_s = [each.time_s for each in video]
    assert set(seen) <= set(own_s)  # its own times
    assert seen[-1] == own_s[-1]  # and the last picture is never lost


def test_what_nobody_took_in_time_is_dropped() -> None:
    go_on, all_given = threading.Event(), threading.Event()
    steps = [frame(0), frame(1), frame(2), all_given.set, go_on.wait, frame(3), go_on.clear]
    with Feed(lambda: Source([*steps, go_on.wait])) as feed:
        assert all_given.wait(LIMIT_S)
        assert feed.newest(0).time_s == pytest.approx(2 / 30)
        assert feed.n_dropped == 2
        assert feed.newest(0) is None  # a frame is handed out once
        go_on.set()
        assert taken(feed).time_s == pytest.approx(3 / 30)
        assert feed.n_dropped == 2
        go_on.set()


def test_nothing_new_in_time_is_none() -> None:
    go_on = threading.Event()
    with Feed(lambda: Source([go_on.wait])) as feed:
        assert feed.newest(0.01) is None
        assert feed.state is FeedState.OPENING
        assert feed.trouble == "Waiting for the camera."
        go_on.set()


@pytest.mark.parametrize("slow", ["consumer", "source", "neither"])
def test_half_an_hour_at_thirty_pictures_a_second(slow: str) -> None:
    gate = threading.Semaphore(0)
    steps = half_an_hour(gate.acquire if slow == "source" else None)
    pause_s = 0.002 if slow == "consumer" else 0.0
    with Feed(once(Source(steps)), clock=Clock()) as feed:
        tracemalloc.start()
        try:
            times_s = []
            gate.release()
            while feed.state is not FeedState.LOST:
                if (found := feed.newest(0.05)) is not None:
                    times_s.append(found.time_s)
                    gate.release()
                time.sleep(pause_s)
            times_s += times_of(feed.newest(0))
            peak_bytes = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            gate.release(2)
        n_dropped = feed.n_dropped
    assert peak_bytes < 54_000 * 100 + 30 * 64 * 64 * 3  # the times, and a few pictures
    assert all(before < after for before, after in pairwise(times_s))
    assert times_s[-1] == pytest.approx(53_999 / 30)
    assert len(times_s) + n_dropped == 54_000
    assert n_dropped == 0 or slow != "source"
    assert n_dropped > 27_000 or slow != "consumer"


def half_an_hour(
    wait: Callable[[], object] | None,
) -> Iterator[Frame | Callable[[], object]]:
    for n in range(54_000):
        if wait:
            yield wait
        yield Frame(n / 30, np.full((64, 64, 3), n % 251, np.uint8))


@settings(max_examples=100)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=5),
    st.lists(st.sampled_from([0.0, 0.0, 0.0001, 0.001]), min_size=1, max_size=8),
)
def test_any_course_of_sources_and_consumer(
    courses: list[tuple[int, bool]], pauses_s: list[float]
) -> None:
    courses[0] = (1, courses[0][1])  # the very first opening goes well
    over, leave = threading.Event(), threading.Event()
    fail = raising(CameraError("gone; wait"))
    sources = [
        Source([*map(frame, range(n)), *pauses(pauses_s), *[fail] * fails]) for n, fails in courses
    ]
    following = iter([*sources, Source([over.set, leave.wait])])
    times_s: list[float] = []
    with pytest.MonkeyPatch.context() as patch, Feed(lambda: next(following)) as feed:
        patch.setattr("formcheck.feed._FIRST_PAUSE_S", 0.0)
        is_over = False
        while not is_over:
            is_over = over.is_set()  # asked first: what came before that is then still found
            times_s += times_of(feed.newest(pauses_s[len(times_s) % len(pauses_s)]))
        leave.set()
        n_dropped = feed.n_dropped
    assert all(before < after for before, after in pairwise(times_s))
    assert len(times_s) + n_dropped == sum(n for n, _ in courses)


def pauses(pauses_s: list[float]) -> Iterator[Callable[[], object]]:
    for pause_s in pauses_s:
        yield lambda seconds=pause_s: time.sleep(seconds)


def once(source: FrameSource) -> Callable[[], FrameSource]:
    """Open a source, and find no camera from then on."""
    following = iter([source])
    return lambda: next(following, Failing(CameraError("no camera; plug one in")))


def times_of(found: Frame | None) -> list[float]:
    return [] if found is None else [found.time_s]


# States


def test_no_picture_for_three_seconds_is_told() -> None:
    clock, go_on, leave = Clock(), threading.Event(), threading.Event()
    with Feed(lambda: Source([frame(0), go_on.wait, frame(1), leave.wait]), clock=clock) as feed:
        taken(feed)
        assert (feed.state, feed.trouble) == (FeedState.RUNNING, "")
        clock.now_s += 2.9
        assert feed.state is FeedState.RUNNING
        clock.now_s += 0.2
        assert (feed.state, feed.trouble) == (FeedState.FROZEN, STILL)
        go_on.set()
        taken(feed)
        assert (feed.state, feed.trouble) == (FeedState.RUNNING, "")
        leave.set()


def test_a_camera_that_repeats_itself_is_told_and_still_heard() -> None:
    clock, gate = Clock(), threading.Semaphore(0)

    def steps() -> Iterator[Frame | Callable[[], object]]:
        for n in range(40):
            yield gate.acquire
            yield frame(min(n, 34) // 34, n / 10)  # the same 34 times, then another

    states = []
    with Feed(once(Source(steps())), clock=clock) as feed:
        for _ in range(36):
            clock.now_s += 0.1
            gate.release()
            taken(feed).image[:] = 7  # whoever gets a picture may draw on it
            states.append(feed.state)
        gate.release(9)
    assert states[:30] == [FeedState.RUNNING] * 30
    assert states[31:34] == [FeedState.FROZEN] * 3
    assert states[34] is FeedState.RUNNING


def test_a_still_file_is_not_frozen() -> None:
    clock, leave = Clock(), threading.Event()
    with Feed(lambda: Source([frame(0), leave.wait]), ends=True, clock=clock) as feed:
        taken(feed)
        clock.now_s += 60
        assert feed.state is FeedState.RUNNING
        leave.set()


@pytest.mark.parametrize("end", [None, CameraError("gone; wait")], ids=["ends", "fails"])
def test_a_camera_that_comes_back_goes_on_in_time(end: CameraError | None) -> None:
    clock, go_on, leave = Clock(), threading.Event(), threading.Event()
    last = [raising(end)] if end else []
    following = iter(
        [
            Source([frame(0, 0.0), go_on.wait, frame(1, 0.5), *last]),
            Source([leave.wait, frame(2, 0.0), frame(3, 0.1), leave.clear, leave.wait]),
        ]
    )
    with Feed(lambda: next(following), clock=clock) as feed:
        assert taken(feed).time_s == 0.0
        clock.now_s += 0.5
        go_on.set()
        assert taken(feed).time_s == 0.5
        until(feed, FeedState.LOST)
        assert feed.trouble == GONE
        clock.now_s += 7.0
        leave.set()
        times_s = [taken(feed).time_s]
        assert feed.state is FeedState.RUNNING
        while times_s[-1] < 7.55:
            times_s.append(taken(feed).time_s)
        assert times_s[-1] == pytest.approx(7.6)
        leave.set()


def test_time_never_goes_back_even_if_the_camera_was_late() -> None:
    clock, leave = Clock(), threading.Event()
    following = iter([Source([frame(0, 0.0), frame(1, 9.0)]), Source([frame(2, 0.0), leave.wait])])
    with Feed(lambda: next(following), clock=clock) as feed:  # its clock stands still meanwhile
        end_s, times_s = time.monotonic() + LIMIT_S, []
        while time.monotonic() < end_s and not (times_s and times_s[-1] > 9.0):
            times_s += times_of(feed.newest(0.1))
        leave.set()
    assert times_s[-1] == pytest.approx(9.001)


def test_trying_again_takes_longer_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses_s: list[float] = []

    def stopped(_: Feed, pause_s: float) -> bool:
        pauses_s.append(pause_s)
        return len(pauses_s) == 8

    monkeypatch.setattr(Feed, "_has_stopped_within", stopped)
    lost = [Failing(CameraError("no camera; plug one in"))] * 5
    following = iter([Source([frame(0)]), *lost, Source([frame(1)]), *lost])
    with Feed(lambda: next(following)) as feed:
        feed._thread.join(LIMIT_S)
    assert pauses_s == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 0.5, 1.0]


@pytest.mark.parametrize("kind", ["http", "rtsp"])
def test_a_server_that_is_killed_and_comes_back(kind: str, tmp_path: Path) -> None:
    make = streams.mjpeg_server if kind == "http" else streams.rtsp_server
    with make(tmp_path) as server, Feed(camera_source(server.address)) as feed:
        before = taken(feed)
        assert before.size_wh == streams.SIZE_WH
        until(feed, FeedState.RUNNING)
        server.kill()
        until(feed, FeedState.LOST)
        assert feed.trouble == GONE
        while (late := feed.newest(0)) is not None:
            before = late
        server.start()
        after = taken(feed)
        assert feed.state is FeedState.RUNNING
        assert feed.trouble == ""
        assert after.time_s > before.time_s + 0.1
        assert after.size_wh == streams.SIZE_WH


# What goes wrong


def test_the_first_opening_that_fails_is_told() -> None:
    with (
        pytest.raises(CameraError, match="plug one in"),
        Feed(lambda: Failing(CameraError("no camera; plug one in"))) as feed,
    ):
        feed.newest(LIMIT_S)


def test_a_server_that_is_not_there_is_told() -> None:
    address = f"rtsp://127.0.0.1:{streams.free_port()}/live"
    with pytest.raises(CameraError, match="refused"), Feed(camera_source(address)) as feed:
        feed.newest(LIMIT_S)


def test_a_file_that_fails_is_told_even_later() -> None:
    steps = [frame(0), raising(CameraError("the disk is gone; plug it in"))]
    with pytest.raises(CameraError, match="disk"), Feed(lambda: Source(steps), ends=True) as feed:
        take_all(feed)


@pytest.mark.parametrize("n_before", [0, 3])
def test_a_mistake_in_the_thread_reaches_the_consumer(n_before: int) -> None:
    steps = [*map(frame, range(n_before)), raising(ZeroDivisionError("oh"))]
    with pytest.raises(ZeroDivisionError, match="oh") as caught, Feed(lambda: Source(steps)) as f:
        take_all(f)
    names = [each.name for each in traceback.extract_tb(caught.value.__traceback__)]
    assert names[-1] == "fail"  # where it happened


@pytest.mark.parametrize("lost", [False, True], ids=["blocked", "waiting to try again"])
def test_a_consumer_that_raises_is_heard_and_the_thread_ends(*, lost: bool) -> None:
    leave = threading.Event()
    source = Source([frame(0), *[leave.wait] * (not lost)])

    def consume(feed: Feed) -> None:
        taken(feed)
        if lost:
            until(feed, FeedState.LOST)
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"), Feed(once(source)) as feed:
        consume(feed)
    assert feed.state is FeedState.ENDED
    assert feed.newest(LIMIT_S) is None  # and nobody waits for more
    assert bool(feed_threads()) is not lost
    leave.set()


def test_a_source_that_is_blocked_is_closed_when_it_returns() -> None:
    leave = threading.Event()
    source = Source([frame(0), leave.wait, frame(1)])
    with Feed(lambda: source) as feed:
        taken(feed)
    assert not source.closed.is_set()
    leave.set()
    assert source.closed.wait(LIMIT_S)
    assert source.closed_by == "feed"
    assert feed.newest(0) is None  # what came later is nobody's


def test_trouble_in_the_thread_masks_nothing() -> None:
    leave, failed = threading.Event(), threading.Event()
    source = Source([frame(0), leave.wait, failed.set, raising(ValueError("theirs"))])

    def consume(feed: Feed) -> None:
        taken(feed)
        leave.set()
        assert failed.wait(LIMIT_S)
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"), Feed(lambda: source) as feed:
        consume(feed)


# At the pace of the recording


@pytest.mark.parametrize("speed", [1.0, 2.5])
def test_a_file_plays_at_its_own_pace(speed: float) -> None:
    clock = Clock()
    with Paced(VideoFile(streams.SAMPLE), speed=speed, clock=clock, wait=clock.wait) as source:
        shown_s = [(each.time_s, clock.now_s - 100.0) for each in source]
    assert len(shown_s) == 150
    assert shown_s[-1][0] > 9
    for time_s, now_s in shown_s:
        assert now_s == pytest.approx(time_s / speed)


def test_a_consumer_that_is_late_does_not_wait(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mkv", pictures(4), times_s=[0.0, 0.1, 0.2, 2.0])
    clock = Clock()
    with Paced(VideoFile(path), clock=clock, wait=clock.wait) as source:
        seen = []
        for each in source:
            seen.append(index_of(each.image))
            clock.now_s += 0.5
    assert seen == [0, 1, 2, 3]
    assert clock.waits_s == [pytest.approx(0.5)]  # for the last: due after 2 s, asked for after 1.5


def test_a_paced_file_is_closed() -> None:
    source = Source([frame(0)])
    with pytest.raises(KeyError), Paced(source):
        raise KeyError
    assert source.closed.is_set()
