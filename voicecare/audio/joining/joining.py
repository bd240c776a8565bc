"""Two devices made one call: stamped blocks of both legs in, hops of both legs on one clock out.

The time of the call is the computer's monotonic clock from the moment both legs are heard; each leg is read at its own
crystal's speed. Time goes on whatever the devices do: where a leg has nothing to give, the call has zeros, marked.
Pure: every time is the stamp of a block or a tick, so a late reader changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from voicecare.audio.joining.leg import Leg
from voicecare.audio.joining.wire import Ear, Fault, FaultCode, Opened, Tick
from voicecare.timebase import HOP, RATE_HZ, Samples
from voicecare.types import PARTIES, AudioBlock, Floats, Health, Party

PATIENCE_S = 0.5
"""How long the call waits for a leg that says nothing, in time during which it could have spoken."""
START_S = 2.0
"""How long the call waits for the second leg before it starts with one."""
GLIMPSE_S = 0.05
"""Of a longer jump between two stamps only this much counts as waiting: then nobody was able to speak."""
DEAF_S = 1.0
"""A leg missing for this long is said on the screen."""
STEPS = np.float32(32_768.0)
"""Hops are given in steps of 16 bits, as devices deliver and tapes keep them: what is kept is what was heard."""
MAX_FILL_S = 60.0
"""A longer hole (the computer slept) is skipped, not filled: the call's time stands still and says by how much."""


@dataclass(frozen=True, slots=True, eq=False)
class Stamped:
    """What one leg's device delivered: float32 mono at 16 kHz; `arrived_s` is when its last sample was handed over."""

    leg: Party
    arrived_s: float
    samples: Floats


FromDevice: TypeAlias = Stamped | Opened | Fault | Tick


@dataclass(slots=True)
class _State:
    """What the joiner knows of one leg."""

    leg: Leg = field(default_factory=Leg)
    waited_s: float = 0.0
    missing: Samples = 0
    told: str = ""
    sleeps: bool = False
    fault: FaultCode = "no_sound"


