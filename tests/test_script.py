"""The script of the samples: mistakes in it are told, and the truth follows from its keyframes."""

from __future__ import annotations

import json

import numpy as np
import pytest

from samples.studio.film import FilmError, write_film
from samples.studio.keyframes import Sway
from samples.studio.script import read_script
from samples.studio.tables import ScriptError
from samples.studio.truth import truth

PEOPLE = "[people]\nanna = {}\n"
GOOD = """
shows = "a plank"
exercise = "plank"
seconds = 2
seed = 1
roles = [{ person = "anna", acts = [{ posture = "plank", sag_deg = [[0.5, 0], [1, 10]] }] }]
"""


def script(tmp_path, settings=GOOD, *, top=PEOPLE):
    path = tmp_path / "clips.toml"
    path.write_text(f"{top}\n[clips.one]\n{settings}", encoding="utf-8")
    return read_script(path)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("seconds", "secs", "seconds is missing"),
        ("seed = 1", "seed = 1\nsed = 2", "no setting 'sed'; did you mean seed?"),
        ("seconds = 2", 'seconds = "two"', "'two' is no number"),
        ("seconds = 2", "seconds = 0", "0 is not above 0"),
        ('person = "anna"', 'person = "ana"', "no 'ana'; did you mean anna?"),
        ('posture = "plank"', 'posture = "handstand"', "no 'handstand'; there are plank, "),
        ("sag_deg", "sag", "no setting 'sag'; did you mean sag_deg?"),
        ("sag_deg", 'support = "knees", sag_deg', "no 'knees'; did you mean knee?"),
        ("[1, 10]", "[0.5, 10]", "in order of time"),
        ("[1, 10]", "[1]", "[1] are not 2 numbers"),
        ('exercise = "plank"', 'exercise = "planck"', "did you mean plank?"),
        ("seed = 1", 'seed = 1\ncamera = "side"', "no 'side'"),
        ("seed = 1", "seed = 1\nturned_deg = 45", "45 is none of"),
        ("[{ posture", "[{ posture = 'prone', end_s = 1 }, { posture", "each to end before"),
    ],
)
def test_a_mistake_is_told_in_one_line(tmp_path, right, wrong, told):
    with pytest.raises(ScriptError) as error:
        script(tmp_path, GOOD.replace(right, wrong, 1))
    message = str(error.value)
    assert message.startswith("clips.toml: one")
    assert told in message
    assert "\n" not in message


def test_a_mistake_in_a_person_is_told(tmp_path):
    with pytest.raises(ScriptError, match="anna: colours: shirt: no colour named 'pink'"):
        script(tmp_path, top="[people]\nanna = { colours = { shirt = 'pink' } }")


def told(tmp_path, settings=GOOD):
    return json.loads(truth(script(tmp_path, settings)["one"]))


def test_faults_follow_from_the_keyframes(tmp_path):
    (fault,) = told(tmp_path)["faults"]
    assert fault["code"] == "plank.hips-sag"
    assert 0.5 < fault["start_s"] < fault["sure_start_s"] < 0.8
    assert fault["sure_end_s"] == fault["end_s"] == pytest.approx(1.9, abs=0.02)
    assert fault["worst"] == 10.0


def test_what_is_neither_good_nor_bad_is_no_sure_fault(tmp_path):
    (fault,) = told(tmp_path, GOOD.replace("10", "4"))["faults"]
    assert fault["sure_start_s"] is None


def test_repetitions_follow_from_the_keyframes(tmp_path):
    lift = "lift_deg = [[1, 0], [2, 20], [3, 0], [4, 0], [5, 24], [6, 24], [7, 0]]"
    crunches = GOOD.replace("sag_deg = [[0.5, 0], [1, 10]]", lift)
    crunches = crunches.replace("= 2\n", "= 8\n").replace('posture = "plank"', 'posture = "crunch"')
    document = told(tmp_path, crunches)
    first, second = document["repetitions"]
    assert (first["top_s"], second["top_s"]) == pytest.approx((2.0, 5.5), abs=0.03)
    assert (first["peak_deg"], second["peak_deg"]) == pytest.approx((20, 24), abs=0.1)
    assert 1.0 < first["start_s"] < 1.3
    assert 2.7 < first["end_s"] < 3.0
    assert first["faults"] == ["crunch.tempo"]
    assert second["faults"] == []


def test_a_mirrored_body_is_seen_from_its_other_side(tmp_path):
    right, left = told(tmp_path), told(tmp_path, GOOD + "mirrored = true\n")
    assert (right["near"], left["near"]) == ("right", "left")
    for joint, places in right["joints_px"].items():
        mirrored = np.array(left["joints_px"][joint]) * (-1, 1) + (854, 0)
        assert np.allclose(places, mirrored, atol=0.11)


def test_a_seed_moves_the_body_a_little_and_always_alike():
    first, again, other = (Sway.seeded(0.4, seed) for seed in (1, 1, 2))
    times_s = np.arange(0, 30, 0.1)
    assert [first.at(t) for t in times_s] == [again.at(t) for t in times_s]
    assert [first.at(t) for t in times_s] != [other.at(t) for t in times_s]
    assert 0.1 < max(abs(first.at(t)) for t in times_s) < 0.8


def test_a_clip_that_grows_too_large_is_told(tmp_path):
    settings = GOOD.replace("seed = 1", "seed = 1\nquality = 1").replace("= 2\n", "= 0.2\n")
    grain = np.random.default_rng(0).integers(0, 256, (2, 480, 854, 3), np.uint8)
    with pytest.raises(FilmError, match=r"one\.mp4 has \d+ kB, more than 250: raise"):
        write_film(tmp_path / "one.mp4", grain, script(tmp_path, settings)["one"])
