"""What is heard: a real engine, and a real sound device that writes to a file."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

from formcheck import dialogue
from formcheck.doctor import examine
from formcheck.speech import Tone
from formcheck.voice import State, Voice

ROOT = Path(__file__).resolve().parents[1]
LIMIT_S = 30
RATE_HZ = 44_100
SUMMARY = "Great. That was sixty seconds, forty five of them clean. Now rest."
CONFIGURATION = """
pcm.!default {{ type plug slave {{ pcm "ear" format S16_LE rate 44100 channels 1 }} }}
pcm.ear {{ type file slave.pcm "null" file "{}" format "raw" }}
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the file device is ALSA's")


class Ear:
    """Hears what the sound device was given."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def heard(self) -> np.ndarray:
        data = self.path.read_bytes() if self.path.exists() else b""
        return np.frombuffer(data[: len(data) // 2 * 2], "<i2") / 2**15

    def sounds(self, pause_s: float = 0.12) -> list[tuple[float, float]]:
        """Return begin and end of each sound, seconds since the device began."""
        loud = np.flatnonzero(np.abs(self.heard()) > 0.01) / RATE_HZ
        if not len(loud):
            return []
        breaks = np.flatnonzero(np.diff(loud) > pause_s)
        begins, ends = loud[[0, *(breaks + 1)]], loud[[*breaks, -1]]
        return list(zip(begins.tolist(), ends.tolist(), strict=True))

    def pitches_hz(self) -> list[float]:
        return [self._pitch_hz(begin_s, end_s) for begin_s, end_s in self.sounds()]

    def _pitch_hz(self, begin_s: float, end_s: float) -> float:
        part = self.heard()[round(begin_s * RATE_HZ) : round(end_s * RATE_HZ)]
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 4 * RATE_HZ))
        return float(np.argmax(spectrum)) / 4


@pytest.fixture(autouse=True)
def nothing_left(tmp_path, monkeypatch):
    """Neither a process nor a file outlives a test."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setenv("PULSE_RUNTIME_PATH", str(tmp_path / "pulse"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield
    until(lambda: not speakers(scratch))
    until(lambda: not list(scratch.iterdir()))


@pytest.fixture
def ear(tmp_path, monkeypatch):
    """A sound device that writes to a file, configured as a user configures one."""
    path = tmp_path / "sound.raw"
    (tmp_path / ".asoundrc").write_text(CONFIGURATION.format(path))
    monkeypatch.setenv("HOME", str(tmp_path))
    return Ear(path)


@pytest.fixture
def no_device(tmp_path, monkeypatch):
    (tmp_path / "alsa.conf").write_text("pcm.absent { type hw card 99 }")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "alsa.conf"))


@pytest.fixture
def no_engine(tmp_path, monkeypatch):
    """Let the loader find a broken espeak, as after a failed upgrade."""
    for name in ("libespeak-ng.so.1", "libespeak.so.1"):
        (tmp_path / name).write_text("not a library")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))


HANGING = """
import time, wave
n_spoken = 0
class Engine:
    def getProperty(self, name): return []
    def setProperty(self, name, value): pass
    def connect(self, topic, call): self.call = call
    def save_to_file(self, text, path): self.path = path
    def runAndWait(self):
        global n_spoken
        n_spoken += 1
        if n_spoken > {n_good}:
            time.sleep(3600)
        with wave.open(self.path, "wb") as file:
            file.setparams((1, 2, 22050, 0, "NONE", ""))
            file.writeframes(bytes(range(256)) * 99)
        self.call(name=None, completed=True)
init = Engine
"""


@pytest.fixture
def hanging_engine(tmp_path, monkeypatch):
    """An engine that never comes back; shorter patience, for the sake of the tests."""
    (tmp_path / "pyttsx3.py").write_text(HANGING.format(n_good=1))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(dialogue, "_ANSWER_S", 0.5)


@pytest.fixture
def engine_that_hangs_at_once(hanging_engine, tmp_path, monkeypatch):
    (tmp_path / "pyttsx3.py").write_text(HANGING.format(n_good=0))
    monkeypatch.setattr(dialogue, "_START_S", 2.0)


def until(fact, limit_s=LIMIT_S):
    end_s = time.monotonic() + limit_s
    while not (found := fact()):
        assert time.monotonic() < end_s, "it never happened"
        time.sleep(0.01)
    return found


def speakers(scratch=None):
    """Return the processes that speak for this test, by their folder."""
    scratch = scratch or os.environ["TMPDIR"]
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes()
        except OSError:
            continue
        if b"speaker.py" in command and f"{scratch}/formcheck-voice-".encode() in command:
            found.append(int(entry.parent.name))
    return found


