from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from dataclasses import replace

import pytest
from bodies import PLANK, Plank, clip, fold, lying_on_elbows, without

from formcheck import Session, __version__
from formcheck.metrics_log import MetricsLog
from formcheck.pipeline import OutputError, run
from formcheck.recognition import Recognition
from formcheck.report import as_json, whole_file, write_summary
from formcheck.summary import Source

GOOD = Plank()
STORY = (
    (3.0, lying_on_elbows()),
    (6.0, GOOD),
    (5.0, Plank(sag_deg=12)),
    (4.0, GOOD),
    (4.0, Plank(breadth=1.2)),
)


def logged(*parts, fps=10):
    log = MetricsLog(PLANK)
    session = run(((None, pose) for pose in clip(*parts, fps=fps)), Recognition.of([PLANK]), [log])
    file = io.StringIO(newline="")
    log.write(file, session.summary())
    return session.summary(), list(csv.DictReader(io.StringIO(file.getvalue())))


def test_the_document_follows_its_schema():
    summary = replace(
        fold(clip(*STORY)).summary(), source=Source("a.mp4", 22.0, 220, 1280, 720, None)
    )
    document = json.loads(json.dumps(as_json(summary), allow_nan=False))
    assert document["schema"] == "formcheck.summary/1"
    assert document["version"] == __version__
    assert document["source"]["width"] == 1280
    assert document["exercise"] == "plank"
    assert document["variant"] == "forearm"
    assert document["reps"] is None
    hold = document["hold"]
    assert hold["total_s"] == pytest.approx(hold["clean_s"] + 5, abs=0.5)
    assert [set(segment) for segment in hold["segments"]] == [{"start_s", "end_s", "variant"}]
    (fault,) = [f for f in document["faults"] if f["level"] == "fault"]
    assert fault["code"] == "plank.hips-sag"
    assert fault["worst"] == 12.0
    assert fault["unit"] == "deg"
    assert "hips" in fault["cue"].lower()
    assert "side-on" in document["unknown"][0]["reason"]
    assert document["score"] == 100 - round(sum(document["score_costs"].values()))
    assert document["thresholds"]["plank.hips-sag"]["fault"] == [None, 8.0]
    assert set(document["thresholds"]) == {rule.code for rule in PLANK.rules}


def test_the_table_has_a_row_a_frame_and_the_states_that_were_settled_on():
    summary, rows = logged(*STORY)
    assert len(rows) == 220
    (hold,) = summary.hold.segments
    for row in rows:
        held = hold.start_s <= float(row["time_s"]) <= hold.end_s + 1e-3
        assert (row["state"] == "hold") == held, row["time_s"]
    assert rows[5]["state"] == "off"
    assert rows[-5]["state"] == "unknown"


def test_the_table_has_numbers_verdicts_and_empty_cells():
    _, rows = logged((8, without(Plank(sag_deg=12).pose(), "ear")))
    row = rows[40]
    assert float(row["hip_sag_deg"]) == pytest.approx(12, abs=0.01)
    assert row["plank.hips-sag"] == "fault"
    assert row["plank.knees"] == "good"
    assert row["gaze_deg"] == ""
    assert row["plank.head-up"] == "unknown"
    assert row["plank.wrists"] == "unknown"
    assert row["side"] == "right"


def test_a_fault_is_in_the_table_from_its_first_frame():
    summary, rows = logged((6, GOOD), (5, Plank(sag_deg=12)), (4, GOOD))
    fault = next(f for f in summary.faults if f.level.value == "fault")
    inside = [r for r in rows if fault.start_s < float(r["time_s"]) < fault.end_s]
    assert {r["plank.hips-sag"] for r in inside} == {"fault"}


def test_nothing_is_good_where_nothing_is_judged():
    _, rows = logged((8, lying_on_elbows()))
    assert {row[rule.code] for row in rows for rule in PLANK.rules} == {"unknown"}


def test_a_file_appears_only_when_it_is_whole(tmp_path):
    path = tmp_path / "a.txt"
    with suppress(KeyboardInterrupt), whole_file(path) as file:
        file.write("half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
    with whole_file(path) as file:
        file.write("whole")
        assert not path.exists()
    assert path.read_text() == "whole"


def test_a_folder_that_is_gone_is_told(tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        write_summary(tmp_path / "gone" / "summary.json", fold(clip((3, GOOD))).summary())


def test_what_is_unknown_is_null_in_the_summary():
    unseen = fold(clip((6, without(Plank(sag_deg=12).pose(), "ear", "wrist"))))
    told = json.loads(json.dumps(as_json(unseen.summary()), allow_nan=False))
    assert (told["hold"]["first_fault_s"], told["score"]) == (None, None)
    assert told["thresholds"]["plank.hips-sag"]["watch"][0] is None


def test_a_session_without_a_frame_has_a_summary():
    told = json.loads(json.dumps(as_json(Session.of(PLANK).summary()), allow_nan=False))
    assert told["unknown"] == []
