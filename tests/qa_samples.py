"""Stores of invented calls for the tests of quality assurance: a few weeks of them, with sound that can be heard."""

from __future__ import annotations

import dataclasses
import json
import random
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

import numpy as np
import report_samples as calls
import soundfile

from voicecare.qa.content import content_hash
from voicecare.qa.store.records import NewCall
from voicecare.qa.store.store import Store
from voicecare.report.rows import spoken
from voicecare.session import Session

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
EVIL = '<script>alert(1)</script>\'; DROP TABLE calls;-- =HYPERLINK("http://x")'
FORM = json.loads(resources.files("voicecare.qa").joinpath("example_form.json").read_text(encoding="utf-8"))


def recording(path: Path, session: Session, seed: int = 0) -> Path:
    """A two-channel recording in which each party hums while they speak; the agent is on the right."""
    length = max(session.end, 16_000)
    draw = np.random.default_rng(seed)
    sound = np.zeros((length // 2, 2), np.float32)
    at = np.arange(length // 2) / 8000
    legs = spoken(session.events)
    for channel, (who, pitch) in enumerate((("caller", 210), ("agent", 130))):
        hum = sum(np.sin(2 * np.pi * pitch * k * at) / k for k in range(1, 8)) * 0.06
        for span in legs[who]:
            part = slice(span.start // 2, span.end // 2)
            swell = 0.6 + 0.4 * np.sin(2 * np.pi * 3.1 * at[part] + draw.uniform(0, 6))
            sound[part, channel] = (hum[part] * swell).astype(np.float32)
    soundfile.write(path, sound, 8000, subtype="PCM_16")
    return path


def add(store: Store, session: Session, name: str, at: datetime, file: Path | None = None, **facts) -> int:
    """Add a call as if it had been heard; without a recording its hash is made up."""
    made_up = random.Random(f"{name}{at}").randbytes(32).hex()
    new = NewCall(
        content_hash=made_up if file is None else content_hash([file]),
        call_id=name,
        files=() if file is None else (str(file),),
        agent_channel="right",
        sort_at=at,
        started_at=at,
        **facts,
    )
    return store.add_session(new, session, random.Random(f"r{name}{at}").randbytes(32).hex())


def filled(path: Path) -> Store:
    """Two weeks of calls: heated and calm ones of eight agents in two queues; one that is hostile, one with sound."""
    store = Store.open(str(path))
    file = recording(path.parent / "heated.wav", calls.heated())
    add(store, calls.heated(), "call-0001", MONDAY + timedelta(days=8), file, agent="Ada", queue="Roadside", csat=2.0)
    for number in range(24):
        heated = number % 3 == 0
        session = calls.heated() if heated else calls.calm()
        header = dataclasses.replace(session.header, sources=(f"take-{number}.wav",))
        at = MONDAY + timedelta(days=number % 12, hours=number % 7, minutes=number)
        facts = {
            "agent": f"Agent {chr(65 + number % 8)}",
            "queue": "Roadside" if number % 4 else "Billing",
            "csat": 3.0 + (number % 3),
            "arm": "shown" if number % 2 else "shadow",
        }
        add(store, dataclasses.replace(session, header=header), f"call-{1000 + number}", at, **facts)
    add(store, calls.hostile(), EVIL, MONDAY + timedelta(days=9), agent=EVIL, queue=EVIL)
    return store


@contextmanager
def serving(store: Store, people=None, language="en"):
    """Serve a store in a thread on a free port; gives each person's link."""
    import socket

    import uvicorn

    from voicecare.catalogue.catalogue import Catalogue
    from voicecare.commands.qa import explained
    from voicecare.qa.web.access import Doors, Person
    from voicecare.qa.web.app import build

    people = people or [Person("Kim", "reviewer")]
    catalogue = Catalogue.load(language)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    doors = Doors()
    app = build(
        store,
        catalogue,
        lambda session, at: explained(session, at, catalogue),
        doors,
        frozenset({f"127.0.0.1:{port}"}),
        f"voicecare_{port}",
    )
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield {p.name: f"http://127.0.0.1:{port}/enter?token={doors.invite(p)}" for p in people}
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()