def said(voice, text):
    return until(lambda: voice.started if voice.started and voice.started.text == text else None)


def ready(voice):
    assert voice.settled(LIMIT_S) is State.READY
    return voice


def test_a_cue_is_heard(ear):
    with Voice() as voice:
        assert ready(voice).note == ""
        asked_s = time.monotonic()
        voice.say("Lift your hips")
        began_s = said(voice, "Lift your hips").time_s
    assert 0 < began_s - asked_s < 5
    [(begin_s, end_s)] = ear.sounds()
    assert 0.5 < end_s - begin_s < 1.5


def test_the_time_told_is_when_it_sounds(ear):
    """The device's file counts from its start; two sounds tell the distance between them."""
    with Voice() as voice:
        ready(voice).say("Hips down")
        first_s = said(voice, "Hips down").time_s
        time.sleep(1.2)
        voice.say("Knees straight")
        second_s = said(voice, "Knees straight").time_s
    begins_s = [begin_s for begin_s, _ in ear.sounds(pause_s=0.2)]
    assert len(begins_s) == 2
    assert begins_s[1] - begins_s[0] == pytest.approx(second_s - first_s, abs=0.15)


def test_what_waits_gives_way_and_what_is_said_is_finished(ear):
    told = []
    with Voice() as voice:
        ready(voice).say("Lift your hips")
        told.append(said(voice, "Lift your hips"))
        voice.say("Straighten both of your knees")
        voice.say("Chin up")
        told.append(said(voice, "Chin up"))
    assert told[1].time_s - told[0].time_s > 0.5
    assert len(ear.sounds()) == 2
    assert voice.started == told[1]


def test_two_at_once_do_not_talk_over_each_other(ear):
    with Voice() as voice:
        ready(voice).say("Lift your hips")
        voice.say("Hips down")
        said(voice, "Hips down")
    sounds = ear.sounds()
    assert sounds[-1][1] - sounds[0][0] > 1.3


def test_the_same_cue_sounds_the_same_again(ear):
    with Voice() as voice:
        ready(voice)
        for _ in range(3):
            voice.say("Lift your hips")
            time.sleep(1.2)
    lengths_s = [end_s - begin_s for begin_s, end_s in ear.sounds()]
    assert len(lengths_s) == 3
    assert max(lengths_s) - min(lengths_s) < 0.01


@pytest.mark.parametrize("tone", Tone)
def test_a_beep_has_its_pitch_and_length(tone, ear):
    hz, lasts_s = tone.value
    with Voice() as voice:
        ready(voice).beep(tone)
    assert ear.pitches_hz() == pytest.approx([hz], abs=8)
    [(begin_s, end_s)] = ear.sounds()
    assert end_s - begin_s == pytest.approx(lasts_s, abs=0.02)


def test_a_beep_has_soft_edges(ear):
    with Voice() as voice:
        ready(voice).beep(Tone.HIGH)
    [(begin_s, end_s)] = ear.sounds()
    wave = np.abs(ear.heard())
    for edge_s in (begin_s, end_s - 0.002):
        edge = wave[round(edge_s * RATE_HZ) :][: round(0.002 * RATE_HZ)]
        assert edge.max() < 0.6 * wave.max()


def test_a_metronome_keeps_time_though_it_is_asked_unevenly(ear):
    with Voice() as voice:
        first_s = 0.4 + (time.monotonic() if ready(voice) else 0)
        for beat in range(8):
            voice.beep(Tone.HIGH, first_s + 0.4 * beat)
            time.sleep(0.05 + 0.1 * (beat % 3))
        time.sleep(max(0, first_s + 0.4 * 7.5 - time.monotonic()))
    begins_s = [begin_s for begin_s, _ in ear.sounds()]
    assert len(begins_s) == 8
    assert np.diff(begins_s) == pytest.approx([0.4] * 7, abs=0.05)
    assert begins_s[-1] - begins_s[0] == pytest.approx(7 * 0.4, abs=0.06)


