"""Forms in the shape of Amazon Connect's, what they come to, and whose answer is whose."""

from __future__ import annotations

import contextlib
import copy
import dataclasses

import pytest
import report_samples as calls
from hypothesis import given, settings
from hypothesis import strategies as st
from qa_samples import FORM

from voicecare.errors import UsageError
from voicecare.qa.ratings import items, mean_score, rated_once
from voicecare.qa.sampling import Drawn
from voicecare.qa.scorecard import parse
from voicecare.qa.scoring import by_voicecare, checked, merged, score, source_of
from voicecare.qa.store.records import Scorecard
from voicecare.qa.store.rows import now
from voicecare.report.document import document

CARE = parse(FORM)
HEATED, CALM = document(calls.heated()), document(calls.calm())


def changed(*path, to):
    form = copy.deepcopy(FORM)
    at = form
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = to
    return form


def answer(**values):
    return checked(CARE, {ref: {"value": value} for ref, value in values.items()})


SECTION, QUESTION = ("Items", 0, "Section"), ("Items", 0, "Section", "Items", 0, "Question")
NUMBER = ("Items", 0, "Section", "Items", 1, "Question", "QuestionTypeProperties", "Numeric")


def test_voicecare_answers_what_it_knows_and_says_so():
    assert {ref: a["value"] for ref, a in by_voicecare(CARE, HEATED).items()} == {
        "acknowledged": "yes",
        "interruptions": 1,
    }
    assert "acknowledged" not in by_voicecare(CARE, CALM)


def test_nothing_is_answered_where_a_leg_was_silent():
    assert by_voicecare(CARE, document(calls.silent("agent"))) == {}


def test_an_answer_that_was_changed_is_the_persons():
    automatic = by_voicecare(CARE, HEATED)
    kept = merged(automatic, answer(acknowledged="yes", interruptions=3.0, clear="yes"))
    assert [kept[ref]["source"] for ref in ("acknowledged", "interruptions", "clear")] == [
        "voicecare",
        "person",
        "person",
    ]
    assert source_of(kept) == "INCLUDES_MANUAL_EDITS"
    assert source_of(automatic) == "SYSTEM_GENERATED_ONLY"


def test_sections_weigh_as_the_form_says():
    found = score(CARE, answer(acknowledged="yes", interruptions=1.0, clear="partly"))
    assert found.sections == {"listening": 100.0, "ending": 50.0}
    assert found.percent == pytest.approx(0.6 * 100 + 0.4 * 50)


def test_what_does_not_apply_is_taken_out_and_the_rest_stands_for_the_whole():
    found = score(CARE, answer(acknowledged=None, interruptions=5.0, clear="yes"))
    assert found.sections["listening"] == 0.0
    only = score(CARE, answer(clear="partly"))
    assert (only.sections["listening"], only.percent) == (None, 50.0)


def test_an_answer_that_fails_sets_all_to_zero_or_its_section_where_the_form_says_so():
    assert score(CARE, answer(acknowledged="yes", interruptions=0.0, clear="no")).percent == 0.0
    options = ("Items", 1, "Section", "Items", 0, "Question", "QuestionTypeProperties", "SingleSelect", "Options", 2)
    own = parse(changed(*options, "AutomaticFailConfiguration", to={"TargetSection": "ending"}))
    found = score(own, checked(own, {"acknowledged": {"value": "yes"}, "clear": {"value": "no"}}))
    assert (found.percent, found.failed) == (60.0, False)


def test_a_form_without_a_strategy_is_not_scored():
    form = {key: value for key, value in FORM.items() if key != "ScoringStrategy"}
    assert score(parse(form), answer(clear="yes")).percent is None


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (changed(*SECTION, "RefId", to="über uns"), "RefId"),
        (changed(*SECTION, "Weight", to=50), "must be 100"),
        (changed(*QUESTION, "RefId", to="clear"), "occurs twice"),
        (changed(*QUESTION, "QuestionType", to="SMILEY"), "SMILEY"),
        (
            changed(*NUMBER, "Automation", "PropertyValue", "Label", to="OVERALL_AGENT_SENTIMENT_SCORE"),
            "never estimates",
        ),
        (changed(*NUMBER, "Automation", "PropertyValue", "Label", to="AGENT_MOOD"), "AGENT_MOOD"),
        (changed(*NUMBER, "Options", 0, "Score", to="many"), "number"),
        (changed("Items", to=[]), "asks nothing"),
        (changed("Items", to="none"), "list"),
        (changed("Title", to=""), "Title"),
        ([], "object"),
        ("text", "object"),
    ],
)
def test_a_form_that_makes_no_sense_is_refused_by_name(form, said):
    with pytest.raises(UsageError, match=said):
        parse(form)


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"unknown": {"value": 1}}, "no question"),
        ({"clear": {"value": "perhaps"}}, "no answer"),
        ({"clear": {"value": None}}, "has to be answered"),
        ({"interruptions": {"value": -1}}, "0 to 1000"),
        ({"interruptions": {"value": True}}, "no answer"),
        ({"interruptions": {"value": "two"}}, "no answer"),
        ({"remark": {"value": "x" * 5000}}, "no answer"),
        ([], "object"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_by_name(given_, said):
    with pytest.raises(UsageError, match=said):
        checked(CARE, given_)


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Title", "Items", "Section", "Question", "RefId", "Options"]), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(anything)
def test_whatever_comes_a_form_is_read_or_refused(body):
    with contextlib.suppress(UsageError):
        assert parse(body).questions


def card(call: int, rater: str, **values):
    kept = answer(**values)
    percent = score(CARE, kept).percent
    return Scorecard(1, now(), call, 1, rater, kept, None, True, percent, 100.0, True, None)


def test_agreement_is_told_by_item_and_never_by_person():
    cards = [card(n, rater, clear="yes" if n % 3 else "partly") for n in range(9) for rater in ("Kim", "Lee")]
    cards[-1] = dataclasses.replace(cards[-1], answers=answer(clear="no"))
    (found,) = items(CARE, cards)
    assert found.question.ref == "clear"
    assert found.agreement.calls == 9
    assert 0.6 < found.agreement.alpha.value < 1.0
    assert "Kim" not in repr(found)


def test_a_second_rater_is_offered_calls_of_which_they_have_seen_nothing():
    cards = [
        card(1, "Kim", clear="yes"),
        card(2, "Lee", clear="yes"),
        card(3, "Kim", clear="no"),
        card(3, "Ann", clear="no"),
    ]
    assert rated_once(cards, "Lee") == [1]


def test_a_mean_score_is_of_the_random_sample_and_of_five_calls_at_least():
    cards = [card(n, "Kim", clear="yes" if n else "partly") for n in range(6)]
    sample = [Drawn(str(n), "x", 0.5) for n in range(6)]
    found, number = mean_score(sample, cards)
    assert (found.value, number) == (pytest.approx((50 + 5 * 100) / 6), 6)
    assert mean_score(sample[:4], cards)[0].value is None
