"""`voicecare devices` and `voicecare doctor`: what is there, what would be used and why, and what is missing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from threading import Timer
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from voicecare.audio.devices import chirp
from voicecare.audio.devices.answering import answered
from voicecare.audio.devices.capture import Capture
from voicecare.audio.devices.choice import Choice, Pick, pick, sound_system
from voicecare.audio.devices.soundsystem import Device
from voicecare.audio.joining.wire import Ear
from voicecare.catalogue.terminal import legible
from voicecare.commands.options import AgentDevice, CallerDevice, ListenSeconds, StereoDevice
from voicecare.cue.windowing import has_screen
from voicecare.errors import InputError, UsageError, VoicecareError
from voicecare.timebase import RATE_HZ, Samples, samples
from voicecare.types import PARTIES, AudioBlock, Floats

METER_S = 3.0
METER_STEP_S = 0.1
_METER_HOPS = 6
LONGEST_S = 60.0
SELF_TEST_S = 3.0
QUIET_DBFS = -70.0
ANSWER_S = 3.0
"""How long the sound system may take to list its devices, or to play a second of sound."""
PATIENCE_S = 2.5
"""How much longer than asked for is waited for sound: with the longest default and a capture process that has to be
killed, everything ends within 10 s, whatever the devices do."""
_BROKEN_QT = "6.12"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, what was found, and else the one thing to do.

    Where it is missing and needed, its line reads "no" and then `what`.

    needed: a live call cannot do without it; the cue window it can, for `--console` shows the cue on the terminal.
    """

    well: bool
    what: str
    advice: str = ""
    needed: bool = True

    @property
    def mark(self) -> str:
        """What its line begins with."""
        if self.well:
            return "ok"
        return "no" if self.needed else "-"


