"""A recorded call taken as the caller to practise with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from voicecare.assembly import Choices
from voicecare.audio.files.layout import refuse_copies
from voicecare.audio.files.recording import open_recording
from voicecare.care.practice.recorded import Straight, TurnByTurn, turns
from voicecare.care.practice.script import Script
from voicecare.config import Config
from voicecare.errors import InputError
from voicecare.recorded import Replay
from voicecare.types import Segment

Pcm = npt.NDArray[np.int16]
DEMO, DEMO_CALL = "demo", "call.flac"
"""The call that ships, as a recording to practise with."""


def is_recording(caller: str) -> bool:
    """Whether it names a file that is no scenario; a name without a dot or a folder is a scenario's."""
    path = Path(caller)
    return path.suffix != ".toml" and (path.is_file() or path.suffix != "" or len(path.parts) > 1)


def recorded(path: Path, config: Config, *, straight: bool) -> tuple[Script, Mapping[str, Pcm]]:
    """Take the caller's leg as a script and its lines: whole, or cut into turns where the recorded agent spoke.

    Raises:
        InputError: it cannot be read, or nobody speaks in it.
    """
    recording = open_recording(path)
    refuse_copies(recording)
    leg = np.concatenate([block.samples[1] for block in recording])
    sound = np.asarray(np.clip(np.rint(leg * 32_768), -32_768, 32_767), np.int16)
    if straight:
        return Straight("all"), {"all": sound}
    session = Replay(config, Choices(words=False)).run(recording, agent_channel="right")
    spoken = [(event.channel, event.span) for event in session.events if isinstance(event, Segment)]
    found, agent_first = turns(spoken)
    if not found:
        raise InputError(f"{path.name}: the caller's channel holds no speech to practise with")
    lines = {f"turn{number}": sound[span.start : span.end] for number, span in enumerate(found, 1)}
    return TurnByTurn(list(lines), agent_first=agent_first), lines
