"""One night: every call that was found is queued, heard by an engine and kept; what was done stays done."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from voicecare.errors import InputError, OutputError
from voicecare.qa.batch.engines import Ended, Engine
from voicecare.qa.batch.found import Found, Known, Remark
from voicecare.qa.batch.hearing import Job, Setup
from voicecare.qa.batch.identity import models, result_hash, settings
from voicecare.qa.content import file_hash, joined
from voicecare.qa.store.ledger import Work
from voicecare.qa.store.recordings import Seen, seen
from voicecare.qa.store.records import NewCall
from voicecare.qa.store.store import Store

MOST_TRIES = 2
TOGETHER = 500
"""Calls that are queued in one transaction."""
READERS = 4
"""Files that are read at once to know their content."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that could not be heard, and why, in one line."""

    call: str
    reason: str


@dataclass(slots=True)
class Tally:
    """How a night goes.

    calls: how many it is about. done: heard now. before: had been done before. failed: could not be heard. cut: heard,
    but not to their end. heard_s: the length of what was heard now, in seconds of call. worked_s, cpu_s: what workers
    spent on that, in seconds of time and of processor.
    """

    calls: int = 0
    done: int = 0
    before: int = 0
    twice: int = 0
    erased: int = 0
    heard_s: float = 0.0
    worked_s: float = 0.0
    cpu_s: float = 0.0
    size_bytes: int = 0
    done_bytes: int = 0
    failed: list[Failure] = field(default_factory=list)
    cut: list[Failure] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


