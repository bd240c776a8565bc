"""The ledger: what is to be heard, by whom it is being heard, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from voicecare.qa.store.records import Call, Result, Status
from voicecare.qa.store.rows import columns, named, now, record
from voicecare.qa.store.schema import calls, results


@dataclass(frozen=True, slots=True)
class Work:
    """A result that is to be made, and the call it is of."""

    result: Result
    call: Call


class Ledger:
    """The ledger of a store, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def queue(self, call: int, result_hash: str, settings: Mapping[str, Any], models: Mapping[str, Any]) -> Result:
        """Put a result on the list of what is to be made; one that is on it already stays as it is."""
        found = self._connection.execute(select(results).where(results.c.result_hash == result_hash)).first()
        if found is not None:
            return record(Result, found)
        row = {
            "result_hash": result_hash,
            "call": call,
            "settings": dict(settings),
            "models": dict(models),
            "state": "queued",
            "reason": "",
            "tries": 0,
            "queued_at": now(),
            "words": bool(settings.get("words", True)),
        }
        made = self._connection.execute(results.insert().values(row).returning(*columns(results, Result))).one()
        self._connection.execute(update(calls).where(calls.c.id == call).values(status="queued"))
        return record(Result, made)

    def get(self, result: int) -> Result | None:
        """Find a result by its id."""
        row = self._connection.execute(select(*columns(results, Result)).where(results.c.id == result)).first()
        return None if row is None else record(Result, row)

    def of_call(self, call: int) -> list[Result]:
        """Every result of a call, the newest first."""
        wanted = select(*columns(results, Result)).where(results.c.call == call).order_by(results.c.id.desc())
        return [record(Result, row) for row in self._connection.execute(wanted)]

    def waiting(self, result_ids: Iterable[int]) -> list[Work]:
        """Those of some results that are not made yet, the longest recordings first: none is left to the end."""
        wanted = set(result_ids)
        both = select(
            *(column.label(f"result_{column.name}") for column in columns(results, Result)),
            *(column.label(f"call_{column.name}") for column in columns(calls, Call)),
        ).join_from(results, calls, calls.c.id == results.c.call)
        work = []
        for row in self._connection.execute(both.where(results.c.state.in_(("queued", "running")))):
            known = named(row)
            if known["result_id"] in wanted:
                work.append(Work(record(Result, row, "result_"), record(Call, row, "call_")))
        return sorted(work, key=lambda one: (-one.call.size_bytes, one.result.id))

    def states_of(self, result_ids: Sequence[int]) -> dict[int, tuple[Status, str, str]]:
        """Of some results their state, their call's id and the reason."""
        wanted = set(result_ids)
        asked = select(results.c.id, results.c.state, calls.c.call_id, results.c.reason).join_from(
            results, calls, calls.c.id == results.c.call
        )
        return {
            row.id: (row.state, row.call_id, row.reason) for row in self._connection.execute(asked) if row.id in wanted
        }

    def begin(self, result: int, worker: str) -> None:
        """A worker begins with it: one try more. What is done stays done."""
        row = {"state": "running", "tries": results.c.tries + 1, "worker": worker, "started_at": now()}
        self._set(result, row, "running")

    def fail(self, result: int, reason: str) -> None:
        """It cannot be made; why, in one line."""
        self._set(result, {"state": "failed", "reason": reason, "finished_at": now()}, "failed")

    def release(self, result: int, *, blame: bool) -> None:
        """It was begun and not ended; it waits again. blame: whether the try counts."""
        row: dict[str, Any] = {"state": "queued", "worker": None}
        if not blame:
            row["tries"] = results.c.tries - 1
        self._set(result, row, "queued")

    def retry(self, result_ids: Iterable[int]) -> int:
        """Put those of some results that failed back on the list; return how many."""
        count = 0
        for result in result_ids:
            row = {"state": "queued", "reason": "", "tries": 0}
            done = self._connection.execute(
                update(results).where(results.c.id == result, results.c.state == "failed").values(row)
            )
            count += done.rowcount
        return count

    def states(self) -> Counter[str]:
        """How many results are in which state."""
        return Counter(self._connection.execute(select(results.c.state)).scalars())

    def _set(self, result: int, row: Mapping[str, Any], status: str) -> None:
        changed = update(results).where(results.c.id == result, results.c.state != "done")
        call = self._connection.execute(changed.values(dict(row)).returning(results.c.call)).scalar()
        if call is not None:
            self._connection.execute(update(calls).where(calls.c.id == call).values(status=status))
