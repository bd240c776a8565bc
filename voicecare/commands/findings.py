"""What a live call needs, each looked at: whether it is well, and else the one thing to do about it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from voicecare.audio.devices import chirp
from voicecare.audio.devices.answering import answered
from voicecare.audio.devices.choice import Choice, pick
from voicecare.commands import listening
from voicecare.cue.windowing import has_screen
from voicecare.errors import InputError, VoicecareError
from voicecare.types import Floats

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
        _, devices = answered(listening.there, listening.ANSWER_S, "the sound system")
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


def microphone_advice() -> str:
    """Why a microphone may be silent on this system."""
    if sys.platform == "darwin":
        return "allow the microphone in System Settings > Privacy & Security for the program you started voicecare from"
    if sys.platform == "win32":
        return "allow the microphone in Settings > Privacy & security, and see that the headset is not muted"
    return "see that the headset is plugged in and not muted"


def _qt_version() -> str | None:
    for package in ("PySide6-Essentials", "PySide6"):
        try:
            return version(package)
        except PackageNotFoundError:
            continue
    return None
