"""Disturb recorded landmarks: ``python -m tests.hardening.disturb LABELS [--n 1000] [--from 0]``.

Of labelled clips with a track, the good holds of two seconds and more, and the clips of crunches.
Nine in ten runs are of holds: no error, and no FAULT, whatever happens to the landmarks.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1])]

import numpy as np  # noqa: E402

from formcheck import EXERCISES, Landmark, Pose  # noqa: E402
from formcheck.evaluation import read_labels  # noqa: E402
from formcheck.recognition import Recognition  # noqa: E402
from formcheck.rules import Verdict  # noqa: E402
from formcheck.tracks import read_track  # noqa: E402

SWAP = [landmark.mirrored() for landmark in Landmark]
ONE_IN = 10  # runs is of crunches
SHORTEST_S, LONGEST_S = 0.05, 2.0


def dropped(pose, rng, _):
    rows = rng.random(len(pose.xy)) < rng.uniform(0.05, 0.9)
    return replace(pose, xy=np.where(rows[:, None], np.nan, pose.xy))


def swapped(pose, _rng, _):
    world = None if pose.world_m is None else pose.world_m[SWAP]
    return Pose(pose.time_s, pose.xy[SWAP], pose.visibility[SWAP], world)


def noisy(pose, rng, _):
    return replace(pose, xy=pose.xy + rng.normal(0, 0.08 * size_px(pose), pose.xy.shape))


def frozen(pose, _rng, first):
    return replace(first, time_s=pose.time_s)


def jumped(pose, rng, _):
    """Return a pose in which a joint, or the whole body, is elsewhere."""
    xy, by = pose.xy.copy(), rng.normal(0, 0.7 * size_px(pose), 2)
    xy[slice(None) if rng.random() < 0.3 else rng.integers(len(xy))] += by
    return replace(pose, xy=xy)


def nobody(pose, _rng, _):
    return Pose.absent(pose.time_s)


KINDS = (dropped, swapped, noisy, frozen, jumped, nobody)


def size_px(pose):
    """Return the length of the trunk; 0 of nobody."""
    trunk = pose.xy[Landmark.LEFT_SHOULDER] - pose.xy[Landmark.LEFT_HIP]
    return float(np.nan_to_num(np.hypot(*trunk)))


def disturbed(poses, seed):
    """Return poses with one to three kinds of disturbance, each one to five times."""
    rng, poses = np.random.default_rng(seed), list(poses)
    times_s = np.array([pose.time_s for pose in poses])
    for kind in rng.choice(len(KINDS), rng.integers(1, 4), replace=False):
        for _ in range(rng.integers(1, 6)):
            start_s = rng.uniform(times_s[0], times_s[-1])
            inside = (start_s <= times_s) & (times_s < start_s + rng.uniform(SHORTEST_S, LONGEST_S))
            places, again = np.flatnonzero(inside), rng.integers(2**32)
            for place in places:
                # The same throw of the dice for all frames of a time, but for noise.
                own = rng if KINDS[kind] is noisy else np.random.default_rng(again)
                poses[place] = KINDS[kind](poses[place], own, poses[places[0]])
    return poses


def faults_of(poses):
    """Return the codes of all FAULTs of what is recognised in poses."""
    known = Recognition.of(EXERCISES)
    for pose in poses:
        known = known.after(pose)
    summary = known.summary()
    every = [fault for each in (summary, *summary.others) for fault in each.faults]
    return {fault.rule.code for fault in every if fault.level is Verdict.FAULT}


def read(labels):
    """Return the poses of all good holds of two seconds and more, and of all clips of crunches."""
    holds, crunches = [], []
    for label in read_labels(labels).values():
        if "track" not in label:
            continue
        poses = list(read_track(next(p for p in places(labels, label) if p.is_file())))
        if label["exercise"] == "crunch":
            crunches.append(poses)
        for each in label["segments"] if label["exercise"] in {"plank", "side-plank"} else ():
            good = each["state"] == "hold" and not each["faults"]
            if good and each["end_s"] - each["start_s"] >= LONGEST_S:
                ends = each["start_s"], each["end_s"]
                holds.append([pose for pose in poses if ends[0] <= pose.time_s <= ends[1]])
    return holds, crunches


def places(labels, label):
    return labels.parent / label["track"], labels.parent.parent / label["track"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--n", type=int, default=1000, help="how many runs")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first seed")
    wanted = parser.parse_args()
    holds, crunches = read(wanted.labels)
    print(len(holds), "holds,", len(crunches), "clips of crunches")  # noqa: T201
    runs, bad = Counter(), []
    for seed in range(wanted.first, wanted.first + wanted.n):
        kind = "crunches" if seed % ONE_IN == 0 else "holds"
        scenes = crunches if kind == "crunches" else holds
        found = faults_of(disturbed(scenes[seed // ONE_IN % len(scenes)], seed))
        runs[kind, "with a FAULT" if found else "without"] += 1
        if found and kind == "holds":
            bad.append((seed, *sorted(found)))
    print(dict(runs), *bad, sep="\n")  # noqa: T201
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
