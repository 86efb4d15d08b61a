"""Sessions side by side: `formcheck compare`, its page and what it refuses."""

from __future__ import annotations

import io
import json

import pytest
from bodies import PLANK, Move, Plank, clip, crunches
from browser import LOOKS
from pypdf import PdfReader
from test_cli import assert_one_line, formcheck_run
from test_page import HOSTILE, assert_drawn, n, text, told
from test_reps import turned

from formcheck import exercise_named

CRUNCH = exercise_named("crunch")
GOOD, SAG = Plank(), Plank(sag_deg=12)


def session(folder, poses, exercise=PLANK, **options):
    folder.mkdir(parents=True)
    return told(folder, poses, exercise, **options).with_name("summary.json")


@pytest.fixture(scope="module")
def planks(tmp_path_factory):
    """A page of three planks, the last with a wicked name, made by the program."""
    folder = tmp_path_factory.mktemp("planks")
    session(folder / "october", clip((4, GOOD), (6, SAG)))
    nothing = session(folder / "november", clip((4, Plank(breadth=1.2))))
    last = session(folder / "<b id=evil>", clip((12, GOOD), (3, SAG), (5, GOOD)), name=HOSTILE)
    out = folder / "page.html"
    done = formcheck_run("compare", folder / "october", nothing, last, "--out", out)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"Written to {out}\n"
    return out


@pytest.fixture(scope="module")
def crunched(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crunches")
    first = session(folder / "first", crunches(Move(), Move(), Move(lift_deg=60)), CRUNCH)
    second = session(folder / "second", crunches(*[Move()] * 4), CRUNCH)
    done = formcheck_run("compare", first, second, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "comparison.html"


def cells(browser, table):
    return browser.run(
        "return [...document.querySelectorAll('table')[arguments[0]].rows].map(r => "
        "[...r.cells].map(c => c.innerText))",
        table,
    )


def test_planks_stand_side_by_side(browser, planks):
    browser.open(planks)
    verdict = browser.run("return document.querySelector('h1').innerText")
    assert verdict == "Held for 10 seconds, now 20 seconds; 40 % clean, now 85 %."
    numbers = {row[0]: row[1:] for row in cells(browser, 0)}
    assert numbers[""] == ["october", "november", "<b id=evil>"]
    assert numbers["Held"] == ["0:09.9", "0:00.0", "0:19.9"]
    assert numbers["First fault"] == ["after 0:04.0", "-", "after 0:12.0"]
    assert numbers["Score"][1] == "-"
    assert cells(browser, 1)[1] == ["Hips sag", "5.9 s to correct", "-", "3.0 s to correct"]
    levels = "return [...document.querySelectorAll('.chart .bar')].map(b => b.classList[1])"
    assert browser.run(levels) == ["good", "fault", "good", "good", "fault"]


def test_names_do_not_become_markup(browser, planks):
    browser.open(planks)
    assert HOSTILE in text(browser)
    assert n(browser, "script, #evil") == 0


def test_crunches_stand_side_by_side(browser, crunched):
    browser.open(crunched)
    verdict = browser.run("return document.querySelector('h1').innerText")
    assert verdict == "3 crunches, now 4; 67 % clean, now 100 %."
    assert ["Repetitions", "3", "4"] in cells(browser, 0)
    assert ["Too high", "1 of 3 to correct", "-"] in cells(browser, 1)
    assert_drawn(browser, 2)


def compared(browser, folder):
    """Return the verdict, and the numbers of two sessions of a folder."""
    done = formcheck_run("compare", folder / "a", folder / "b", "--out", folder / "page.html")
    assert done.returncode == 0, done.stderr
    browser.open(folder / "page.html")
    numbers = {row[0]: row[1:] for row in cells(browser, 0)}
    return browser.run("return document.querySelector('h1').innerText"), numbers


def test_clean_is_what_the_report_calls_clean(browser, tmp_path):
    """Without a hint on form, either; a hint on tempo is none."""
    session(tmp_path / "a", crunches(*[Move(lift_deg=36), Move(lift_deg=25)] * 2), CRUNCH)
    session(tmp_path / "b", crunches(*[Move(seconds=2.2)] * 4), CRUNCH)
    verdict, numbers = compared(browser, tmp_path)
    assert verdict == "4 crunches, now 4; 50 % clean, now 100 %."
    assert numbers["Clean"] == ["2", "4"]


def test_repetitions_that_were_not_judged_are_not_clean(browser, tmp_path):
    session(tmp_path / "a", turned(crunches(*[Move()] * 3), 0.6), CRUNCH)
    poses = list(crunches(*[Move()] * 4))
    mixed = [*poses[:300], *turned(poses[300:], 0.6)]
    session(tmp_path / "b", mixed, CRUNCH)
    verdict, numbers = compared(browser, tmp_path)
    assert verdict == "Of 2 sessions, some have nothing to compare."
    assert numbers["Clean"] == ["-", "2 of 2 judged"]
    levels = "return [...document.querySelectorAll('#c-sessions .bar')].map(b => b.classList[1])"
    assert browser.run(levels) == [*["unknown"] * 3, *["good"] * 2, *["unknown"] * 2]


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_the_page_fits_says_nothing_and_can_be_used(browser, planks, width, dark):
    browser.open(planks, width=width, dark=dark)
    assert browser.violations() == []
    assert browser.run("return document.documentElement.scrollWidth") <= width
    assert browser.messages() == []
    assert browser.requests() == [planks.as_uri()]


def test_it_prints_on_one_to_three_sheets(browser, crunched):
    browser.open(crunched)
    assert 1 <= len(PdfReader(io.BytesIO(browser.printed())).pages) <= 3


def spoiled(folder, **changes):
    """Write a summary of a plank with other values."""
    summary = session(folder, clip((6, GOOD)))
    document = json.loads(summary.read_text()) | changes
    summary.write_text(json.dumps(document))
    return summary


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({"schema": "formcheck.summary/9"}, ["another schema", "analyse the video again"]),
        ({"schema": "someone.else/1"}, ["no summary of formcheck", "summary.json"]),
        ({"schema": 3}, ["no summary of formcheck"]),
        ({"hold": {"total_s": "long"}}, ["a damaged summary"]),
        ({"hold": None}, ["a damaged summary"]),
        ({"score": True}, ["a damaged summary", "no number"]),
        ({"score": float("inf")}, ["a damaged summary"]),
        ({"faults": [{"code": "plank.x", "level": "awful"}]}, ["a damaged summary"]),
        ({"faults": 4}, ["a damaged summary"]),
        ({"source": "a.mp4"}, ["a damaged summary"]),
        ({"exercise": "squat"}, ["of squat, the first is of plank"]),
    ],
)
def test_what_is_no_summary_is_one_line(tmp_path, changes, parts):
    good, bad = spoiled(tmp_path / "good"), spoiled(tmp_path / "bad", **changes)
    done = formcheck_run("compare", good, bad, "--out", tmp_path / "page.html")
    assert done.returncode == 1
    assert_one_line(done.stderr, "bad", *parts)
    assert not (tmp_path / "page.html").exists()


