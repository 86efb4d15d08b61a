"""The report as its readers meet it: real pages in a real browser."""

from __future__ import annotations

import base64
import io
import re
import shutil
import socket
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from bodies import PLANK, Move, Plank, Supine, changed, clip, crunches, lying_on_elbows, pedalling
from browser import LOOKS
from pypdf import PdfReader
from selenium.webdriver.common.keys import Keys

import formcheck
from formcheck import Session, exercise_named
from formcheck.metrics_log import MetricsLog
from formcheck.outputs import Outputs, Results, UnsavedError
from formcheck.page import report
from formcheck.pipeline import Frame, Moment, run
from formcheck.recognition import Recognition
from formcheck.rules import Cue
from formcheck.sets import Goal
from formcheck.shots import Shots
from formcheck.summary import Source
from formcheck.training import Plan
from formcheck.wording import DISCLAIMER

SAMPLES = Path(__file__).parents[1] / "samples"
CRUNCH, BICYCLE = exercise_named("crunch"), exercise_named("bicycle-crunch")
HOSTILE = "<script>alert(1)</script>.mp4"
GOOD, SAG = Plank(), Plank(sag_deg=12)


def told(folder, poses, exercise=PLANK, *, name="clip.mp4", plan=None, images=None):
    """Write the page of a session of poses, with or without pictures, and return it."""
    with Results(Outputs(folder, video=False), (exercise,), plan or Plan()) as results:
        frames = ((Frame(p.time_s, images(p)) if images else None, p) for p in poses)
        session = run(frames, Recognition.of([exercise]), [results])
        source = Source(name, session.time_s, 100, 1280, 720) if name else None
        results.write(replace(session.summary(), source=source))
    return folder / "report.html"


@pytest.fixture(scope="module")
def plank_page(tmp_path_factory):
    """The page of a real run, with its video; the clip has a wicked name."""
    folder = tmp_path_factory.mktemp("plank")
    wicked = folder / "<img src=x onerror=alert(1)> \"'&amp;.mp4"
    shutil.copy(SAMPLES / "plank_sag_pike.mp4", wicked)
    formcheck.analyze(wicked, outputs=Outputs(folder / "out"))
    return folder / "out" / "report.html"


@pytest.fixture(scope="module")
def crunch_page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crunch")
    outputs = Outputs(folder / "out", video=False)
    plan = Plan(goal=Goal(n_reps=3))
    formcheck.analyze(SAMPLES / "crunch_thigh.mp4", "crunch", outputs=outputs, plan=plan)
    return folder / "out" / "report.html"


@pytest.fixture(scope="module")
def empty_page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("empty")
    return told(folder, clip((3, lying_on_elbows()), (4, Plank(breadth=1.2))))


@pytest.fixture(params=["plank", "crunch", "empty"])
def page(request):
    return request.getfixturevalue(f"{request.param}_page")


def text(browser):
    return browser.run("return document.body.innerText")


def n(browser, selector):
    return browser.run(f"return document.querySelectorAll({selector!r}).length")


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_a_page_says_nothing_on_the_console_and_asks_nobody(browser, page, width, dark):
    browser.open(page, width=width, dark=dark)
    browser.until("document.readyState === 'complete'")
    if n(browser, "video"):
        browser.until("document.querySelector('video').readyState >= 2")
    assert browser.messages() == []
    beside = page.with_name("annotated.mp4")
    expected = {page.as_uri(), *([beside.as_uri()] if beside.exists() else [])}
    assert set(browser.requests()) == expected


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_a_page_fits_its_window(browser, page, width, dark):
    browser.open(page, width=width, dark=dark)
    assert browser.run("return document.documentElement.scrollWidth") <= width
    outside = browser.run(
        "return [...document.querySelectorAll('main *')].filter(e => "
        "e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)"
        ".map(e => e.outerHTML.slice(0, 80))"
    )
    assert outside == []


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_a_page_can_be_used_by_everybody(browser, page, width, dark):
    browser.open(page, width=width, dark=dark)
    assert browser.violations() == []


