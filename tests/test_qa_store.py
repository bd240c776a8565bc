"""The store keeps what it is told, tells it back, and is the same in SQLite and PostgreSQL."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from stores import BEGAN, add, digest, new_call, session

from voicecare import session as sessions
from voicecare.errors import InputError, OutputError, UsageError
from voicecare.qa.store.calls import Bound, CallQuery
from voicecare.qa.store.connecting import parse, shown
from voicecare.qa.store.records import Drawn, NewReview, NewScorecard
from voicecare.qa.store.schema import TABLES
from voicecare.qa.store.searching import searched, terms
from voicecare.qa.store.store import Store


def listed(store, query=None, limit=50):
    """The call ids of a query, page after page."""
    found, after = [], None
    while True:
        with store.read() as to:
            page = to.calls.page(query or CallQuery(), limit=limit, after=after)
        found += [row.call.call_id for row in page.rows]
        after = page.after
        if after is None:
            return found


def test_the_tables_made_are_those_that_are_described(store):
    with store._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": described})
        assert compare_metadata(context, TABLES) == []


def described(_, name, kind, *__):
    return not ((kind == "table" and name.startswith("texts_fts")) or name in ("tsv", "ix_texts_tsv"))


def test_a_session_comes_back_byte_for_byte(store):
    heard = session("“Ça va?”", "我想退款 \U0001f600")
    call, result = add(store, 1, heard)
    with store.read() as to:
        assert to.results.raw(result) == sessions.text(heard).encode()
        assert to.results.session(result) == heard
        assert to.calls.get(call).current == result
        assert [event.kind for event in to.results.events(result)] == ["rise", "interruption", "quiet_leg"]
        assert [cue.kind for cue in to.results.cues(result)] == ["slow_down"]
        assert to.results.figures(result)["agent_interruptions"] == 1


def test_a_result_is_kept_once(store):
    _, result = add(store, 1)
    from voicecare.qa.store.filing import filed

    with store.write() as to:
        assert not to.results.save(result, filed(session("something else")))
    with store.read() as to:
        assert b"something else" not in to.results.raw(result)


def test_a_call_is_its_content_whatever_it_is_called(store):
    with store.write() as to:
        first = to.calls.add(new_call(1))
        again = to.calls.add(new_call(1, call_id="another name", csat=4.0))
        other = to.calls.add(new_call(2, call_id="C00001"))
    assert (first[1], again, other[1]) == (True, (first[0], False), True)
    with store.read() as to:
        assert to.calls.get(first[0]).csat == 4.0
        assert len(to.calls.named("C00001")) == 2
        assert len(to.calls.named(f"#{first[0]}")) == len(to.calls.named(digest("call 1")[:12])) == 1


def test_pages_hold_every_call_once_and_in_order(store):
    for number in range(9):
        add(store, number, sort_at=BEGAN + timedelta(days=number // 3))
    every = [f"C{number:05}" for number in range(9)]
    for limit in (1, 4, 50):
        assert listed(store, CallQuery(order="oldest"), limit) == every
        assert listed(store, CallQuery(order="newest"), limit) == every[::-1]
        assert listed(store, CallQuery(order="strain_peak"), limit) == every[::-1]


FILTERS = [
    (CallQuery(agent="agent 3"), {3, 10}),
    (CallQuery(queue="returns", caller_ref="customer 1"), {1, 11}),
    (CallQuery(call_id="C0001"), {10, 11}),
    (CallQuery(call_id="%"), set()),
    (CallQuery(since=BEGAN + timedelta(minutes=10)), {10, 11}),
    (CallQuery(before=BEGAN + timedelta(minutes=1)), {0}),
    (CallQuery(bounds=(Bound("agent_interruptions", ">=", 3),)), {3, 7, 11}),
    (CallQuery(bounds=(Bound("agent_interruptions", "==", 0), Bound("strain_peak", "<=", 0.5))), {0, 4}),
    (CallQuery(bounds=(Bound("caller_pace_wpm", ">=", 10_000),)), set()),
    (CallQuery(has=("interruption", "slow_down"), queue="billing"), {2, 6, 10}),
    (CallQuery(status="queued"), set()),
    (CallQuery(reviewed=True), {5}),
    (CallQuery(scored=False, sample=1), {2}),
    (CallQuery(agent="' OR 1=1 --"), set()),
]
SEARCHES = [
    ("refund", [1, 2]),
    ("REFUNDS", [3]),
    ("refund*", [1, 2, 3]),
    ("caller:refund", [1]),
    ("agent:refund", [2]),
    ('"third time"', [1]),
    ('"time third"', []),
    ("time third", [1]),
    ("enerve", [4]),
    ("Énervé", [4]),
    ("退款", [5]),
    ("款退", []),
    ("dog's", [6]),
    ("agent:ref* caller:order", [2]),
    ("drop table calls;", [7]),
    ("<script>", [7]),
]


def test_filters_find_what_they_say(store):
    ids = [add(store, number) for number in range(12)]
    with store.write() as to:
        to.reviews.add(NewReview(ids[5][0], ids[5][1], "kim", "agree", "event", "event:3"))
        form = to.scoring.add_form("quality", "Quality", {"Items": []}, "kim")
        to.scoring.add(NewScorecard(ids[1][0], form, "kim", {}))
        drawn = [Drawn(ids[place][0], place, "all", 0.5) for place in (1, 2)]
        to.samples.add("March", "random", drawn, made_by="kim", seed=1, frame=12, definition={})
    for query, numbers in FILTERS:
        assert set(listed(store, query)) == {f"C{number:05}" for number in numbers}, query
        assert CallQuery.of(query.plain()) == query
        with store.read() as to:
            assert to.calls.count(query) == len(to.calls.ids(query)) == len(numbers)


def test_a_search_finds_the_same_words_in_either_database(store, monkeypatch):
    said = [
        ("hello", "a refund the third time"),
        ("I sent the refund", "my order"),
        ("hello", "both refunds"),
        ("hello", "je suis énervé"),
        ("hello", "我想退款"),
        ("hello", "the dog's bed"),
        ("hello", "'); DROP TABLE calls; <script>alert(1)</script>"),
    ]
    for number, (agent, caller) in enumerate(said, 1):
        add(store, number, session(agent, caller))
    for named in (3_000, 0):  # as rare words are found, and as common ones are
        monkeypatch.setattr("voicecare.qa.store.searching.MOST_NAMED", named)
        for asked, found in SEARCHES:
            assert listed(store, CallQuery(search=asked, order="oldest")) == [f"C{one:05}" for one in found], asked


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_search_or_is_refused_in_one_line(asked):
    with contextlib.suppress(UsageError):
        for term in terms(asked):
            assert term.words == tuple(searched(" ".join(term.words)).split())


@given(
    asked=st.lists(
        st.sampled_from(["refund", '"', "*", ":", "caller:", "(", "NOT", "'", "\\", "-", "退", "&|!<->"]), min_size=1
    )
)
def test_no_search_breaks_the_database(asked):
    from voicecare.qa.store.searching import matching

    try:
        wanted = matching(" ".join(asked), "sqlite")
    except UsageError:
        return
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE VIRTUAL TABLE texts_fts USING fts5(agent, caller)")
        connection.execute(str(wanted.compile(compile_kwargs={"literal_binds": True})))


def test_what_people_say_is_only_added_to(store):
    call, result = add(store, 1)
    with store.write() as to:
        first = to.reviews.add(NewReview(call, result, "kim", "disagree", "event", "event:4"))
        second = to.reviews.add(NewReview(call, result, "kim", "agree", "event", "event:4", replaces=first))
        other = to.reviews.add(NewReview(call, result, "lee", "agree", "cue", "cue:5"))
        to.reviews.add(NewReview(call, result, "lee", "withdraw", "cue", "cue:5", replaces=other))
        note = to.reviews.add_note(call, "kim", "good", at=16_000)
        to.reviews.add_note(call, "kim", "very good", at=16_000, replaces=note)
        gone = to.reviews.add_note(call, "kim", "a mistake")
        to.reviews.add_note(call, "kim", "", replaces=gone, removed=True)
    with store.read() as to:
        assert len(to.reviews.of_call(call)) == 4
        assert [review.id for review in to.reviews.standing(call)] == [second]
        assert [note.body for note in to.reviews.notes(call)] == ["very good"]


def test_nobody_replaces_what_was_said_of_another_call(store):
    (one, result), (two, _) = add(store, 1), add(store, 2)
    with store.write() as to:
        review = to.reviews.add(NewReview(one, result, "kim", "agree", "event", "event:4"))
        note = to.reviews.add_note(one, "kim", "good")
        with pytest.raises(UsageError, match="not of this call"):
            to.reviews.add(NewReview(two, None, "kim", "withdraw", "event", "event:4", replaces=review))
        with pytest.raises(UsageError, match="not of this call"):
            to.reviews.add_note(two, "kim", "bad", replaces=note)


def test_corrected_figures_stand_beside_those_heard(store):
    _, result = add(store, 1)
    with store.write() as to:
        summary = dict(to.results.summary(result))
        summary["agent"] = {**summary["agent"], "interruptions": 7}
        to.results.correct(result, summary, upto_review=1)
        to.results.correct(result, summary, upto_review=2)
    with store.read() as to:
        assert to.results.figures(result)["agent_interruptions"] == 1
        assert to.results.figures(result, "corrected")["agent_interruptions"] == 7


def test_forms_have_versions_and_scorecards_are_added(store):
    call, _ = add(store, 1)
    with store.write() as to:
        first = to.scoring.add_form("quality", "Quality", {"Items": []}, "kim")
        second = to.scoring.add_form("quality", "Quality 2", {"Items": [{"RefId": "a"}]}, "kim")
        card = to.scoring.add(NewScorecard(call, second, "kim", {"a": {"value": "yes", "source": "person"}}))
        to.scoring.add(NewScorecard(call, second, "kim", {"a": {"value": "no", "source": "person"}}, replaces=card))
        to.scoring.retire(first)
    with store.read() as to:
        assert [(form.id, form.version) for form in to.scoring.forms()] == [(second, 2)]
        assert [dict(one.answers)["a"]["value"] for one in to.scoring.of_call(call)] == ["no"]


def test_saved_filters_are_of_one_person(store):
    with store.write() as to:
        to.samples.save_view("kim", "mine", CallQuery(agent="a").plain())
        to.samples.save_view("kim", "mine", CallQuery(agent="b").plain())
    with store.read() as to:
        assert [CallQuery.of(view.query).agent for view in to.samples.views("kim")] == ["b"]
        assert to.samples.views("lee") == []


def test_two_who_write_at_once_lose_nothing(store, store_url):
    call, result = add(store, 1)

    def review(name):
        with Store.open(store_url) as own:
            for place in range(20):
                with own.write() as to:
                    seen = len(to.reviews.of_call(call))
                    to.reviews.add(NewReview(call, result, name, "agree", "event", f"event:{place}", value={"n": seen}))

    people = [threading.Thread(target=review, args=(name,)) for name in ("kim", "lee", "sam")]
    for one in people:
        one.start()
    for one in people:
        one.join()
    with store.read() as to:
        made = to.reviews.of_call(call)
    assert {(review.reviewer, review.ref) for review in made} == {
        (name, f"event:{place}") for name in ("kim", "lee", "sam") for place in range(20)
    }


def test_two_who_open_a_new_store_at_once_make_it_once(store_url):
    code = "import sys; from voicecare.qa.store.store import Store; Store.open(sys.argv[1]).close()"
    both = [subprocess.Popen([sys.executable, "-c", code, store_url]) for _ in range(2)]
    assert [one.wait(60) for one in both] == [0, 0]


def test_one_batch_works_on_a_store_at_a_time(store, store_url):
    with store.alone(), Store.open(store_url) as other:
        second = other.alone()
        with pytest.raises(InputError, match="another batch"):
            second.__enter__()
    with store.alone():
        pass


def test_a_store_of_a_newer_voicecare_is_refused_in_one_line(store, store_url):
    with store._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(InputError, match="newer voicecare"):
        Store.open(store_url)


@pytest.mark.parametrize(
    ("given", "kind", "says"),
    [
        ("mysql://host/calls", UsageError, "not understood"),
        ("sqlite://", UsageError, "a store is a file"),
        ("://", UsageError, "not understood"),
        ("postgresql://kim:secret@localhost:1/calls", OutputError, "cannot be used"),
        ("{tmp}/missing/calls.db", OutputError, "cannot use the store"),
        ("{tmp}", OutputError, "directory"),
    ],
)
def test_an_address_that_is_none_is_said_in_one_line(tmp_path, given, kind, says):
    with pytest.raises(kind, match=says) as caught:
        Store.open(given.format(tmp=tmp_path))
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_store_is_not_made_where_it_is_only_read(tmp_path):
    with pytest.raises(InputError, match="there is no store"):
        Store.open(str(tmp_path / "calls.db"), create=False)
    assert list(tmp_path.iterdir()) == []


def test_another_file_is_no_store_and_stays(tmp_path):
    (tmp_path / "calls.db").write_text("something else that is longer than a header")
    with pytest.raises(InputError, match="is no store"):
        Store.open(str(tmp_path / "calls.db"))
    assert (tmp_path / "calls.db").read_text().startswith("something else")


def test_a_store_is_for_its_owners_eyes_only(tmp_path):
    with Store.open(str(tmp_path / "calls.db")) as opened:
        add(opened, 1)
        assert {file.stat().st_mode & 0o777 for file in opened.files()} == {0o600}


def test_passwords_are_not_printed():
    assert shown(parse("postgresql://kim:secret@host/calls")) == "postgresql+psycopg://kim:***@host/calls"
