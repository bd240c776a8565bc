"""Measures a row of calls over a real softphone: how soon each is known, and what it costs in a call and at rest.

Also how soon it does what another program asks. Two baresips call each other over SIP on this machine, on a private
PulseAudio; `voicecare live` runs as it is typed and is asked what happens through its socket. Needs the programs of
scripts/apt-packages.txt.

    python scripts/bench/softphone.py [--calls 10] [--rest 600] [--words] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

STAGE = Path(__file__).resolve().parents[2] / "tests"
"""Where the private sound server and the softphones are, which the tests use, too."""
CALL_S = 20.0
LOOK_S = 0.01
PATIENCE_S = 10.0


class Watched:
    """A running `voicecare live`, seen from outside."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        self.process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._env = env
        self._socket = Path(env["XDG_RUNTIME_DIR"]) / "voicecare" / "control"

    def phase(self) -> str:
        """What it says happens now; "" while it starts."""
        from voicecare.errors import InputError
        from voicecare.live.control import ask

        try:
            return str(ask("status", self._socket)["phase"])
        except InputError:
            return ""

    def until(self, phases: tuple[str, ...]) -> float:
        """Wait for one of these phases; return when it was seen."""
        begun_s = time.perf_counter()
        while self.phase() not in phases:
            if time.perf_counter() - begun_s > PATIENCE_S:
                raise SystemExit(f"{' or '.join(phases)} was not seen within {PATIENCE_S:g} s")
            time.sleep(LOOK_S)
        return time.perf_counter()

    def told(self, word: str, phase: str) -> tuple[float, float]:
        """Have it told a word as a desktop's key would; return seconds until the phase it leads to is seen.

        From the start of `voicecare call`, and from the moment another process that runs already sends it.
        """
        from voicecare.live.control import ask

        other = {"hold": ("resume", "talk"), "resume": ("hold", "hold")}[word]
        begun_s = time.perf_counter()
        with subprocess.Popen([sys.executable, "-m", "voicecare", "call", word], env=self._env):
            typed_s = self.until((phase,)) - begun_s
        ask(other[0], self._socket)
        self.until((other[1],))
        begun_s = time.perf_counter()
        ask(word, self._socket)
        return typed_s, self.until((phase,)) - begun_s

    def cpu_s(self) -> float:
        """Processor seconds of it and its children so far."""
        used_s: float = sum(sum(one.cpu_times()[:2]) for one in self._all())
        return used_s

    def memory_mb(self) -> float:
        """Resident memory of it and its children."""
        resident: int = sum(one.memory_info().rss for one in self._all())
        return round(resident / 1e6, 1)

    def _all(self) -> Iterator[Any]:
        import psutil

        me = psutil.Process(self.process.pid)
        yield me
        yield from me.children(recursive=True)


def measured(*, calls: int, rest_s: float, words: bool) -> dict[str, Any]:
    """Play the row and measure it."""
    import soundfile

    sys.path.insert(0, str(STAGE))
    from softphone import Softphone
    from sound_server import SoundServer

    begins_s: list[float] = []
    ends_s: list[float] = []
    memory_mb: list[float] = []
    busy: list[float] = []
    asked_s: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder, SoundServer() as server:
        for sink in ("line_out", "line_in"):
            server.pactl(
                "load-module", "module-null-sink", f"sink_name={sink}", "rate=48000", "channels=1", "norewinds=1"
            )
        with as_file(files("voicecare") / "demo" / "call.flac") as path:
            sound, rate_hz = soundfile.read(path, frames=round(CALL_S * 16_000))
        for leg, party in enumerate(("caller", "agent")):
            soundfile.write(f"{folder}/{party}.wav", sound[:, leg], rate_hz)
        command = [sys.executable, "-m", "voicecare", "live", "--console", "--calls", "softphone"]
        command += ["--folder", f"{folder}/calls", *([] if words else ["--no-words"])]
        watched = Watched(command, server.env)
        watched.until(("rest",))
        with (
            Softphone(server, "agent", 5070, player="headset", source="headset_mic") as agent,
            Softphone(server, "caller", 5080, player="line_out", source="line_in.monitor") as caller,
        ):
            for _ in range(calls):
                caller.do("dial", agent.address)
                watched.until(("ringing",))
                begins_s.append(-agent.do("accept") + watched.until(("talk",)))
                server.play("line_in", f"{folder}/caller.wav")
                server.play("agent_mic", f"{folder}/agent.wav")
                before_s, cpu_s = time.perf_counter(), watched.cpu_s()
                time.sleep(CALL_S)
                busy.append((watched.cpu_s() - cpu_s) / (time.perf_counter() - before_s))
                asked_s += [watched.told("hold", "hold"), watched.told("resume", "talk")]
                ends_s.append(-agent.do("hangup") + watched.until(("rest",)))
                time.sleep(2.0)
                memory_mb.append(watched.memory_mb())
            before_s, cpu_s = time.perf_counter(), watched.cpu_s()
            time.sleep(rest_s)
            resting = (watched.cpu_s() - cpu_s) / (time.perf_counter() - before_s)
            microphones = server.pactl("list", "short", "source-outputs")
        watched.process.terminate()
        watched.process.wait(30)
    return {
        "calls": calls,
        "words": words,
        "begin_known_s": _of(begins_s),
        "rest_again_s": _of(ends_s),
        "asked_by_a_command_s": _of([both[0] for both in asked_s]),
        "asked_by_a_program_s": _of([both[1] for both in asked_s]),
        "processor_in_call_percent_of_a_core": round(100 * statistics.mean(busy), 1),
        "processor_at_rest_percent_of_a_core": round(100 * resting, 2),
        "rest_s": rest_s,
        "memory_after_each_call_mb": memory_mb,
        "who_records_at_rest": [line for line in microphones.splitlines() if "module-remap-source" not in line],
    }


def _of(times_s: list[float]) -> dict[str, float]:
    return {"median": statistics.median(times_s), "worst": max(times_s)}


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=10, help="how many calls, one after the other")
    parser.add_argument("--rest", type=float, default=600.0, help="seconds of rest that are measured")
    parser.add_argument("--words", action="store_true", help="with the recogniser")
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    asked = parser.parse_args()
    found = measured(calls=asked.calls, rest_s=asked.rest, words=asked.words)
    for name, value in found.items():
        shown = {key: round(one, 3) for key, one in value.items()} if isinstance(value, dict) else value
        print(f"{name:38} {shown}")
    if asked.json is not None:
        asked.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
