"""Writes into the diary what the agent's answers say, and reads from it what the cards and the level need."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from voicecare.care.diary import Diary, day_of
from voicecare.care.drafts import Draft
from voicecare.care.level import ANSWERS, MOVABLE, Answered, Movable, Move, next_move, steps, with_level
from voicecare.care.recovery import Recovery
from voicecare.care.thanks import Thanks
from voicecare.config import Config

TEAM_CODE = "team_code"
SHIFT = "shift"
"""The row of the switches that says when the shift began."""


class Ledger:
    """The diary as the cards use it. usual: the settings without a level."""

    def __init__(self, diary: Diary, usual: Config) -> None:
        self._diary = diary
        self._usual = usual

    def shift_began_s(self) -> float | None:
        """When the last shift began, in seconds since the epoch."""
        return max(
            (float(row["at_s"]) for row in self._diary.rows("switches") if row["feature"] == SHIFT), default=None
        )

    def shift_begins(self, now_s: float) -> None:
        """A shift begins; only the last one is remembered."""
        for row in self._diary.rows("switches"):
            if row["feature"] == SHIFT:
                self._diary.remove("switches", int(row["id"]))
        self._diary.add("switches", now_s, feature=SHIFT, state="on")

    def recovered(self, now_s: float, found: Recovery) -> None:
        """A caller came back to their usual voice."""
        self._diary.add("recoveries", now_s, calm_s=round(found.calm_s))

    def keep_thanks(self, now_s: float, said: Thanks) -> int:
        """Keep a caller's thanks; return its row."""
        return self._diary.add("thanks", now_s, text=said.text, language=said.language)

    def answer_thanks(self, now_s: float, draft: Draft, choice: str) -> None:
        """Keep what was not kept yet, or remove it at one key."""
        if choice == "keep":
            self._diary.add("thanks", now_s, text=str(draft.names["text"]))
        elif choice == "remove" and draft.row:
            self._diary.remove("thanks", draft.row)

    def moment(self, now_s: float, draft: Draft, went: str, note: str) -> None:
        """How a call went, as the agent sees it."""
        value_s = draft.names.get("value_s")
        fact = str(draft.names["fact"])
        self._diary.add("moments", now_s, fact=fact, value_s=value_s, went=went, note=note)

    def intend(self, now_s: float, text: str) -> None:
        """The shift's intention: the agent's words, or @ and the code of one that was picked."""
        self._diary.add("intentions", now_s, text=text, kept="")

    def intention(self, now_s: float) -> str:
        """The intention of this day, or ""."""
        rows = self._today("intentions", now_s)
        return str(rows[-1]["text"]) if rows else ""

    def open_intentions(self, now_s: float) -> list[Mapping[str, Any]]:
        """Intentions of this day of which is not known whether they were kept."""
        return [row for row in self._today("intentions", now_s) if not row["kept"]]

    def intention_kept(self, row: int, kept: str) -> None:
        """Whether it was: yes, no, or the moment did not come."""
        self._diary.change("intentions", row, kept=kept)

    def energy(self, now_s: float, value: int) -> None:
        """How much energy the agent says to have, 1 to 5; only ever kept because the agent ticked keep."""
        self._diary.add("energy", now_s, value=value)

    def team_code(self, now_s: float) -> str:
        """The random code under which the agent's counts are shared, made when it is first needed."""
        rows = [row for row in self._diary.rows("switches") if row["feature"] == TEAM_CODE]
        if rows:
            return str(rows[0]["state"])
        code = secrets.token_hex(8)
        self._diary.add("switches", now_s, feature=TEAM_CODE, state=code)
        return code

    def last_weekly_s(self) -> float | None:
        """When the weekly question was last answered."""
        return max((float(row["at_s"]) for row in self._diary.rows("weekly")), default=None)

    def weekly(self, now_s: float, item: str, value: int) -> None:
        """One item of the weekly question."""
        self._diary.add("weekly", now_s, item=item, value=value)

    def told(self, now_s: float, about: str, answer: str) -> Move | None:
        """What the agent says of a cue; return the step of the level that it gives, if any."""
        self._diary.add("answers", now_s, about=about, answer=answer)
        move = next_move(self.answers(), self.moves(), now_s, self._usual)
        if move is not None:
            self._moved(move)
        return move

    def back(self, now_s: float, about: Movable) -> Move | None:
        """The agent takes the last step back; None where the level is the usual one."""
        step = steps(self.moves())[about]
        if step == 0:
            return None
        move = Move(about, step - 1, now_s)
        self._moved(move)
        return move

    def answers(self) -> list[Answered]:
        """All that was said of cues, in order of time."""
        return [
            Answered(float(row["at_s"]), str(row["about"]), answer)
            for row in self._diary.rows("answers")
            for answer in ANSWERS
            if row["answer"] == answer
        ]

    def moves(self) -> list[Move]:
        """All steps of the level, in order of time."""
        return [
            Move(about, int(row["step"]), float(row["at_s"]), int(row["answers"]), int(row["unneeded"]))
            for row in self._diary.rows("levels")
            for about in MOVABLE
            if row["about"] == about
        ]

    def config(self, config: Config) -> Config:
        """Settings with the agent's level in them."""
        return with_level(config, steps(self.moves()))

    def _moved(self, move: Move) -> None:
        self._diary.add(
            "levels", move.at_s, about=move.about, step=move.step, answers=move.answers, unneeded=move.unneeded
        )

    def _today(self, table: Any, now_s: float) -> list[Mapping[str, Any]]:  # noqa: ANN401 - a name of a table
        day = date.fromisoformat(day_of(now_s))
        return self._diary.rows(table, day, day)