def test_the_page_says_what_happened_and_what_to_do(browser, plank_page):
    browser.open(plank_page)
    words = text(browser)
    verdict = browser.run("return document.querySelector('h1').innerText")
    assert verdict == "A forearm plank of 12 seconds, clean for 9 seconds; correct first: hips sag."
    for part in (
        "0:11.9", "0:08.", "68", "Hips sag", "Lift them until you are straight.",
        "A pelvis that hangs makes the lower back carry the load.",
        "Why the swing of the press hurts your back", "At worst +14°", "Hips too high",
        "Every check over time", "Knee flexion", "Elbow offset", "As time went on",
        "Next time: easier", "Try it on your knees", "Warm up first", "from the side, as it should",
        "within about 5°", DISCLAIMER,
    ):  # fmt: skip
        assert part in words, part
    assert "Hands out of place" not in words  # a check of the high plank


def test_every_chart_is_drawn(browser, plank_page):
    browser.open(plank_page)
    keys = browser.run("return [...document.querySelectorAll('svg.chart')].map(s => s.id)")
    assert keys == [
        "c-quality", "c-hip-sag-deg", "c-back-bend-deg", "c-knee-flexion-deg", "c-gaze-deg",
        "c-elbow-offset-ratio", "c-shoulder-height-ratio", "c-tiredness",
    ]  # fmt: skip
    assert_drawn(browser, 1 + 7 + 3)


def assert_drawn(browser, least_curves):
    """Check that curves have length and bars have area, and lie within their charts."""
    curves = browser.run(
        "return [...document.querySelectorAll('svg.curves path')].map(p => "
        "[p.getTotalLength(), p.getBBox().width])"
    )
    assert len(curves) >= least_curves - 1 - 2
    assert all(length > 100 and width > 100 for length, width in curves)
    bars = browser.run(
        "return [...document.querySelectorAll('svg.chart')].flatMap(s => "
        "[...s.querySelectorAll('.bar')].map(b => [b.getBBox(), s.getBoundingClientRect()]"
        ".map(r => [r.x ?? 0, r.width, r.height])))"
    )
    assert bars
    for (x, width, height), (_, room, _) in bars:
        assert width > 0.5
        assert height >= 4
        assert -1 <= x <= x + width <= room + 1


def test_the_bar_of_a_fault_lies_where_the_fault_was(browser, plank_page):
    browser.open(plank_page)
    spans = browser.run(
        "return [...document.querySelectorAll('#c-quality .bar')].map(b => "
        "[b.classList[1], parseFloat(b.getAttribute('x')), parseFloat(b.getAttribute('width'))])"
    )
    assert [span[0] for span in spans if span[0] != "unknown"] == ["good", "fault", "good", "watch"]
    _, left, width = next(span for span in spans if span[0] == "fault")
    assert left * 0.12 == pytest.approx(3.9, abs=0.15)
    assert (left + width) * 0.12 == pytest.approx(7.1, abs=0.2)


def test_the_bounds_are_drawn_where_they_belong(browser, plank_page):
    """The curve is at 14 degrees where it is highest: beyond both bounds, 4 and 8 degrees."""
    browser.open(plank_page)
    labels = browser.run(
        "return [...document.querySelectorAll('#c-hip-sag-deg .bound-label')]"
        ".map(t => t.textContent)"
    )
    assert labels == ["watch 4°", "fault 8°", "watch -19°", "fault -36°"]
    lines = browser.run(
        "return [...document.querySelectorAll('#c-hip-sag-deg .bound')]"
        ".map(l => l.y1.baseVal.value)"
    )
    top = browser.run("return document.querySelector('#c-hip-sag-deg .curves path').getBBox().y")
    assert top < lines[1] < lines[0] < lines[2] < lines[3]
    per_degree = (lines[3] - lines[1]) / 44
    assert (lines[1] - top) / per_degree == pytest.approx(6.2, abs=0.7)


