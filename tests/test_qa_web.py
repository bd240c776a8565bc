"""The pages of quality assurance, asked for as a browser and as a stranger would."""

from __future__ import annotations

import dataclasses
import io
import re
import shutil
from datetime import timedelta

import pytest
import qa_samples as samples
import report_samples as calls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from voicecare.catalogue.catalogue import Catalogue
from voicecare.commands.qa import explained
from voicecare.qa.store.records import Drawn
from voicecare.qa.store.store import Store
from voicecare.qa.web.access import Doors, Person
from voicecare.qa.web.app import build
from voicecare.qa.web.callpage import ranged
from voicecare.qa.web.filters import FIELDS

HERE = "http://127.0.0.1:7000"
SECOND = timedelta(seconds=1)


class Desk:
    """A store behind its pages, and a browser for each person who comes in."""

    def __init__(self, path, language="en"):
        self.store = Store.open(str(path))
        self.doors = Doors()
        catalogue = Catalogue.load(language)
        self.app = build(
            self.store,
            catalogue,
            lambda session, at: explained(session, at, catalogue),
            self.doors,
            frozenset({"127.0.0.1:7000"}),
        )

    def stranger(self):
        return TestClient(self.app, base_url=HERE, headers={"origin": HERE, "accept": "text/html"})

    def come_in(self, name="Kim", role="reviewer"):
        browser = self.stranger()
        answer = browser.get(f"/enter?token={self.doors.invite(Person(name, role))}")
        assert answer.status_code == 200
        return browser


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A heated call that can be heard, a calm one without its recording, and a hostile one; made once."""
    folder = tmp_path_factory.mktemp("qa")
    file = samples.recording(folder / "heated.wav", calls.heated())
    with Store.open(str(folder / "qa.db")) as store:
        samples.add(store, calls.heated(), "call-1", samples.MONDAY, file, agent="Ada", queue="Roadside")
        samples.add(store, calls.calm(), "call-2", samples.MONDAY + SECOND, agent="Ben", queue="Billing")
        samples.add(store, calls.hostile(), samples.EVIL, samples.MONDAY + 2 * SECOND, agent=samples.EVIL)
    return folder / "qa.db"


@pytest.fixture(scope="module")
def shared(made):
    """A desk for those who only look."""
    desk = Desk(made)
    yield desk
    desk.store.close()


@pytest.fixture
def desk(made, tmp_path):
    """A desk of one's own, to change things on."""
    shutil.copy(made, tmp_path / "qa.db")
    desk = Desk(tmp_path / "qa.db")
    yield desk
    desk.store.close()


def opinion(browser, call=1, **given):
    return browser.post(f"/calls/{call}/opinions", json=given)


def interruption(browser):
    return re.search(r'data-key="(turn:\d+)" data-kind="interruption"', browser.get("/calls/1").text)[1]


# Who may come in.


def test_a_link_works_once_and_a_stranger_sees_nothing(shared):
    token = shared.doors.invite(Person("Kim", "reviewer"))
    first, second = shared.stranger(), shared.stranger()
    assert first.get(f"/enter?token={token}").status_code == 200
    assert second.get(f"/enter?token={token}").status_code == 403
    for path in ("/", "/calls/1", "/calls/1/sound", "/export/calls.csv", "/nothing", "/enter?token=", "/enter"):
        assert second.get(path).status_code == 403
    assert "works once" in second.get("/").text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(shared):
    answer = shared.stranger().get(
        f"/enter?token={shared.doors.invite(Person('Kim', 'reviewer'))}", follow_redirects=False
    )
    said = answer.headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=strict" in said


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:7001", "localhost.evil.example:7000", ""])
def test_another_name_is_not_served(shared, host):
    assert shared.come_in().get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:7001", ""])
def test_nothing_is_changed_from_another_site(shared, origin):
    browser = shared.come_in()
    assert browser.post("/views", data={"name": "x", "q": "refund"}, headers={"origin": origin}).status_code == 403
    answer = browser.post("/calls/1/opinions", json={"target": "call", "verdict": "agree"}, headers={"origin": origin})
    assert answer.status_code == 403
    with shared.store.read() as to:
        assert to.reviews.of_call(1) == []


