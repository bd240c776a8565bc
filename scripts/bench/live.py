"""Measures a whole live call: processor use by thread, hop time, memory, and how soon a cue is painted.

Plays both legs of real calls at 1x into a private PulseAudio, hears them with `voicecare live` (window on a private
Xvfb), and compares its turn events with the replay of the same files. Needs the programs of scripts/apt-packages.txt.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
import soundfile

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))
from display import Display
from sound_server import SoundServer

from voicecare.assembly import Choices
from voicecare.catalogue.catalogue import Catalogue
from voicecare.config import Config, CueConfig
from voicecare.cue.desktop import Desktop
from voicecare.cue.viewmodel import ViewModel, Wishes
from voicecare.live.run import LiveOptions, LiveRun
from voicecare.timebase import RATE_HZ, samples
from voicecare.types import Cue, Heard, TurnEvent

CALLS = "calls/semi-real/*.wav"
EAGER = Config(cues=CueConfig(min_gap_s=0.0, max_per_call=1000, hold_s=0.0, expire_s=2.0, yield_s=0.5))
"""Every interruption by the agent raises a cue of its own, so that there are enough of them to measure."""


class Probe:
    """A face in front of the real one that notes when things happened."""

    def __init__(self, face, run):
        self._face, self._run = face, run
        self.hops_ms, self.memory_mb, self.painted = [], [], {}
        self.cues, self.turns, self.words_ms = {}, {}, []
        self._begun = time.thread_time()
        self._process = psutil.Process()

    def push(self, event):
        now = time.perf_counter()
        if isinstance(event, Cue) and event.cleared_at is None:
            self.cues[event.id] = (event, now)
        if isinstance(event, TurnEvent) and event.kind == "interruption":
            self.turns.setdefault(event.id, (event, now))
        if isinstance(event, Heard) and event.final and event.words:
            end = event.span.end - samples(
                EAGER.words.pad_s
            )  # not the last word's: the recogniser may have left some out
            self.words_ms.append(1000 * (event.arrived - end) / RATE_HZ)
        self._face.push(event)

    def beat(self, at):
        now = time.thread_time()
        self.hops_ms.append(1000 * (now - self._begun))
        if at % (10 * RATE_HZ) < 512:
            self.memory_mb.append(round(self._process.memory_info().rss / 1e6))
        self._face.beat(at)
        self._begun = time.thread_time()

    def run(self, work):
        self._face.run(work)

    def paint(self, cue_id):
        self.painted[cue_id] = time.perf_counter()


def cpu_s(capture_pid) -> dict[str, float]:
    """Processor seconds of this process by thread, and of the capture process."""
    names = {t.native_id: t.name for t in threading.enumerate()}
    used: dict[str, float] = {}
    for thread in psutil.Process().threads():
        name = names.get(thread.id, "libraries")
        used[name] = used.get(name, 0.0) + thread.user_time + thread.system_time
    times = psutil.Process(capture_pid).cpu_times()
    used["capture process"] = times.user + times.system
    return used


def one_call(path: Path, *, words: bool, seconds: float) -> dict[str, object]:
    """Play a call and hear it live."""
    audio, rate_hz = soundfile.read(path)
    audio = audio[: int(seconds * rate_hz)]
    with tempfile.TemporaryDirectory() as folder, SoundServer() as server, Display() as display:
        os.environ.update({k: v for k, v in server.env.items() if k.startswith(("PULSE", "XDG"))})
        os.environ.update({k: display.env[k] for k in ("DISPLAY", "QT_QPA_PLATFORM")})
        for name, channel in (("caller", 0), ("agent", 1)):
            soundfile.write(f"{folder}/{name}.wav", audio[:, channel], rate_hz)
        wishes = Wishes()
        options = LiveOptions(models=Choices(words=words), config=EAGER, seconds=len(audio) / rate_hz + 3)
        run = LiveRun(options, wishes)
        probe: Probe
        window = Desktop(
            ViewModel(Catalogue.load("en", "agent"), wishes),
            on_new_call=run.next_call,
            on_quit=run.stop,
            path=Path(folder) / "window.json",
            painted=lambda cue_id: probe.paint(cue_id),  # noqa: PLW0108 - the probe is made below
        )
        probe = Probe(window, run)
        run.face = probe
        before: dict[str, float] = {}
        after: dict[str, float] = {}

        def work():
            def play():
                while run.heard < RATE_HZ:
                    time.sleep(0.05)
                before.update(cpu_s(run.capture.pid))
                server.play("agent_mic", f"{folder}/agent.wav")
                server.play("headset", f"{folder}/caller.wav")
                time.sleep(len(audio) / rate_hz)
                after.update(cpu_s(run.capture.pid))

            player = threading.Thread(target=play, name="player")
            player.start()
            run.run()
            player.join()

        window.run(work)
    length_s = len(audio) / rate_hz
    capture = run.capture
    onset_to_paint = [
        1000 * (probe.painted[c.id] - capture.time_of(max(c.because[0].at)))
        for c, _ in probe.cues.values()
        if c.id in probe.painted and c.because[0].code == "spoke_over_caller"
    ]
    decided_at = {t.span.start: t.decided_at for t, _ in probe.turns.values() if t.by == "agent"}
    decided_to_paint = [
        1000 * (probe.painted[c.id] - capture.time_of(decided_at[max(c.because[0].at)]))
        for c, _ in probe.cues.values()
        if c.id in probe.painted and c.because[0].code == "spoke_over_caller" and max(c.because[0].at) in decided_at
    ]
    return {
        "call": path.name,
        "cpu_percent": {n: round(100 * (after[n] - before.get(n, 0.0)) / length_s, 2) for n in sorted(after)},
        "hop_cpu_ms": quantiles(probe.hops_ms),
        "decided_to_engine_out_ms": quantiles(
            [1000 * (t - capture.time_of(e.decided_at)) for e, t in probe.turns.values()]
        ),
        "cue_to_painted_ms": quantiles(
            [1000 * (probe.painted[i] - t) for i, (_, t) in probe.cues.items() if i in probe.painted]
        ),
        "decided_to_painted_ms": quantiles(decided_to_paint),
        "onset_to_painted_ms": quantiles(onset_to_paint),
        "words_after_end_of_utterance_ms": quantiles(probe.words_ms),
        "memory_mb": probe.memory_mb,
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "cues": [c.kind for c, _ in probe.cues.values()],
    }


def quantiles(values):
    if not values:
        return None
    ranked = sorted(values)
    p95 = ranked[min(len(ranked) - 1, int(0.95 * len(ranked)))]
    return {
        "n": len(ranked),
        "p50": round(statistics.median(ranked), 2),
        "p95": round(p95, 2),
        "max": round(ranked[-1], 2),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the recordings")
    parser.add_argument("--seconds", type=float, default=180, help="of each call")
    parser.add_argument("--calls", type=int, default=1, help="how many calls")
    parser.add_argument("--no-words", action="store_true", help="without the recogniser")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    asked = parser.parse_args()
    results = []
    for path in sorted(asked.data.glob(CALLS))[: asked.calls]:
        results.append(one_call(path, words=not asked.no_words, seconds=asked.seconds))
        print(json.dumps(results[-1], indent=1))
    if asked.json:
        asked.json.write_text(json.dumps(results, indent=1), encoding="utf-8")


main()
