"""One take of live coaching: from a start, or a restart, until somebody stops."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from formcheck.background import Background
from formcheck.coaching import Coach
from formcheck.feed import Feed, FeedState
from formcheck.guide import Sighting
from formcheck.landmarks import Pose
from formcheck.lookout import Lookout
from formcheck.outputs import AnnotatedVideo, Results, UnsavedError
from formcheck.pipeline import FormcheckError, Frame, Moment, OutputError, Sink, run
from formcheck.recognition import Recognition
from formcheck.stage import Scene, draw_scene
from formcheck.summary import Summary
from formcheck.tally import Tally
from formcheck.voice import State, Voice
from formcheck.window import Key
from formcheck.wishes import Wishes

_IDLE_S = 0.04
_STEP_S = 1 / 30
_NOTE_S = 4.0
_BACK = "The camera is back."
_NOT_RECORDED = "The recording has stopped: it cannot be written. Go on."
_VOICE = {
    State.STARTING: "voice starting",
    State.READY: "voice on",
    State.MUTED: "voice muted",
    State.SILENT: "no voice",
}
_PICTURE_WH = (1280, 720)


class Screen(Protocol):
    """Where somebody looks: a window, or a terminal."""

    def show(self, scene: Scene) -> Key | None:
        """Show a scene; return the key that was pressed."""
        ...


class Take:
    """One take: from a start, or a restart, until somebody stops."""

    def __init__(
        self, feed: Feed, lookout: Lookout, screen: Screen, voice: Voice, wishes: Wishes
    ) -> None:
        self.asked: Key | None = None
        self._feed, self._lookout = feed, lookout
        self._screen, self._voice, self._wishes = screen, voice, wishes
        self._known = Recognition.of(wishes.exercises)
        self._coach = Coach(wishes.plan)
        self._moment: Moment | None = None
        self._results: Results | None = None
        self._recording: AnnotatedVideo | None = None
        self._paused = False
        self._shift_s: float | None = None
        self._trouble = ""
        self._note, self._note_until_s = "", 0.0
        self._recording_told = False

    def stop(self) -> None:
        """Ask for the end."""
        self.asked = Key.QUIT

    def summary(self) -> Summary:
        """Run until the end, write what was wished for, and return what came of it.

        Raises
        ------
        UnsavedError
            If it is over, and something of it failed; it holds the summary.
        """
        tally, failures = Tally(), []
        with ExitStack() as stack:
            sinks: list[Sink] = [self, tally, *self._writers(stack)]
            failures.append(self._run(sinks))
            source = tally.source(self._wishes.source_name, self._feed.damage)
            summary = replace(self._known.summary(), source=source)
            if self.asked is Key.RESTART:
                self._discard()
            else:
                failures.append(self._written(summary))
        failures.append(self._recording.error if self._recording else None)
        if self.asked is Key.RESTART:
            return summary
        self._say_goodbye()
        for failure in filter(None, failures):
            raise UnsavedError(str(failure), summary) from failure
        return summary

    def _discard(self) -> None:
        if self._recording:
            self._recording.discard()

    def _written(self, summary: Summary) -> OutputError | None:
        """Write the results; return why that failed."""
        try:
            if self._results:
                self._results.write(summary)
        except OutputError as error:
            return error
        return None

    def _writers(self, stack: ExitStack) -> Iterator[Sink]:
        wishes = self._wishes
        if wishes.outputs:
            results = Results(wishes.outputs, wishes.exercises, wishes.plan, live=True)
            self._results = stack.enter_context(results)
            yield self._results
        if wishes.record:
            self._recording = stack.enter_context(AnnotatedVideo(wishes.record))
            yield stack.enter_context(Background(self._recording, leaves_out=True))

    def _run(self, sinks: list[Sink]) -> FormcheckError | None:
        """Run until the end; return what went wrong after something was done already."""
        try:
            run(self._poses(), self._known, sinks)
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
            frozen = self._feed.state is FeedState.FROZEN
            if seen is None or frozen or self._paused:
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
        self._moment, self._known = moment, moment.known or self._known
        if moment.frame is not None:
            light = _brightness(moment.frame)
            sighting = Sighting(moment.pose, moment.frame.size_wh, light)
            self._coach = self._coach.after(moment.session, sighting)
        sound = self._coach.sound
        if sound:
            self._voice.beep(sound.tone, time.monotonic() + sound.in_s)
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
        state = self._voice.state
        return Scene(
            self._moment,
            self._coach,
            trouble=self._trouble,
            note=self._note if time.monotonic() < self._note_until_s else "",
            voice=_VOICE[State.MUTED] if self._voice.muted else self._voice.note or _VOICE[state],
            mirrored=self._wishes.shows_mirrored,
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
        if trouble != self._trouble:
            self._voice.say(trouble or _BACK)
            self._tell("" if trouble else _BACK)
        self._trouble = trouble
        writers = (self._results, self._recording)
        if not self._recording_told and any(writer and writer.error for writer in writers):
            self._recording_told = True
            self._voice.say(_NOT_RECORDED)
            self._tell(_NOT_RECORDED)

    def _say_goodbye(self) -> None:
        """Say what came of the hold or set that was still going on."""
        result = self._coach.course.result_now()
        if result is not None and result != self._coach.course.result:
            self._voice.say(result.spoken)


def _brightness(frame: Frame) -> float:
    """Return the mean brightness of a picture, 0 to 255, from every sixteenth pixel."""
    return float(np.mean(frame.image[::16, ::16]))
