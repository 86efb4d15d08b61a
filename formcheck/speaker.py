"""The process that makes sound: text through the system's own voice, mixed with beeps.

`voice` runs this file as a program, for an engine may freeze, crash or hang. It knows nothing
of formcheck, so that it starts quickly. Each line it reads is an order, each line it writes an
answer, both JSON; it ends when nobody is left to give orders.

The engine writes its speech to a file, and the sound is played here: pyttsx3's own playing
cannot be silenced in the middle of a word on Linux, loses the error when `aplay` is missing,
and does not tell when the sound begins.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Answer = Callable[[dict[str, Any]], None]
_Texts = queue.SimpleQueue[tuple[int, str]]

_WORDS_PER_MINUTE = 175
# Where the system's own language is not English; names that are clear, not a joke voice.
_CLEAR_VOICES = ("Samantha", "Alex", "Daniel", "Zira", "David")
_N_TRIES = 2
_LATENCY_S = 0.08
_BLOCK_S = 0.02
# A device that swallows everything at once is held to the clock; a real one is never so fast.
_FASTEST = 1.002
_LATE_S = 0.5
_SPEECH_PEAK, _BEEP_PEAK, _SILENCE = 0.8, 0.4, 0.01
_EDGE_S = 0.006


class Engine:
    """The system's voice, through pyttsx3; what it says is kept, for cues come again."""

    def __init__(self, folder: Path) -> None:
        import pyttsx3  # noqa: PLC0415 - may be missing, as may what it loads

        kind = "aiff" if sys.platform == "darwin" else "wav"
        self._paths = (folder / f"{number}.{kind}" for number in count())
        self._engine = pyttsx3.init()
        self._written = threading.Event()
        self._engine.connect("finished-utterance", lambda **_: self._written.set())
        self._engine.setProperty("rate", _WORDS_PER_MINUTE)
        self._speak_english()
        self._known: dict[str, Samples] = {}

    def speech(self, text: str, rate_hz: int) -> Samples:
        """Return a text as sound; empty where the engine has no sound for it."""
        plain = "".join(letter if letter.isprintable() else " " for letter in text)
        if not any(letter.isalnum() for letter in plain):
            return np.zeros(0, np.float32)
        for _ in range(_N_TRIES):
            if plain not in self._known:
                samples = _levelled(self._synthesised(plain, rate_hz))
                self._known.update({plain: samples} if len(samples) else {})
        return self._known.get(plain, np.zeros(0, np.float32))

    def _synthesised(self, text: str, rate_hz: int) -> Samples:
        path = next(self._paths)  # never the same: an old file must not be taken for a new one
        self._written.clear()
        self._engine.save_to_file(text, str(path))
        self._engine.runAndWait()
        # espeak writes on in a thread of its own; the others are done, and SAPI never says so.
        if sys.platform not in {"win32", "darwin"}:
            self._written.wait()
        samples = _read(path, rate_hz)
        with suppress(OSError):  # Windows may hold it a while; the folder goes at the end
            path.unlink()
        return samples

    def _speak_english(self) -> None:
        voices = self._engine.getProperty("voices")
        english = [voice for voice in voices if _is_english(voice)]
        current = self._engine.getProperty("voice")
        if english and current not in [voice.id for voice in english]:
            clear = [voice for voice in english if any(n in voice.name for n in _CLEAR_VOICES)]
            self._engine.setProperty("voice", (clear or english)[0].id)


def _is_english(voice: Any) -> bool:
    return any(str(language).lower().startswith("en") for language in voice.languages or ())


def _read(path: Path, rate_hz: int) -> Samples:
    """Decode a sound file of any kind: macOS writes another than the others."""
    import av  # noqa: PLC0415 - takes a moment, and a beep need not wait for it

    with av.open(str(path)) as container:
        resampler = av.AudioResampler("flt", "mono", rate_hz)
        frames = (*container.decode(audio=0), None)  # None flushes
        parts = [part.to_ndarray()[0] for frame in frames for part in resampler.resample(frame)]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def _levelled(samples: Samples) -> Samples:
    """Cut the silence at both ends, which would only delay, and bring to one loudness."""
    peak = float(np.abs(samples).max(initial=0))
    if not peak:
        return samples[:0]
    heard = np.flatnonzero(np.abs(samples) > _SILENCE * peak)
    return np.asarray(samples[heard[0] : heard[-1] + 1] * (_SPEECH_PEAK / peak), np.float32)


def tone(hz: float, lasts_s: float, rate_hz: int) -> Samples:
    """Return a sine whose edges are soft: a hard edge is a click."""
    time_s = np.arange(round(lasts_s * rate_hz)) / rate_hz
    edge = np.clip(np.minimum(time_s, lasts_s - time_s) / _EDGE_S, 0, 1)
    loudness = _BEEP_PEAK * np.sin(np.pi / 2 * edge) ** 2
    return np.asarray(loudness * np.sin(2 * np.pi * hz * time_s), np.float32)


@dataclass(slots=True)
class _Sound:
    """Something to play, from a time on; how much of it has been."""

    number: int
    samples: Samples
    at_s: float
    n_played: int = 0


