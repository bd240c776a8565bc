"""`voicecare devices` and `voicecare doctor`: what is there, what would be used and why, and what is missing."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import numpy as np
from rich.console import Console
from rich.table import Table

from voicecare.audio import chirp
from voicecare.audio.capture import Capture
from voicecare.audio.devices import Choice, Device, Pick, pick, sound_system
from voicecare.audio.wire import Ear
from voicecare.errors import InputError, UsageError, VoicecareError
from voicecare.timebase import RATE_HZ, Samples, samples
from voicecare.types import PARTIES, AudioBlock, Floats

METER_S = 3.0
SELF_TEST_S = 3.0
QUIET_DBFS = -70.0
_BROKEN_QT = "6.12"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, what was found, and else the one thing to do."""

    well: bool
    what: str
    advice: str = ""


def show_devices(choice: Choice, console: Console, *, meter: bool = True) -> int:
    """List the devices, say which would be used and why, and show for a moment how loud both legs are.

    Raises:
        InputError: there is no sound system here. UsageError: a name fits several devices.
    """
    with closing(sound_system()) as system:
        devices = system.devices()
        console.print(f"sound system: {system.name}")
    table = Table("name", "what it is", "kind", "default", box=None)
    for device in devices:
        table.add_row(device.name, device.label, device.kind, "yes" if device.default else "")
    console.print(table)
    picks = [_picked(ear, choice, devices) for ear in choice.ears()]
    for picked in picks:
        console.print(picked if isinstance(picked, str) else f"{picked.ear}: {picked.device.name}, {picked.why}")
    if any(isinstance(picked, str) for picked in picks):
        return 2
    if meter:
        for line in level_lines(hear(choice, METER_S)):
            console.print(line)
    return 0


def examine(console: Console, *, choice: Choice | None = None, play: bool = True) -> int:
    """Look at everything a live call needs, a line each; return 0 where all is well, else 1."""
    well = True
    for finding in findings(choice or Choice(), play=play):
        well = well and finding.well
        mark = "ok  " if finding.well else "no  "
        console.print(mark + finding.what + (f": {finding.advice}" if finding.advice else ""), soft_wrap=True)
    return 0 if well else 1


def findings(choice: Choice, *, play: bool) -> Iterator[Finding]:
    """Everything that is looked at, in the order in which it can fail."""
    yield Finding(True, f"voicecare {version('voicecare')} on Python {sys.version.split()[0]}, {sys.platform}")
    yield recogniser()
    yield cue_window()
    capture = devices_for(choice)
    yield capture
    if not capture.well:
        return
    heard = hear(choice, SELF_TEST_S, chirp.chirp() if play else None)
    for party, line in zip(PARTIES, level_lines(heard), strict=True):
        silent = _dbfs(heard[PARTIES.index(party)]) < QUIET_DBFS
        yield Finding(
            not (silent and party == "agent"), line, _microphone_advice() if silent and party == "agent" else ""
        )
    if play:
        yield loopback(heard[1])


def recogniser() -> Finding:
    """Whether words can be heard offline."""
    from voicecare.backends.whisper_models import BUILT_IN, locate

    try:
        return Finding(True, f"recogniser {locate(BUILT_IN).name} is on this machine")
    except VoicecareError as error:
        return Finding(False, "no recogniser", str(error))


def cue_window() -> Finding:
    """Whether the cue window can be shown, and is safe to leave open for a day."""
    try:
        qt = version("PySide6-Essentials")
    except PackageNotFoundError:
        return Finding(False, "no cue window", "pip install 'voicecare[live]', or use --console")
    if qt.startswith(_BROKEN_QT) and sys.version_info < (3, 12):
        # Measured: each call of 6.12.0 that returns nothing loses a reference to None; under 3.11 that ends in a crash.
        return Finding(
            False, f"PySide6 {qt} crashes after some hours under Python 3.11", "pip install 'PySide6-Essentials<6.12'"
        )
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return Finding(False, "no desktop to show the cue window on", "start from a desktop, or use --console")
    return Finding(True, f"cue window: PySide6 {qt}")


def devices_for(choice: Choice) -> Finding:
    """Whether there is a device for each leg."""
    try:
        with closing(sound_system()) as system:
            picks = [pick(ear, choice, system.devices()) for ear in choice.ears()]
    except VoicecareError as error:
        return Finding(False, "no two legs to hear", " ".join(str(error).split()))
    chosen = "; ".join(f"{p.ear}: {p.device.label} ({p.why})" for p in picks)
    muted = [p.device.label for p in picks if p.device.muted]
    if muted:
        return Finding(False, chosen, f"{', '.join(muted)} is muted; unmute it in the sound settings")
    return Finding(True, chosen)


def loopback(caller: Floats) -> Finding:
    """Whether what the output plays arrives on the caller's leg."""
    found = chirp.find(caller)
    if found is None:
        return Finding(
            False,
            "the test sound played on the default output did not arrive on the caller's leg",
            "let the softphone play on the device that is heard, or name its loopback with --caller",
        )
    return Finding(True, f"the test sound arrived on the caller's leg ({found.gain_db:+.1f} dB)")


def hear(choice: Choice, length_s: float, sound: Floats | None = None) -> Floats:
    """Hear both legs for a while, float32 (2, n) at 16 kHz; plays `sound` on the default output meanwhile.

    Raises:
        InputError: capture cannot start, or nothing came within five seconds.
    """
    rows: list[Floats] = []
    heard: Samples = 0
    stop: Callable[[], None] | None = None
    end_s = time.monotonic() + length_s + 5.0
    with Capture(choice) as capture:
        for item in capture:
            if isinstance(item, AudioBlock):
                rows.append(item.samples)
                heard += item.samples.shape[1]
                if sound is not None and stop is None:
                    stop = _play(sound)
            if heard >= samples(length_s) or time.monotonic() > end_s:
                capture.stop()
    if stop is not None:
        stop()
    if not rows:
        raise InputError("no sound came from the devices within five seconds; see `voicecare devices`")
    return np.concatenate(rows, axis=1)


def level_lines(heard: Floats) -> list[str]:
    """A line for each leg: its level in dBFS and a bar."""
    lines = []
    for row, party in enumerate(PARTIES):
        level = _dbfs(heard[row])
        bar = "█" * max(0, round((level + 72) / 3))
        lines.append(f"{party:>6} {'silent' if level < QUIET_DBFS else f'{level:.0f} dBFS':>9} {bar}")
    return lines


def _dbfs(row: Floats) -> float:
    return float(10 * np.log10(np.mean(row.astype(np.float64) ** 2) + 1e-12))


def _play(sound: Floats) -> Callable[[], None]:
    """Begin to play on the default output; returns what ends it."""
    import sounddevice

    stream = sounddevice.OutputStream(samplerate=RATE_HZ, channels=1, dtype="float32")
    stream.start()
    stream.write(np.concatenate((sound, np.zeros(RATE_HZ // 4, np.float32))).reshape(-1, 1))

    def end() -> None:
        stream.stop()
        stream.close()

    return end


def _picked(ear: Ear, choice: Choice, devices: Sequence[Device]) -> Pick | str:
    try:
        return pick(ear, choice, devices)
    except UsageError:
        raise
    except InputError as error:
        return f"{ear}: {error}"


def _microphone_advice() -> str:
    if sys.platform == "darwin":
        return "allow the microphone in System Settings > Privacy & Security for the program you started voicecare from"
    if sys.platform == "win32":
        return "allow the microphone in Settings > Privacy & security, and see that the headset is not muted"
    return "see that the headset is plugged in and not muted"
