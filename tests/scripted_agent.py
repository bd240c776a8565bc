"""An agent for practice tests, deaf to everything but the headset: greets, then answers or talks over, as scripted."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from pathlib import Path

import numpy as np
import soundfile

DEMO = Path(__file__).parents[1] / "voicecare" / "demo"
RATE_HZ = 16_000
CHUNK_S = 0.02
SPEECH_DBFS = -45.0
ANSWERS_AFTER_S = 0.5
TALKS_OVER_AFTER_S = 1.6
GREETING = "Thanks for calling"
ACKNOWLEDGES = "I understand how frustrating"
ANSWERS = "Okay, let me have a look"
TALKS_OVER = "Yes, but if you could just"


def clip(folder, begins):
    """One sentence of the demo call's agent, cut out and brought to an ordinary level."""
    truth = json.loads((DEMO / "call.truth.json").read_text(encoding="utf-8"))
    said = next(s for s in truth["said"] if s["channel"] == "agent" and s["text"].startswith(begins))
    call, rate_hz = soundfile.read(DEMO / "call.flac")
    path = folder / f"{begins.split()[0].lower()}-{len(begins)}.wav"
    soundfile.write(path, call[int(said["start"] * rate_hz) : int(said["end"] * rate_hz), 1], rate_hz)
    return path, said["end"] - said["start"]


class ScriptedAgent:
    """Listens to the headset of a `SoundServer` and speaks into its microphone until closed.

    script: what to do at each of the caller's turns: the beginning of a sentence; TALKS_OVER starts inside it. The last
    one is done again and again.
    """

    def __init__(self, server, folder, script) -> None:
        self._server = server
        self._clips = {begins: clip(folder, begins) for begins in (GREETING, ACKNOWLEDGES, ANSWERS, TALKS_OVER)}
        self._script = list(script)
        self._ears = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self.said = []

    def __enter__(self):
        self._ears = subprocess.Popen(
            ["parec", "--device=headset.monitor", f"--rate={RATE_HZ}", "--channels=1", "--format=s16le",
             "--latency-msec=20"],
            env=self._server.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._ears.kill()
        self._ears.wait()
        self._thread.join()
        self._ears.stdout.close()

    def _speak(self, begins):
        path, length_s = self._clips[begins]
        self._server.play("agent_mic", path)
        self.said.append(begins)
        return time.monotonic() + length_s

    def _work(self):
        busy_until_s = self._speak(GREETING)
        begun_s = last_s = None
        while not self._ended.is_set():
            data = self._ears.stdout.read(int(2 * RATE_HZ * CHUNK_S))
            if not data:
                return
            now_s = time.monotonic()
            level = np.sqrt(np.mean((np.frombuffer(data, "<i2") / 32_768.0) ** 2))
            if level > 10 ** (SPEECH_DBFS / 20):
                begun_s = begun_s or now_s
                last_s = now_s
            if begun_s is None or now_s < busy_until_s:
                continue
            does = self._script[0]
            if does == TALKS_OVER:
                due = now_s - begun_s >= TALKS_OVER_AFTER_S
            else:
                due = now_s - last_s >= ANSWERS_AFTER_S + 0.3
            if due:
                busy_until_s = self._speak(does)
                begun_s = None
                if len(self._script) > 1:
                    self._script.pop(0)
