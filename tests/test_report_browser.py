"""The page in a real browser: opened from a file, by mouse and by keyboard, with nothing asked of any network."""

from __future__ import annotations

import dataclasses
import io
import os
import re
import shutil
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import report_samples as calls
from conftest import absent

from voicecare.catalogue.catalogue import Catalogue
from voicecare.report.document import document
from voicecare.report.page import AudioClip, render
from voicecare.report.pictures import BANDS, Pictures
from voicecare.session import Session
from voicecare.timebase import samples
from voicecare.types import Cue

pytestmark = pytest.mark.browser

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Debian's Chromium; nothing is downloaded."""
    chromium = os.environ.get("VOICECARE_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        absent("there is no chromium; install it with: apt-get install chromium fonts-dejavu-core")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser, tmp_path: Path) -> Iterator[Callable[..., object]]:
    """Open a call's page; afterwards nothing may have been asked of a network, and nothing complained of."""
    pages, wrong = [], []

    def open_page(session: Session, pictures=None, audio=None, fragment="", **context: object):
        file = tmp_path / f"call{len(pages)}.html"
        file.write_text(render(document(session), pictures, audio, Catalogue.load("en")), encoding="utf-8")
        page = browser.new_page(reduced_motion="reduce", **context)
        page.on("console", lambda message: wrong.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("request", lambda r: None if r.url.startswith(("file:", "data:")) else wrong.append(f"asked: {r.url}"))
        page.goto(f"{file.as_uri()}{fragment}")
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert wrong == []


def at_s(page) -> float:
    return float(page.get_attribute("#stage", "data-at-s"))


def pictures_of(seconds: float) -> Pictures:
    columns = round(seconds / 0.032)
    ramp = np.linspace(0, 255, columns, dtype=np.uint8)
    mel = np.repeat(ramp[:, None], BANDS, axis=1)
    return Pictures(0.032, {"agent": mel, "caller": mel}, ramp)


def tone(seconds: float) -> AudioClip:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(2)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(np.zeros((round(8000 * seconds), 2), np.int16).tobytes())
    return AudioClip("audio/wav", file.getvalue())


def test_a_click_on_a_cue_moves_the_playhead_there(opened):
    page = opened(calls.heated())
    page.get_by_role("button", name="Acknowledge, 0:37").click()
    assert at_s(page) == 37.4
    assert "cue: Acknowledge" in page.inner_text("#readout")


def test_enter_on_a_cue_does_the_same_and_tab_reaches_it(opened):
    page = opened(calls.heated())
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.pill')"):
            break
    page.keyboard.press("Enter")
    assert at_s(page) == 29.2


def test_a_click_in_the_lanes_moves_the_playhead_to_that_place(opened):
    page = opened(calls.heated())
    box = page.locator("canvas[data-lane=speech]").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + 10)
    assert at_s(page) == pytest.approx(37.5, abs=0.1)
    head = page.locator("#playhead").bounding_box()
    assert head["x"] + head["width"] / 2 == pytest.approx(box["x"] + box["width"] / 2, abs=1.5)


def test_arrows_page_keys_home_and_end_move_the_playhead(opened):
    page = opened(calls.heated())
    page.focus("#position")
    moves = {"ArrowRight": 1.0, "PageUp": 11.0, "ArrowLeft": 10.0, "End": 75.0, "Home": 0.0, "ArrowDown": 0.0}
    for key, lands in moves.items():
        page.keyboard.press(key)
        assert at_s(page) == lands
    page.keyboard.press("PageUp")
    assert page.get_attribute("#position", "aria-valuetext").startswith("0:10, the agent speaks, strain ")


def test_the_rows_at_the_playhead_are_marked_and_scrolled_to(opened):
    page = opened(calls.heated())
    page.get_by_role("link", name="0:28").first.click()
    marked = page.locator(".row[aria-current]")
    assert marked.count() == 3
    assert "ridiculous" in marked.nth(0).inner_text()
    page.focus("#position")
    page.keyboard.press("End")
    row = page.locator(".row[aria-current]").bounding_box()
    rows = page.locator("#moments").bounding_box()
    assert rows["y"] <= row["y"] < rows["y"] + rows["height"]


def test_arrows_walk_the_rows_and_enter_goes_to_one(opened):
    page = opened(calls.heated())
    page.focus(".row .at")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert at_s(page) == 9.7
    assert page.locator(".row .at[tabindex='0'], .row .at:not([tabindex])").count() == 1


def test_focus_can_be_seen(opened):
    page = opened(calls.heated())
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_a_link_to_a_moment_opens_there(opened):
    assert at_s(opened(calls.heated(), fragment="#t=31.2")) == 31.2


def test_zooming_keeps_the_playhead_in_view_and_shows_where_one_is(opened):
    page = opened(calls.long_call(0.5), viewport={"width": 900, "height": 900})
    assert page.locator("#overview").is_hidden()
    page.focus("#position")
    page.keyboard.press("End")
    for _ in range(5):
        page.keyboard.press("+")
    page.wait_for_selector("#overview", state="visible")
    lanes, head = page.locator("#position").bounding_box(), page.locator("#playhead").bounding_box()
    assert lanes["x"] - 2 <= head["x"] <= lanes["x"] + lanes["width"] + 2
    page.keyboard.press("Home")
    page.mouse.click(lanes["x"] + lanes["width"] / 2, lanes["y"] + 60)
    assert at_s(page) == pytest.approx(1800 / 2**5 / 2, rel=0.05)
    page.get_by_role("button", name="Whole call").click()
    page.wait_for_selector("#overview", state="hidden")


def test_without_a_recording_there_is_nothing_to_play(opened):
    assert opened(calls.heated()).locator("#play, audio").count() == 0


def test_with_a_recording_a_click_takes_the_sound_along_and_play_moves_the_playhead(opened):
    page = opened(calls.heated(), audio=tone(75))
    page.get_by_role("button", name="Slow down, 0:29").click()
    assert page.evaluate("document.getElementById('audio').currentTime") == pytest.approx(29.2, abs=0.05)
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").wait_for()
    page.wait_for_selector("#stage:not([data-at-s='29.200'])")
    page.get_by_role("button", name="Pause").click()
    assert 29.2 < at_s(page) < 75


def test_hostile_text_runs_nothing(opened):
    page = opened(calls.hostile())
    dialogs = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message) or dialog.dismiss())
    page.get_by_role("button", name="Acknowledge, 0:06").click()
    assert at_s(page) == 6.0
    assert page.locator("img").count() == 0
    assert dialogs == []


