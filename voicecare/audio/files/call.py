"""The files of one call, as a user names them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from voicecare.audio.files.raw import RawFormat
from voicecare.audio.files.recording import SIDES, Recording, Side, open_pair, open_recording
from voicecare.errors import UsageError

MOST_OFFSET_S = 3_600.0


@dataclass(frozen=True, slots=True)
class CallFiles:
    """One file that holds both parties, or (agent, caller), a mono file each.

    agent_channel: where the agent is in a file of both: on which channel or, left the first, which track.
    offset_s: how much later the caller's file begins than the agent's, -3600 to 3600; below 0 the agent's begins later.
    raw: how files without a header are coded.

    Raises:
        UsageError: a value is not allowed, or an offset is given for a file of both parties.
    """

    files: tuple[Path, ...]
    agent_channel: Side = "right"
    offset_s: float = 0.0
    raw: RawFormat | None = None

    def __post_init__(self) -> None:
        """Refuse what does not go together."""
        if self.agent_channel not in SIDES:
            raise UsageError(f"--agent-channel {self.agent_channel}: not known; choose {', '.join(SIDES)}")
        if not math.isfinite(self.offset_s) or abs(self.offset_s) > MOST_OFFSET_S:
            raise UsageError(
                f"--offset {self.offset_s:g}: must be from -{MOST_OFFSET_S:g} to {MOST_OFFSET_S:g} seconds"
            )
        if self.offset_s and len(self.files) != 2:
            raise UsageError(
                "--offset says how two files lie to each other: it goes with --agent FILE and --caller FILE"
            )

    @property
    def title(self) -> str:
        """The names of the files."""
        return " + ".join(file.name for file in self.files)

    @property
    def side(self) -> str:
        """Where the agent is, as a session's header has it: "left", "right" or "own file"."""
        return "own file" if len(self.files) == 2 else self.agent_channel

    def open(self) -> Recording:
        """Open the call.

        Raises:
            InputError: a file cannot be used.
        """
        if len(self.files) == 2:
            return open_pair(*self.files, offset_s=self.offset_s, raw=self.raw)
        return open_recording(self.files[0], agent_channel=self.agent_channel, raw=self.raw)