def doctor(
    agent: AgentDevice = None,
    caller: CallerDevice = None,
    stereo: StereoDevice = None,
    seconds: ListenSeconds = 3.0,
    no_play: Annotated[bool, typer.Option("--no-play", help="Play no test sound.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Look at everything a live call needs, a line each, with what to do about it."""
    console = Console(highlight=False, emoji=False, markup=False)
    choice, listen_s = checked_choice(agent, caller, stereo), checked_seconds(seconds)
    raise typer.Exit(examine(console, choice=choice, play=not no_play, listen_s=listen_s))


def checked_choice(agent: str | None, caller: str | None, stereo: str | None) -> Choice:
    """Take devices as typed; None is the system's default.

    Raises:
        UsageError: they do not go together.
    """
    if stereo and (agent or caller):
        raise UsageError("--stereo DEVICE carries both legs: leave out --agent and --caller")
    return Choice(agent, caller, stereo)


def checked_seconds(seconds: float) -> float:
    """Take how long to listen, as typed.

    Raises:
        UsageError: it is not between 0 and 60.
    """
    if not 0 <= seconds <= LONGEST_S:
        raise UsageError(f"--seconds {seconds:g}: must be from 0 to {LONGEST_S:g}")
    return seconds


def show_devices(choice: Choice, console: Console, *, meter_s: float = METER_S) -> int:
    """List the devices, say which would be used and why, and show for `meter_s` how loud both legs are.

    Returns 0; 1 where no live call can be heard, for want of a sound system or a device; 2 where one was named that is
    not there.

    Raises:
        UsageError: a name fits several devices. InputError: a device cannot be heard now.
    """
    try:
        name, devices = answered(_there, ANSWER_S, "the sound system")
        console.print(f"sound system: {name}")
    except InputError as error:
        console.print(legible(f"no  {error}"), soft_wrap=True)
        return 1
    table = Table("name", "what it is", "kind", "default", box=None)
    for device in devices:
        table.add_row(legible(device.name), legible(device.label), device.kind, "yes" if device.default else "")
    console.print(table)
    picks = [_picked(ear, choice, devices) for ear in choice.ears()]
    for picked in picks:
        said = picked if isinstance(picked, str) else f"{picked.ear}: {picked.device.name}, {picked.why}"
        console.print(legible(said), soft_wrap=True)
    if any(isinstance(picked, str) for picked in picks):
        return 1 if choice == Choice() else 2
    if meter_s > 0:
        meter(choice, console, meter_s)
    return 0


def meter(choice: Choice, console: Console, length_s: float) -> None:
    """Show how loud both legs are, moving while it lasts on a terminal, and at the end over all of it.

    Raises:
        InputError: capture cannot start.
    """
    with Live(console=console, auto_refresh=False, transient=True) as moving:

        def show(newest: Floats) -> None:
            if console.is_terminal:
                moving.update(Text("\n".join(level_lines(newest))), refresh=True)

        heard = hear(choice, length_s, on_heard=show)
    for line in level_lines(heard):
        console.print(line)


def examine(console: Console, *, choice: Choice | None = None, play: bool = True, listen_s: float = SELF_TEST_S) -> int:
    """Look at everything a live call needs, a line each, and say how it can be shown.

    Returns 0 where a live call can be heard, in the window or on the terminal; else 1.

    Raises:
        UsageError: a device's name fits several.
    """
    missing: list[Finding] = []
    for finding in findings(choice or Choice(), play=play, listen_s=listen_s):
        line = f"{finding.mark:<4}{finding.what}" + (f": {finding.advice}" if finding.advice else "")
        console.print(legible(line), soft_wrap=True)
        if not finding.well:
            missing.append(finding)
    if any(finding.needed for finding in missing):
        return 1
    said = "a live call can be heard and its cue shown: voicecare live"
    if missing:
        said = "a live call can be heard; its cue shows on the terminal only: voicecare live --console"
    console.print(said, soft_wrap=True)
    return 0


def findings(choice: Choice, *, play: bool, listen_s: float = SELF_TEST_S) -> Iterator[Finding]:
    """Everything that is looked at, in the order in which it can fail; `listen_s` 0 hears nothing."""
    yield Finding(True, f"voicecare {version('voicecare')} on Python {sys.version.split()[0]}, {sys.platform}")
    yield recogniser()
    yield cue_window()
    capture = devices_for(choice)
    yield capture
    if not capture.well or not listen_s:
        return
    yield Finding(True, f"listening for {listen_s:g} s: say a few words")
    try:
        heard = hear(choice, listen_s, chirp.chirp() if play else None)
    except VoicecareError as error:
        yield Finding(False, "the devices are there but cannot be heard", " ".join(str(error).split()))
        return
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
        return Finding(False, "recogniser", str(error))


def cue_window() -> Finding:
    """Whether the cue window can be shown, and is safe to leave open for a day."""
    qt = _qt_version()
    if qt is None:
        advice = "pip install 'voicecare[live]', or use --console"
        return Finding(False, "no cue window: PySide6 is not installed", advice, needed=False)
    if qt.startswith(_BROKEN_QT) and sys.version_info < (3, 12):
        # Measured: each call of 6.12.0 that returns nothing loses a reference to None; under 3.11 that ends in a crash.
        return Finding(
            False, f"PySide6 {qt} crashes after some hours under Python 3.11", "pip install 'PySide6-Essentials<6.12'"
        )
    if not has_screen():
        advice = "start from a desktop, or use --console"
        return Finding(False, "no desktop to show the cue window on", advice, needed=False)
    return Finding(True, f"cue window: PySide6 {qt}")


def devices_for(choice: Choice) -> Finding:
    """Whether there is a device for each leg.

    Raises:
        UsageError: a name fits several.
    """
    try:
        _, devices = answered(_there, ANSWER_S, "the sound system")
        picks = [pick(ear, choice, devices) for ear in choice.ears()]
    except InputError as error:
        return Finding(False, "two legs to hear", " ".join(str(error).split()))
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


def hear(
    choice: Choice, length_s: float, sound: Floats | None = None, on_heard: Callable[[Floats], None] | None = None
) -> Floats:
    """Hear both legs for a while, float32 (2, n) at 16 kHz; plays `sound` on the default output meanwhile.

    on_heard: told the newest METER_STEP_S of both legs, float32 (2, m), as they come.

    Raises:
        InputError: capture or the output cannot start, or nothing came in time.
    """
    rows: list[Floats] = []
    heard: Samples = 0
    shown: Samples = 0
    with Capture(choice) as capture, _ending(capture, length_s + PATIENCE_S):
        for item in capture:
            if isinstance(item, AudioBlock):
                rows.append(item.samples)
                heard += item.samples.shape[1]
                if sound is not None:
                    playing, sound = sound, None
                    answered(lambda: _play(playing), ANSWER_S, "the output")  # noqa: B023 - asked at once, and once
                if on_heard is not None and heard - shown >= samples(METER_STEP_S):
                    on_heard(np.concatenate(rows[-_METER_HOPS:], axis=1))
                    shown = heard
            if heard >= samples(length_s):
                capture.stop()
    if not rows:
        raise InputError(f"no sound came from the devices within {length_s + PATIENCE_S:g} s; see `voicecare devices`")
    return np.concatenate(rows, axis=1)


def level_lines(heard: Floats) -> list[str]:
    """A line for each leg: its level in dBFS and a bar."""
    lines = []
    for row, party in enumerate(PARTIES):
        level = _dbfs(heard[row])
        bar = "█" * max(0, round((level + 72) / 3))
        lines.append(f"{party:>6} {'silent' if level < QUIET_DBFS else f'{level:.0f} dBFS':>9} {bar}")
    return lines


def _there() -> tuple[str, list[Device]]:
    """The name of the sound system, and its devices."""
    with closing(sound_system()) as system:
        return system.name, system.devices()


@contextmanager
def _ending(capture: Capture, after_s: float) -> Iterator[None]:
    """Stop a capture by the clock, also one that says nothing."""
    end = Timer(after_s, capture.stop)
    end.start()
    try:
        yield
    finally:
        end.cancel()


def _dbfs(row: Floats) -> float:
    return float(10 * np.log10(np.mean(row.astype(np.float64) ** 2) + 1e-12))


def _play(sound: Floats) -> None:
    """Play on the default output, to the end; what is captured meanwhile waits in its queue.

    Raises:
        InputError: there is no output to play on.
    """
    import sounddevice

    # Dropped before its end is reached: letting it run dry makes ALSA print a complaint of its own.
    padded = np.concatenate((sound, np.zeros(RATE_HZ // 2, np.float32)))
    try:
        stream = sounddevice.OutputStream(samplerate=RATE_HZ, channels=1, dtype="float32", latency=0.2)
        with closing(stream):
            stream.start()
            stream.write(padded.reshape(-1, 1))
            stream.abort()
    except (sounddevice.PortAudioError, ValueError) as error:
        raise InputError(f"the test sound cannot be played: {error}; choose an output, or use --no-play") from error


def _qt_version() -> str | None:
    for package in ("PySide6-Essentials", "PySide6"):
        try:
            return version(package)
        except PackageNotFoundError:
            continue
    return None


def _picked(ear: Ear, choice: Choice, devices: Sequence[Device]) -> Pick | str:
    try:
        return pick(ear, choice, devices)
    except UsageError:
        raise
    except InputError as error:
        return f"{ear}: {str(error).splitlines()[0].removesuffix('; there:')}"


def _microphone_advice() -> str:
    if sys.platform == "darwin":
        return "allow the microphone in System Settings > Privacy & Security for the program you started voicecare from"
    if sys.platform == "win32":
        return "allow the microphone in Settings > Privacy & security, and see that the headset is not muted"
    return "see that the headset is plugged in and not muted"