class Joiner:
    """Turns what two devices deliver into the hops of a call.

    `push` returns, in order, the hops that became complete and a `Health` where a leg fell silent for good
    (`not_listening`, note "caller_device_gone") and where that is over (`listening`, the same note).
    Hops are contiguous from sample 0; `gap` is set where any sample of either leg was lost.
    """

    def __init__(self) -> None:
        self._states = {party: _State() for party in PARTIES}
        self._begin_s: float | None = None
        self._waits_since_s: float | None = None
        self._first_s: float | None = None
        self._newest_s: float | None = None
        self._at: Samples = 0

    @property
    def at(self) -> Samples:
        """How far the call has come."""
        return self._at

    @property
    def drift_ppm(self) -> dict[Party, float]:
        """Each device's crystal against the computer's clock."""
        return {party: state.leg.drift_ppm for party, state in self._states.items()}

    def time_of(self, at: Samples) -> float:
        """When a sample of the call was heard, on the clock of the stamps; 0 before the call began."""
        return 0.0 if self._begin_s is None else self._begin_s + at / RATE_HZ

    def push(self, message: FromDevice) -> list[AudioBlock | Health]:
        """Take the next message; messages come in the order of their stamps, give or take a block."""
        jump_s = self._pass_time(message.arrived_s)
        out: list[AudioBlock | Health] = []
        if jump_s > MAX_FILL_S and self._begin_s is not None:
            self._begin_s += jump_s
            out.append(Health(self._at, "not_listening", int(jump_s * RATE_HZ), "slept"))
            out.append(Health(self._at, "listening", 0, "slept"))
        match message:
            case Stamped():
                state = self._states[message.leg]
                state.leg.push(message.arrived_s, message.samples)
                state.waited_s = 0.0
            case Opened():
                for party in _legs(message.ear):
                    old = self._states[party]
                    self._states[party] = _State(
                        missing=old.missing, told=old.told, waited_s=old.waited_s, sleeps=message.sleeps
                    )
            case Fault():
                for party in _legs(message.ear):
                    out += self._blame(party, message.code)
            case Tick():
                pass
        out += self._hops()
        return out if self._begin_s is not None else [*out, *self._not_begun()]

    def _not_begun(self) -> list[Health]:
        """Before the first hop no sample can be missed, so deafness is said by the clock."""
        waited_s = (
            0.0 if self._newest_s is None or self._waits_since_s is None else self._newest_s - self._waits_since_s
        )
        out: list[Health] = []
        for party, state in self._states.items():
            if not state.told and not state.leg.anchored and (state.fault != "no_sound" or waited_s >= START_S):
                state.told = f"{party}_{state.fault}"
                state.missing = max(1, round(waited_s * RATE_HZ))
                out.append(Health(self._at, "not_listening", state.missing, state.told))
        return out

    def _pass_time(self, now_s: float) -> float:
        """Move the newest stamp forward and let the legs wait; return by how much it jumped."""
        if self._newest_s is None:
            self._newest_s = self._waits_since_s = now_s
        jump_s = max(0.0, now_s - self._newest_s)
        self._newest_s += jump_s
        for state in self._states.values():
            state.waited_s += min(jump_s, GLIMPSE_S)
        return jump_s

    def _hops(self) -> list[AudioBlock | Health]:
        out: list[AudioBlock | Health] = []
        if self._begin_s is None:
            self._begin_s = self._begin()
        if self._begin_s is None or self._newest_s is None:
            return out
        while True:
            time_s = self._begin_s + self._at / RATE_HZ
            overdue = time_s + HOP / RATE_HZ < self._newest_s - PATIENCE_S
            for state in self._states.values():
                if not state.leg.ready(time_s, HOP) and not (overdue and state.waited_s > PATIENCE_S):
                    return out
            out += self._hop(time_s)

    def _begin(self) -> float | None:
        """The time of sample 0: when both legs have something, or one of them and long patience."""
        heard = [state.leg for state in self._states.values() if state.leg.anchored]
        if not heard or self._newest_s is None:
            return None
        if self._first_s is None:
            self._first_s = self._newest_s
        if len(heard) < len(PARTIES) and self._newest_s - self._first_s < START_S:
            return None
        return max(leg.first_s for leg in heard)

    def _hop(self, time_s: float) -> list[AudioBlock | Health]:
        rows, lost = np.zeros((2, HOP), np.float32), False
        news: list[Health] = []
        for row, (party, state) in enumerate(self._states.items()):
            piece = state.leg.read(time_s, HOP)
            rows[row] = piece.samples
            lost_here = 0 if state.sleeps else piece.lost
            lost = lost or lost_here > 0
            news += self._tell(party, state, lost_here)
        np.clip(np.rint(rows * STEPS), -STEPS, STEPS - 1, out=rows)
        block = AudioBlock(self._at, rows / STEPS, gap=lost)
        self._at += HOP
        return [block, *news]

    def _blame(self, party: Party, code: FaultCode) -> list[Health]:
        """Note a fault; one that leaves the audio flowing is said at once."""
        state = self._states[party]
        state.fault = code
        if code == "muted":
            state.told = f"{party}_muted"
            return [Health(self._at, "not_listening", 0, state.told)]
        if code == "paused":
            state.told = "paused"  # the agent's own wish is told by whoever heeds it
        if code == "well":
            return self._well(state)
        return []

    def _tell(self, party: Party, state: _State, lost: Samples) -> list[Health]:
        """Say deafness once it has lasted, and its end."""
        if lost:
            state.missing += lost
            if not state.told and state.missing >= DEAF_S * RATE_HZ:
                state.told = f"{party}_{state.fault}"
                return [Health(self._at, "not_listening", state.missing, state.told)]
            return []
        return self._well(state) if state.missing else []

    def _well(self, state: _State) -> list[Health]:
        missing, told = state.missing, state.told
        state.missing, state.told, state.fault = 0, "", "no_sound"
        return [Health(self._at, "listening", missing, told)] if told not in ("", "paused") else []


def _legs(ear: Ear) -> tuple[Party, ...]:
    return PARTIES if ear == "both" else (ear,)
