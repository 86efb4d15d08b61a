"""The program as its users meet it: real runs on real files."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import media
import numpy as np
import pytest
from test_egress import DEAD_PROXY, destinations, elsewhere, linux, traced

import formcheck
from formcheck import FormcheckError
from formcheck.outputs import Outputs, UnsavedError

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "samples" / "plank_sag_pike.mp4"
PROGRAM = [sys.executable, "-m", "formcheck"]


def formcheck_run(*arguments, **options):
    environment = os.environ | {"COLUMNS": "100", "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        **options,
    )


@pytest.fixture(scope="module")
def analysed(tmp_path_factory):
    out = tmp_path_factory.mktemp("analysed") / "deep" / "out"
    return formcheck_run("analyze", SAMPLE, "--out", out), out


def test_a_video_becomes_a_summary_in_words(analysed):
    done, _ = analysed
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert re.search(r"Plank, forearm: held 0:1[12]\.\d", done.stdout)
    assert "fault 0:03" in done.stdout
    assert "Hips sag: lift them until you are straight" in done.stdout
    assert re.search(r"Score \d+ of 100", done.stdout)
    assert "not medical advice" in done.stdout


def test_a_video_becomes_four_files(analysed):
    _, out = analysed
    assert sorted(path.name for path in out.iterdir()) == [
        "annotated.mp4",
        "metrics.csv",
        "report.html",
        "summary.json",
    ]
    document = json.loads((out / "summary.json").read_text())
    looked_at = document["source"].pop("analysed_fps")
    assert 5 <= looked_at < 15, "all while the body moves, fewer while it keeps still"
    assert document["source"] == {
        "name": "plank_sag_pike.mp4",
        "duration_s": 12.0,
        "n_frames": 180,
        "width": 854,
        "height": 480,
        "damage": None,
    }
    assert len((out / "metrics.csv").read_text().splitlines()) == 1 + round(looked_at * 12.0)


def test_the_annotated_video_shows_more_than_the_original(analysed):
    _, out = analysed
    with av.open(str(SAMPLE)) as original, av.open(str(out / "annotated.mp4")) as annotated:
        assert annotated.streams.video[0].codec_context.name == "h264"
        frames = list(zip(original.decode(video=0), annotated.decode(video=0), strict=True))
    assert len(frames) == 180
    before, after = frames[75]
    assert (after.width, after.height) == (854, 480)
    assert after.time == pytest.approx(before.time, abs=0.001)
    difference = np.abs(
        before.to_ndarray(format="gray").astype(int) - after.to_ndarray(format="gray")
    )
    rows = (difference > 40).mean(axis=1)
    assert rows[430:].mean() > 0.3, "no cue at the bottom"
    assert rows[250:400].mean() > 0.01, "no skeleton"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the names of files are text")
def test_names_that_are_no_text_are_no_hindrance(tmp_path):
    """As an old archive leaves them: of the video, and of the folder of its results."""
    video, out = (tmp_path / os.fsdecode(name) for name in (b"\xdcbung.mp4", b"\xdcbung"))
    shutil.copy(SAMPLE.with_name("plank_sag_5.mp4"), video)
    strict = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8:strict"}
    for arguments in (["analyze", video, "--out", out], ["compare", out, out, "--out", out / "c"]):
        done = subprocess.run(
            [*PROGRAM, *arguments], capture_output=True, text=True, check=False, env=strict
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert r"\xdcbung" in done.stdout
    assert json.loads((out / "summary.json").read_text())["source"]["name"] == r"\xdcbung.mp4"
    assert r"\xdcbung.mp4" in (out / "report.html").read_text()
    assert r"1. \xdcbung" in (out / "c").read_text()


def test_what_exists_is_kept_unless_told_otherwise(analysed):
    _, out = analysed
    before = (out / "summary.json").read_bytes()
    kept = formcheck_run("analyze", SAMPLE, "--out", out)
    assert kept.returncode == 1
    assert_one_line(kept.stderr, "metrics.csv exist already", "--force")
    assert (out / "summary.json").read_bytes() == before
    forced = formcheck_run("analyze", SAMPLE, "--out", out, "--no-video", "--force")
    assert forced.returncode == 0


def assert_one_line(text, *parts):
    assert text.count("\n") == 1, text
    assert "Traceback" not in text
    for part in parts:
        assert part in text, text


def make_bad(kind, folder):
    path = folder / f"{kind}.mp4"
    grey = [np.full((96, 128, 3), 120, np.uint8)] * 40
    match kind:
        case "folder":
            path.mkdir()
        case "empty":
            path.touch()
        case "text":
            path.write_text("this is no video\n" * 50)
        case "sound":
            media.write_sound(path)
        case "headless":
            media.write_video(path, media.pictures(20))
            path.write_bytes(path.read_bytes()[-800:])
        case "nobody":
            media.write_video(path, grey)
        case "glimpse":
            media.write_video(path, [*grey, *_somebody(2, (854, 480)), *grey])
    return path


def _somebody(n, size_wh):
    with av.open(str(SAMPLE)) as video:
        frames = zip(range(n), video.decode(video=0), strict=False)
        pictures = [frame.to_ndarray(format="bgr24") for _, frame in frames]
    assert pictures[0].shape[1::-1] == size_wh
    return [np.ascontiguousarray(picture[::5, ::5][:96, :128]) for picture in pictures]


@pytest.mark.parametrize(
    "kind", ["missing", "folder", "empty", "text", "sound", "headless", "nobody", "glimpse"]
)
def test_bad_input_is_one_line_that_says_what_to_do(kind, tmp_path):
    out = tmp_path / "out"
    done = formcheck_run("analyze", make_bad(kind, tmp_path), "--out", out)
    assert done.returncode == 1
    assert_one_line(done.stderr, f"{kind}.mp4")
    assert done.stdout == ""
    assert not out.exists()


def test_a_damaged_video_is_analysed_as_far_as_it_goes(tmp_path):
    path = tmp_path / "cut.mp4"
    path.write_bytes(SAMPLE.read_bytes()[:60_000])
    summary = formcheck.analyze(path, outputs=Outputs(tmp_path / "out", video=False))
    assert "breaks off" in summary.source.damage
    assert 2 < summary.hold.total_s < 10
    document = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert document["source"]["damage"] == summary.source.damage


def test_a_folder_that_cannot_be_written_is_told_before_the_work(tmp_path):
    blocked = tmp_path / "file"
    blocked.touch()
    done = formcheck_run("analyze", SAMPLE, "--out", blocked / "out")
    assert done.returncode == 1
    assert_one_line(done.stderr, "choose another")
    assert blocked.is_file()


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["analyze", SAMPLE, "--exercise", "squat"], "choose one of: plank"),
        (["analyze", SAMPLE, "--config", "none.toml"], "cannot be read"),
        (["analyze", SAMPLE, "--model", "none.task"], "none.task"),
        (["evaluate", "none.json"], "none.json"),
    ],
)
def test_wrong_names_are_one_line(arguments, part):
    done = formcheck_run(*arguments)
    assert done.returncode == 1
    assert_one_line(done.stderr, part)


def test_mistakes_in_a_configuration_are_told_at_once_with_their_lines(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("[plank.hips-sag]\nwatch = 9\nfault = 5\n[plank.kness]\nwatch = 3\n")
    done = formcheck_run("analyze", SAMPLE, "--config", path)
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert [line.split(": ")[1] for line in lines] == [f"{path}, line 3", f"{path}, line 4"]


@pytest.mark.parametrize("arguments", [["analyze"], ["analyze", SAMPLE, "--oud", "x"], ["fly"]])
def test_wrong_usage_is_exit_two(arguments):
    assert formcheck_run(*arguments).returncode == 2


def test_a_video_is_never_replaced_by_its_own_annotation(tmp_path):
    own = tmp_path / "annotated.mp4"
    own.write_bytes(SAMPLE.read_bytes())
    done = formcheck_run("analyze", own, "--out", tmp_path, "--force")
    assert done.returncode == 1
    assert_one_line(done.stderr, "would replace it")
    assert own.read_bytes() == SAMPLE.read_bytes()


def test_a_result_that_cannot_be_written_is_told_all_the_same(tmp_path):
    resource = pytest.importorskip("resource", reason="limits on files are POSIX")

    def little_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = formcheck_run("analyze", SAMPLE, "--out", tmp_path / "out", preexec_fn=little_room)
    assert done.returncode == 1
    assert_one_line(done.stderr, "annotated.mp4", "File too large")
    assert "held 0:1" in done.stdout
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["summary.json"]


def test_a_folder_that_is_removed_in_the_middle_is_told_with_the_result(tmp_path):
    out = tmp_path / "out"
    done = []

    def remove_it(n_done, _):
        if n_done == 60:
            shutil.rmtree(out)
        done.append(n_done)

    with pytest.raises(UnsavedError) as caught:
        formcheck.analyze(SAMPLE, outputs=Outputs(out), progress=remove_it)
    assert_one_line(f"{caught.value}\n", str(out), "No such file")
    assert caught.value.summary.hold.total_s > 10
    assert done[-1] == 180
    assert not out.exists()


def heeding_interrupts():
    """Let Ctrl-C end a program; the background jobs of a shell, and so theirs, ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing_behind(how, tmp_path):
    out = tmp_path / "out"
    with subprocess.Popen(
        [*PROGRAM, "analyze", SAMPLE, "--out", out],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        preexec_fn=heeding_interrupts,  # noqa: PLW1509 - it calls nothing that takes a lock
    ) as process:
        while not (out.exists() and any(out.glob("*.part"))) and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(how)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert_one_line(errors, "stopped")
    assert not out.exists()