@pytest.mark.parametrize("content", [b"", b"[1]", b"{", b"\xff\xfe", b'"schema"', b"[" * 100_000])
def test_other_files_are_one_line(tmp_path, content):
    other = tmp_path / "other.json"
    other.write_bytes(content)
    done = formcheck_run("compare", spoiled(tmp_path / "good"), other)
    assert done.returncode == 1
    assert_one_line(done.stderr, "other.json", "no summary of formcheck")


def test_a_folder_without_a_summary_is_one_line(tmp_path):
    done = formcheck_run("compare", tmp_path, tmp_path)
    assert done.returncode == 1
    assert_one_line(done.stderr, "no such file")


def test_one_session_is_not_enough(tmp_path):
    done = formcheck_run("compare", spoiled(tmp_path / "good"))
    assert done.returncode == 1
    assert_one_line(done.stderr, "two")


def test_exercises_are_not_mixed(tmp_path, crunched):
    plank = spoiled(tmp_path / "plank")
    done = formcheck_run("compare", crunched.parent / "first", plank)
    assert done.returncode == 1
    assert_one_line(done.stderr, "of plank, the first is of crunch")


def test_a_page_that_exists_is_kept_unless_told_otherwise(tmp_path):
    good, page = spoiled(tmp_path / "good"), tmp_path / "page.html"
    page.write_text("mine")
    done = formcheck_run("compare", good, good, "--out", page)
    assert done.returncode == 1
    assert_one_line(done.stderr, "exists already", "--force")
    assert page.read_text() == "mine"
    assert formcheck_run("compare", good, good, "--out", page, "--force").returncode == 0
    assert "<!doctype html>" in page.read_text()


def test_a_page_that_cannot_be_written_is_one_line(tmp_path):
    good = spoiled(tmp_path / "good")
    done = formcheck_run("compare", good, good, "--out", tmp_path / "none" / "page.html")
    assert done.returncode == 1
    assert_one_line(done.stderr, "cannot be written")


def test_what_cannot_well_be_compared_is_said(tmp_path, browser):
    first = session(tmp_path / "a", clip((8, GOOD)))
    second = session(tmp_path / "b", clip((8, Plank(high=True))))
    document = json.loads(second.read_text())
    document["thresholds"]["plank.hips-sag"]["fault"] = [None, 20.0]
    second.write_text(json.dumps(document | {"version": "0.0.1"}))
    formcheck_run("compare", first, second, "--out", tmp_path / "page.html")
    browser.open(tmp_path / "page.html")
    for part in ("same variant", "thresholds differ", "different versions"):
        assert part in text(browser)
