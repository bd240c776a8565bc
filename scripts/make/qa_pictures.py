"""Draws docs/qa-list.png, docs/qa-call.png and docs/qa-weeks.png as the pages of quality assurance look now.

python scripts/make/qa_pictures.py [--chromium /usr/bin/chromium]        (in a .venv with qa and test)

The calls are the demo call that ships and variations of it; no real person speaks in them.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from voicecare.api import replay
from voicecare.catalogue.catalogue import Catalogue
from voicecare.commands.qa import explained
from voicecare.qa.content import content_hash
from voicecare.qa.store.records import NewCall
from voicecare.qa.store.store import Store
from voicecare.qa.web import serving
from voicecare.qa.web.access import Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicecare.session import Session

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
DEMO = ROOT / "voicecare" / "demo" / "call.flac"
WINDOW_PX = (1200, 860)
BEGAN = datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
CALLS = 60
AGENTS = ("Ada", "Ben", "Chi", "Dana", "Emil", "Fay", "Gus", "Hana")
QUEUES = ("Billing", "Deliveries")


def main() -> None:
    """Draw the pictures anew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chromium", type=Path, default=Path("/usr/bin/chromium"), help="the browser that draws")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Store.open(str(Path(folder) / "qa.db")) as store:
        fill(store)
        with served(store) as link:
            draw(options.chromium, link)


def fill(store: Store) -> None:
    """Two weeks of calls: the demo call itself, and what it would have been without its cues and interruptions."""
    session = replay(DEMO).record
    chance = random.Random(11)
    for number in range(CALLS):
        at = BEGAN + timedelta(days=number * 12 // CALLS, minutes=7 * (number % 60))
        last = number == CALLS - 1
        made = content_hash([DEMO]) if last else f"{chance.getrandbits(256):064x}"
        call = NewCall(
            content_hash=made,
            call_id=f"call-{4700 + number}",
            files=(str(DEMO),) if last else (),
            agent_channel="right",
            sort_at=at,
            started_at=at,
            agent=AGENTS[number % len(AGENTS)],
            queue=QUEUES[number % 3 % 2],
            csat=float(chance.randint(1, 5)),
            arm="shown" if number % 2 else "shadow",
        )
        store.add_session(call, session if last else thinned(session, chance), f"{chance.getrandbits(256):064x}")


def thinned(session: Session, chance: random.Random) -> Session:
    """A call like another one, in which less happens."""
    if chance.random() < 0.3:
        return session
    from voicecare.types import Arousal, Cue, TurnEvent

    def keeps(event: object) -> bool:
        quiet = isinstance(event, Cue) or (isinstance(event, TurnEvent) and event.kind == "interruption")
        return not quiet or chance.random() < 0.2

    calmer = chance.uniform(0.3, 0.8)
    events = [
        dataclasses.replace(event, value=round(event.value * calmer, 3))
        if isinstance(event, Arousal) and event.value is not None
        else event
        for event in session.events
        if keeps(event)
    ]
    return dataclasses.replace(session, events=tuple(events))


@contextmanager
def served(store: Store) -> Iterator[str]:
    """Serve a store in a thread of its own; gives the link to come in by."""
    ready = threading.Event()
    links: list[str] = []

    def on_ready(given: Sequence[tuple[Person, str]]) -> None:
        links.extend(link for _, link in given)
        ready.set()

    catalogue = Catalogue.load("en")

    def run() -> None:
        serving.serve(
            store, catalogue, lambda s, at: explained(s, at, catalogue), [Person("Kim", "reviewer")], 0, on_ready
        )

    threading.Thread(target=run, daemon=True).start()
    ready.wait(30)
    yield links[0]


def draw(chromium: Path, link: str) -> None:
    """Walk the pages and draw them."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WINDOW_PX[0], "height": WINDOW_PX[1]})
        page.goto(link)
        page.screenshot(path=DOCS / "qa-list.png")
        page.locator("a[data-call]").first.click()
        page.wait_for_function("() => document.querySelector('#stage').call.data.peaks")
        page.locator("li.cue .at").first.click()
        page.keyboard.press("e")
        page.wait_for_selector("#explained:not([hidden])")
        page.evaluate("window.scrollTo(0, 0)")
        page.set_viewport_size({"width": WINDOW_PX[0], "height": 1500})
        page.wait_for_timeout(300)
        page.screenshot(path=DOCS / "qa-call.png")
        page.set_viewport_size({"width": WINDOW_PX[0], "height": WINDOW_PX[1]})
        page.get_by_role("link", name="Week against week").click()
        page.screenshot(path=DOCS / "qa-weeks.png")
        browser.close()


if __name__ == "__main__":
    main()