class Night:
    """Hears the calls that were found, into a store.

    models: what they are heard with, as `identity.models` names it.
    """

    def __init__(self, store: Store, setup: Setup, *, agent_channel: str, raw: str | None, retry: bool) -> None:
        self._store = store
        self._setup = setup
        self._side = agent_channel
        self._raw = raw
        self._retry = retry
        self.models = models(setup.choices)
        self._settings = settings(setup.config, setup.choices)
        self.tally = Tally()

    def queue(self, found: Sequence[Found], told: Callable[[int], None]) -> list[Work]:
        """Put the calls on the store's list; return those that are to be heard, the longest first.

        told: after each few calls, how many were looked at.

        Raises:
            OutputError: the store cannot be used.
        """
        results: dict[int, None] = {}
        for start in range(0, len(found), TOGETHER):
            some = found[start : start + TOGETHER]
            hashed = self._hashed(some)
            with self._store.write() as to:
                to.recordings.remember(one for ones in hashed for one in ones if isinstance(one, Seen))
                for call, ones in zip(some, hashed, strict=True):
                    wrong = next((one for one in ones if isinstance(one, str)), None)
                    if wrong is not None:
                        self.tally.failed.append(Failure(_title(call), wrong))
                        continue
                    new = self._new(call, [one for one in ones if isinstance(one, Seen)])
                    if to.graves.stone(new.content_hash) is not None:
                        self.tally.erased += 1
                        continue
                    number, _ = to.calls.add(new)
                    how = {
                        **self._settings,
                        "agent_channel": new.agent_channel,
                        "offset_s": new.offset_s,
                        "raw": new.raw,
                    }
                    result = to.ledger.queue(number, result_hash(new.content_hash, how, self.models), how, self.models)
                    self.tally.twice += result.id in results
                    results[result.id] = None
            told(start + len(some))
        return self._due(list(results))

    def join(self, facts: Mapping[str, Known]) -> None:
        """Join what a manifest says by call id with the calls of the store."""
        with self._store.write() as to:
            for name, known in facts.items():
                of = to.calls.named(name)
                if len(of) != 1:
                    self.tally.remarks.append(Remark("no_such_call" if not of else "several_calls", {"name": name}))
                    continue
                told = {
                    "agent": known.agent,
                    "queue": known.queue,
                    "caller_ref": known.caller,
                    "started_at": known.start,
                    "sort_at": known.start,
                    "csat": known.csat,
                    "nps": known.nps,
                    "retained": known.retained,
                    "arm": known.arm,
                }
                to.calls.set_facts(of[0].id, {name: value for name, value in told.items() if value is not None})

    def hear(self, work: Iterable[Work], engine: Engine, told: Callable[[], None]) -> None:
        """Hear them all. told: whenever something changed, and every second.

        Raises:
            OutputError: the store cannot be used. InputError: the engine is gone for good.
        """
        todo = deque(work)
        by_result = {one.result.id: one for one in todo}
        try:
            while todo or by_result:
                while todo and engine.free:
                    self._begin(todo.popleft(), engine)
                for ended in engine.ended():
                    one = by_result[ended.job.result]
                    if self._end(one, ended):
                        del by_result[ended.job.result]
                    else:
                        todo.append(one)
                told()
        finally:
            engine.close()
            self._release(by_result)

    def _release(self, begun: Iterable[int]) -> None:
        """What was begun and is not over waits again; where even that cannot be written, the next night does it."""
        with contextlib.suppress(OutputError), self._store.write() as to:
            for result in begun:
                if (now := to.ledger.get(result)) is not None and now.state == "running":
                    to.ledger.release(result, blame=False)

    def _begin(self, one: Work, engine: Engine) -> None:
        call = one.call
        job = Job(one.result.id, call.files, call.agent_channel, call.offset_s, call.raw, self._setup)
        worker = engine.begin(job)
        with self._store.write() as to:
            to.ledger.begin(one.result.id, worker)

    def _end(self, one: Work, ended: Ended) -> bool:
        """Keep what became of a job; False where it is to be tried again."""
        outcome = ended.outcome
        with self._store.write() as to:
            now = to.ledger.get(one.result.id)
            if now is None:  # it was erased meanwhile
                self.tally.erased += 1
                self.tally.done_bytes += one.call.size_bytes
                return True
            if outcome is None:
                tries = now.tries
                if ended.loss == "engine" or tries < MOST_TRIES:
                    to.ledger.release(one.result.id, blame=ended.loss == "worker")
                    return False
                why = ended.why or "out of memory, perhaps, or a library that reads it failed or never came back"
                reason = f"the process that heard it died, {tries} times ({why})"
            elif outcome.filed is None:
                reason = outcome.reason
            elif dict(outcome.models) != self.models:
                other = sorted(
                    name
                    for name in {*self.models, *outcome.models}
                    if self.models.get(name) != outcome.models.get(name)
                )
                reason = f"heard by a worker with other models ({', '.join(other)}); install the same there"
            else:
                to.results.save(one.result.id, outcome.filed, wall_s=outcome.wall_s, reason=outcome.reason)
                self.tally.done += 1
                self.tally.heard_s += outcome.filed.duration_s
                self.tally.worked_s += outcome.wall_s
                self.tally.cpu_s += outcome.cpu_s
                if not outcome.filed.complete:
                    self.tally.cut.append(Failure(one.call.call_id, outcome.reason or "the recording is cut short"))
                reason = ""
            if reason:
                to.ledger.fail(one.result.id, reason)
                self.tally.failed.append(Failure(one.call.call_id, reason))
        self.tally.done_bytes += one.call.size_bytes
        return True

    def _due(self, results: list[int]) -> list[Work]:
        with self._store.write() as to:
            known = to.ledger.states_of(results)
            if self._retry:
                to.ledger.retry([result for result, (state, _, _) in known.items() if state == "failed"])
                known = to.ledger.states_of(results)
            for result, (state, call, reason) in known.items():
                if state == "running":  # a run that died had begun it
                    to.ledger.release(result, blame=False)
                if state == "failed":
                    self.tally.failed.append(Failure(call, reason))
                self.tally.before += state == "done"
            work = to.ledger.waiting(results)
        self.tally.calls = len(results)
        self.tally.size_bytes = sum(one.call.size_bytes for one in work)
        return work

    def _hashed(self, some: Sequence[Found]) -> list[list[Seen | str]]:
        """What each file holds, or why it cannot be read; one that did not change is not read again."""
        files = [file for call in some for file in call.files]
        with self._store.read() as to:
            known = to.recordings.known([str(file) for file in files])
        with ThreadPoolExecutor(READERS) as readers:
            told = dict(zip(files, readers.map(lambda file: _seen(file, known), files), strict=True))
        return [[told[file] for file in call.files] for call in some]

    def _new(self, call: Found, ones: Sequence[Seen]) -> NewCall:
        known = call.known
        changed = datetime.fromtimestamp(min(one.changed_ns for one in ones) / 1e9, UTC)
        both = len(call.files) == 2
        return NewCall(
            content_hash=joined([one.content_hash for one in ones]),
            call_id=known.call or call.files[0].stem,
            files=tuple(str(file) for file in call.files),
            agent_channel="own file" if both else known.agent_channel or self._side,
            sort_at=known.start or changed.replace(microsecond=changed.microsecond // 1000 * 1000),
            size_bytes=sum(one.size_bytes for one in ones),
            agent=known.agent,
            queue=known.queue,
            caller_ref=known.caller,
            started_at=known.start,
            offset_s=known.offset_s or 0.0,
            raw=known.raw or self._raw,
            csat=known.csat,
            nps=known.nps,
            retained=known.retained,
            arm=known.arm,
            extra=dict(known.extra),
        )


def _seen(file: Path, known: dict[str, Seen]) -> Seen | str:
    """A file's content, or why it cannot be known."""
    try:
        str(file).encode()
        before = seen(file, "")
        old = known.get(str(file))
        if old is not None and (old.size_bytes, old.changed_ns) == (before.size_bytes, before.changed_ns):
            return old
        return seen(file, file_hash(file))
    except UnicodeEncodeError:
        return "its name is not text (no UTF-8); rename it"
    except OSError as error:
        return f"cannot read {file}: {error.strerror}; check the path"
    except InputError as error:
        return str(error)


def _title(call: Found) -> str:
    return " + ".join(file.name for file in call.files)
