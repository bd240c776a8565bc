"""The page of a call: honest, escaped, self-contained, legible. What needs a browser is in test_report_browser.py."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import re
from html.parser import HTMLParser
from importlib import resources

import numpy as np
import pytest
import report_samples as calls
from accepted import expect
from hypothesis import given
from hypothesis import strategies as st

from voicecare.catalogue.catalogue import Catalogue, languages
from voicecare.report.document import document
from voicecare.report.moments import moments
from voicecare.report.page import AudioClip, embedded, render, view
from voicecare.report.pictures import BANDS, Pictures
from voicecare.session import Session
from voicecare.timebase import samples
from voicecare.types import Cue, Health, Heard

ENGLISH = Catalogue.load("en")
PICTURES = Pictures(0.032, {who: np.zeros((9, BANDS), np.uint8) for who in ("agent", "caller")}, np.zeros(9, np.uint8))


class Page(HTMLParser):
    """Keeps the tags, the visible text, and what scripts and styles hold."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.inside: list[tuple[str, dict[str, str | None], str]] = []
        self._open: tuple[str, dict[str, str | None]] | None = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._open = (tag, dict(attrs)) if tag in ("script", "style") else None

    def handle_endtag(self, tag):  # noqa: ARG002 - the parser's signature
        self._open = None

    def handle_data(self, data):
        if self._open:
            self.inside.append((*self._open, data))
        else:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def page_of(
    session: Session, pictures: Pictures | None = None, audio: AudioClip | None = None, words: Catalogue = ENGLISH
) -> Page:
    return Page(render(document(session), pictures, audio, words))


def test_the_story_and_every_cue_with_its_reasons_can_be_read_without_the_script():
    text = page_of(calls.heated()).text
    assert "rose at 0:34 after the agent spoke over them at 0:28 ." in text
    assert "0:37 Acknowledge Because Strain has been high since 0:34 (78 of 100)" in text
    assert "Cue: Slow down The agent did it at 0:34" in text
    assert "I have waited at the side of the road for three hours" in text


def test_the_page_says_you_to_the_agent_alone():
    words = Catalogue.load("en", "agent")
    to_agent = page_of(calls.heated(), words=words).text
    assert "rose at 0:34 after you spoke over them at 0:28 ." in to_agent
    assert "Cue: Slow down You did it at 0:34" in to_agent
    assert "Written for the agent" in to_agent
    spoken = {word for event in calls.heated().events if isinstance(event, Heard) for word in event.text.split()}
    told = [word for word in page_of(calls.heated()).text.split() if word.lower() in ("you", "your")]
    assert len(told) == len([word for word in told if word in spoken])


def test_hostile_text_stays_text_wherever_it_comes_in():
    html = render(document(calls.hostile()), None, None, ENGLISH)
    page = Page(html)
    assert [tag for tag, _ in page.tags].count("script") == 2
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert [tag for tag, _ in page.tags if tag in ("img", "b")] == ["b"] * 3  # ours: the names of lanes
    assert page.text.count("<img src=x onerror=alert(2)> {{ 7*7 }}") == 4  # title, heading, transcript, reason
    assert "<b>unknown code</b>" in page.text


def test_text_that_turns_right_to_left_cannot_turn_the_page():
    html = render(document(calls.hostile()), None, None, ENGLISH)
    shown = re.sub(r"(?s)<title>.*?</title>|<script.*?</script>", "", html)
    assert shown.count("\u202e") == len(re.findall("<bdi>[^<]*?\u202e", shown)) > 0


@given(
    st.recursive(
        st.text() | st.sampled_from(["</script>", "<!--", "\u2028", "&amp;", "]]>"]),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    )
)
def test_embedded_json_holds_nothing_that_could_end_it_and_reads_back_the_same(values):
    text = embedded(values)
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == values