def test_a_reader_looks_on_and_changes_nothing(shared):
    reader = shared.come_in("Lee", "reader")
    assert reader.get("/calls/1").status_code == 200
    assert opinion(reader, target="call", verdict="agree").status_code == 403
    for path in ("/calls/1/notes", "/sample", "/forms", "/helps", "/views", "/calls/1/corrected"):
        assert reader.post(path, data={"body": "x"}).status_code == 403
    assert "heard_whole" not in reader.get("/calls/1").text
    assert 'data-verdict="agree"' not in reader.get("/calls/1").text


def test_every_answer_carries_its_guards_and_no_page_has_script_or_style_inside(shared):
    browser = shared.come_in()
    for path in ("/", "/calls/1", "/forms", "/weeks", "/nothing", "/static/qa.js"):
        answer = browser.get(path)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "no-store"
        assert not re.search(r"<style|\sstyle=|\son\w+=", answer.text) or path.endswith(".js")
        for tag in re.findall(r"<script[^>]*>", answer.text):
            assert 'src="/static/' in tag or 'type="application/json"' in tag
        assert not re.search(r"(src|href)=\"(https?:)?//", answer.text)


def test_only_the_files_of_the_pages_are_served(shared):
    browser = shared.stranger()
    assert browser.get("/static/qa.css").headers["content-type"].startswith("text/css")
    for name in ("../app.py", "..%2fapp.py", "page.py", "nothing", "%00"):
        assert browser.get(f"/static/{name}").status_code in (404, 403)


# The list.


def test_the_list_finds_by_words_agent_queue_day_and_what_is_worth_a_look(shared):
    browser = shared.come_in()
    found = {
        "q=ridiculous": ["call-1"],
        "q=caller:tuesday": ["call-2"],
        "agent=Ada": ["call-1"],
        "queue=Billing": ["call-2"],
        "call=call-": ["call-2", "call-1"],
        "why=recovered": ["call-1"],
        "since=2026-11-17": [],
        "order=strain_peak": ["call-1", "call-2"],
        "reviewed=yes": [],
        "q=nobodysaidthis": [],
    }
    for asked, names in found.items():
        listed = re.findall(r'data-call="\d+"><bdi>([^<]*)</bdi>', browser.get(f"/?{asked}").text)
        assert [name for name in listed if name.startswith("call-")] == names, asked


@pytest.mark.parametrize(
    "asked", ["since=yesterday", "order=agent", "why=bad", "sample=x", "q=%2B%2B", "after=zzz", "reviewed=2"]
)
def test_a_filter_that_is_not_understood_is_said_on_the_page(shared, asked):
    answer = shared.come_in().get(f"/?{asked}")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