def test_verdicts_differ_by_more_than_colour(browser, crunch_page):
    browser.open(crunch_page)
    looks = browser.run(
        "return Object.fromEntries([...document.querySelectorAll('.legend .bar')].map(b => "
        "[b.classList[1], [getComputedStyle(b).fill, b.getBBox().height]]))"
    )
    assert set(looks) == {"good", "watch", "fault", "unknown"}
    patterned = {level for level, (fill, _) in looks.items() if "url" in fill}
    assert patterned == {"watch", "fault", "unknown"}
    assert len({fill for fill, _ in looks.values()}) == 4
    assert looks["good"][1] < looks["watch"][1] < looks["fault"][1]


def contrast(a, b):
    """Return the contrast of two colours as WCAG defines it."""

    def luminance(colour):
        parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_words_and_lines_stand_out(browser, plank_page, dark):
    """Also those in charts, which axe-core cannot tell."""
    browser.open(plank_page, dark=dark)
    names = [
        "paper",
        "ground",
        "ink",
        "soft",
        "link",
        "edge",
        "good",
        "watch",
        "fault",
        "watch-line",
    ]
    colours = browser.run(
        "const s = getComputedStyle(document.documentElement);"
        "return Object.fromEntries("
        "arguments[0].map(n => [n, s.getPropertyValue('--' + n).trim()]))",
        names,
    )
    for ground in ("paper", "ground"):
        for words in ("ink", "soft", "link"):
            assert contrast(colours[words], colours[ground]) >= 4.5
        for line in ("edge", "watch-line", "fault"):
            assert contrast(colours[line], colours[ground]) >= 3, line
    assert {colours[name] for name in ("good", "watch", "fault")} == {
        "#009e73",
        "#e69f00",
        "#d55e00",
    }


def test_each_fault_has_its_picture(browser, plank_page):
    browser.open(plank_page)
    pictures = browser.run(
        "return [...document.querySelectorAll('.complaint')].map(c => ["
        "c.querySelector('h3').innerText,"
        "c.querySelector('img').naturalWidth, c.querySelector('img').src, "
        "parseFloat(c.querySelector('figcaption a').dataset.at)])"
    )
    assert [picture[0] for picture in pictures] == ["Hips sag", "Hips too high"]
    for _, width, source, _ in pictures:
        data = base64.b64decode(source.partition("base64,")[2])
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        assert width == image.shape[1] == 640
        assert skeleton_px(image) > 300
    assert 4.5 <= pictures[0][3] <= 6.6, "the hips sag most then"
    assert pictures[1][3] >= 10, "the hips stand at their highest from then on"


def skeleton_px(image):
    """Return how many pixels have the colours of good bones: no clothes in the sample do."""
    return int((np.abs(image.astype(int) - (115, 158, 0)).max(axis=2) < 40).sum())


def test_a_click_on_a_fault_shows_it_in_the_video(browser, plank_page):
    browser.open(plank_page)
    browser.until("document.querySelector('video').readyState >= 2")
    browser.click(".complaint .when .moment")
    browser.until("document.querySelector('video').currentTime > 4.2")
    assert 3.8 <= browser.run("return document.querySelector('video').currentTime") <= 9
    assert browser.run("return !document.querySelector('video').paused")
    box = browser.run("return document.querySelector('video').getBoundingClientRect().toJSON()")
    assert -1 <= box["top"] <= 900 - box["height"] + 1, "the video is in sight"
    told = browser.run("return document.querySelector('[role=status]').innerText")
    assert re.search(r"plays from 3\.[89] ", told)
    assert browser.messages() == []


def test_the_keyboard_does_it_too_and_the_focus_is_seen(browser, plank_page):
    browser.open(plank_page)
    browser.until("document.querySelector('video').readyState >= 2")
    browser.run("document.querySelector('video').focus()")
    for _ in range(12):
        browser.press(Keys.TAB)
        if browser.run("return document.activeElement.matches('.complaint + .complaint .when a')"):
            break
    style = "return getComputedStyle(document.activeElement)"
    assert browser.run(f"{style}.outlineStyle") == "solid"
    browser.press(Keys.ENTER)
    browser.until("document.querySelector('video').currentTime >= 9.3")