def test_the_policy_lets_in_the_one_style_and_the_one_script_by_their_hashes():
    page = page_of(calls.heated(), PICTURES)
    (policy,) = [a["content"] for t, a in page.tags if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    run = [(tag, data) for tag, attributes, data in page.inside if attributes.get("type") != "application/json"]
    assert [tag for tag, _ in run] == ["style", "script"]
    for tag, data in run:
        assert f"{tag}-src 'sha256-{base64.b64encode(hashlib.sha256(data.encode()).digest()).decode()}'" in policy


def test_the_page_names_no_address_outside_itself_and_no_inline_style():
    page = page_of(calls.heated(), PICTURES, AudioClip("audio/flac", b"fLaC"))
    for _, attributes in page.tags:
        assert "style" not in attributes
        for name in ("src", "href"):
            assert (attributes.get(name) or "#").startswith(("#", "data:"))
    assert not re.search(r"https?://|url\(|@import", " ".join(data for *_, data in page.inside))


def test_a_recording_is_inside_only_where_it_was_given_and_then_the_page_says_so():
    with_audio = page_of(calls.heated(), audio=AudioClip("audio/flac", b"fLaC"))
    (sound,) = [attributes for tag, attributes in with_audio.tags if tag == "audio"]
    assert sound["src"] == f"data:audio/flac;base64,{base64.b64encode(b'fLaC').decode()}"
    assert "The recording is inside this file." in with_audio.text
    without = page_of(calls.heated())
    assert not [tag for tag, _ in without.tags if tag == "audio"]
    assert "The recording is inside" not in without.text


@pytest.mark.parametrize(
    ("session", "said"),
    [
        (calls.heated(), "Replayed recording"),
        (calls.hostile(), "Heard live"),
        (calls.hostile(), "An invented call"),
        (calls.hostile(), "This record stops before the call did"),
        (calls.hostile(), "did not hear everything: 1.5 s are missing, at 0:07."),
        (calls.hostile(), "One party can be heard on the other’s leg"),
        (calls.without_recogniser(), "No recogniser ran: there is no transcript"),
        (calls.heated(), "It is not a diagnosis"),
        (calls.heated(), "They are not a score"),
        (calls.calm(), "No cue was raised in this call."),
        (calls.calm(), "Nobody spoke for 6 s"),
    ],
)
def test_the_page_says_plainly_what_it_rests_on(session, said):
    assert said in page_of(session).text


def test_a_whole_call_carries_no_warnings():
    assert not [a for t, a in page_of(calls.heated()).tags if t == "ul" and a.get("class") == "notices"]


def test_a_cue_that_was_only_logged_says_so():
    session = calls.heated()
    hidden = tuple(dataclasses.replace(e, shown=False) if isinstance(e, Cue) else e for e in session.events)
    assert "logged, not shown" in page_of(dataclasses.replace(session, events=hidden)).text


def test_words_that_were_not_clear_are_told_as_not_clear_unless_the_same_stretch_was_heard():
    def unclear(start_s: float, end_s: float) -> Heard:
        return dataclasses.replace(calls.heard(("caller", start_s, end_s, "x")), text="", words=())

    events = (calls.heard(("caller", 1, 5, "Hello there.")), unclear(2, 4), unclear(8, 10), unclear(12, 12.5))
    text = page_of(Session(calls.header(), events, calls.at(20), complete=True)).text
    assert text.count("(not clear enough to write down)") == 1
    assert "0:08 Caller (not clear enough" in text


def test_what_the_agent_said_to_help_is_marked_and_nothing_is_held_against_anyone():
    text = page_of(calls.heated()).text
    assert "0:42 Agent acknowledged apologised You have waited three hours" in text
    assert "0:48 Caller thanked the agent" in text
    assert "negative" not in text.lower()


@pytest.mark.parametrize("language", languages())
def test_every_sample_renders_in_every_language_with_nothing_left_unworded(language):
    catalogue = Catalogue.load(language)
    for session in (calls.heated(), calls.calm(), calls.hostile(), calls.without_recogniser(), calls.empty()):
        text = Page(render(document(session), PICTURES, None, catalogue)).text
        for section in ("page", "notice", "story"):
            for code in catalogue.messages[section]:
                assert "_" not in code or code not in text.replace(calls.HOSTILE_TEXT, "")
        assert "None" not in text


def test_the_page_of_two_hours_stays_small_and_quick_to_read_in():
    html = render(document(calls.long_call(2.0)), None, None, ENGLISH)
    assert len(html.encode()) < 1_500_000
    drawn = view(document(calls.long_call(2.0)), None, ENGLISH)
    assert len(drawn["speech"]["caller"]) > 1000
    assert all(isinstance(second, float) for second in drawn["speech"]["caller"])


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_is_21_to_1():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)


@pytest.mark.parametrize("palette", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["ground", "panel", "tint"])
@pytest.mark.parametrize("text", ["ink", "soft", "agent", "caller", "over"])
def test_every_text_colour_is_legible_on_every_ground(palette, ground, text):
    style = resources.files("voicecare.report").joinpath("page.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", blocks[palette]))
    assert contrast(colours[text], colours[ground]) >= 4.5


def test_the_page_of_the_heated_call_is_the_one_that_was_accepted():
    html = render(document(calls.heated()), None, None, ENGLISH)
    html = re.sub(r"(?s)(<style>|<script>|content=\"default-src)(.*?)(</style>|</script>|\")", r"\1…\3", html)
    expect("heated.html", html)


@pytest.mark.parametrize(
    ("session", "told"),
    [
        (calls.silent("caller"), "The caller’s leg was silent all along"),
        (calls.silent("agent"), "The agent’s leg was silent all along"),
        (calls.silent("caller", "agent"), "Both legs were silent all along"),
    ],
)
@pytest.mark.parametrize("language", languages())
def test_the_page_of_a_call_with_a_silent_leg_is_not_calm_and_shows_no_zero(session, told, language):
    page = Page(render(document(session), None, None, Catalogue.load(language)))
    if language == "en":
        assert told in page.text
        assert "A calm call" not in page.text
    assert "None" not in page.text
    numbers = page.text[page.text.index(Catalogue.load(language).say("page", "numbers")) :]
    assert f"{Catalogue.load(language).say('page', 'interruptions')} – –" in numbers


def test_the_page_says_that_legs_may_be_swapped_and_when_the_limit_of_cues_was_reached():
    session = calls.heated()
    news = (Health(calls.at(40), "swapped_legs", 1), Health(calls.at(50), "cue_limit", 1, "acknowledge"))
    text = page_of(dataclasses.replace(session, events=(*session.events, *news))).text
    assert "may be the wrong way round" in text
    assert "The limit of cues was reached at 0:50: one more would have been shown." in text
    assert "2 shown, 2 followed, 1 more kept away by the limit" in text
    assert "you followed them all" not in text
    assert "A cue was kept away: the limit was reached" in text


def test_a_torn_line_is_told_in_one_row_and_a_few_pieces_in_their_own():
    def torn(pieces: int) -> list[str]:
        gaps = [Health(samples(10 + n), "gap", samples(0.2)) for n in range(pieces)]
        whole = dataclasses.replace(calls.empty(), events=tuple(gaps), end=samples(600))
        return [row.text for row in moments(document(whole), Catalogue.load("en"))]

    assert torn(300) == ["voicecare did not hear 60.0 s of the call here, in 300 pieces"]
    assert torn(2) == ["voicecare did not hear 0.2 s of the call here"] * 2