def test_the_checks_are_listed_with_thresholds_and_articles():
    done = formcheck_run("exercises")
    assert done.returncode == 0
    for part in ("plank.hips-sag", "> 4°", "> 8°", "convention", "A1:", "swing of the press"):
        assert part in done.stdout, part


def test_the_version_is_told():
    assert formcheck_run("--version").stdout == f"formcheck {formcheck.__version__}\n"


def test_the_doctor_finds_this_machine_well():
    done = formcheck_run("doctor")
    assert done.returncode == 0, done.stdout
    for part in (
        "mediapipe",
        "checksum right",
        "libx264",
        "pose detection",
        "are stopped",
        "camera",
        "voice",
    ):
        assert part in done.stdout


@pytest.fixture(scope="module")
def crunched(tmp_path_factory):
    out = tmp_path_factory.mktemp("crunched")
    clip = ROOT / "samples" / "crunch_head.mp4"
    options = ("--exercise", "crunch", "--goal", "3", "--protocol", "csep")
    return formcheck_run("analyze", clip, *options, "--out", out), out


def test_crunches_become_a_table_of_repetitions(crunched):
    done, _ = crunched
    assert done.returncode == 0, done.stderr
    assert "Crunch: 3 repetitions, 3 clean" in done.stdout
    assert re.search(r"1\. at 0:02\.\d  2\d°, \d\d cm, 2\.\d s", done.stdout)
    assert "goal of 3: 1 of 1 sets reached" in done.stdout
    assert re.search(r"CSEP .*: \d count", done.stdout)