def test_a_click_in_a_chart_shows_that_moment(browser, plank_page):
    browser.open(plank_page)
    browser.until("document.querySelector('video').readyState >= 2")
    browser.click("#c-hip-sag-deg")
    browser.until("document.querySelector('video').currentTime > 5.8")
    assert browser.run("return document.querySelector('video').currentTime") < 11
    line = browser.until("document.querySelector('#c-gaze-deg .now').getAttribute('x1')")
    assert 40 <= float(line.rstrip("%")) <= 95


def test_the_video_plays(browser, plank_page):
    browser.open(plank_page)
    browser.until("document.querySelector('video').readyState >= 3")
    browser.run(
        "document.querySelector('video').muted = true; document.querySelector('video').play()"
    )
    before = browser.run("return document.querySelector('video').currentTime")
    browser.until("document.querySelector('video').currentTime > arguments[0] + 0.3", before)
    shown = browser.run(
        "const c = document.createElement('canvas'), v = document.querySelector('video');"
        "return [v.videoWidth, v.videoHeight, v.getVideoPlaybackQuality().totalVideoFrames]"
    )
    assert shown[:2] == [854, 480]
    assert shown[2] > 3


def test_a_page_that_has_lost_its_video_says_so(browser, plank_page, tmp_path):
    lonely = tmp_path / "report.html"
    lonely.write_bytes(plank_page.read_bytes())
    browser.open(lonely)
    browser.until("!document.querySelector('.lost').hidden")
    assert browser.run("return getComputedStyle(document.querySelector('video')).display") == "none"
    assert "keep annotated.mp4 in the same folder" in text(browser)
    browser.messages()


