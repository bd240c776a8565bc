"""Scorecards: their forms, a version at a time, and how calls were rated by them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select, update

from voicecare.qa.store.records import Form, NewScorecard, Scorecard
from voicecare.qa.store.rows import columns, now, records, values
from voicecare.qa.store.schema import forms, scorecards


class Scoring:
    """The forms and scorecards of a store, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_form(self, name: str, title: str, body: Mapping[str, Any], made_by: str) -> int:
        """Append a form, or the next version of the one of that name; return its id."""
        newest = self._connection.execute(select(func.max(forms.c.version)).where(forms.c.name == name)).scalar()
        row = {
            "name": name,
            "version": (newest or 0) + 1,
            "title": title,
            "body": dict(body),
            "made_at": now(),
            "made_by": made_by,
            "retired": False,
        }
        return int(self._connection.execute(forms.insert().values(row).returning(forms.c.id)).scalar_one())

    def forms(self, *, retired: bool = False) -> list[Form]:
        """Every form in use, each version, the newest first; `retired`: also those that are not."""
        wanted = select(*columns(forms, Form)).order_by(forms.c.name, forms.c.version.desc())
        return [form for form in records(Form, self._connection.execute(wanted)) if retired or not form.retired]

    def retire(self, form: int) -> None:
        """Take a version of a form out of use; scorecards by it stay."""
        self._connection.execute(update(forms).where(forms.c.id == form).values(retired=True))

    def add(self, new: NewScorecard) -> int:
        """Append a scorecard; return its id."""
        row = {**values(new), "made_at": now()}
        return int(self._connection.execute(scorecards.insert().values(row).returning(scorecards.c.id)).scalar_one())

    def of_call(self, call: int) -> list[Scorecard]:
        """The scorecards of a call that hold, in order."""
        return self._standing(scorecards.c.call == call)

    def of_form(self, form: int) -> list[Scorecard]:
        """The scorecards by one version of a form that hold, in order."""
        return self._standing(scorecards.c.form == form)

    def _standing(self, which: Any) -> list[Scorecard]:  # noqa: ANN401 - a condition
        wanted = select(*columns(scorecards, Scorecard)).where(which).order_by(scorecards.c.id)
        made = records(Scorecard, self._connection.execute(wanted))
        replaced = {card.replaces for card in made}
        return [card for card in made if card.id not in replaced]
