"""The page of a day: good things first, at most one thing to try, nobody compared, and nothing that runs or loads."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from html.parser import HTMLParser

import pytest
from care_samples import NOON_S
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecare.care.day import day, week
from voicecare.care.diary import Diary, day_of
from voicecare.care.ledger import Ledger
from voicecare.care.page import render
from voicecare.care.wording import LANGUAGES, Texts
from voicecare.config import Config

TODAY = date.fromisoformat(day_of(NOON_S))
HOSTILE = "</p><script>alert(1)</script> \"quoted\" 'single' & <img src=x onerror=alert(2)> {{ 7*7 }} \u202e"


class Tags(HTMLParser):
    """Which tags a page has, with their attributes."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def full(diary):
    diary.add("thanks", NOON_S, text="Thank you so much for your help.", language="en")
    diary.add("recoveries", NOON_S + 60, calm_s=80)
    diary.add("moments", NOON_S + 90, fact="eased", value_s=None, went="well", note="I waited")
    diary.add("moments", NOON_S + 95, fact="spoke_over", value_s=None, went="differently", note="I was too quick")
    diary.add("intentions", NOON_S, text="@let_finish", kept="yes")


def told(diary, language="en", tell=day):
    return tell(diary, TODAY, Texts.load(language), Config())


def test_three_good_things_of_three_kinds_come_first():
    with Diary(None) as diary:
        full(diary)
        page = told(diary)
    assert len(page.good) == 3
    assert page.good[0] == "“Thank you so much for your help.”"
    html = render(page, Texts.load())
    assert html.index('id="good"') < html.index('id="try"')
    assert html.count('class="try"') == 1
    assert "“I was too quick”" in html


rows = st.lists(
    st.sampled_from(["thanks", "recoveries", "well", "differently", "kept", "missed"]), min_size=1, max_size=20
)


@settings(deadline=None)  # the first page imports jinja2
@given(rows)
def test_something_good_is_told_whenever_there_is_any_and_before_the_suggestion(kinds):
    with Diary(None) as diary:
        for number, kind in enumerate(kinds):
            now_s = NOON_S + number
            if kind in ("thanks", "recoveries"):
                diary.add(kind, now_s, **({"text": "thanks"} if kind == "thanks" else {"calm_s": 40}))
            elif kind in ("well", "differently"):
                diary.add("moments", now_s, fact="eased", went=kind, note="")
            else:
                diary.add("intentions", now_s, text="x", kept="yes" if kind == "kept" else "no")
        page = told(diary)
    is_good = {"thanks", "recoveries", "well", "kept"} & set(kinds)
    assert bool(page.good) == bool(is_good)
    assert bool(page.try_tomorrow) == bool({"differently", "missed"} & set(kinds))
    html = unescape(render(page, Texts.load()))
    if page.good and page.try_tomorrow:
        assert html.index(page.good[0].strip("“”")) < html.index('id="try"')


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_loads_and_runs_nothing_and_is_a_page_of_its_language(language):
    with Diary(None) as diary:
        full(diary)
        html = render(told(diary, language), Texts.load(language))
    tags = Tags(html).found
    assert not {tag for tag, _ in tags} & {"script", "img", "link", "iframe", "a", "form", "object"}
    assert ("html", {"lang": language}) in tags
    assert "default-src 'none'" in unescape(html)
    assert not re.search(r"https?:|url\(|@import", html)


def test_whatever_was_typed_is_text(tmp_path):
    with Diary(tmp_path / "care.db") as diary:
        diary.add("moments", NOON_S, fact="eased", went="differently", note=HOSTILE)
        diary.add("thanks", NOON_S, text=HOSTILE)
        diary.add("intentions", NOON_S, text=HOSTILE, kept="yes")
        html = render(told(diary), Texts.load(), HOSTILE)
    assert {tag for tag, _ in Tags(html).found} & {"script", "img"} == set()
    assert html.count("&lt;script&gt;") == 5


def test_an_empty_day_is_said_kindly_and_a_week_has_seven_days():
    with Diary(None) as diary:
        assert told(diary).empty
        diary.add("thanks", NOON_S - 6 * 86_400, text="old but kept")
        diary.add("thanks", NOON_S - 7 * 86_400, text="older")
        page = told(diary, tell=week)
    assert [line for part in page.parts for line in part.lines] == ["“old but kept”"]
    assert page.when.startswith((TODAY - timedelta(days=6)).isoformat())


def test_a_level_says_why_and_how_to_take_it_back():
    with Diary(None) as diary:
        ledger = Ledger(diary, Config())
        for number in range(20):
            ledger.told(NOON_S + number, "strain", "not_needed" if number < 12 else "helped")
        (line,) = told(diary).level
        assert "0.64 on instead of 0.62" in line
        assert "20 answers" in line
        assert "care back strain" in line
        ledger.back(NOON_S + 60, "strain")
        assert told(diary).level == ()


def test_no_score_no_speed_and_nobody_else_in_the_words():
    banned = r"\b(score|handle time|average|rank|streak|faster|slower|percent|than (others|last)|team average|goal)\b|%"
    for language in LANGUAGES:
        texts = Texts.load(language)
        words = " ".join(
            text for section in ("page", "card", "line", "fact") for text in texts.messages[section].values()
        )
        assert not re.findall(banned, words.lower())