def test_crunches_are_written_down(crunched):
    _, out = crunched
    document = json.loads((out / "summary.json").read_text())
    assert document["hold"] is None
    assert [rep["index"] for rep in document["reps"]] == [1, 2, 3]
    assert document["reps"][0]["start_s"] < document["reps"][0]["top_s"]
    assert {fault["code"] for rep in document["reps"] for fault in rep["faults"]} == {
        "crunch.tempo"
    }
    assert document["sets"][0]["n_reps"] == 3
    assert document["protocol"]["name"] == "csep"
    rows = (out / "metrics.csv").read_text().splitlines()
    assert "trunk_lift_deg" in rows[0]
    looked_at = document["source"]["analysed_fps"] * document["source"]["duration_s"]
    assert len(rows) == 1 + round(looked_at) <= 166
    assert (out / "annotated.mp4").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (["--exercise", "crunch", "--goal", "60s"], "25 or 2x25"),
        (["--exercise", "plank", "--goal", "25"], "60s or 1:30"),
        (["--goal", "soon"], "soon"),
        (["--exercise", "plank", "--protocol", "csep"], "--protocol"),
        (["--exercise", "crunch", "--protocol", "army"], "acsm"),
    ],
)
def test_goals_and_tests_that_do_not_fit_are_one_line(options, part):
    done = formcheck_run("analyze", SAMPLE, *options)
    assert done.returncode == 1
    assert_one_line(done.stderr, part)


