"""One take of live coaching: from a start, or a restart, until somebody stops."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from formcheck.background import Background
from formcheck.coaching import Coach
from formcheck.exercises import Exercise
from formcheck.feed import Feed
from formcheck.guide import Sighting
from formcheck.landmarks import Pose
from formcheck.lookout import Lookout
from formcheck.network_camera import without_secrets
from formcheck.outputs import AnnotatedVideo, Outputs, Results, UnsavedError
from formcheck.pipeline import FormcheckError, Frame, Moment, Sink, run
from formcheck.session import Session
from formcheck.stage import Scene, draw_scene
from formcheck.summary import Summary
from formcheck.tally import Tally
from formcheck.training import Plan
from formcheck.voice import Voice
from formcheck.window import Key

_IDLE_S = 0.04
_STEP_S = 1 / 30
_NOTE_S = 3.0
_BACK = "The camera is back."
_PICTURE_WH = (1280, 720)


class Screen(Protocol):
    """Where somebody looks: a window, or a terminal."""

    def show(self, scene: Scene) -> Key | None:
        """Show a scene; return the key that was pressed."""
        ...


@dataclass(frozen=True, slots=True)
class Wishes:
    """How somebody wants to train.

    Attributes
    ----------
    exercise : Exercise
    plan : Plan
    camera : str
        Number, name or address of a camera, or a video file.
    mirrored : bool or None
        Whether the picture is shown as in a mirror; None: that of a webcam is.
    voice : bool
        Whether cues are spoken.
    record : Path or None
        Where the annotated video goes.
    outputs : Outputs or None
        What is written when it is over.
    model : Path or None
        Another pose landmarker task file.
    """

    exercise: Exercise
    plan: Plan
    camera: str = "0"
    mirrored: bool | None = None
    voice: bool = True
    record: Path | None = None
    outputs: Outputs | None = None
    model: Path | None = None


class Take:
    """One take: from a start, or a restart, until somebody stops."""

    def __init__(
        self, feed: Feed, lookout: Lookout, screen: Screen, voice: Voice, wishes: Wishes
    ) -> None:
        self.asked: Key | None = None
        self._feed, self._lookout = feed, lookout
        self._screen, self._voice, self._wishes = screen, voice, wishes
        self._session = Session.of(wishes.exercise)
        self._coach = Coach(wishes.plan)
        self._moment: Moment | None = None
        self._recording: AnnotatedVideo | None = None
        wanted = wishes.mirrored
        self._mirrored = _is_webcam(wishes.camera) if wanted is None else wanted
        self._paused = False
        self._shift_s: float | None = None
        self._trouble = ""
        self._note, self._note_until_s = "", 0.0

    def stop(self) -> None:
        """Ask for the end."""
        self.asked = Key.QUIT

    def summary(self) -> Summary:
        """Run until the end, write what was wished for, and return what came of it."""
        tally = Tally()
        with ExitStack() as stack:
            results = self._results(stack)
            written: list[Sink] = [results] if results else []
            sinks: list[Sink] = [self, tally, *written, *self._recorders(stack)]
            failed = self._run(sinks)
            summary = replace(
                self._session.summary(), source=tally.source(_named(self._wishes.camera))
            )
            if results and self.asked is not Key.RESTART:
                results.write(summary)
        failed = failed or (self._recording.error if self._recording else None)
        if failed:
            raise UnsavedError(str(failed), summary) from failed
        self._say_goodbye()
        return summary

    def _results(self, stack: ExitStack) -> Results | None:
        wishes = self._wishes
        if wishes.outputs is None:
            return None
        return stack.enter_context(Results(wishes.outputs, wishes.exercise, wishes.plan, live=True))

    def _recorders(self, stack: ExitStack) -> list[Sink]:
        if self._wishes.record is None:
            return []
        self._recording = stack.enter_context(AnnotatedVideo(self._wishes.record))
        return [stack.enter_context(Background(self._recording, leaves_out=True))]

    def _run(self, sinks: list[Sink]) -> FormcheckError | None:
        """Run until the end; return what went wrong after something was done already."""
        try:
            run(self._poses(), self._session, sinks)
        except FormcheckError as error:
            if self._moment is None:
                raise
            return error
        return None

    def _poses(self) -> Iterator[tuple[Frame, Pose]]:
        """Yield the newest frame and pose each time, as long as somebody trains."""
        while self.asked not in {Key.QUIT, Key.RESTART}:
            seen = self._lookout.newest(_IDLE_S)
            self._tell_trouble()
            if seen is None and self._lookout.ended:
                return
            if seen is None or self._paused:
                self._show()
                self._shift_s = None if self._paused else self._shift_s
                continue
            frame, pose = seen
            time_s = self._own_s(frame.time_s)
            yield Frame(time_s, frame.image), replace(pose, time_s=time_s)

    def _own_s(self, time_s: float) -> float:
        """Return the time of this take: it begins at 0, and pauses do not count."""
        if self._shift_s is None:
            last_s = self._moment.pose.time_s if self._moment else -_STEP_S
            self._shift_s = time_s - last_s - _STEP_S
        return time_s - self._shift_s

    def take(self, moment: Moment) -> None:
        """Coach after one more frame: fold, speak, show."""
        self._moment, self._session = moment, moment.session
        if moment.frame is not None:
            light = _brightness(moment.frame)
            sighting = Sighting(moment.pose, moment.frame.size_wh, light)
            self._coach = self._coach.after(moment.session, sighting)
        if self._coach.tone:
            self._voice.beep(self._coach.tone)
        if self._coach.narrator.now:
            self._voice.say(self._coach.narrator.now.text)
        self._show()

    def _show(self) -> None:
        key = self._screen.show(self.scene)
        if key is not None:
            self._heed(key)

    @property
    def scene(self) -> Scene:
        """What there is to see."""
        return Scene(
            self._moment,
            self._coach,
            trouble=self._note if time.monotonic() < self._note_until_s else self._trouble,
            voice=self._voice.note or f"voice {self._voice.state.value}",
            mirrored=self._mirrored,
            paused=self._paused,
        )

    def _heed(self, key: Key) -> None:
        if key is Key.MUTE:
            self._voice.muted = not self._voice.muted
        elif key is Key.PAUSE:
            self._paused = not self._paused
        elif key is Key.SNAPSHOT:
            self._save_snapshot()
        else:
            self.asked = key

    def _save_snapshot(self) -> None:
        folder = self._wishes.outputs.folder if self._wishes.outputs else Path()
        path = folder / time.strftime("formcheck-%Y-%m-%d-%H%M%S.png")
        image = draw_scene(self.scene, _PICTURE_WH)
        try:
            path.write_bytes(cv2.imencode(".png", image)[1].tobytes())
        except OSError as error:
            self._tell(f"The picture cannot be saved in {folder.resolve()}: {error.strerror}")
        else:
            self._tell(f"Saved {path.resolve()}")

    def _tell(self, note: str) -> None:
        self._note, self._note_until_s = note, time.monotonic() + _NOTE_S

    def _tell_trouble(self) -> None:
        """Say what is wrong with the camera or the recording, once, and when it is over."""
        trouble = self._feed.trouble if self._moment else ""
        if not trouble and self._recording and self._recording.error:
            trouble = "The recording has stopped: it cannot be written"
        if trouble != self._trouble:
            self._voice.say(trouble or _BACK)
            if not trouble:
                self._tell(_BACK)
        self._trouble = trouble

    def _say_goodbye(self) -> None:
        """Say what came of the hold or set that was still going on."""
        result = self._coach.result_now(self._session)
        if result is not None and self._coach.result is None and self.asked is not Key.RESTART:
            self._voice.say(result.spoken)


def _named(camera: str) -> str:
    """Return what the summary calls a camera; never with a password in it."""
    path = Path(camera)
    if path.is_file():
        return path.name
    return f"camera {without_secrets(camera)}"


def _brightness(frame: Frame) -> float:
    """Return the mean brightness of a picture, 0 to 255, from every eighth pixel."""
    return float(np.mean(frame.image[::8, ::8]))


def _is_webcam(camera: str) -> bool:
    return "://" not in camera and not Path(camera).is_file()
