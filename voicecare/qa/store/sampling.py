"""Samples of calls, with the probability of each of being drawn; and the filters that people saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, select

from voicecare.qa.store.records import Drawn, Sample, View
from voicecare.qa.store.rows import columns, now, records
from voicecare.qa.store.schema import sample_calls, samples, views


class Samples:
    """The samples and saved filters of a store, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        name: str,
        kind: str,
        drawn: Iterable[Drawn],
        *,
        made_by: str,
        seed: int,
        frame: int,
        definition: Mapping[str, Any],
    ) -> int:
        """Keep a drawing out of `frame` calls; return its id."""
        row = {
            "name": name,
            "kind": kind,
            "made_at": now(),
            "made_by": made_by,
            "seed": seed,
            "frame": frame,
            "definition": dict(definition),
        }
        made = int(self._connection.execute(samples.insert().values(row).returning(samples.c.id)).scalar_one())
        rows = [{"sample": made, **asdict(one)} for one in drawn]
        if rows:
            self._connection.execute(sample_calls.insert(), rows)
        return made

    def all(self) -> list[Sample]:
        """Every sample, the newest first."""
        return records(
            Sample, self._connection.execute(select(*columns(samples, Sample)).order_by(samples.c.id.desc()))
        )

    def drawn(self, sample: int) -> list[Drawn]:
        """The calls of a sample, in the order in which they were drawn; one that was erased is gone."""
        wanted = select(*columns(sample_calls, Drawn)).where(sample_calls.c.sample == sample)
        return records(Drawn, self._connection.execute(wanted.order_by(sample_calls.c.place)))

    def save_view(self, owner: str, name: str, query: Mapping[str, Any]) -> int:
        """Save filters under a name; those saved under it before are replaced."""
        self.drop_view(owner, name)
        row = {"owner": owner, "name": name, "query": dict(query), "made_at": now()}
        return int(self._connection.execute(views.insert().values(row).returning(views.c.id)).scalar_one())

    def drop_view(self, owner: str, name: str) -> None:
        """Forget filters."""
        self._connection.execute(delete(views).where(views.c.owner == owner, views.c.name == name))

    def views(self, owner: str) -> list[View]:
        """What a person saved, by name."""
        wanted = select(*columns(views, View)).where(views.c.owner == owner).order_by(views.c.name)
        return records(View, self._connection.execute(wanted))
