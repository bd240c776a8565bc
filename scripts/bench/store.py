"""How fast a store of many calls is listed, filtered and searched, how fast it keeps, and what erasing takes.

    python scripts/bench/store.py [--calls 100000] [--store URL] [--json FILE]

Without --store: SQLite in a folder of its own, removed afterwards. The calls are built: figures drawn at random, 400 to
800 words each after Zipf's law, the session of the demo call.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, bindparam, text, update

from voicecare.api import replay
from voicecare.assembly import Choices
from voicecare.qa.store import schema
from voicecare.qa.store.calls import Bound, CallQuery
from voicecare.qa.store.filing import Filed, filed
from voicecare.qa.store.records import NewCall
from voicecare.qa.store.results import ADD_TEXTS
from voicecare.qa.store.rows import values
from voicecare.qa.store.searching import lexemes
from voicecare.qa.store.store import Opened, Store

DEMO = Path(__file__).resolve().parents[2] / "voicecare" / "demo" / "call.flac"
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
VOCABULARY = 20_000
AGENTS, QUEUES = 400, 12
TOGETHER = 2_000
REPEATS = 40
MARK = "zyzzyvaquux"
"""A word of one call alone: what is looked for after that call was erased."""


@dataclass(frozen=True, slots=True)
class Timed:
    """How long one thing took, in milliseconds, over all repeats.

    cpu_ms: the processor's part on average, of this process and of a server on this machine: what remains of a figure
    that was measured beside other work.
    """

    what: str
    cpu_ms: float
    median_ms: float
    p95_ms: float
    worst_ms: float


def built(count: int, seed: int = 7) -> Iterator[tuple[NewCall, Filed]]:
    """So many calls, and what was heard of each."""
    chance = random.Random(seed)
    template = filed(replay(DEMO, choices=Choices(words=False)).record)
    words = [f"w{number:05}" for number in range(VOCABULARY)]
    weights = [1 / (rank + 2) for rank in range(VOCABULARY)]
    drawn = chance.choices(words, weights, k=2_000_000)
    for number in range(count):
        at, length = chance.randrange(len(drawn) - 800), chance.randint(400, 800)
        said = drawn[at : at + length]
        if seed == 7 and number == count // 2:
            said = [*said, MARK]
        start = BEGAN + timedelta(seconds=60 * number + chance.randrange(60))
        call = NewCall(
            content_hash=hashlib.sha256(f"{seed} {number}".encode()).hexdigest(),
            call_id=f"call-{number:07}",
            files=(f"/recordings/{start:%Y/%m/%d}/call-{number:07}.wav",),
            agent_channel="right",
            sort_at=start,
            started_at=start,
            size_bytes=2_880_000,
            agent=f"agent {chance.randrange(AGENTS)}",
            queue=f"queue {chance.randrange(QUEUES)}",
            caller_ref=f"customer {chance.randrange(count)}",
        )
        strain = round(chance.betavariate(2, 4), 3)
        figures = {**template.figures, "strain_peak": strain, "agent_interruptions": int(chance.expovariate(0.8))}
        figures |= {"rises_unresolved": int(strain > 0.7), "duration_s": round(chance.uniform(30, 900), 3)}
        yield call, replace(template, figures=figures, texts=(" ".join(said[::2]), " ".join(said[1::2])))


def fill(store: Store, count: int) -> None:
    """Fill a store, thousands of calls at once: it is not this that is measured."""
    calls = built(count)
    done = 0
    while some := list(islice(calls, TOGETHER)):
        with store.write() as to:
            fill_some(to.connection, some)
        done += len(some)
        print(f"\r{done:,} of {count:,}", end="", file=sys.stderr)
    print(file=sys.stderr)


def fill_some(connection: Connection, some: list[tuple[NewCall, Filed]]) -> None:
    """Write the rows that `keep` would write."""
    at = datetime.now(UTC)
    rows = [{**values(call), "status": "done", "added_at": at, "duration_s": 88.4} for call, _ in some]
    ids = connection.execute(schema.calls.insert().returning(schema.calls.c.id, sort_by_parameter_order=True), rows)
    calls = list(ids.scalars())
    same = {"settings": {"words": True}, "models": {}, "state": "done", "reason": "", "tries": 1, "words": True}
    rows = [
        {"result_hash": new.content_hash[::-1], "call": call, "queued_at": at, "complete": True, **same}
        for call, (new, _) in zip(calls, some, strict=True)
    ]
    ids = connection.execute(schema.results.insert().returning(schema.results.c.id, sort_by_parameter_order=True), rows)
    results = list(ids.scalars())
    shown = update(schema.calls).where(schema.calls.c.id == bindparam("which")).values(current=bindparam("shows"))
    connection.execute(shown, [{"which": call, "shows": made} for call, made in zip(calls, results, strict=True)])
    tables: dict[Table, list[dict[str, Any]]] = defaultdict(list)
    for call, result, (_, heard) in zip(calls, results, some, strict=True):
        of = {"result": result, "call": call}
        version = {"result": result, "version": "heard"}
        tables[schema.sessions].append({"result": result, "length": heard.length, "body": heard.body})
        tables[schema.texts].append({"result": result, "agent": heard.texts[0], "caller": heard.texts[1]})
        tables[schema.numbers].append({**version, "call": call, "made_at": at, **heard.figures})
        tables[schema.summaries].append({**version, "body": dict(heard.summary)})
        tables[schema.events] += [{**of, **event} for event in heard.events]
        tables[schema.cues] += [{**of, **cue} for cue in heard.cues]
    if connection.dialect.name == "postgresql":
        words = [{**row, "tsv": lexemes(row["agent"], row["caller"])} for row in tables.pop(schema.texts)]
        connection.execute(text(ADD_TEXTS), words)
    for table, of_table in tables.items():
        connection.execute(table.insert(), of_table)


def keep(to: Opened, call: NewCall, heard: Filed) -> None:
    """Add a call as a night does."""
    number, _ = to.calls.add(call)
    result = to.ledger.queue(number, call.content_hash[::-1], {"words": True}, {})
    to.ledger.begin(result.id, "bench")
    to.results.save(result.id, heard)


def kept_one_by_one(store: Store) -> float:
    """How many results a second a night can keep: each in a transaction of its own, synced."""
    some = [(replace(call, content_hash=call.content_hash[::-1]), heard) for call, heard in built(200, seed=8)]
    began_s = time.perf_counter()
    for call, heard in some:
        with store.write() as to:
            keep(to, call, heard)
    return len(some) / (time.perf_counter() - began_s)


def asked(count: int) -> dict[str, Callable[[random.Random], tuple[CallQuery, bool]]]:
    """What a person asks of a list; whether the second page is asked for, too."""

    def day(chance: random.Random) -> datetime:
        return BEGAN + timedelta(minutes=chance.randrange(count))

    return {
        "list, newest": lambda _: (CallQuery(), False),
        "list, second page": lambda _: (CallQuery(), True),
        "list, highest strain": lambda _: (CallQuery(order="strain_peak"), False),
        "filter: agent": lambda chance: (CallQuery(agent=f"agent {chance.randrange(AGENTS)}"), False),
        "filter: queue and week": lambda chance: (
            CallQuery(queue=f"queue {chance.randrange(QUEUES)}", since=(at := day(chance)), before=at + timedelta(7)),
            False,
        ),
        "filter: interruptions >= 3": lambda _: (CallQuery(bounds=(Bound("agent_interruptions", ">=", 3),)), False),
        "filter: a rare figure (some 10 calls)": lambda _: (
            CallQuery(bounds=(Bound("agent_interruptions", ">=", 11),)),
            False,
        ),
        "filter: has an interruption, unresolved": lambda _: (
            CallQuery(has=("interruption",), bounds=(Bound("rises_unresolved", ">=", 1),)),
            False,
        ),
        "filter: nobody looked at it yet": lambda _: (CallQuery(reviewed=False), False),
        "search: a common word": lambda chance: (CallQuery(search=f"w{chance.randrange(3):05}"), False),
        "search: a word in the middle": lambda chance: (CallQuery(search=f"w{chance.randrange(50, 500):05}"), False),
        "search: a rare word": lambda chance: (CallQuery(search=f"w{chance.randrange(10_000, VOCABULARY):05}"), False),
        "search: two words and an agent": lambda chance: (
            CallQuery(search="w00001 caller:w00002", agent=f"agent {chance.randrange(AGENTS)}"),
            False,
        ),
        "search: the beginning of a word": lambda chance: (
            CallQuery(search=f"w0{chance.randrange(1000, 1999)}*"),
            False,
        ),
    }


def timed(store: Store, count: int) -> Iterator[Timed]:
    """Ask each question again and again."""
    for what, ask in asked(count).items():
        chance = random.Random(1)
        took_ms = []
        used_s = 0.0
        for _ in range(REPEATS):
            query, second = ask(chance)
            with store.read() as to:
                after = to.calls.page(query).after if second else None
            before_s, began_s = spent_s(store), time.perf_counter()
            with store.read() as to:
                to.calls.page(query, limit=50, after=after)
            used_s += spent_s(store) - before_s
            took_ms.append(1000 * (time.perf_counter() - began_s))
        took_ms.sort()
        p95 = took_ms[int(0.95 * (len(took_ms) - 1))]
        cpu_ms = 1000 * used_s / REPEATS
        yield Timed(what, round(cpu_ms, 1), round(statistics.median(took_ms), 1), round(p95, 1), round(took_ms[-1], 1))


def spent_s(store: Store) -> float:
    """What this process and the server behind it have used of a processor."""
    own_s = time.process_time()
    if store.dialect == "sqlite":
        return own_s
    with store.read() as to:
        server = to.connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    try:
        used = Path(f"/proc/{server}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:  # on another machine
        return own_s
    return own_s + (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")


def erased(store: Store, data: Path | None) -> tuple[float, int]:
    """Erase one call; how long it took in seconds, and how many files still hold its word."""
    with store.read() as to:
        (row,) = to.calls.page(CallQuery(search=MARK)).rows
    began_s = time.perf_counter()
    store.erase([row.call], recordings=False)
    took_s = time.perf_counter() - began_s
    places = store.files() if data is None else [file for file in data.rglob("*") if file.is_file()]
    return took_s, sum(holds(file, MARK.encode()) for file in places)


def holds(file: Path, wanted: bytes) -> bool:
    """Whether a file holds these bytes."""
    before = b""
    with file.open("rb") as stream:
        while block := stream.read(1 << 24):
            if wanted in before + block:
                return True
            before = block[-len(wanted) :]
    return False


@contextmanager
def opened(given: str | None) -> Iterator[Store]:
    """The store that is measured."""
    if given is not None:
        with Store.open(given) as store:
            yield store
        return
    with tempfile.TemporaryDirectory() as folder, Store.open(f"{folder}/calls.db") as store:
        yield store


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=100_000, help="how many calls the store holds")
    parser.add_argument("--store", help="an empty store to fill and measure, such as postgresql://USER@HOST/DATABASE")
    parser.add_argument("--data", type=Path, help="the folder of the server's files, searched after the erasure")
    parser.add_argument("--json", type=Path, help="write the table as JSON")
    options = parser.parse_args()
    with opened(options.store) as store:
        fill(store, options.calls)
        store.tidy()
        rows = list(timed(store, options.calls))
        single = kept_one_by_one(store)
        files = [path for path in options.data.rglob("*") if path.is_file()] if options.data else store.files()
        size_mb = sum(file.stat().st_size for file in files) / 1e6
        took_s, left = erased(store, options.data)
        load = os.getloadavg()[0]
        print(f"{store.dialect}, {options.calls:,} calls, {size_mb:,.0f} MB of files; load of the machine {load:.1f}")
        for row in rows:
            took = f"median {row.median_ms:7.1f} ms, p95 {row.p95_ms:7.1f} ms, worst {row.worst_ms:7.1f} ms"
            print(f"{row.what:42} cpu {row.cpu_ms:6.1f} ms, {took}")
        print(f"kept as a night keeps: {single:.0f} calls a second, each in a transaction of its own")
        print(f"one call erased in {took_s:.1f} s; files that still hold its word: {left}")
    if options.json:
        told = {"calls": options.calls, "size_mb": size_mb, "kept_a_second": single}
        told |= {"erased_s": took_s, "left": left, "asked": [asdict(row) for row in rows]}
        options.json.write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
