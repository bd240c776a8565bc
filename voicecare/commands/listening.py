"""What `devices` and `doctor` hear: both legs for a moment, as the devices chosen give them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from threading import Timer

import numpy as np

from voicecare.audio.devices.answering import answered
from voicecare.audio.devices.capture import Capture
from voicecare.audio.devices.choice import Choice, sound_system
from voicecare.audio.devices.soundsystem import Device
from voicecare.errors import InputError, UsageError
from voicecare.timebase import RATE_HZ, Samples, samples
from voicecare.types import PARTIES, AudioBlock, Floats

METER_STEP_S = 0.1
_METER_HOPS = 6
LONGEST_S = 60.0
QUIET_DBFS = -70.0
ANSWER_S = 3.0
"""How long the sound system may take to list its devices, or to play a second of sound."""
FIRST_S = 3.5
"""How long is waited for a first sound, with which a capture process has started; a second where all is well."""
PATIENCE_S = 2.5
"""How much longer than asked for is waited for all of it. With a capture process that has to be killed everything ends
within 10 s, whatever the devices do: 7 s where a sound server stands still."""


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
    with Capture(choice) as capture, _ending(capture, length_s + PATIENCE_S), _ending(capture, FIRST_S) as waiting:
        for item in capture:
            if isinstance(item, AudioBlock):
                waiting.cancel()
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
        raise InputError(f"no sound came from the devices within {FIRST_S:g} s; see `voicecare devices`")
    return np.concatenate(rows, axis=1)


def level_lines(heard: Floats) -> list[str]:
    """A line for each leg: its level in dBFS and a bar."""
    lines = []
    for row, party in enumerate(PARTIES):
        level = dbfs(heard[row])
        bar = "█" * max(0, round((level + 72) / 3))
        lines.append(f"{party:>6} {'silent' if level < QUIET_DBFS else f'{level:.0f} dBFS':>9} {bar}")
    return lines


def there() -> tuple[str, list[Device]]:
    """The name of the sound system, and its devices."""
    with closing(sound_system()) as system:
        return system.name, system.devices()


def dbfs(row: Floats) -> float:
    """The level of a leg."""
    return float(10 * np.log10(np.mean(row.astype(np.float64) ** 2) + 1e-12))


@contextmanager
def _ending(capture: Capture, after_s: float) -> Iterator[Timer]:
    """Stop a capture by the clock, also one that says nothing."""
    end = Timer(after_s, capture.stop)
    end.start()
    try:
        yield end
    finally:
        end.cancel()


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
