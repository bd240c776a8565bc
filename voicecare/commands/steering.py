"""What other programs of the user may ask of a running day, in the words of `voicecare call`."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from voicecare.cue.face import Face
    from voicecare.cue.viewmodel import Wishes
    from voicecare.live.control import Act
    from voicecare.live.run import LiveRun

SNOOZE_MINUTES = 15


def acts(wishes: Wishes, run: LiveRun, face: Face) -> dict[str, Act]:
    """Name what each word does."""

    def new() -> None:
        run.next_call()
        wishes.new_call()

    def objects() -> None:
        wishes.objected = True

    def pause(paused: bool) -> None:  # noqa: FBT001 - a state
        wishes.paused = paused

    def snooze(until_s: float) -> None:
        wishes.snoozed_until_s = until_s

    def status() -> dict[str, Any]:
        return {**run.status(), "snoozed": time.perf_counter() < wishes.snoozed_until_s}

    def answer(said: str) -> None:
        known = getattr(face, "acts", None)
        if known is not None:
            known.answer(said)

    show: Callable[[], None] = getattr(face, "show_menu", lambda: None)
    wished: Callable[[], None] = getattr(face, "wished", lambda: None)

    def seen(act: Act) -> Act:
        """The screen follows at once."""

        def done() -> dict[str, Any] | None:
            told = act()
            wished()
            return told

        return done

    known: dict[str, Act] = {
        "new": new,
        "end": run.end_call,
        "hold": lambda: run.hold_call(held=True),
        "resume": lambda: run.hold_call(held=False),
        "objects": objects,
        "erase": run.erase_call,
        "pause": lambda: pause(True),
        "go-on": lambda: pause(False),
        "snooze": lambda: snooze(time.perf_counter() + 60 * SNOOZE_MINUTES),
        "cues-on": lambda: snooze(0.0),
        "helped": lambda: answer("helped"),
        "not-helped": lambda: answer("not_helped"),
        "status": status,
        "show": show,
        "quit": run.stop,
    }
    return {word: act if word == "status" else seen(act) for word, act in known.items()}
