from __future__ import annotations

import pytest
from bodies import PLANK, Plank, arched, clip, fold

from formcheck import EXERCISES, Session
from formcheck.config import configured
from formcheck.pipeline import InputError
from formcheck.rules import Bounds


def write(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def rule(exercises, code):
    return next(rule for rule in exercises[0].rules if rule.code == code)


def test_thresholds_of_ones_own_change_the_verdict(tmp_path):
    strict = configured(EXERCISES, write(tmp_path, "[plank.hips-pike]\nwatch = -8\nfault = -10"))
    body = Plank(sag_deg=-12)
    assert fold(clip((6, body))).summary().faults == ()
    (fault,) = fold(clip((6, body)), Session.of(strict[0])).summary().faults
    assert fault.rule.code == "plank.hips-pike"
    assert fault.level.value == "fault"


def test_every_setting_is_taken_in_every_variant(tmp_path):
    text = "[plank.elbows]\nwatch = [-0.3, 0.2]\nfault = [-0.5, 0.4]\nclear = 0.05\nseconds = 2\n"
    exercise = configured(EXERCISES, write(tmp_path, text))[0]
    changed = rule((exercise,), "plank.elbows")
    assert changed.watch == Bounds(-0.3, 0.2)
    assert changed.fault == Bounds(-0.5, 0.4)
    assert (changed.clear, changed.seconds) == (0.05, 2)
    metrics = [rule.metric for variant in exercise.stance.variants for rule in variant.rules]
    assert metrics == [r.metric for v in PLANK.stance.variants for r in v.rules]


def test_an_empty_file_changes_nothing(tmp_path):
    assert configured(EXERCISES, write(tmp_path, "")) == EXERCISES


def test_all_mistakes_are_told_at_once(tmp_path):
    text = """
squat = 3
[plank.hips-sagg]
watch = 3
[plank.hips-sag]
wach = 3
watch = "three"
seconds = 0
[plank.elbows]
watch = 0.4
[plank.hips-pike]
watch = -30
fault = -10
[plank.knees]
watch = [1, 2]
"""
    with pytest.raises(InputError) as caught:
        configured(EXERCISES, write(tmp_path, text))
    lines = str(caught.value).splitlines()
    for part in (
        "line 2: squat",
        "line 3: plank.hips-sagg: no such check; did you mean plank.hips-sag?",
        "line 6: plank.hips-sag: no setting 'wach'; did you mean watch?",
        "line 7: plank.hips-sag: watch = 'three': must be a number",
        "line 8: plank.hips-sag: seconds = 0: must be above 0",
        "line 10: plank.elbows: watch = 0.4: needs two numbers, low and high",
        "line 13: plank.hips-pike: fault is crossed before watch",
        "line 15: plank.knees: watch = [1, 2]: must be a number",
    ):
        assert sum(part in line for line in lines) == 1, part
    assert all("mine.toml" in line for line in lines)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[plank", "not valid TOML"),
        ("[plank.knees]\nwatch = nan", "line 2: .* number"),
        ("[plank.knees]\n\nwatch = 1" + "0" * 400, "line 3: .* number"),
        ("plank.knees.watch = true", "line 1: .* number"),
        ("\nplank = {knees = {seconds = -1}}", "line 2: .* above 0"),
        ("[plank.'knees']\n# watch = 1\nclear = 'x'", "line 3: .* number"),
        ("a = " + "[" * 5000, "not valid TOML"),
        (
            "[plank.elbows]\nseconds = 2\nclear = 1.0",
            r"line 3: plank.elbows: clear = 1: .*never end; set it below 0.45$",
        ),
        (
            "[plank.elbows]\nwatch = [-0.02, 0.03]",
            r"line 2: plank.elbows: clear = 0.03: .*; set it below 0.025$",
        ),
        ("[crunch.tempo]\nseconds = 3", "line 2: .*seconds = 3: does nothing, .*; take it out$"),
        ("[bicycle-crunch.neck-pull]\nclear = 1", "line 2: .*clear = 1: does nothing, "),
    ],
)
def test_a_file_that_is_no_configuration_is_refused(tmp_path, text, word):
    with pytest.raises(InputError, match=word):
        configured(EXERCISES, write(tmp_path, text))


def test_no_value_that_one_allows_oneself_is_a_fault_because_the_back_arches_as_well(tmp_path):
    text = "[plank.hips-sag]\nwatch = 10\nfault = 12"
    exercise = configured(EXERCISES, write(tmp_path, text))[0]
    flat, sagging = Plank(), Plank(sag_deg=9.5)
    poses = clip((4, arched(flat, 10)), (4, arched(sagging, 30)))
    found = {fault.rule.code for fault in fold(poses, Session.of(exercise)).summary().faults}
    assert found == {"plank.back-arch"}


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        configured(EXERCISES, tmp_path / "none.toml")