anything = st.text(max_size=40) | st.sampled_from(
    ["2026-11-27", "9999-12-31", "0001-01-01", "yes", "1", '"', "caller:", "a*"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.dictionaries(st.sampled_from([*FIELDS, "after"]), anything, max_size=4))
def test_whatever_a_list_is_asked_for_it_answers_in_words(shared, asked):
    answer = shared.come_in().get("/", params=asked)
    assert answer.status_code in (200, 422)


def test_calls_are_sorted_by_what_happened_and_never_by_who(shared):
    orders = re.search(r'name="order">(.*?)</select>', shared.come_in().get("/").text, re.DOTALL)[1]
    assert "agent_interruptions" in orders
    assert not re.search(r'value="(agent|queue|caller)"', orders)


def test_filters_are_saved_under_a_name_and_forgotten(desk):
    browser = desk.come_in()
    answer = browser.post("/views", data={"name": "Monday <b>", "agent": "Ada", "q": ""})
    assert "Monday &lt;b&gt;" in answer.text
    assert 'href="/?agent=Ada"' in answer.text
    assert "Monday" not in desk.come_in("Lee").get("/").text
    assert "Monday" not in browser.post("/views/drop", data={"name": "Monday <b>"}).text


# A call.


def test_names_and_words_full_of_scripts_sql_and_formulas_stay_text(shared):
    browser = shared.come_in()
    for path in ("/", "/calls/3", "/weeks", "/worth", f"/?agent={samples.EVIL}"):
        text = browser.get(path).text
        assert "<script>alert" not in text
        assert "<img" not in text
    assert "&lt;script&gt;alert(1)" in browser.get("/calls/3").text
    assert browser.get("/?q=%27%3B+DROP+TABLE+calls").status_code == 200
    assert len(re.findall("data-call=", browser.get("/").text)) == 3


def test_an_opinion_changes_the_numbers_beside_those_as_heard(desk):
    browser = desk.come_in()
    answer = opinion(browser, target=interruption(browser), verdict="disagree", comment="=1+1 <b>").json()
    assert "<del>" in answer["numbers"]
    assert "struck" in answer["rows"]
    assert "&lt;b&gt;" in answer["rows"]
    with desk.store.read() as to:
        call = to.calls.get(1)
        assert to.results.figures(call.current)["agent_interruptions"] == 1
        assert to.results.figures(call.current, "corrected")["agent_interruptions"] == 0
    again = opinion(browser, target=interruption(browser), verdict="withdraw").json()
    assert "<del>" not in again["numbers"]
    with desk.store.read() as to:
        assert [review.verdict for review in to.reviews.of_call(1)] == ["disagree", "withdraw"]
        assert to.reviews.standing(1) == []


def test_two_reviewers_at_once_lose_nothing(desk):
    kim, lee = desk.come_in("Kim"), desk.come_in("Lee")
    key = interruption(kim)
    assert opinion(kim, target=key, verdict="agree").status_code == 200
    assert opinion(lee, target=key, verdict="disagree").status_code == 200
    assert opinion(kim, target="new:", verdict="add", kind="backchannel", by="agent", start_s=10.0).status_code == 200
    with desk.store.read() as to:
        made = to.reviews.of_call(1)
    assert [(review.reviewer, review.verdict) for review in made] == [
        ("Kim", "agree"),
        ("Lee", "disagree"),
        ("Kim", "add"),
    ]
    text = kim.get("/calls/1").text
    assert "A backchannel by the agent" in text
    assert text.count('class="verdict"') == 2


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"target": "turn:999", "verdict": "agree"}, 422),
        ({"target": "call", "verdict": "shout"}, 422),
        ({"target": "new:", "verdict": "add", "kind": "interruption", "by": "agent", "start_s": 99.0}, 422),
        ({"target": "new:", "verdict": "add", "kind": "interruption", "by": "robot", "start_s": 9.0}, 422),
        ({"target": "call"}, 422),
        ({"target": "call", "verdict": "agree", "text": "x" * 9999}, 422),
        ([], 422),
    ],
)
def test_an_opinion_that_makes_no_sense_is_refused_in_words(shared, given, status):
    answer = shared.come_in().post("/calls/1/opinions", json=given, headers={"accept": "*/*"})
    assert answer.status_code == status
    assert "said" in answer.json()


def test_a_note_stands_at_its_moment_until_it_is_removed(desk):
    browser = desk.come_in()
    text = browser.post("/calls/1/notes", data={"body": "good <i>ending</i>", "at_s": "47.5"}).text
    assert "good &lt;i&gt;ending&lt;/i&gt;" in text
    assert 'data-start="47.5"' in text
    number = re.search(r'name="replaces" value="(\d+)"', text)[1]
    assert "good &lt;i&gt;" not in browser.post("/calls/1/notes", data={"replaces": number}).text
    with desk.store.read() as to:
        assert to.reviews.notes(1) == []


def test_why_something_was_raised_is_told_at_its_moment(shared):
    told = shared.come_in().get("/calls/1/explain?at=28").json()
    assert [section["title"] for section in told] == ["Who spoke", "Turn-taking", "The caller’s strain", "The cue"]
    assert any("interruption" in line for line, _ in told[1]["lines"])