@pytest.mark.parametrize("session", [calls.calm, calls.empty, calls.without_recogniser, calls.hostile])
def test_every_kind_of_call_opens_without_complaint(opened, session):
    page = opened(session(), pictures=pictures_of(session().end / 16000))
    page.focus("#position")
    page.keyboard.press("End")
    assert at_s(page) == pytest.approx(session().end / 16000, abs=0.002)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_fits_its_width_and_its_lanes_are_drawn(opened, scheme, width):
    page = opened(calls.heated(), pictures_of(75), color_scheme=scheme, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    blank = page.evaluate(
        """() => [...document.querySelectorAll('canvas')].filter((c) => c.clientWidth).filter((canvas) => {
            const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            return !pixels.some((value) => value);
        }).map((canvas) => canvas.dataset.lane)"""
    )
    assert blank == []
    page.screenshot(full_page=True)


def test_paper_is_light_even_on_a_dark_desk(opened):
    page = opened(calls.heated(), color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(247, 245, 240)"
    assert page.locator("#zoom-in").is_hidden()
    assert page.evaluate("getComputedStyle(document.getElementById('moments')).overflowY") == "visible"


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_on_paper_the_summary_is_one_sheet_and_what_was_said_begins_on_the_next(opened):
    page = opened(calls.heated(), pictures_of(75))
    assert pages_of(page.pdf(prefer_css_page_size=True)) == 2
    page.evaluate("document.querySelectorAll('.moments, footer').forEach((part) => part.remove())")
    assert pages_of(page.pdf(prefer_css_page_size=True)) == 1


def test_on_paper_a_cue_is_read_without_its_ground(opened):
    page = opened(calls.heated())
    page.emulate_media(media="print")
    ink, ground = (
        page.evaluate(f"getComputedStyle(document.querySelector('.pill')).{name}")
        for name in ("color", "backgroundColor")
    )
    assert (ink, ground) == ("rgb(26, 31, 43)", "rgba(0, 0, 0, 0)")


def test_where_cues_crowd_each_keeps_a_letter_and_its_whole_name_in_its_title(opened):
    cues = [
        Cue(n, "acknowledge", samples(30 + n / 4), (), samples(40), samples(31 + n / 4), "heeded") for n in range(1, 12)
    ]
    page = opened(
        dataclasses.replace(calls.calm(), events=(*calls.calm().events, *cues)), viewport={"width": 700, "height": 800}
    )
    small = page.locator(".pill.small")
    assert small.count() > 0
    assert small.first.inner_text() == "A"
    assert small.first.get_attribute("title").startswith("Acknowledge, 0:3")


def test_two_hours_of_call_are_drawn_in_a_moment(opened):
    page = opened(calls.long_call(2.0))
    page.focus("#position")
    spent_ms = page.evaluate(
        """async () => {
            const started = performance.now();
            for (let i = 0; i < 8; i++) {
                document.getElementById('zoom-in').click();
                await new Promise(requestAnimationFrame);
                await new Promise(requestAnimationFrame);
            }
            return (performance.now() - started) / 8;
        }"""
    )
    assert spent_ms < 250


def test_on_a_wide_screen_the_list_of_moments_is_as_tall_as_the_column_beside_it_and_no_taller(opened):
    page = opened(calls.heated(), viewport={"width": 1200, "height": 600})
    bottom = "document.querySelector('{}').getBoundingClientRect().bottom".format
    assert abs(page.evaluate(bottom("#moments")) - page.evaluate(bottom(".numbers"))) <= 2
    assert page.evaluate("(e => e.scrollHeight > e.clientHeight)(document.querySelector('#moments'))")
