"""Measures a whole live call: processor use by thread, hop time, memory, and how soon a cue is painted.

Plays both legs of real calls at 1x into a private PulseAudio, hears them with `voicecare live` (window on a private
Xvfb), and notes when each cue was decided and painted. Needs the programs of scripts/apt-packages.txt.

    python scripts/bench/live.py --data ../shared/data [--calls 4] [--no-words] [--json FILE]
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
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from scripts.bench.corpora.folder import USUAL, data_folder
from voicecare.assembly import Choices
from voicecare.audio.devices.capture import Capture
from voicecare.audio.devices.choice import Choice
from voicecare.catalogue.catalogue import Catalogue
from voicecare.config import Config, CueConfig
from voicecare.cue.face import Face
from voicecare.cue.viewmodel import ViewModel, Wishes
from voicecare.live.run import LiveOptions, LiveRun
from voicecare.timebase import HOP, RATE_HZ, Samples, samples
from voicecare.types import Cue, Event, Heard, TurnEvent

STAGE = Path(__file__).resolve().parents[2] / "tests"
"""Where the private sound server and the private screen are, which the tests use, too."""
CALLS = "calls/semi-real/*.wav"
EAGER = Config(cues=CueConfig(min_gap_s=0.0, max_per_call=1000, hold_s=0.0, expire_s=2.0, yield_s=0.5))
"""Every interruption by the agent raises a cue of its own, so that there are enough of them to measure."""


class Probe:
    """A face in front of the real one that notes when things happened."""

    def __init__(self, face: Face) -> None:
        self._face = face
        self.hops_ms: list[float] = []
        self.memory_mb: list[int] = []
        self.words_ms: list[float] = []
        self.painted: dict[int, float] = {}
        self.cues: dict[int, tuple[Cue, float]] = {}
        self.turns: dict[int, tuple[TurnEvent, float]] = {}
        import psutil

        self._begun = time.thread_time()
        self._process = psutil.Process()

    def begin(self) -> None:
        """A call begins."""
        self._face.begin()

    def push(self, event: Event) -> None:
        """Note an event and show it."""
        now = time.perf_counter()
        if isinstance(event, Cue) and event.cleared_at is None:
            self.cues[event.id] = (event, now)
        if isinstance(event, TurnEvent) and event.kind == "interruption":
            self.turns.setdefault(event.id, (event, now))
        if isinstance(event, Heard) and event.final and event.words:
            # Not the end of the last word: the recogniser may have left some out.
            end = event.span.end - samples(EAGER.words.pad_s)
            self.words_ms.append(1000 * (event.arrived - end) / RATE_HZ)
        self._face.push(event)

    def beat(self, at: Samples) -> None:
        """Note a hop and pass it on."""
        now = time.thread_time()
        self.hops_ms.append(1000 * (now - self._begun))
        if at % (10 * RATE_HZ) < HOP:
            self.memory_mb.append(round(self._process.memory_info().rss / 1e6))
        self._face.beat(at)
        self._begun = time.thread_time()

    def run(self, work: Callable[[], None]) -> None:
        """Show while the work is done."""
        self._face.run(work)

    def paint(self, cue_id: int) -> None:
        """A cue has been painted."""
        self.painted[cue_id] = time.perf_counter()


def cpu_s(capture_pid: int | None) -> dict[str, float]:
    """Processor seconds of this process by thread, and of the capture process."""
    import psutil

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
    import soundfile

    sys.path.insert(0, str(STAGE))
    from display import Display
    from sound_server import SoundServer

    from voicecare.cue.desktop import Desktop

    audio, rate_hz = soundfile.read(path)
    audio = audio[: int(seconds * rate_hz)]
    length_s = len(audio) / rate_hz
    with tempfile.TemporaryDirectory() as folder, SoundServer() as server, Display() as display:
        os.environ.update({k: v for k, v in server.env.items() if k.startswith(("PULSE", "XDG"))})
        os.environ.update({k: display.env[k] for k in ("DISPLAY", "QT_QPA_PLATFORM")})
        for name, channel in (("caller", 0), ("agent", 1)):
            soundfile.write(f"{folder}/{name}.wav", audio[:, channel], rate_hz)
        wishes = Wishes()
        options = LiveOptions(models=Choices(words=words), config=EAGER, seconds=length_s + 3)
        capture = Capture(Choice())
        run = LiveRun(options, wishes, lambda: capture)
        probe: Probe
        window = Desktop(
            ViewModel(Catalogue.load("en", "agent"), wishes),
            on_new_call=run.next_call,
            on_quit=run.stop,
            path=Path(folder) / "window.json",
            painted=lambda cue_id: probe.paint(cue_id),  # noqa: PLW0108 - the probe is made below
        )
        probe = Probe(window)
        run.face = probe
        before: dict[str, float] = {}
        after: dict[str, float] = {}

        def play() -> None:
            while run.heard < RATE_HZ:
                time.sleep(0.05)
            before.update(cpu_s(capture.pid))
            server.play("agent_mic", f"{folder}/agent.wav")
            server.play("headset", f"{folder}/caller.wav")
            time.sleep(length_s)
            after.update(cpu_s(capture.pid))

        def work() -> None:
            player = threading.Thread(target=play, name="player")
            player.start()
            run.run()
            player.join()

        window.run(work)
    cpu_percent = {n: round(100 * (after[n] - before.get(n, 0.0)) / length_s, 2) for n in sorted(after)}
    return {"call": path.name, "cpu_percent": cpu_percent, **figures(probe, capture.time_of)}


def figures(probe: Probe, time_of: Callable[[Samples], float]) -> dict[str, object]:
    """What a probe noted, in milliseconds. time_of: when a sample of the call was heard, by the same clock."""
    own = [(c, max(c.because[0].at)) for c, _ in probe.cues.values() if c.because[0].code == "spoke_over_caller"]
    decided_at = {t.span.start: t.decided_at for t, _ in probe.turns.values() if t.by == "agent"}
    painted = [(probe.painted[c.id], onset) for c, onset in own if c.id in probe.painted]
    return {
        "hop_cpu_ms": quantiles(probe.hops_ms),
        "decided_to_engine_out_ms": quantiles(1000 * (t - time_of(e.decided_at)) for e, t in probe.turns.values()),
        "cue_to_painted_ms": quantiles(
            1000 * (probe.painted[i] - t) for i, (_, t) in probe.cues.items() if i in probe.painted
        ),
        "decided_to_painted_ms": quantiles(
            1000 * (at - time_of(decided_at[onset])) for at, onset in painted if onset in decided_at
        ),
        "onset_to_painted_ms": quantiles(1000 * (at - time_of(onset)) for at, onset in painted),
        "words_after_end_of_utterance_ms": quantiles(probe.words_ms),
        "memory_mb": probe.memory_mb,
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "cues": [c.kind for c, _ in probe.cues.values()],
    }


def quantiles(values: Iterable[float]) -> dict[str, float] | None:
    """Count, median, 95th percentile and largest; None of nothing."""
    ranked = sorted(values)
    if not ranked:
        return None
    p95 = ranked[min(len(ranked) - 1, int(0.95 * len(ranked)))]
    return {
        "n": len(ranked),
        "p50": round(statistics.median(ranked), 2),
        "p95": round(p95, 2),
        "max": round(ranked[-1], 2),
    }


def main() -> None:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=data_folder, default=USUAL, help="folder of the recordings")
    parser.add_argument("--seconds", type=float, default=180, help="of each call")
    parser.add_argument("--calls", type=int, default=1, help="how many calls")
    parser.add_argument("--no-words", action="store_true", help="without the recogniser")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    asked = parser.parse_args()
    results: list[dict[str, Any]] = []
    for path in sorted(asked.data.glob(CALLS))[: asked.calls]:
        results.append(one_call(path, words=not asked.no_words, seconds=asked.seconds))
        print(json.dumps(results[-1], indent=1))
    if asked.json:
        asked.json.write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
