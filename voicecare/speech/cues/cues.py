"""Decides the one cue on the agent's screen: when it comes, why, and when it goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from voicecare.config import CueConfig
from voicecare.speech.cues.budget import Budget
from voicecare.speech.cues.strainwatch import StrainWatch
from voicecare.timebase import Samples, samples, seconds
from voicecare.types import Arousal, Cue, CueKind, Health, Pace, Phrase, Reason, Sentiment, TurnEvent

Need: TypeAlias = Literal["slow_down", "acknowledge"]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A need that no cue tells yet.

    since, newest: when it was first and last raised. raised_by: the interruptions that raised it; words may take each
    of them back.
    """

    since: Samples
    newest: Samples
    because: tuple[Reason, ...]
    raised_by: frozenset[int] = frozenset()


class Cues:
    """At most one cue, held until it does not cut into the agent's word, cleared when the agent has done it.

    Limits: `min_gap_s` between cues, and a `Budget` that fills up again over the call; what it keeps away is told by
    `kept_away`. Both needs merge into one cue: what still waits for the agent's word when another need shows is told
    with it, so that the screen changes once.
    """

    def __init__(self, config: CueConfig) -> None:
        self._config = config
        self._strain = StrainWatch(config)
        self._hold = samples(config.hold_s)
        self._min_gap = samples(config.min_gap_s)
        self._expire = samples(config.expire_s)
        self._yield = samples(config.yield_s)
        self._memory = samples(config.remember_s)
        self._waiting: dict[Need, _Waiting] = {}
        self._interruptions: dict[int, Samples] = {}
        self._counted: set[int] = set()  # an event is told again when it ends
        self._together: set[Samples] = set()  # where the agent began together with the caller
        self._standing: Cue | None = None
        self._unmet: set[Need] = set()
        self._agent_quiet: Samples = 0
        self._budget = Budget(config)
        self._withheld_at: Samples | None = None
        self._news: list[Health] = []
        self._last_at: Samples | None = None
        self._praised = False
        self._answered_spell = False
        self._next_id = 0

    def push(self, event: TurnEvent | Arousal | Sentiment | Phrase | Pace, now: Samples) -> list[Cue]:
        """Take one event of the call."""
        if isinstance(event, TurnEvent):
            self._turn(event, now)
        elif isinstance(event, Arousal):
            return self._arousal(event, now)
        elif isinstance(event, Sentiment):
            self._strain.read(event)
            return self._praise(self._strain.delighted(), now)
        elif isinstance(event, Pace):
            self._pace(event, now)
        else:
            return self._phrase(event, now)
        return []

    def _phrase(self, event: Phrase, now: Samples) -> list[Cue]:
        self._strain.notice(event)
        if event.answers:
            self._answered_spell = self._strain.acknowledged(event.span.start) or self._answered_spell
            self._waiting.pop("acknowledge", None)
            return self._met("acknowledge", now)
        return []

    def hop(self, now: Samples, length: Samples, *, agent_speaks: bool, caller_speaks: bool) -> list[Cue]:
        """One hop of the call has passed; shows what waits, clears what is done or old."""
        if caller_speaks:
            self._strain.spoke(length)
        self._agent_quiet = 0 if agent_speaks else self._agent_quiet + length
        cues: list[Cue] = []
        if self._agent_quiet >= self._yield:
            cues += self._met("slow_down", now)
        if self._standing is not None and now >= self._standing.expires_at:
            cues += self._clear("expired", now)
        due = self._strain.due()
        if due is None:
            self._waiting.pop("acknowledge", None)
        else:
            self._waiting.setdefault("acknowledge", _Waiting(now, now, due))
        return [*cues, *self._show(now, agent_speaks=agent_speaks)]

    def kept_away(self) -> list[Health]:
        """The cues the budget kept away since this was last asked, one event (`cue_limit`) each."""
        news, self._news = self._news, []
        return news

    def finish(self, end: Samples) -> list[Cue]:
        """The call is over."""
        return self._clear("expired", end) if self._standing is not None else []

    def _turn(self, event: TurnEvent, now: Samples) -> None:
        if event.by != "agent":
            return
        if event.kind == "interruption" and event.id not in self._counted:
            self._counted.add(event.id)
            self._interruptions[event.id] = event.span.start
            self._want_slow_down(event.id, now)
        elif event.kind == "dual_start":
            self._together.add(event.span.start)
        elif event.kind == "talk_over" and event.span.start in self._together and event.id not in self._counted:
            # Nobody interrupted, but both went on; a long backchannel is no such thing.
            self._counted.add(event.id)
            reason = Reason("talked_over", (event.span.start,), seconds(event.span.length))
            self._waiting.setdefault("slow_down", _Waiting(now, now, (reason,)))
        elif event.kind == "backchannel" and event.id in self._interruptions:
            self._take_back(event.id)

    def _want_slow_down(self, id_: int, now: Samples) -> None:
        self._interruptions = {known: at for known, at in self._interruptions.items() if now - at <= self._memory}
        waiting = self._waiting.get("slow_down")
        since, others = (now, frozenset[int]()) if waiting is None else (waiting.since, waiting.raised_by)
        self._waiting["slow_down"] = _Waiting(since, now, self._spoke_over(), others | {id_})

    def _take_back(self, id_: int) -> None:
        """The words made it a backchannel: what has not been shown yet no longer rests on it."""
        del self._interruptions[id_]
        waiting = self._waiting.get("slow_down")
        if waiting is None or not waiting.raised_by:
            return
        left = waiting.raised_by - {id_}
        if left:
            self._waiting["slow_down"] = replace(waiting, because=self._spoke_over(), raised_by=left)
        else:
            del self._waiting["slow_down"]

    def _spoke_over(self) -> tuple[Reason, ...]:
        onsets = tuple(sorted(self._interruptions.values()))
        return (Reason("spoke_over_caller", onsets, float(len(onsets))),)

    def _pace(self, event: Pace, now: Samples) -> None:
        if event.channel == "agent" and event.relative > self._config.pace_ratio and self._strain.is_up:
            self._waiting.setdefault(
                "slow_down", _Waiting(now, now, (Reason("pace_up", (event.span.start,), round(event.relative, 2)),))
            )

    def _arousal(self, event: Arousal, now: Samples) -> list[Cue]:
        if not self._strain.push(event):
            return []
        cues = self._met("acknowledge", now, "eased")
        if self._answered_spell:
            cues += self._praise(self._held_well(event), now)
        self._answered_spell = False
        return cues

    def _praise(self, because: tuple[Reason, ...], now: Samples) -> list[Cue]:
        """Tell the agent that it went well, where there is a reason to: once a call, and never beside another cue."""
        if not because or self._praised or not self._config.well_held or self._standing is not None:
            return []
        self._praised = True
        return self._raise("well_held", because, now)

    def _held_well(self, event: Arousal) -> tuple[Reason, ...]:
        at = self._strain.acknowledged_at
        eased = Reason("strain_eased", (event.at,), event.value)
        return (eased,) if at is None else (Reason("acknowledged", (at,)), eased)

    def _show(self, now: Samples, *, agent_speaks: bool) -> list[Cue]:
        # A need that arose while no cue may show is old news when one may: it has to arise again.
        for need, waiting in list(self._waiting.items()):
            if now - waiting.newest > self._hold + self._yield:
                del self._waiting[need]
        ready = [n for n, w in self._waiting.items() if not agent_speaks or now - w.since >= self._hold]
        standing = self._standing
        for need in [n for n in ready if standing is not None and n in standing.kind]:
            # The cue on screen says it already; it stays until the agent has done it (again).
            self._unmet.add(need)
            ready.remove(need)
            del self._waiting[need]
        if not ready:
            return []
        said = "" if standing is None else standing.kind
        because = tuple(r for need, waiting in self._waiting.items() if need not in said for r in waiting.because)
        if standing is not None and standing.kind != "well_held":
            # The second need joins the cue on screen; it is the same moment, so no gap is asked for.
            because = (*standing.because, *because)
            self._waiting.clear()
            return [*self._clear("replaced", now), *self._raise("slow_down_acknowledge", because, now)]
        if self._last_at is not None and now - self._last_at < self._min_gap:
            return []
        if not self._budget.left(now):
            self._keep_away(ready[0], now)
            return []
        kind: CueKind = "slow_down_acknowledge" if len(self._waiting) > 1 else next(iter(self._waiting))
        self._waiting.clear()
        self._budget.spend(now)
        self._last_at = now
        gone = self._clear("replaced", now) if standing is not None else []
        return [*gone, *self._raise(kind, because, now)]

    def _keep_away(self, need: Need, now: Samples) -> None:
        """Count what the budget kept away as it would have been shown: one a gap, however long the need lasts."""
        if self._withheld_at is None or now - self._withheld_at >= self._min_gap:
            self._withheld_at = now
            self._news.append(Health(now, "cue_limit", 1, need))

    def _raise(self, kind: CueKind, because: tuple[Reason, ...], now: Samples) -> list[Cue]:
        self._next_id += 1
        if kind == "slow_down_acknowledge":
            self._unmet = {"slow_down", "acknowledge"}
        elif kind != "well_held":
            self._unmet = {kind}
        if "slow_down" in self._unmet:
            self._interruptions.clear()
            self._agent_quiet = 0
        self._standing = Cue(self._next_id, kind, now, because, now + self._expire, shown=not self._config.shadow)
        return [self._standing]

    def _met(self, need: Need, now: Samples, how: Literal["heeded", "eased"] = "heeded") -> list[Cue]:
        if need not in self._unmet:
            return []
        self._unmet.discard(need)
        return [] if self._unmet else self._clear(how, now)

    def _clear(self, how: Literal["heeded", "eased", "expired", "replaced"], now: Samples) -> list[Cue]:
        if self._standing is None:
            return []
        cleared = replace(self._standing, cleared_at=now, cleared_by=how)
        self._standing = None
        self._unmet = set()
        return [cleared]
