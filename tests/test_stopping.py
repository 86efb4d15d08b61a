"""Ctrl-C comes where nothing is half done, and twice is no more than once."""

from __future__ import annotations

import signal
import sys
import threading
import time

import pytest

from formcheck import stopping
from formcheck.stopping import stopped_between_items, stopped_by_signals


@pytest.fixture(autouse=True)
def heeding_interrupts():
    """A shell's background jobs ignore Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    assert signal.signal(signal.SIGINT, before) is signal.default_int_handler


def interrupted(n_before, *, tidied):
    """Work on five items, be interrupted in one and, in a hurry, while tidying up."""
    with stopped_between_items() as stoppable:
        try:
            for item in stoppable(iter(range(5))):
                if item == n_before:
                    signal.raise_signal(signal.SIGINT)
                tidied.append(item)
        finally:
            signal.raise_signal(signal.SIGINT)
            tidied.append("all")


@pytest.mark.parametrize(
    ("n_before", "done"), [(1, [0, 1, "all"]), (4, [0, 1, 2, 3, 4, "all"]), (5, [*range(5), "all"])]
)
def test_what_is_being_done_is_done_to_its_end(n_before, done):
    tidied = []
    with pytest.raises(KeyboardInterrupt):
        interrupted(n_before, tidied=tidied)
    assert tidied == done


def test_who_insists_breaks_it_off(monkeypatch):
    monkeypatch.setattr(stopping, "_PATIENCE_S", -1)
    asked = []
    with stopped_by_signals(lambda: asked.append(True)):
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert asked == [True]


class Forgotten:
    """Is asked to end just when it is forgotten: what is raised then is raised nowhere."""

    def __del__(self):
        signal.raise_signal(signal.SIGINT)


def test_a_request_is_heard_whatever_python_does_just_then(capfd):
    with pytest.raises(KeyboardInterrupt), stopped_by_signals(interrupt):
        forget_and_go_on(10)
    assert capfd.readouterr().err == ""


def forget_and_go_on(seconds):
    Forgotten()
    end_s = time.monotonic() + seconds
    while time.monotonic() < end_s:
        time.sleep(0.01)


def interrupt():
    raise KeyboardInterrupt


def test_in_another_thread_nothing_is_changed():
    hook, inside = sys.unraisablehook, []

    def work():
        with stopped_by_signals(interrupt):
            inside.append(sys.unraisablehook)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert inside == [hook]


def test_what_is_ignored_stays_ignored():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with stopped_by_signals(lambda: pytest.fail("it was ignored before")):
        signal.raise_signal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