class Player:
    """The default sound device, fed without a pause: a sleeping headset swallows first syllables.

    Attributes
    ----------
    rate_hz : int
        Samples a second that the device wants; known once it is open.
    """

    def __init__(self, answer: Answer) -> None:
        self.rate_hz = 0
        self._answer = answer
        self._lock = threading.Lock()
        self._sounds: list[_Sound] = []
        self._hushed = 0

    def open(self) -> None:
        """Open the device, and begin with silence.

        Raises
        ------
        OSError
            If PortAudio is missing.
        sounddevice.PortAudioError
            If there is no sound device that opens.
        """
        import sounddevice  # noqa: PLC0415 - fails to import without PortAudio

        kind = {"channels": 1, "dtype": "float32", "latency": _LATENCY_S}
        self._stream = sounddevice.OutputStream(**kind)
        self._stream.start()
        self.rate_hz = round(self._stream.samplerate)
        threading.Thread(target=self._run, daemon=True).start()

    def play(self, number: int, samples: Samples, at_s: float = 0.0) -> None:
        """Mix a sound in, now or at a time of the monotonic clock; too late is not at all."""
        with self._lock:
            stale = at_s and time.monotonic() - at_s > _LATE_S
            if len(samples) and number > self._hushed and not stale:
                self._sounds.append(_Sound(number, samples, at_s))
                return
        self._answer({"number": number, "at_s": None, "lasts_s": 0.0})

    def hush(self, number: int) -> None:
        """Silence what was ordered up to a number, at once."""
        with self._lock:
            self._hushed = number
            dropped, self._sounds = self._sounds, []
        for sound in dropped:
            if not sound.n_played:
                self._answer({"number": sound.number, "at_s": None, "lasts_s": 0.0})

    def _run(self) -> NoReturn:
        """Play without end; a device that fails, unplugged perhaps, ends the process."""
        try:
            self._feed()
        finally:
            os._exit(1)

    def _feed(self) -> NoReturn:
        size = round(_BLOCK_S * self.rate_hz)
        latency_s = float(self._stream.latency)
        due_s = time.monotonic()
        while True:
            now_s = time.monotonic()
            due_s = max(due_s + size / self.rate_hz / _FASTEST, now_s - latency_s)
            if due_s > now_s:
                time.sleep(due_s - now_s)
            self._stream.write(self._mixed(size, time.monotonic() + latency_s)[:, None])

    def _mixed(self, size: int, first_s: float) -> Samples:
        """Return the next samples; the first of them is heard at a time."""
        block = np.zeros(size, np.float32)
        with self._lock:
            for sound in self._sounds:
                start = 0 if sound.n_played else round((sound.at_s - first_s) * self.rate_hz)
                self._add(sound, block, max(0, start), first_s)
            self._sounds = [s for s in self._sounds if s.n_played < len(s.samples)]
        return np.clip(block, -1, 1)

    def _add(self, sound: _Sound, block: Samples, start: int, first_s: float) -> None:
        part = sound.samples[sound.n_played : sound.n_played + max(0, len(block) - start)]
        if len(part) and not sound.n_played:
            lasts_s = len(sound.samples) / self.rate_hz
            at_s = first_s + start / self.rate_hz
            self._answer({"number": sound.number, "at_s": at_s, "lasts_s": lasts_s})
        block[start : start + len(part)] += part
        sound.n_played += len(part)


def _answering() -> Answer:
    """Keep the way to the parent for answers alone: pyttsx3 prints."""
    way = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)

    def answer(words: dict[str, Any]) -> None:
        os.write(way, json.dumps(words).encode() + b"\n")

    return answer


def _obey(player: Player, texts: _Texts) -> None:
    """Take orders until there is nobody to give them."""
    for line in sys.stdin.buffer:
        order = json.loads(line)
        if "text" in order:
            texts.put((order["number"], order["text"]))
        elif "hz" in order:
            beep = tone(order["hz"], order["lasts_s"], player.rate_hz)
            player.play(order["number"], beep, order["at_s"])
        else:
            player.hush(order["number"])


def _until_orphaned(obey: Callable[[], None], folder: Path) -> None:
    try:
        obey()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)


def main(folder: Path) -> None:
    """Speak what is ordered; the engine needs the main thread, on macOS at least."""
    answer = _answering()
    player, texts = Player(answer), _Texts()
    obey = (lambda: _obey(player, texts), folder)
    threading.Thread(target=_until_orphaned, args=obey, daemon=True).start()
    try:
        player.open()
    except Exception as error:  # noqa: BLE001 - each driver has its own; none may be a traceback
        answer({"sound": False, "library": not isinstance(error, OSError)})
        os._exit(0)  # an ordinary end trips over the thread that reads
    try:
        engine = Engine(folder)
        engine.speech("ready", player.rate_hz)  # unheard: the first time takes longest
    except Exception:  # noqa: BLE001 - as above
        answer({"sound": True, "voice": False})
        threading.Event().wait()
        return
    answer({"sound": True, "voice": True})
    try:
        _speak(engine, player, texts)
    finally:
        os._exit(1)  # an ordinary end would close the device under the player, and may hang


def _speak(engine: Engine, player: Player, texts: _Texts) -> NoReturn:
    while True:
        number, text = texts.get()
        player.play(number, engine.speech(text, player.rate_hz))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
