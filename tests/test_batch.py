"""Batches of real clips, very short ones: workers, resuming, what goes wrong, a cluster."""

from __future__ import annotations

import csv
import errno
import functools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from fractions import Fraction
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import av
import media
import numpy as np
import pytest
from arro3.io import read_parquet
from test_cli import PROGRAM, ROOT, assert_one_line, formcheck_run, heeding_interrupts
from test_egress import DEAD_PROXY, destinations, elsewhere, linux, traced

import formcheck
from formcheck import BatchOptions
from formcheck.cluster import cluster
from formcheck.inputs import Clip, clips_in
from formcheck.pipeline import InputError, OutputError
from formcheck.scores import COLUMNS
from formcheck.store import Record, record_in, store_at

SAMPLES = ROOT / "samples"
GREY = [np.full((96, 128, 3), 120, np.uint8)] * 10
LONG_S = 240  # a limit against hangs


def shortened(sample: str, path: Path, n_frames: int = 10, first: int = 0) -> Path:
    """Write some frames of a sample as a small video of its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(SAMPLES / sample)) as video, av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=15, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 15)
        for index, frame in enumerate(video.decode(video=0)):
            if first <= index < first + n_frames:
                small = frame.reformat(320, 180, "yuv420p")
                small.pts, small.time_base = index - first, Fraction(1, 15)
                out.mux(stream.encode(small))
        out.mux(stream.encode(None))
    return path


GOOD = ("monday/anna.mp4", "monday/Anna.MP4", "tuesday/anna.mp4", "tuesday/late/=ben, 2.mov")
BROKEN = {
    "monday/empty.mp4": "the file is empty",
    "monday/text.mkv": "not a video",
    "monday/headless.mp4": "never finished",
    "tuesday/nobody.mp4": "nobody was found",
    "tuesday/sound.m4v": "no video in it",
}


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """Make a folder of four clips and five broken files."""
    folder = tmp_path_factory.mktemp("batch") / "clips"
    for index, name in enumerate(GOOD):
        shortened("plank_sag_pike.mp4", folder / name, n_frames=10 + index, first=70)
    broken = [folder / name for name in BROKEN]
    broken[0].touch()
    broken[1].write_text("this is no video\n" * 50)
    broken[2].write_bytes((folder / GOOD[0]).read_bytes()[-3000:])
    media.write_video(broken[3], GREY)
    media.write_sound(broken[4])
    (folder / "monday" / "._anna.mp4").write_text("what a Mac leaves behind")
    (folder / "notes.txt").write_text("no video either")
    return folder


@pytest.fixture(scope="module")
def scored(clips, tmp_path_factory):
    out = tmp_path_factory.mktemp("scored")
    return formcheck_run("batch", clips, "--out", out, "--workers", 2, timeout=LONG_S), out


def rows_in(out):
    with (out / "results.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def table_in(out):
    return (out / "results.csv").read_bytes(), (out / "results.parquet").read_bytes()


def records_in(out):
    return {path: path.stat().st_mtime_ns for path in out.glob("clips/[!.]*/clip.json")}


def test_every_clip_is_a_row_and_every_broken_one_tells_why(clips, scored):
    done, out = scored
    assert done.returncode == 3, done.stderr
    rows = {row["clip"].removeprefix(f"{clips}/"): row for row in rows_in(out)}
    assert sorted(rows) == sorted([*GOOD, *BROKEN])
    for name, reason in BROKEN.items():
        assert reason in rows[name]["error"], rows[name]
        assert str(clips) not in rows[name]["error"]
        assert rows[name]["n_frames"] == ""
    for index, name in enumerate(GOOD):
        assert rows[name]["error"] == ""
        assert rows[name]["n_frames"] == str(10 + index)
    assert "4 clips scored" in done.stdout
    assert "5 failed" in done.stdout
    assert "notes.txt" not in done.stdout


def test_the_table_is_the_same_as_parquet(scored):
    _, out = scored
    columns = read_parquet(out / "results.parquet").read_all().to_struct_array().to_pylist()
    assert len(columns) == 9
    for one, other in zip(columns, rows_in(out), strict=True):
        assert list(one) == list(other) == list(COLUMNS)
        for name, value in one.items():
            assert value is None or type(value) is COLUMNS[name]
            assert ("" if value is None else str(value)) == other[name]


def test_each_clip_has_a_folder_with_its_summary(scored):
    _, out = scored
    for row in rows_in(out):
        files = sorted(path.name for path in (out / row["folder"]).iterdir())
        assert files == (["clip.json"] if row["error"] else ["clip.json", "summary.json"])
        if not row["error"]:
            summary = json.loads((out / row["folder"] / "summary.json").read_text())
            assert summary["source"]["name"] == Path(row["clip"]).name
            assert summary["source"]["n_frames"] == int(row["n_frames"])


def test_what_is_done_is_not_done_again(clips, scored):
    _, out = scored
    table, records = table_in(out), records_in(out)
    options = ("--out", out, "--workers", 1)
    again = formcheck_run("batch", f"{clips}/**/*.*", *options, "--json-lines", timeout=LONG_S)
    assert again.returncode == 3
    told = [json.loads(line) for line in again.stdout.splitlines()]
    assert len(told) == len(records) + 1  # the note is tried: it was named by the pattern
    assert {each["error"] for each in told if each["clip"] == f"{clips}/{GOOD[1]}"} == {None}
    assert {path: at for path, at in records_in(out).items() if path in records} == records
    quiet = formcheck_run("batch", clips, *options, "--quiet", timeout=LONG_S)
    assert quiet.stdout + quiet.stderr == ""
    assert table_in(out) == table


def scored_again(folder, **options):
    """Run a batch from Python; return its table, and when each clip was done."""
    done = formcheck.batch([folder / "in"], out=folder / "out", options=BatchOptions(**options))
    return {Path(row["clip"]).stem: row for row in done.rows}, records_in(folder / "out")


def test_what_has_changed_is_done_again(tmp_path):
    shortened("plank_good.mp4", tmp_path / "in" / "a.mp4")
    other = shortened("plank_good.mp4", tmp_path / "in" / "b.mp4")
    _, first = scored_again(tmp_path, workers=1)

    shortened("plank_good.mp4", other, n_frames=12)
    rows, second = scored_again(tmp_path, workers=1)
    assert [path.parent.name[0] for path in first if first[path] != second[path]] == ["b"]
    assert [row["n_frames"] for row in rows.values()] == [10, 12]

    config = tmp_path / "own.toml"
    config.write_text("[plank.hips-sag]\nwatch = 5\n")
    _, third = scored_again(tmp_path, workers=1, config=config, report=True, video=True)
    assert not set(third.items()) & set(second.items())
    for record in third:
        names = {path.name for path in record.parent.iterdir()}
        assert names > {"report.html", "annotated.mp4", "metrics.csv", "summary.json"}
    _, fourth = scored_again(tmp_path, workers=1, config=config, force=True)
    assert not set(fourth.items()) & set(third.items())


def test_results_that_were_removed_are_made_again_if_they_are_asked_for(tmp_path):
    shortened("plank_good.mp4", tmp_path / "in" / "a.mp4")
    _, first = scored_again(tmp_path, workers=1, report=True)
    (record,) = first
    (record.parent / "report.html").unlink()
    assert scored_again(tmp_path, workers=1)[1] == first
    scored_again(tmp_path, workers=1, report=True)
    assert (record.parent / "report.html").is_file()


def test_a_table_of_somebody_else_is_not_replaced(tmp_path):
    (tmp_path / "results.csv").write_text("mine")
    with pytest.raises(OutputError, match=r"results\.csv.* --out"):
        store_at(str(tmp_path))
    (tmp_path / "results.csv").unlink()
    store_at(str(tmp_path)).write("results.csv", b"ours")
    store_at(str(tmp_path)).write("results.csv", b"ours")


@pytest.mark.parametrize("limit", ["inf", "1e12"])
def test_a_time_limit_that_no_clock_can_wait_for_is_wrong_usage(tmp_path, limit):
    done = formcheck_run("batch", tmp_path, "--out", tmp_path / "out", "--time-limit", limit)
    assert done.returncode == 2
    assert "--time-limit" in done.stderr


def test_a_run_with_other_thresholds_in_the_same_folder_is_told_of(tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.mp4").touch()
    (clip,) = clips_in([str(tmp_path / "in")])
    others = store_at(str(tmp_path / "out"))

    def interfered(_, future):
        others.publish(clip.folder, tmp_path / "in", Record("other", None, None, {}))
        return future.result()

    monkeypatch.setattr("formcheck.crew.LocalCrew.result", interfered)
    with pytest.raises(OutputError, match=r"another run.*--out"):
        scored_again(tmp_path, workers=1)


def holders(path):
    """Return the processes that have a file open."""
    found = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if str(link.readlink()) == str(path):
                found.add(int(link.parts[2]))
    return found


@contextmanager
def meanwhile(signals):
    """Send a signal to whatever process opens a file, as long as this lasts."""
    over = threading.Event()

    def hunt():
        while not over.wait(0.005):
            for path, number in signals.items():
                for pid in holders(path):
                    with suppress(OSError):
                        os.kill(pid, number)

    thread = threading.Thread(target=hunt)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@linux
def test_a_worker_that_crashes_or_hangs_is_replaced_and_its_clip_gets_the_error(tmp_path):
    for name in ("crashes", "hangs"):
        shortened("plank_good.mp4", tmp_path / "in" / f"{name}.mp4")
    (tmp_path / "in" / "next.mp4").touch()
    bad = {"crashes": signal.SIGSEGV, "hangs": signal.SIGSTOP}
    with meanwhile({tmp_path / "in" / f"{name}.mp4": number for name, number in bad.items()}):
        rows, first = scored_again(tmp_path, workers=1, limit_s=5)
    assert "crashed" in rows["crashes"]["error"]
    assert "limit of 5 s" in rows["hangs"]["error"]
    assert "the file is empty" in rows["next"]["error"]

    _, second = scored_again(tmp_path, workers=1, limit_s=5)
    assert second == first, "not tried again"
    rows, _ = scored_again(tmp_path, workers=1, limit_s=LONG_S)
    assert [name for name, row in rows.items() if row["error"]] == ["crashes", "next"]


def running(*arguments):
    """Start the program, in a process group of its own, as a terminal does."""
    return subprocess.Popen(
        [*PROGRAM, "batch", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        process_group=0,
        preexec_fn=heeding_interrupts,  # noqa: PLW1509 - it calls nothing that takes a lock
    )


def is_alive(pid):
    with suppress(OSError):
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    return False


def workers_of(pid):
    children = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in children for child in path.read_text().split()]


def wait_for(what, process):
    end_s = time.monotonic() + LONG_S
    while not (found := what()):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end_s
        time.sleep(0.01)
    return found


@linux
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_ended_goes_on_where_it_was(number, clips, scored, tmp_path):
    out = tmp_path / "out"
    with running(clips, "--out", out, "--workers", 2) as process:
        wait_for(lambda: len(records_in(out)) >= 2, process)
        workers = workers_of(process.pid)
        if number == signal.SIGINT:
            os.killpg(process.pid, number)  # as the terminal does
        else:
            process.kill()
        _, errors = process.communicate(timeout=LONG_S)
    end_s = time.monotonic() + LONG_S
    while any(map(is_alive, workers)):
        assert time.monotonic() < end_s, "a worker is left"
        time.sleep(0.05)
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert_one_line(errors, "stopped")
        assert 2 <= len(rows_in(out)) < len([*GOOD, *BROKEN])
    records = records_in(out)
    assert 2 <= len(records) < len([*GOOD, *BROKEN])
    assert formcheck_run("batch", clips, "--out", out, timeout=LONG_S).returncode == 3
    assert table_in(out) == table_in(scored[1])
    assert {path: at for path, at in records_in(out).items() if path in records} == records


@linux
def test_a_batch_contacts_no_one_else(tmp_path):
    clip = shortened("plank_good.mp4", tmp_path / "a.mp4")
    out = str(tmp_path / "out")
    trace = traced([*PROGRAM, "batch", str(clip), "--out", out, "--workers", "1"], tmp_path)
    assert DEAD_PROXY in destinations(trace)
    assert elsewhere(trace) == []


class Shy(SimpleHTTPRequestHandler):
    """Serves files with the time of their last change; remembers what was fetched."""

    asked: list[str] = []  # noqa: RUF012 - a new one for each server

    def do_GET(self):
        self.asked.append(self.path)
        super().do_GET()

    def log_message(self, *_args):
        pass


@contextmanager
def served(folder):
    """Serve a folder on this machine; give its address, and what is asked of it."""
    handler = functools.partial(type("Handler", (Shy,), {"asked": []}), directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", handler.func.asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_clips_and_results_may_be_at_addresses(tmp_path):
    for index, name in enumerate("ab"):
        shortened("plank_sag_pike.mp4", tmp_path / f"{name}.mp4", n_frames=10 + index)
    out = tmp_path / "bucket" / "out"
    with served(tmp_path) as (address, asked):
        names = ["a.mp4?signature=secret", "b.mp4", "none.mp4"]
        listed = tmp_path / "list.txt"
        listed.write_text("# of today\n" + "\n".join(f"{address}/{name}" for name in names))
        command = ("batch", listed, "--out", f"file://{out}", "--quiet")
        done = formcheck_run(*command, timeout=LONG_S)
        assert done.returncode == 3, done.stderr
        rows = {Path(row["clip"]).stem: row for row in rows_in(out)}
        assert [rows[name]["n_frames"] for name in "ab"] == ["10", "11"]
        assert rows["none"]["error"].startswith("there is no such file")
        assert "secret" not in (out / "results.csv").read_text()
        assert (out / rows["a"]["folder"] / "summary.json").is_file()

        listed.write_text("\n".join(f"{address}/{name}" for name in names[:2]))
        asked.clear()
        records = records_in(out)
        assert formcheck_run(*command, timeout=LONG_S).returncode == 0
        assert asked == [], "nothing is fetched again"
        assert records_in(out) == records
    assert [row["n_frames"] for row in rows_in(out)] == ["10", "11"]


@pytest.mark.parametrize("scheme", ["", "file://"])
def test_nothing_of_an_earlier_result_stays(tmp_path, scheme):
    store = store_at(f"{scheme}{tmp_path}/out")
    place = tmp_path / "out" / "clips" / "a"
    for names in (["summary.json", "report.html"], ["summary.json"], []):
        results = tmp_path / f"of {len(names)}"
        results.mkdir()
        for name in names:
            (results / name).write_text(f"{names}")
        store.publish("a", results, Record("key", None, None, {}, tuple(names)))
        assert sorted(path.name for path in place.iterdir()) == ["clip.json", *sorted(names)]
        assert all((place / name).read_text() == f"{names}" for name in names)
        assert record_in(store, "a").files == tuple(names)


def test_two_runs_may_publish_the_same_clip_at_the_same_time(tmp_path, monkeypatch):
    store, results = store_at(str(tmp_path / "out")), tmp_path / "results"
    results.mkdir()
    (results / "summary.json").write_text("{}")
    record = Record("key", None, None, {}, ("summary.json",))
    copy, others = shutil.copyfile, [lambda: store.publish("a", results, record)]

    def interfered(*paths):
        if others:
            others.pop()()
        return copy(*paths)

    monkeypatch.setattr("shutil.copyfile", interfered)
    store.publish("a", results, record)
    assert record_in(store, "a") == record
    assert [path.name for path in (tmp_path / "out" / "clips").iterdir()] == ["a"]


def test_a_full_disk_is_told_in_plain_words(tmp_path, monkeypatch):
    store, results = store_at(str(tmp_path / "out")), tmp_path / "results"
    results.mkdir()
    (results / "summary.json").write_text("{}")

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("shutil.copyfile", full)
    monkeypatch.setattr("shutil.copy2", full)
    with pytest.raises(OutputError, match=r"cannot be written \(no space left on device\); "):
        store.publish("a", results, Record("key", None, None, {}))


def test_a_result_that_cannot_be_forgotten_is_told(tmp_path):
    store = store_at(str(tmp_path))
    (tmp_path / "clips" / "a").write_text("a file where a folder should be")
    with pytest.raises(OutputError, match=r"cannot be written .*--out$"):
        store.forget("a")


@contextmanager
def dask(*arguments):
    """Run a part of a Dask cluster, in a process group of its own."""
    command = [
        sys.executable,
        "-m",
        "distributed.cli.dask_" + arguments[0],
        *map(str, arguments[1:]),
    ]
    with subprocess.Popen(command, process_group=0, cwd=ROOT, stderr=subprocess.PIPE) as process:
        threading.Thread(target=process.stderr.read, daemon=True).start()
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@linux
def test_a_cluster_makes_the_same_table_whatever_becomes_of_a_worker(clips, scored, tmp_path):
    found = tmp_path / "scheduler.json"
    here = ("--scheduler-file", found, "--host", "127.0.0.1")
    worker = ("worker", *here, "--nthreads", 1, "--local-directory", tmp_path, "--no-dashboard")
    with dask("scheduler", *here, "--port", 0, "--no-dashboard") as scheduler:
        wait_for(found.exists, scheduler)
        address = json.loads(found.read_text())["address"]
        with dask(*worker) as first, dask(*worker) as second:
            out = tmp_path / "out"
            with running(clips, "--out", out, "--cluster", address) as process:
                wait_for(lambda: records_in(out), process)
                os.killpg(first.pid, signal.SIGKILL)
                _, errors = process.communicate(timeout=LONG_S)
            assert process.returncode == 3, errors
            assert second.poll() is None
    assert table_in(out) == table_in(scored[1])


@linux
def test_a_cluster_that_goes_away_is_told_in_one_line(clips, tmp_path):
    found = tmp_path / "scheduler.json"
    here = ("--scheduler-file", found, "--host", "127.0.0.1")
    with dask("scheduler", *here, "--port", 0, "--no-dashboard") as scheduler:
        wait_for(found.exists, scheduler)
        address = json.loads(found.read_text())["address"]
        out = tmp_path / "out"
        worker = ("worker", *here, "--nthreads", 1, "--local-directory", tmp_path, "--no-dashboard")
        with dask(*worker), running(clips, "--out", out, "--cluster", address) as process:
            wait_for(lambda: records_in(out), process)
            os.killpg(scheduler.pid, signal.SIGKILL)
            _, errors = process.communicate(timeout=LONG_S)
    assert process.returncode == 1
    assert_one_line(errors, "start again")
    assert "()" not in errors


def test_a_cluster_that_does_not_answer_is_told(monkeypatch):
    monkeypatch.setattr("formcheck.cluster._PATIENCE_S", 0.2)
    with pytest.raises(InputError, match="dask scheduler"), cluster("tcp://127.0.0.1:9"):
        pass


def test_a_run_is_compared_with_labels(tmp_path):
    labels = {
        "sag": {
            "exercise": "plank",
            "clip": "clips/sag.mp4",
            "segments": [{"start_s": 0, "end_s": 3.2, "state": "hold", "faults": []}],
        },
        "elsewhere": {"exercise": "plank", "clip": "clips/none.mp4", "segments": []},
        "crunch": {"exercise": "crunch", "clip": "clips/crunch.mp4", "segments": []},
    }
    (tmp_path / "labels.json").write_text(json.dumps(labels))
    shortened("plank_sag_pike.mp4", tmp_path / "clips" / "sag.mp4", n_frames=48)
    shortened("crunch_head.mp4", tmp_path / "clips" / "crunch.mp4", n_frames=10)
    plank = ("--exercise", "plank")
    command = ("batch", tmp_path / "clips", *plank, "--out", tmp_path / "out", "--labels")
    done = formcheck_run(*command, tmp_path / "labels.json", timeout=LONG_S)
    assert done.returncode == 0, done.stderr
    assert re.search(r"all +9\d\.\d +0\.0 +0\.0", done.stdout), done.stdout
    assert "longest hold 0.0 s" in done.stdout
    assert "2 of the clips are labelled" in done.stdout
    wrong = formcheck_run(*command, tmp_path / "none.json", timeout=LONG_S)
    assert wrong.returncode == 1
    assert_one_line(wrong.stderr, "none.json")


def test_a_state_that_no_label_has_is_told(tmp_path):
    segment = {"start_s": 0, "end_s": 1, "state": "hodl", "faults": []}
    label = {"exercise": "plank", "clip": "a.mp4", "segments": [segment]}
    (tmp_path / "labels.json").write_text(json.dumps({"mine": label}))
    shortened("plank_good.mp4", tmp_path / "a.mp4")
    command = ("batch", tmp_path / "a.mp4", "--out", tmp_path / "out", "--labels")
    done = formcheck_run(*command, tmp_path / "labels.json", timeout=LONG_S)
    assert done.returncode == 1
    assert_one_line(done.stderr, "hodl")


def found_in(*inputs, but=None):
    return [Path(clip.address) for clip in clips_in(map(str, inputs), but=but)]


def test_folders_patterns_and_lists_are_searched_and_nothing_comes_twice(tmp_path):
    names = ("b/x.mp4", "b/deep/y.MOV", "a/x.mp4", "a/clip.unknown", "a/.hidden.mp4", ".git/z.mp4")
    for name in (*names, "b/out/clips/x/annotated.mp4"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "a" / "again.mp4").symlink_to(tmp_path / "b" / "x.mp4")
    os.mkfifo(tmp_path / "a" / "pipe.mp4")
    folder, deep = tmp_path / "b", tmp_path / "b" / "deep" / "y.MOV"
    x, other = tmp_path / "b" / "x.mp4", tmp_path / "a" / "x.mp4"
    assert found_in(tmp_path, but=folder / "out") == [x, other, deep]
    assert found_in(folder, folder / "x.mp4", but=folder / "out") == [deep, x]
    assert found_in(f"{tmp_path}/*/x.*") == [other, x]
    assert found_in(tmp_path / "a" / "clip.unknown") == [tmp_path / "a" / "clip.unknown"]

    listed = tmp_path / "a" / "list.txt"
    listed.write_text("# first\n\nx.mp4\n../b/*.mp4\nlost.mp4\n")
    assert found_in(listed) == [x, tmp_path / "a" / "lost.mp4", other]
    for nothing in (tmp_path / "none", tmp_path / "*.mp4", tmp_path / ".git" / "none"):
        with pytest.raises(InputError, match=r"check the name|no video in it"):
            found_in(nothing)


def test_nothing_in_a_list_is_lost_without_a_word(tmp_path):
    folder = tmp_path / "of [2026]"
    (folder / "empty").mkdir(parents=True)
    (folder / "x.mp4").touch()
    (folder / "list.txt").write_text(f"*.mp4\nnone*.mp4\nempty\n{'n' * 300}\n")
    names = ["empty", "n" * 300, "none*.mp4", "x.mp4"]
    assert found_in(folder / "list.txt") == [folder / name for name in names]
    with pytest.raises(InputError, match="check the name"):
        found_in(tmp_path / ("n" * 300))


def test_annotated_videos_are_not_scored_as_if_they_were_clips(tmp_path):
    for name in ("x.mp4", "annotated.mp4", "old/summary.json", "old/annotated.mp4"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert found_in(tmp_path) == [tmp_path / "annotated.mp4", tmp_path / "x.mp4"]


def test_clips_in_the_folder_of_the_results_are_told_of(tmp_path):
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips" / "x.mp4").touch()
    with pytest.raises(InputError, match="--out"):
        found_in(tmp_path / "clips", but=tmp_path)


def test_a_folder_that_cannot_be_read_is_a_clip_with_its_error(tmp_path, monkeypatch):
    (tmp_path / "shut").mkdir()
    (tmp_path / "x.mp4").touch()
    scandir = os.scandir

    def refusing(place):
        if Path(place).name == "shut":
            raise PermissionError(errno.EACCES, "Permission denied", str(place))
        return scandir(place)

    monkeypatch.setattr("os.scandir", refusing)
    assert found_in(tmp_path) == [tmp_path / "shut", tmp_path / "x.mp4"]


def test_folders_of_results_are_apart_whatever_clips_are_called():
    names = [
        "/x/../../up.mp4",
        "/A/a.mp4",
        "/a/A.mp4",
        "/b/con.mp4",
        "/b/é\n/.mp4",
        "/c/" + "n" * 250,
    ]
    names += ["/d/a b.mp4", "/d/a-b.mp4", "s3://bucket/a.mp4", "/e/....mp4"]
    folders = [Clip(name, name).folder for name in names]
    assert len(set(folders)) == len(names)
    for folder in folders:
        assert re.fullmatch(r"[a-z0-9-]{5,64}", folder), folder


def test_a_broken_clip_whose_name_is_no_text_is_a_row(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name in (b"caf\xe9.mp4", b"caf\xe9\n.mp4"):
        (folder / os.fsdecode(name)).write_bytes(b"no video" * 100)
    done = formcheck.batch([folder], out=tmp_path / "out", options=BatchOptions(workers=1))
    assert len(rows_in(tmp_path / "out")) == 2
    for row in done.rows:
        assert "not a video" in row["error"], row


def test_names_that_are_no_text_can_be_written(tmp_path):
    path = tmp_path / os.fsdecode(b"caf\xe9\n.mp4")
    path.touch()
    (clip,) = clips_in([str(tmp_path)])
    assert clip.name.endswith(r"/caf\xe9\n.mp4")
    assert clip.name.encode().isascii()
    assert os.fsencode(clip.address) == os.fsencode(path)
