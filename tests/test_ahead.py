"""What is made ahead: the same items, in a thread that always ends."""

from __future__ import annotations

import threading
import traceback
from itertools import count
from pathlib import Path

import pytest

import formcheck
from formcheck import FormcheckError
from formcheck.ahead import ahead
from formcheck.capture import VideoFile
from formcheck.outputs import Outputs

SAMPLE = Path(__file__).parents[1] / "samples" / "plank_sag_pike.mp4"
LIMIT_S = 30


@pytest.fixture(autouse=True)
def _all_threads_end():
    before = set(threading.enumerate())
    yield
    assert not [thread for thread in set(threading.enumerate()) - before if thread.name == "ahead"]


def within_the_limit(work):
    """Do it in a thread of its own, so that one that hangs fails the test."""
    errors = []

    def tried():
        try:
            work()
        except Exception as error:  # noqa: BLE001 - it is raised where it counts
            errors.append(error)

    worker = threading.Thread(target=tried, daemon=True)
    worker.start()
    worker.join(LIMIT_S)
    assert not worker.is_alive()
    for error in errors:
        raise error


@pytest.mark.parametrize("n", [0, 1, 3, 500])
def test_the_items_are_the_same_in_the_same_order(n):
    with ahead(range(n)) as items:
        assert list(items) == list(range(n))
        assert list(items) == []


def test_the_next_item_is_made_while_the_last_is_worked_on():
    made = [threading.Event() for _ in range(5)]

    def items():
        for each in made:
            each.set()
            yield each

    with ahead(items()) as made_ahead:
        for at, _ in enumerate(made_ahead):
            for each in made[at : at + 3]:
                assert each.wait(LIMIT_S)


def test_only_a_few_items_wait():
    made, third = [], threading.Event()

    def items():
        for index in count():
            made.append(index)
            if index == 3:
                third.set()
            yield index

    with ahead(items()) as made_ahead:
        assert next(made_ahead) == 0
        assert third.wait(LIMIT_S)
        assert not threading.Event().wait(0.2)
        assert len(made) == 4  # the one taken, two that wait, one in hand
    assert len(made) <= 5


def broken(n):
    yield from range(n)
    raise FormcheckError("the file breaks off")


@pytest.mark.parametrize("n", [0, 2, 20])
def test_an_error_comes_after_the_items_before_it_and_tells_where_it_was(n):
    with ahead(broken(n)) as items:
        assert [next(items) for _ in range(n)] == list(range(n))
        with pytest.raises(FormcheckError, match="breaks off") as caught:
            next(items)
    assert "broken" in [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 10])
@pytest.mark.parametrize("source", [count, lambda: broken(n=3)])
def test_leaving_early_ends_the_thread(n, source):
    def left_early():
        with ahead(source()) as items:
            for _ in zip(range(n), items, strict=False):
                pass
            raise KeyError

    with pytest.raises((KeyError, FormcheckError)):
        within_the_limit(left_early)


def test_a_chain_of_two_ends_as_one():
    def left_early():
        with ahead(count()) as numbers, ahead(2 * n for n in numbers) as doubled:
            assert [next(doubled) for _ in range(5)] == [0, 2, 4, 6, 8]

    within_the_limit(left_early)


def test_frames_of_a_file_are_the_same_when_read_ahead():
    with VideoFile(SAMPLE) as plain, VideoFile(SAMPLE) as source, ahead(source) as frames:
        for a, b in zip(plain, frames, strict=True):
            assert a.time_s == b.time_s
            assert (a.image == b.image).all()


class OutOfPatienceError(Exception):
    pass


def test_an_analysis_that_is_broken_off_ends_its_threads_and_leaves_nothing_behind(tmp_path):
    def impatient(done, of):
        if done == 12:
            raise OutOfPatienceError

    def broken_off():
        out = Outputs(tmp_path / "out")
        formcheck.analyze(SAMPLE, outputs=out, progress=impatient)

    with pytest.raises(OutOfPatienceError):
        within_the_limit(broken_off)
    assert not any(tmp_path.iterdir())