def test_sound_comes_by_range_and_peaks_once(shared):
    browser = shared.come_in()
    whole = browser.get("/calls/1/sound")
    assert whole.headers["content-type"] == "audio/webm"
    part = browser.get("/calls/1/sound", headers={"range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
    peaks = browser.get("/calls/1/peaks").content
    assert len(peaks) == 2 * -(-75 * 16_000 // 512)
    assert max(peaks) > 60


@pytest.mark.parametrize(
    ("asked", "status", "content"),
    [
        (None, 200, b"0123456789"),
        ("bytes=0-", 206, b"0123456789"),
        ("bytes=-3", 206, b"789"),
        ("bytes=4-99", 206, b"456789"),
        ("bytes=10-", 416, b""),
        ("bytes=5-4", 416, b""),
        ("bytes=-", 200, b"0123456789"),
        ("lines=1-2", 200, b"0123456789"),
        ("bytes=0-1,3-4", 200, b"0123456789"),
    ],
)
def test_a_range_is_answered_as_the_standard_says(asked, status, content):
    answer = ranged(b"0123456789", "audio/webm", asked)
    assert (answer.status_code, answer.body) == (status, content)


def test_without_its_recording_a_call_is_read_not_played(shared):
    browser = shared.come_in()
    assert browser.get("/calls/2").status_code == 200
    assert browser.get("/calls/2/sound").status_code == 404


def test_another_recording_under_the_same_name_is_not_played(desk, tmp_path):
    file = samples.recording(tmp_path / "own.wav", calls.calm())
    number = samples.add(desk.store, calls.calm(), "own", samples.MONDAY, file)
    samples.recording(tmp_path / "own.wav", calls.calm(), seed=9)
    assert desk.come_in().get(f"/calls/{number}/sound").status_code == 404


def test_a_call_that_was_erased_is_gone_from_every_page(desk):
    browser = desk.come_in()
    browser.get("/calls/1/sound")
    with desk.store.read() as to:
        call = to.calls.get(1)
    desk.store.erase([call], recordings=False)
    for path in ("", "/sound", "/peaks", "/export/call.json", "/explain?at=1"):
        assert browser.get(f"/calls/1{path}").status_code == 404


@pytest.mark.parametrize(
    "path", ["/calls/0", "/calls/99", "/calls/-1", "/calls/9999999999999999999999", "/calls/x", "/sample/9"]
)
def test_what_is_not_there_is_said_in_words(shared, path):
    answer = shared.come_in().get(path)
    assert answer.status_code in (404, 422)
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize(
    "name", ["json", "html", "csv", "vtt", "srt", "rttm", "TextGrid", "eaf", "aws.json", "vcon.json", "jsonl"]
)
def test_a_call_is_saved_in_every_format_under_a_name_of_ours(shared, name):
    browser = shared.come_in()
    for call in (1, 3):
        answer = browser.get(f"/calls/{call}/export/call.{name}")
        assert answer.status_code == 200
        assert answer.headers["content-disposition"] == f'attachment; filename="call-{call}.{name}"'
    assert browser.get("/calls/1/export/call.exe").status_code == 404


def test_a_file_corrected_in_praat_is_taken_in_and_what_is_unknown_is_said(desk):
    browser = desk.come_in()
    grid = browser.get("/calls/1/export/call.TextGrid").text
    assert 'mark = "interruption by agent"' in grid
    right = grid.replace("interruption by agent", "interruption by caller").replace(
        "backchannel by caller", "bakchannel <b>"
    )
    answer = browser.post("/calls/1/corrected", files={"file": ("mine.TextGrid", right.encode())})
    assert "mine.TextGrid: skipped &#34;bakchannel &lt;b&gt;&#34;" in answer.text
    with desk.store.read() as to:
        call = to.calls.get(1)
        assert to.results.figures(call.current, "corrected")["caller_interruptions"] == 1
        assert {review.origin for review in to.reviews.of_call(1)} == {"textgrid"}


def test_another_calls_file_and_what_is_none_are_refused(shared):
    browser = shared.come_in()
    other = browser.get("/calls/2/export/call.TextGrid").content
    answer = browser.post("/calls/1/corrected", files={"file": ("other.TextGrid", other)})
    assert answer.status_code == 422
    assert "another call" in answer.text
    for content in (b"", b"hello", b"<?xml version='1.0'?><a/>", b"\xff\xfe\x00"):
        assert browser.post("/calls/1/corrected", files={"file": ("x", content)}).status_code == 422
    assert browser.post("/calls/1/corrected", data={}).status_code == 422
    with shared.store.read() as to:
        assert to.reviews.of_call(1) == []


# Both queues, scores, what is published.


def test_a_sample_is_drawn_and_worked_through(desk):
    browser = desk.come_in()
    answer = browser.post("/sample", data={"size": "2", "name": "This week"})
    assert answer.status_code == 200
    assert "of 3 calls" in answer.text
    with desk.store.read() as to:
        (kept,) = to.samples.all()
        drawn = to.samples.drawn(kept.id)
    assert (kept.kind, kept.frame, kept.name) == ("random", 3, "This week")
    assert all(isinstance(one, Drawn) and 0 < one.probability <= 1 for one in drawn)
    opinion(browser, call=drawn[0].call, target="call", verdict="agree")
    assert f"1 of {len(drawn)} heard whole" in browser.get(f"/sample/{kept.id}").text
    assert browser.post("/sample", data={"size": "many"}).status_code == 422


def test_calls_worth_a_look_are_grouped_by_why_good_ones_too(shared):
    text = shared.come_in().get("/worth").text
    assert "strain eased after an acknowledgement" in text
    assert re.search(r'id="why-recovered".*?call-1', text, re.DOTALL)


def test_a_form_is_taken_in_calls_rated_blind_and_agreement_told_by_item(desk):
    kim, lee = desk.come_in("Kim"), desk.come_in("Lee")
    assert "Care for the caller" in kim.post("/forms", data={"example": "1"}).text
    text = kim.get("/calls/1").text
    assert text.count("answered by voicecare") == 2
    rated = {"q:acknowledged": "yes", "q:interruptions": "1", "q:clear": "partly", "c:clear": "hm"}
    text = kim.post("/calls/1/score/1", data=rated).text
    assert "80 of 100" in text
    before = lee.get("/calls/1").text
    assert "80 of 100" not in before
    assert "Someone else has rated this call" in before
    assert "call-1" in lee.get("/forms").text
    after = lee.post("/calls/1/score/1", data={**rated, "q:clear": "no"}).text
    assert "0 of 100" in after
    assert "80 of 100" in after
    agreement = lee.get("/forms").text
    assert "Krippendorff" in agreement
    assert "Kim" not in agreement
    kept = kim.get("/calls/1/score/1.json").json()
    assert kept["Answers"]["acknowledged"]["Source"] == "SYSTEM_GENERATED"
    assert kept["Answers"]["clear"]["Source"] == "INCLUDES_MANUAL_EDITS"
    assert kept["ScoreSource"] == "INCLUDES_MANUAL_EDITS"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"Title": 1}', b"\xff", b'{"a":' * 5000])
def test_a_form_that_is_none_is_refused_in_words(shared, body):
    answer = shared.come_in().post("/forms", files={"file": ("form.json", body)})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_form_that_asks_for_the_agents_feelings_is_refused(shared):
    import json

    body = json.dumps(samples.FORM).replace("NUMBER_OF_INTERRUPTIONS", "OVERALL_AGENT_SENTIMENT_SCORE").encode()
    assert "never estimates" in shared.come_in().post("/forms", files={"file": ("form.json", body)}).text


def test_how_often_voicecare_is_right_has_a_page_and_keeps_sample_and_picked_calls_apart(desk):
    browser = desk.come_in()
    key = interruption(browser)
    opinion(browser, target=key, verdict="disagree")
    opinion(browser, target="call", verdict="agree")
    text = browser.get("/accuracy").text
    assert text.count("No call was heard whole") == 1
    assert re.search(r"interruption</th><td class=\"n\">1</td><td class=\"n\">0</td>", text)
    browser.post("/sample", data={"size": "3"})
    assert "No call was heard whole" not in browser.get("/accuracy").text


def filled(tmp_path, agents=8):
    made = Desk(tmp_path / "weeks.db")
    for number in range(24):
        session = calls.heated() if number % 3 == 0 else calls.calm()
        session = dataclasses.replace(session, header=dataclasses.replace(session.header, sources=(f"{number}",)))
        at = samples.MONDAY + timedelta(days=7 * (number % 2), minutes=number)
        facts = {"agent": f"A{number // 2 % agents}", "queue": "Billing" if number >= 20 else "Roadside"}
        samples.add(made.store, session, f"c{number}", at, arm="shown" if number % 2 else "shadow", **facts)
    return made


def test_weeks_stand_side_by_side_and_no_small_queue_is_shown(tmp_path):
    text = filled(tmp_path).come_in().get("/weeks?a=2026-W47&b=2026-W48").text
    assert "All queues" in text
    parts = dict(re.findall(r"<h2><bdi>([^<]*)</bdi></h2>\s*(.*?)</section>", text, re.DOTALL))
    assert '<td class="n">12</td>' in parts["All queues"]
    assert "too few to show" in parts["Billing"]
    assert "too few to show" in parts["Roadside"]  # all queues less this one would be the small one
    assert not re.search(r"\bA\d\b", text)


def test_of_four_agents_no_figure_is_shown(tmp_path):
    text = filled(tmp_path, agents=4).come_in().get("/weeks?a=2026-W47&b=2026-W48").text
    assert "<td" not in text


@pytest.mark.parametrize("asked", ["a=2026-W99&b=2026-W01", "a=x&b=y", "a=0000-W01&b=9999-W52"])
def test_a_week_that_is_none_is_refused(shared, asked):
    assert shared.come_in().get(f"/weeks?{asked}").status_code == 422


def test_the_number_of_calls_needed_is_said_before_any_result(tmp_path):
    made = filled(tmp_path)
    browser = made.come_in()
    table = "call,csat\n" + "".join(f"c{n},{3 + n % 3}\n" for n in range(24)) + "nobody,1\n"
    text = browser.post("/helps", data={"outcome": "csat"}, files={"file": ("csat.csv", table.encode())}).text
    assert "1 line names a call that is not here" in text
    first = browser.get("/helps?outcome=csat&difference=0.5").text
    assert re.search(r"\d+ calls a group are needed", first)
    assert "What was found" not in first
    second = browser.get("/helps?outcome=csat&difference=0.5&result=1").text
    assert second.index("calls a group are needed") < second.index("What was found")
    assert "a difference of" in second
    assert "fewer calls than needed" in second
    assert not re.search(r"\bA\d\b", second)


def test_lists_are_saved_with_their_filters_and_no_formula_in_them(shared):
    import csv

    browser = shared.come_in()
    rows = list(csv.DictReader(io.StringIO(browser.get("/export/calls.csv").text)))
    assert [row["call_id"] for row in rows] == [samples.EVIL, "call-2", "call-1"]
    rows = list(csv.DictReader(io.StringIO(browser.get("/export/calls.csv?agent=Ada").text)))
    assert [row["call_id"] for row in rows] == ["call-1"]
    assert browser.get("/export/calls.parquet").content[:4] == b"PAR1"


def test_every_page_speaks_chinese_too(tmp_path):
    made = Desk(tmp_path / "zh.db", "zh-Hant")
    samples.add(made.store, calls.heated(), "call-1", samples.MONDAY)
    browser = made.come_in()
    browser.post("/forms", data={"example": "1"})
    for path in ("/", "/calls/1", "/sample", "/worth", "/weeks", "/forms", "/accuracy", "/helps"):
        text = browser.get(path).text
        assert '<html lang="zh-Hant">' in text
        assert re.search("[\u4e00-\u9fff]", text)


def test_both_languages_have_the_same_words_with_the_same_fields():
    import string
    import tomllib
    from importlib import resources

    files = {
        tag: tomllib.loads(
            resources.files("voicecare.qa.web").joinpath("words", f"{tag}.toml").read_text(encoding="utf-8")
        )
        for tag in ("en", "zh-Hant")
    }

    def fields(text):
        texts = text.values() if isinstance(text, dict) else [text]
        return {name for one in texts for _, name, _, _ in string.Formatter().parse(one) if name}

    assert files["en"].keys() == files["zh-Hant"].keys()
    for code, text in files["en"].items():
        assert fields(files["zh-Hant"][code]) == fields(text), code


def test_every_word_a_page_asks_for_is_there():
    from importlib import resources

    known = Catalogue.load("en")
    from voicecare.qa.web.words import with_words

    said = with_words(known).messages["qa"]
    for file in resources.files("voicecare.qa.web").joinpath("templates").iterdir():
        for code in re.findall(r"\bt\(\"(\w+)\"(?!\s*~)", file.read_text(encoding="utf-8")):
            assert code in said, f"{file.name}: {code}"