def test_a_beep_does_not_wait_for_speech(ear):
    with Voice() as voice:
        ready(voice).say(SUMMARY)
        began_s = said(voice, SUMMARY).time_s
        time.sleep(0.5)
        voice.beep(Tone.HIGH)
    heard = ear.heard()
    begin = round(ear.sounds()[0][0] * RATE_HZ)
    windows = heard[begin : begin + 2 * RATE_HZ].reshape(-1, RATE_HZ // 50)
    n = np.arange(RATE_HZ // 50)
    strength = np.abs(windows @ np.exp(-2j * np.pi * 1320 / RATE_HZ * n))
    assert 0.4 < np.argmax(strength) / 50 < 1.5
    assert began_s


def test_muting_silences_in_the_middle_and_drops_what_waits(ear):
    with Voice() as voice:
        ready(voice).say(SUMMARY)
        said(voice, SUMMARY)
        voice.say("Chin up")
        time.sleep(0.5)
        voice.muted = True
        assert voice.state is State.MUTED
        voice.say("Hips down")
        voice.beep(Tone.END)
        time.sleep(0.8)
        voice.muted = False
        assert voice.state is State.READY
        voice.beep(Tone.LOW)
    cut, beep = ear.sounds(pause_s=0.4)
    assert cut[1] - cut[0] < 1.5
    assert beep[1] - beep[0] == pytest.approx(0.09, abs=0.02)


def test_muting_catches_what_the_engine_still_works_on(ear):
    with Voice() as voice:
        ready(voice).say("Knees straight")
        voice.muted = True
        time.sleep(0.7)
    assert not ear.heard().any()


def test_muted_from_the_start_nothing_is_heard(ear):
    with Voice(muted=True) as voice:
        until(lambda: len(ear.heard()))
        voice.say("Hips down")
        voice.beep(Tone.END)
        time.sleep(0.5)
        assert voice.state is State.MUTED
    assert not ear.heard().any()
    assert voice.started is None


def test_last_words_are_finished(ear):
    with Voice() as voice:
        voice.say(SUMMARY)  # before it has even started
    [(begin_s, end_s)] = ear.sounds(pause_s=0.6)
    assert end_s - begin_s > 3


def test_leaving_waits_no_longer_than_it_may(ear):
    with Voice(last_words_s=0.5) as voice:
        ready(voice).say(SUMMARY)
        said(voice, SUMMARY)
        voice.beep(Tone.END, time.monotonic() + 3600)
        left_s = time.monotonic()
    assert time.monotonic() - left_s < 3
    assert ear.sounds(pause_s=0.6)[0][1] - ear.sounds()[0][0] < 3


def test_a_beat_to_come_does_not_delay_leaving(ear):
    with Voice() as voice:
        ready(voice).beep(Tone.HIGH, time.monotonic() + 8)
        left_s = time.monotonic()
    assert time.monotonic() - left_s < 5
    assert not ear.sounds()


@pytest.mark.parametrize(
    "odd",
    ["", " ", "…!?", "\0", "\ud800", "🎉🎉", "Hüften höher, señor", "<break/> &amp; [[h@'loU]]",
     "$(touch x) `ls` \"'\\", "line\nline\r\n\x1b[31m", "x" * 100_000],
)  # fmt: skip
def test_odd_text_costs_nothing(odd, ear):
    with Voice(last_words_s=3) as voice:
        ready(voice).say(odd)
        time.sleep(0.2)
        voice.muted = True
        voice.muted = False
        voice.say("Chin up")
        said(voice, "Chin up")
        assert voice.state is State.READY


def test_odd_letters_do_not_cut_a_text(ear):
    with Voice() as voice:
        for text in ("Hips down and hold", "Hips\0 down\ud800 and\x1b hold"):
            ready(voice).say(text)
            said(voice, text)
            time.sleep(2.5)
    plain, odd = ear.sounds(pause_s=0.6)
    assert odd[1] - odd[0] == pytest.approx(plain[1] - plain[0], abs=0.3)


def test_without_an_engine_it_beeps_instead(no_engine, ear):
    with Voice() as voice:
        ready(voice)
        assert voice.note == "No voice: install espeak-ng"
        voice.say("Hips down")
        said(voice, "Hips down")
    assert ear.pitches_hz() == pytest.approx([660], abs=8)


def test_without_a_device_it_is_silent(no_device):
    with Voice() as voice:
        assert voice.settled(LIMIT_S) is State.SILENT
        assert voice.note == "No sound device"
        voice.say("Hips down")
        voice.beep(Tone.END)
        voice.muted = True
        assert voice.state is State.SILENT


def test_a_killed_process_is_started_once_more(ear):
    with Voice() as voice:
        for _ in range(2):
            ready(voice)
            [speaker] = until(speakers)
            voice._settled.clear()
            os.kill(speaker, signal.SIGKILL)
            voice._settled.wait(LIMIT_S)
        assert voice.state is State.SILENT
        assert voice.note == "The voice stopped working"
        voice.say("Hips down")


def test_it_speaks_again_after_its_process_was_killed(ear):
    with Voice() as voice:
        ready(voice)
        [speaker] = speakers()
        os.kill(speaker, signal.SIGKILL)
        until(lambda: speakers() not in ([], [speaker]))
        voice.say("Hips down")
        said(voice, "Hips down")
    assert len(ear.sounds()) == 1


def test_a_hanging_engine_is_given_up(hanging_engine, ear):
    with Voice() as voice:
        ready(voice)
        n = 0
        while voice.state is not State.SILENT:
            voice.say(f"Hips down {n}")
            time.sleep(0.1)
            n += 1
            assert n < 10 * LIMIT_S
        assert voice.note == "The voice stopped working"


def test_an_engine_that_hangs_at_once_is_given_up(engine_that_hangs_at_once, ear):
    with Voice() as voice:
        voice.say("Hips down")
        assert voice.settled(LIMIT_S) is State.SILENT
        assert voice.note == "The voice stopped working"


def test_beeps_go_on_while_the_engine_hangs(hanging_engine, ear, monkeypatch):
    monkeypatch.setattr(dialogue, "_ANSWER_S", LIMIT_S)
    with Voice(last_words_s=1) as voice:
        ready(voice).say("Hips down")
        voice.beep(Tone.HIGH)
        until(ear.sounds)
    assert ear.pitches_hz() == pytest.approx([1320], abs=8)


def test_a_stopped_process_is_ended(ear, monkeypatch):
    monkeypatch.setattr(dialogue, "_ANSWER_S", 1.0)
    with Voice(last_words_s=1) as voice:
        ready(voice)
        os.kill(speakers()[0], signal.SIGSTOP)
        for _ in range(2000):
            voice.beep(Tone.LOW)
        voice.say("Lift your hips " * 10_000)
        times_s = calls_s(voice)
    assert statistics.median(times_s) < 0.005
    assert max(times_s) < 1


def calls_s(voice):
    """Return how long each of many calls took, seconds."""
    times_s = []
    for n in range(500):
        begin_s = time.perf_counter()
        voice.say(f"Lift your hips {n}" * 10)
        voice.beep(Tone.LOW)
        voice.muted = bool(n % 7)
        times_s.append(time.perf_counter() - begin_s)
    return times_s


@pytest.mark.parametrize("trouble", ["no_device", "no_engine", "hanging_engine", "ear"])
def test_no_call_ever_waits(trouble, request):
    request.getfixturevalue(trouble)
    with Voice(last_words_s=1) as voice:
        times_s = calls_s(voice)
        voice.settled(LIMIT_S)
        times_s += calls_s(voice)
    assert statistics.median(times_s) < 0.005
    assert max(times_s) < 1


@pytest.mark.parametrize(
    ("fixture", "found"),
    [("ear", "engine and sound"), ("no_engine", "install espeak-ng"), ("no_device", "No sound")],
)
def test_the_doctor_tells_the_truth(fixture, found, ear, request):
    request.getfixturevalue(fixture)
    finding = next(finding for finding in examine() if finding.what == "voice")
    assert found in finding.found
    assert finding.ok is (True if fixture == "ear" else None)
    assert bool(finding.remedy) is (fixture != "ear")


PROGRAM = """
import signal, sys, time
from formcheck.doctor import examine
from formcheck.voice import Voice
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
with Voice() as voice:
    voice.settled(30)
    voice.say({text!r})
    while voice.started is None:
        time.sleep(0.01)
    try:
        print("speaking", flush=True)
        time.sleep(60)
    except KeyboardInterrupt:
        pass
print("left", flush=True)
"""


def program():
    """Start a program that speaks, without a guard for being imported, in a group of its own."""
    command = [sys.executable, "-c", PROGRAM.format(text=SUMMARY)]
    pipe = subprocess.PIPE
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, stdout=pipe, stderr=pipe, text=True, process_group=0, env=environment
    )


def test_ctrl_c_does_not_cut_the_last_words(ear):
    with program() as process:
        assert process.stdout.readline() == "speaking\n"
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=LIMIT_S)
    assert (out, err) == ("left\n", "")
    [(begin_s, end_s)] = ear.sounds(pause_s=0.6)
    assert end_s - begin_s > 3


def test_nobody_speaks_on_when_the_program_is_killed(ear):
    with program() as process:
        assert process.stdout.readline() == "speaking\n"
        [speaker] = speakers()
        process.kill()
        process.communicate(timeout=LIMIT_S)
        until(lambda: not Path(f"/proc/{speaker}").exists(), limit_s=10)


def test_the_process_is_light(ear):
    with Voice() as voice:
        ready(voice).say("Hips down")
        said(voice, "Hips down")
        maps = Path(f"/proc/{speakers()[0]}/maps").read_text()
    assert "numpy" in maps
    assert "cv2" not in maps
    assert "mediapipe" not in maps


def test_entering_does_not_wait(ear):
    times_s = []
    for _ in range(5):
        begin_s = time.perf_counter()
        with Voice(last_words_s=0):
            times_s.append(time.perf_counter() - begin_s)
    assert statistics.median(times_s) < 0.05
