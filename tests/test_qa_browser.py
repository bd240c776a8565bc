"""A night of QA in a real browser, by mouse and key: find, open, play, correct, note, score, compare weeks, save."""

from __future__ import annotations

import os
import re
import shutil

import pytest
import qa_samples as samples
from conftest import absent
from test_report_browser import FLAGS

from voicecare.qa.store.store import Store

pytestmark = pytest.mark.browser
PATHS = (
    "",
    "calls/1",
    "sample",
    "sample/1",
    "worth",
    "weeks?a=2026-W47&b=2026-W48",
    "forms",
    "accuracy",
    "helps?result=1",
)


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium; nothing is downloaded."""
    chromium = os.environ.get("VOICECARE_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        absent("there is no chromium; install it with: apt-get install chromium fonts-dejavu-core")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Two weeks of calls, made once."""
    path = tmp_path_factory.mktemp("qa") / "qa.db"
    samples.filled(path).close()
    return path


@pytest.fixture
def served(browser, filled, tmp_path):
    """Serve a copy of the calls; gives a way to open a page as somebody. Afterwards nothing may have gone wrong."""
    path = tmp_path / "qa.db"
    shutil.copy(filled, path)
    wrong, contexts = [], []
    from voicecare.qa.web.access import Person

    people = [Person("Kim", "reviewer"), Person("Lee", "reviewer")]
    with Store.open(str(path)) as store, samples.serving(store, people) as links:

        def opened(name="Kim", **options):
            context = browser.new_context(reduced_motion="reduce", accept_downloads=True, **options)
            context.grant_permissions(["clipboard-read", "clipboard-write"])
            page = context.new_page()
            home = links[name].partition("/enter")[0]
            page.on(
                "console", lambda message: None if "404" in message.text else wrong.append(f"console: {message.text}")
            )
            page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
            page.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}") or dialog.dismiss())
            page.on("request", lambda r: None if r.url.startswith((home, "data:", "blob:")) else wrong.append(r.url))
            page.goto(links[name])
            page.home = home
            contexts.append(context)
            return page

        opened.store = store
        yield opened
        for context in contexts:
            context.close()
    assert wrong == []


def at_s(page) -> float:
    return float(page.get_attribute("#stage", "data-at-s"))


def open_call(page, number=1):
    page.goto(f"{page.home}/calls/{number}")
    page.wait_for_function("() => { const s = document.querySelector('#stage'); return s && s.call && s.call.player; }")
    return page


def test_a_call_is_found_by_words_and_filters_and_opened_by_keyboard(served):
    page = served()
    page.keyboard.press("/")
    page.keyboard.type("ridiculous")
    page.select_option("[name=queue]", "Roadside")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Find").click()
    page.wait_for_url("**queue=Roadside**")  # and its script with it: a key before that is nobody's
    assert re.match(r"[1-9]\d* calls?", page.inner_text("#count"))
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/calls/*")
    assert "heard" not in page.title()


def test_filters_are_saved_and_used_again(served):
    page = served()
    page.select_option("[name=agent]", "Ada")
    page.get_by_role("button", name="Find").click()
    assert page.inner_text("#count") == "1 call"
    page.fill("[placeholder='Name for these filters']", "Ada's calls")
    page.get_by_role("button", name="Save filters").click()
    page.goto(page.home)
    page.get_by_role("link", name="Ada's calls").click()
    assert page.inner_text("#count") == "1 call"


def test_the_sound_plays_seeks_by_word_and_changes_speed(served):
    page = open_call(served())
    page.wait_for_function("() => document.querySelector('#stage').call.data.peaks")
    page.locator(".w", has_text="ridiculous,").click()
    sought = at_s(page)
    assert 28 < sought < 30.2
    page.wait_for_function("() => document.getElementById('audio').readyState >= 2")
    assert abs(page.evaluate("document.getElementById('audio').currentTime") - sought) < 0.1
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(" ")
    page.wait_for_function(f"() => +document.querySelector('#stage').dataset.atS > {sought + 0.3}")
    page.keyboard.press(" ")
    assert page.evaluate("document.getElementById('audio').paused")
    page.keyboard.press(">")
    assert page.evaluate("document.getElementById('audio').playbackRate") == 1.1
    assert page.locator(".w.now").count() <= 1
    before = at_s(page)
    page.keyboard.press("j")
    assert at_s(page) == pytest.approx(before - 5, abs=0.05)


def test_silence_is_skipped_and_a_moment_is_heard_again_and_again(served):
    page = open_call(served())
    page.evaluate("document.querySelector('#stage').call.seek(73.2)")
    page.keyboard.press("s")
    page.evaluate("document.querySelector('#stage').call.seek(0)")
    assert page.is_checked("#skip")
    page.locator("li.interruption .at").first.click()
    page.keyboard.press("r")
    assert "0:27" in page.inner_text("#player-says")
    page.evaluate("document.querySelector('#stage').call.seek(30.3)")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(" ")
    page.wait_for_function("() => +document.querySelector('#stage').dataset.atS < 28.5")
    page.keyboard.press(" ")


def test_events_are_judged_corrected_and_added_by_keyboard(served):
    page = open_call(served())
    page.locator("li.interruption .at").first.click()
    page.keyboard.press("d")
    page.wait_for_selector("li.struck")
    assert page.inner_text("#numbers ins").split()[-1] == "0"
    page.keyboard.press("c")
    dialog = page.locator("#correct")
    dialog.locator("[name=kind]").select_option("backchannel")
    dialog.get_by_role("button", name="Keep").click()
    page.wait_for_selector(".verdict >> text=corrected")
    assert page.evaluate("document.activeElement.closest('.row').dataset.kind") == "interruption"
    page.keyboard.press("w")
    page.wait_for_function("() => !document.querySelector('#numbers ins')")
    page.keyboard.press("m")
    page.locator("#missed").get_by_role("button", name="Keep").click()
    page.wait_for_selector(".verdict >> text=added")
    with served.store.read() as to:
        assert [r.verdict for r in to.reviews.of_call(1)] == ["disagree", "correct", "withdraw", "add"]


def test_words_are_corrected_in_place(served):
    page = open_call(served())
    page.locator("li.heard", has_text="One moment").locator(".at").click()
    page.keyboard.press("c")
    page.locator("#correct [name=text]").fill("One minute <b>, I see the booking here.")
    page.locator("#correct").get_by_role("button", name="Keep").click()
    page.wait_for_selector(".verdict >> text=One minute <b>")


def test_a_note_stands_at_the_moment_and_a_link_leads_to_it(served):
    page = open_call(served())
    page.evaluate("document.querySelector('#stage').call.seek(42.6)")
    page.keyboard.press("n")
    page.keyboard.type("well done")
    page.locator("#note").get_by_role("button", name="Keep").click()
    page.wait_for_selector("li.note >> text=well done")
    page.wait_for_selector("#stage[data-at-s='42.600']")
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_selector("#player-says >> text=Link copied")
    link = page.evaluate("navigator.clipboard.readText()")
    page.goto(page.home)
    page.goto(link)
    page.wait_for_selector("#stage[data-at-s='42.600']")


def test_why_is_told_beside_the_moment(served):
    page = open_call(served())
    page.locator("li.cue .at").first.click()
    page.keyboard.press("e")
    page.wait_for_selector("#explained >> text=Turn-taking")


def test_search_within_a_call_walks_from_find_to_find(served):
    page = open_call(served())
    page.keyboard.press("/")
    page.keyboard.type("thank")
    assert page.inner_text("#found") == "3 found"
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert at_s(page) == 59.6


def test_a_scorecard_is_filled_and_shows_whose_answer_is_whose(served):
    page = served()
    page.goto(f"{page.home}/forms")
    page.get_by_role("button", name="Take in the example form").click()
    open_call(page)
    page.get_by_text("Scorecard: Care for the caller").click()
    assert page.get_by_text("answered by voicecare").count() == 2
    page.get_by_label("Partly").check()
    page.get_by_role("button", name="Keep the rating").click()
    assert page.inner_text(".score") == "80 of 100"


def test_the_next_call_of_the_list_is_one_key_away(served):
    page = served()
    first, second = (page.locator("a[data-call]").nth(n).get_attribute("data-call") for n in (0, 1))
    page.locator("a[data-call]").first.click()
    page.wait_for_url(f"**/calls/{first}")
    page.keyboard.press("]")
    page.wait_for_url(f"**/calls/{second}")


