"""Writes the pictures of docs/first-week.md: cards between calls, a day's page and a week's page, as they look now.

python scripts/make/first_week.py --chromium /usr/bin/chromium        (in a .venv with live and test)
"""

from __future__ import annotations

import argparse
import os
import tempfile
from datetime import date, datetime
from pathlib import Path

from voicecare.care import drafts
from voicecare.care.cards import Card, Fact
from voicecare.care.day import day, week
from voicecare.care.diary import Diary
from voicecare.care.drafts import Draft
from voicecare.care.ledger import Ledger
from voicecare.care.page import render
from voicecare.care.seen import CueSeen
from voicecare.care.thanks import Thanks
from voicecare.care.wording import Texts
from voicecare.config import Config

DOCS = Path(__file__).resolve().parents[2] / "docs"
GAP_PX = 16
COLUMNS = 3
FRIDAY = date(2026, 11, 27)
CARDS: tuple[Draft, ...] = (
    drafts.welcome(),
    drafts.offer("@let_finish", can_breathe=True),
    drafts.thanks(Thanks(0.0, "Thank you for staying so calm with me, that really helped.", "en"), 0),
    drafts.about_cue(CueSeen(1, "acknowledge", "strain", 72.0, "heeded")),
    drafts.moment(Fact("eased_after_acknowledgement", 143.0, "answered", 18.0)),
    drafts.intention_kept("@let_finish", 1),
)


def main() -> None:
    """Draw the pictures anew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--chromium", type=Path, default=Path("/usr/bin/chromium"), help="the browser that draws the pages"
    )
    options = parser.parse_args()
    draw_cards()
    draw_pages(options.chromium)


def draw_cards() -> None:
    """Draw the cards of the story, light, to docs/care-cards.png."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtWidgets import QApplication

    from voicecare.care.screen.card import CardWindow

    application = QApplication([])
    images = []
    for number, draft in enumerate(CARDS, 1):
        window = CardWindow(Texts.load(), lambda *_: None, "light")
        window.show_card(Card(number, draft.kind, 0.0, draft.lasts_s, draft.names, draft.choices, draft.text_of))
        application.processEvents()
        image = QImage(window.size(), QImage.Format.Format_RGB32)
        window.render(image)
        images.append(image)
        window.hide()
    rows = [images[at : at + COLUMNS] for at in range(0, len(images), COLUMNS)]
    width = images[0].width() * COLUMNS + GAP_PX * (COLUMNS + 1)
    height = sum(max(image.height() for image in row) + GAP_PX for row in rows) + GAP_PX
    picture = QImage(width, height, QImage.Format.Format_RGB32)
    picture.fill(0xFFE9E6DE)
    painter = QPainter(picture)
    y = GAP_PX
    for row in rows:
        for place, image in enumerate(row):
            painter.drawImage(GAP_PX + place * (image.width() + GAP_PX), y, image)
        y += max(image.height() for image in row) + GAP_PX
    painter.end()
    picture.save(str(DOCS / "care-cards.png"))


def draw_pages(chromium: Path) -> None:
    """Draw the page of the story's Friday and of its week to docs/care-day.png and docs/care-week.png."""
    from playwright.sync_api import sync_playwright

    texts, usual = Texts.load(), Config()
    with tempfile.TemporaryDirectory() as folder, Diary(None) as diary, sync_playwright() as playwright:
        write_week(diary)
        browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        for name, told in (("day", day(diary, FRIDAY, texts, usual)), ("week", week(diary, FRIDAY, texts, usual))):
            html = Path(folder) / f"{name}.html"
            html.write_text(render(told, texts), encoding="utf-8")
            page = browser.new_page(viewport={"width": 760, "height": 400})
            page.goto(html.as_uri())
            page.screenshot(path=DOCS / f"care-{name}.png", full_page=True)
            page.close()
        browser.close()


def write_week(diary: Diary) -> None:
    """Fill a diary with the story's week."""
    ledger = Ledger(diary, Config())
    diary.add("intentions", at(23, "09:00"), text="@breathe_out", kept="no_chance")
    diary.add("thanks", at(24, "11:12"), text="Oh, you are so kind. Thank you, dear.", language="en")
    diary.add("intentions", at(25, "09:01"), text="@let_finish", kept="no")
    diary.add("recoveries", at(25, "14:40"), calm_s=52)
    diary.add("moments", at(25, "14:41"), fact="eased", went="well", note="I just waited, and it worked.")
    diary.add("intentions", at(27, "09:02"), text="@let_finish", kept="yes")
    diary.add(
        "thanks",
        at(27, "10:31"),
        text="Thank you for staying so calm with me, that really helped.",
        language="en",
    )
    diary.add("recoveries", at(27, "10:31"), calm_s=74)
    diary.add(
        "moments", at(27, "15:20"), fact="spoke_over", went="differently", note="I was too quick with the policy."
    )
    for number in range(20):
        ledger.told(at(27, "16:00") + number, "strain", "not_needed" if number < 9 else "helped")


def at(day_of_month: int, clock: str) -> float:
    """A moment of the story's week on this machine's clock, in seconds since the epoch."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, day_of_month, hour, minute).astimezone().timestamp()


if __name__ == "__main__":
    main()