def test_a_goal_of_a_hold_is_told():
    done = formcheck_run("analyze", SAMPLE, "--goal", "10s")
    assert "goal of 0:10.0 reached" in done.stdout


def labels_file(folder):
    labels = {
        "sag": {
            "exercise": "plank",
            "clip": str(SAMPLE),
            "segments": [
                {"start_s": 0, "end_s": 3.2, "state": "hold", "faults": []},
                {"start_s": 4.0, "end_s": 6.8, "state": "hold", "faults": ["hips-sag"]},
            ],
        },
        "crunch": {
            "exercise": "crunch",
            "clip": str(ROOT / "samples" / "crunch_head.mp4"),
            "segments": [],
            "reps": 3,
            "rep_tops_s": [2.32, 5.92, 9.26],
            "rep_faults": {"tempo": "all"},  # only the last is quick: one of three; still clean
        },
    }
    path = folder / "labels.json"
    path.write_text(json.dumps(labels))
    return path


def test_labels_are_compared_with_what_was_found(tmp_path):
    done = formcheck_run("evaluate", labels_file(tmp_path), "--exercise", "plank")
    assert done.returncode == 0, done.stderr
    assert re.search(r"all +100\.0 +0\.0 +0\.0 +100\.0", done.stdout), done.stdout
    assert "longest hold 0.0 s" in done.stdout


def test_repetitions_are_compared_with_labels(tmp_path):
    done = formcheck_run("evaluate", labels_file(tmp_path), "--exercise", "crunch")
    assert re.search(r"crunch +crunch +3±0 +3 +0\.[01]\d +1/3 +0 +3", done.stdout), done.stdout
    assert "0 counts outside their tolerance" in done.stdout


def test_labels_may_be_of_pictures(tmp_path):
    (picture,) = _frames_at(SAMPLE, [80])
    media.write_video(tmp_path / "a.png", [picture], coding=media.Coding("png", "rgb24"))
    (tmp_path / "labels.json").write_text('{"a.png": {"form": "sag", "view": "side"}}')
    done = formcheck_run("evaluate", tmp_path / "labels.json")
    assert re.search(r"sag, side +1 +1 +0 +0 \(0\.0 %\)", done.stdout), done.stdout + done.stderr


def _frames_at(path, indices):
    with av.open(str(path)) as video:
        every = enumerate(video.decode(video=0))
        return [f.to_ndarray(format="bgr24") for i, f in every if i in indices]


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '{"a": 3}',
        "{",
        '{"a": {"exercise": "plank"}}',
        '{"a": {"exercise": "crunch", "clip": "CLIP", "rep_faults": ["tempo"]}}',
        '{"CLIP": {"form": "sag"}}',
    ],
)
def test_wrong_labels_are_told(tmp_path, text):
    media.beginning(SAMPLE, tmp_path, 1).rename(clip := tmp_path / "clip.mp4")
    path = tmp_path / "labels.json"
    path.write_text(text.replace("CLIP", clip.name))
    done = formcheck_run("evaluate", path)
    assert done.returncode == 1
    assert_one_line(done.stderr, str(tmp_path))


def test_the_python_interface_raises_what_one_can_catch(tmp_path):
    with pytest.raises(FormcheckError, match="no such file"):
        formcheck.analyze(tmp_path / "none.mp4")
    with pytest.raises(FormcheckError, match="choose one of"):
        formcheck.analyze(SAMPLE, "squat")


@linux
def test_an_analysis_contacts_no_one_else(tmp_path):
    clip = media.beginning(SAMPLE, tmp_path, 3)
    trace = traced([*PROGRAM, "analyze", str(clip), "--out", str(tmp_path / "out")], tmp_path)
    assert DEAD_PROXY in destinations(trace)
    assert elsewhere(trace) == []