def test_a_sample_is_drawn_heard_and_counted(served):
    page = served()
    page.get_by_role("link", name="Random sample").click()
    page.fill("[name=size]", "4")
    page.get_by_role("button", name="Draw a sample").click()
    page.get_by_role("link", name="Hear the next one").click()
    page.get_by_role("button", name="I heard the whole call").click()
    page.wait_for_selector("#whole[aria-pressed=true]")
    page.get_by_role("link", name="How often right").click()
    assert page.get_by_text("1 call", exact=True).count() == 2


def test_two_weeks_are_compared_and_lists_and_calls_are_saved(served):
    page = served()
    page.get_by_role("link", name="Week against week").click()
    assert "All queues" in page.inner_text("main")
    page.goto(page.home)
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV").click()
    assert saved.value.suggested_filename == "calls.csv"
    open_call(page)
    page.get_by_text("Save this call as").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="captions (WebVTT, with voices)").click()
    assert saved.value.suggested_filename == "call-1.vtt"


def test_two_reviewers_work_on_one_call_and_nothing_is_lost(served):
    kim, lee = open_call(served("Kim")), open_call(served("Lee"))
    for page, key in ((kim, "a"), (lee, "d")):
        page.locator("li.interruption .at").first.click()
        page.keyboard.press(key)
        page.wait_for_selector(".verdict")
    with served.store.read() as to:
        assert [(r.reviewer, r.verdict) for r in to.reviews.of_call(1)] == [("Kim", "agree"), ("Lee", "disagree")]


def test_the_keys_are_printed_on_every_page(served):
    page = served()
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    open_call(page)
    page.keyboard.press("?")
    assert "play, pause" in page.inner_text("#keys")


def test_hostile_names_and_words_run_nothing(served):
    page = served()
    with served.store.read() as to:
        number = to.calls.named(samples.EVIL)[0].id
    open_call(page, number)
    assert page.locator("main img").count() == 0
    page.locator("li.heard .at").first.click()
    page.keyboard.press("e")
    page.keyboard.press("a")
    page.wait_for_selector(".verdict")


def with_a_form_and_a_sample(page):
    page.goto(f"{page.home}/forms")
    page.get_by_role("button", name="Take in the example form").click()
    page.goto(f"{page.home}/sample")
    page.get_by_role("button", name="Draw a sample").click()


def test_every_page_fits_a_phone(served):
    page = served(viewport={"width": 360, "height": 800})
    with_a_form_and_a_sample(page)
    for path in PATHS:
        page.goto(f"{page.home}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_axe_finds_nothing_on_any_page(served):
    from axe_playwright_python.sync_playwright import Axe

    page = served()
    with_a_form_and_a_sample(page)
    found = []
    for path, scheme in [*((path, "light") for path in PATHS), ("calls/1", "dark"), ("forms", "dark")]:
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{page.home}/{path}")
        violations = Axe().run(page).response["violations"]
        found += [(path, v["id"], [n["html"][:90] for n in v["nodes"][:2]]) for v in violations]
    assert found == []