def test_without_scripts_all_but_jumping_works(browser, plank_page):
    browser.command("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(plank_page)
        assert "Hips sag" in text(browser)
        assert_drawn(browser, 11)
        link = browser.run("return document.querySelector('.when .moment').href")
        assert re.search(r"/annotated\.mp4#t=3\.[89]\d$", link)
    finally:
        browser.command("Emulation.setScriptExecutionDisabled", value=False)


def printed(browser, page):
    browser.open(page)
    return PdfReader(io.BytesIO(browser.printed()))


@pytest.mark.parametrize("dark", [False, True])
def test_it_prints_on_one_to_three_sheets(browser, page, dark):
    browser.open(page, dark=dark)
    pdf = PdfReader(io.BytesIO(browser.printed()))
    assert 1 <= len(pdf.pages) <= 3
    assert [round(float(side)) for side in pdf.pages[0].mediabox[2:]] == pytest.approx(
        [595, 842], abs=1
    )
    words = " ".join(sheet.extract_text() for sheet in pdf.pages)
    assert DISCLAIMER in re.sub(r"\s+", " ", words)
    assert "see it here" not in words


def test_no_chart_is_cut_between_two_sheets(browser, plank_page):
    """Each chart's labels of time and the last of its checks are on one sheet."""
    for sheet in printed(browser, plank_page).pages:
        words = sheet.extract_text()
        for title, last in (
            ("Gaze", "Head hangs"),
            ("Elbow o", "Elbows out"),
        ):  # not "ff": it prints as one letter
            assert (title in words) == (last in words), title


def test_the_name_of_a_clip_is_only_a_name(browser, plank_page):
    browser.open(plank_page)
    assert browser.run("return document.querySelector('.file').innerText") == (
        "<img src=x onerror=alert(1)> \"'&amp;.mp4"
    )
    assert n(browser, "script") == 1
    assert n(browser, "img[src=x]") == 0


def wicked(rule):
    word = '</style></title></script><script>alert(2)</script><b onclick="x">'
    return replace(rule, cue=Cue("x", f"Hips{word}: do {word}", f"Because {word}."))


def test_no_text_can_become_markup(browser, tmp_path):
    """Neither a name that no disk allows, nor the words of a check."""
    rules = {rule.code: wicked(rule) for rule in PLANK.rules}
    page = told(tmp_path, clip((6, GOOD), (5, SAG)), PLANK.with_rules(rules), name=HOSTILE)
    browser.open(page)
    assert browser.run("return document.querySelector('.file').innerText") == HOSTILE
    assert n(browser, "script") == 0  # without a video there is none
    assert n(browser, "b[onclick]") == 0
    assert "<script>alert(2)</script>" in text(browser)
    assert browser.messages() == []


def test_the_policy_forbids_what_somebody_might_add(browser, plank_page, tmp_path):
    spy = socket.create_server(("127.0.0.1", 0))
    added = (
        "<script>document.title = 'broken in'</script>"
        f"<img src='http://127.0.0.1:{spy.getsockname()[1]}/spy.png'>"
        "<img src=x onerror=\"document.title='broken in'\"></main>"
    )
    page = tmp_path / "report.html"
    page.write_text(
        plank_page.read_text(encoding="utf-8").replace("</main>", added), encoding="utf-8"
    )
    browser.open(page)
    browser.until("document.readyState === 'complete'")
    assert browser.run("return document.title") != "broken in"
    assert any("Content Security Policy" in message for message in browser.messages())
    with spy:
        spy.settimeout(1)
        with pytest.raises(TimeoutError):
            spy.accept()


def test_repetitions_become_a_table_and_curves(browser, crunch_page):
    browser.open(crunch_page)
    verdict = browser.run("return document.querySelector('h1').innerText")
    assert verdict == "3 crunches, 2 of them clean; correct first: lower than your others."
    rows = browser.run(
        "return [...document.querySelectorAll('tbody tr')].map(r => "
        "[...r.cells].map(c => c.innerText.trim()))"
    )
    assert [row[0] for row in rows] == ["1", "2", "3"]
    assert re.fullmatch(r"2\d° 2\d cm", rows[0][2])
    assert [float(cell.removesuffix(" s")) for cell in rows[1][3:5]] == pytest.approx(
        [2.15, 0.8], abs=0.1
    )
    assert "✗ lower than your others" in rows[1][5]
    assert "Goal of 3: 1 of 1 sets reached" in text(browser)
    assert browser.run("return document.querySelectorAll('#c-overlay .rep').length") == 3
    assert_drawn(browser, 4)
    bars = "return [...document.querySelectorAll('#c-quality .bar')].map(b => b.classList[1])"
    assert browser.run(bars) == ["watch", "fault", "good"]


def test_nothing_held_is_said_kindly(browser, empty_page):
    browser.open(empty_page)
    words = text(browser)
    assert "No plank was held, so there is nothing to judge." in words
    assert "That says nothing about you" in words
    assert "turn side-on" in words
    assert "from the side, from head to toes" in words
    assert n(browser, "svg.chart, .complaint, .figures") == 0


def test_a_page_explains_only_what_is_on_it(browser, tmp_path, crunch_page):
    """Without times there is none to choose; a bicycle crunch has no bounds in its curve."""
    log, session = MetricsLog(PLANK), Session.of(PLANK)
    for pose in clip((3, lying_on_elbows())):
        session = session.after(pose)
        log.take(Moment(None, pose, session))
    page = report(session.summary(), Plan(), log, {}, "annotated.mp4")
    assert "<video" in page
    assert "Choose a time" not in page
    browser.open(crunch_page)
    assert "Broken lines are the bounds" in text(browser)
    browser.open(told(tmp_path, pedalling(12), BICYCLE))
    assert "Legs apart, and the checks of each repetition" in text(browser)
    assert "Broken lines" not in text(browser)


def test_a_training_that_ends_before_its_first_picture_has_a_page(tmp_path):
    assert "so there is nothing to judge" in told(tmp_path, (), name=None).read_text()


def test_no_repetition_is_said_kindly(browser, tmp_path):
    poses = (Supine().pose(index / 10) for index in range(40))
    browser.open(told(tmp_path, poses, BICYCLE))
    assert "No bicycle crunch was seen" in text(browser)


def test_a_repetition_that_is_not_judged_is_nowhere_called_good_or_wrong(browser, tmp_path):
    """The video begins at the top of a full sit-up: its height is seen, and little else."""
    poses = (pose for pose in crunches(Move(lift_deg=80)) if pose.time_s >= 3.9)
    browser.open(told(tmp_path, poses, CRUNCH))
    assert "1 sit-up, not shown well enough to be judged." in text(browser)
    assert n(browser, ".complaint, .tag.fault, .bar:not(.unknown):not(.legend *)") == 0
    header, *rows = (tmp_path / "metrics.csv").read_text().splitlines()
    first = header.split(",").index("crunch.over-rise")
    assert {cell for row in rows for cell in row.split(",")[first:]} == {"unknown"}


def test_a_live_session_has_a_page_without_a_video(browser, tmp_path):
    browser.open(told(tmp_path, clip((12, GOOD)), name=None))
    assert "A forearm plank of 12 seconds, all of it clean." in text(browser)
    assert "Hold it for 15 seconds" in text(browser)
    assert n(browser, "video") == 0
    assert browser.requests() == [(tmp_path / "report.html").as_uri()]


def grey(pose):
    return np.full((72, 128, 3), 90, np.uint8)


def many_faults():
    """Five minutes at 30 frames a second in which everything goes wrong, one after the other."""
    wrong = (
        SAG, changed(GOOD, sag_deg=-45), changed(GOOD, knee_deg=45), changed(GOOD, gaze_deg=30),
        changed(GOOD, gaze_deg=150), changed(GOOD, hand_offset=0.6),
    )  # fmt: skip
    parts = [part for body in wrong * 5 for part in ((6, GOOD), (4, body))]
    return clip(*parts, fps=30)


def test_five_minutes_of_faults_stay_small_and_fit_on_three_sheets(browser, tmp_path):
    page = told(tmp_path, many_faults(), images=grey)
    assert page.stat().st_size < 3_000_000
    browser.open(page)
    assert n(browser, ".complaint") >= 5
    assert len(printed(browser, page).pages) <= 3
    assert browser.messages() == []


def test_a_hundred_repetitions_fit_on_three_sheets(browser, tmp_path):
    moves = [Move(lift_deg=18 + index % 3, seconds=2, rest_s=0.7) for index in range(100)]
    page = told(tmp_path, crunches(*moves), CRUNCH)
    browser.open(page)
    assert n(browser, "tbody tr") == 100
    assert n(browser, "table") == 2
    assert len(printed(browser, page).pages) <= 3


def test_a_page_that_cannot_be_written_costs_nothing_else(tmp_path):
    (tmp_path / "report.html").mkdir()
    with Results(Outputs(tmp_path, video=False, force=True), (PLANK,), Plan()) as results:
        session = run(
            ((None, pose) for pose in clip((6, GOOD))), Recognition.of([PLANK]), [results]
        )
        with pytest.raises(UnsavedError, match=r"report\.html: cannot be written") as caught:
            results.write(session.summary())
    assert caught.value.summary.hold.total_s == pytest.approx(5.9)
    assert {path.name for path in tmp_path.iterdir()} == {
        "report.html",
        "summary.json",
        "metrics.csv",
    }


def test_pictures_of_repetitions_are_of_the_worst_one(tmp_path, browser):
    moves = (Move(lift_deg=18), Move(lift_deg=60), Move(lift_deg=35), Move(lift_deg=18))
    browser.open(told(tmp_path, crunches(*moves), CRUNCH, images=grey))
    caption = "return document.querySelector('.complaint figcaption').innerText"
    minutes, seconds = re.search(r"(\d):(\d\d\.\d)", browser.run(caption)).groups()
    assert 60 * int(minutes) + float(seconds) == pytest.approx(2 + 5 + 2, abs=0.3)


def test_a_long_session_keeps_few_pictures(monkeypatch):
    shots, drawn = Shots(), []
    encode = cv2.imencode
    monkeypatch.setattr(cv2, "imencode", lambda *a: drawn.append(a) or encode(*a))
    worse = (changed(GOOD, sag_deg=5 + index / 120).pose(index / 30) for index in range(1200))
    session = Session.of(PLANK)
    for pose in worse:
        session = session.after(pose)
        shots.take(Moment(Frame(pose.time_s, grey(pose)), pose, session))
    assert not drawn, "while it gets worse and worse, nothing is drawn"
    assert list(shots.of(session.summary())) == ["plank.hips-sag"]
    assert len(drawn) == 1
