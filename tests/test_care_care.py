"""Care between calls: one card, at the boundary, gone at once when a call comes, and no record of a no."""

from __future__ import annotations

import dataclasses

import pytest
from care_samples import NOON_S, calm_call, strained_call

from voicecare.care.cards import Fact
from voicecare.care.care import Care
from voicecare.care.diary import Diary
from voicecare.care.seen import CueSeen
from voicecare.care.thanks import Thanks
from voicecare.config import Config

DAY_S = 86_400.0
THANKS = Thanks(200.0, "Thank you so much for your help.", "en")


@pytest.fixture
def diary():
    with Diary(None) as opened:
        yield opened


def welcomed(diary, choice="all", **options):
    care = Care(diary, Config(), **options)
    care.shift_begins(NOON_S - DAY_S)
    care.answer(care.card(NOON_S - DAY_S).id, choice, "", NOON_S - DAY_S + 5)
    care.shift_begins(NOON_S)
    if choice == "all":
        card = care.card(NOON_S)
        care.answer(card.id, "skip", "", NOON_S + 5)
    return care


def after(care, call, now_s, facts=()):
    care.call_rings(now_s - call.length_s - 5)
    care.call_begins(now_s - call.length_s)
    care.call_ended(now_s, call, facts)


def test_the_first_run_asks_once_and_at_first_only_breaks_are_on(diary):
    care = Care(diary, Config())
    on = [feature for feature in ("breaks", "breathing", "moments", "thanks") if care.switches.is_on(feature, NOON_S)]
    assert on == ["breaks", "breathing"]
    care.shift_begins(NOON_S)
    assert care.card(NOON_S).kind == "welcome"
    assert care.card(NOON_S + 300) is None
    for day in range(1, 30):
        care.shift_begins(NOON_S + day * DAY_S)
        assert care.card(NOON_S + day * DAY_S) is None


def test_nothing_means_nothing(diary):
    care = welcomed(diary, "none")
    after(care, strained_call(eased=False, thanks=(THANKS,)), NOON_S + 600)
    assert care.card(NOON_S + 610) is None


def test_a_break_is_offered_three_seconds_after_a_hard_call_and_not_sooner(diary):
    care = welcomed(diary, "breaks")
    after(care, strained_call(eased=False), NOON_S + 600)
    assert care.card(NOON_S + 602.9) is None
    card = care.card(NOON_S + 603)
    assert card.kind == "offer"
    assert care.card(NOON_S + 610) is card


def test_whoever_speaks_between_calls_is_not_interrupted(diary):
    care = welcomed(diary, "breaks")
    after(care, strained_call(eased=False), NOON_S + 600)
    care.spoke(NOON_S + 602)
    assert care.card(NOON_S + 604) is None
    assert care.card(NOON_S + 605).kind == "offer"


def test_a_card_is_gone_with_the_first_ring_and_never_comes_in_a_call(diary):
    care = welcomed(diary, "breaks")
    after(care, strained_call(eased=False), NOON_S + 600)
    card = care.card(NOON_S + 604)
    care.call_rings(NOON_S + 605)
    assert care.card(NOON_S + 605) is None
    care.answer(card.id, "5", "", NOON_S + 605.1)  # a click that came too late
    assert care.card(NOON_S + 605.2) is None
    care.call_begins(NOON_S + 612)
    care.call_rings(NOON_S + 700)  # another call waits
    care.ringing_stopped()
    assert care.card(NOON_S + 710) is None


def test_ringing_that_comes_to_nothing_brings_no_card(diary):
    care = welcomed(diary, "breaks")
    after(care, calm_call(), NOON_S + 600)
    care.call_rings(NOON_S + 601)
    care.ringing_stopped()
    assert care.card(NOON_S + 700) is None


def test_not_now_writes_nothing(diary):
    care = welcomed(diary, "breaks")
    after(care, strained_call(eased=False), NOON_S + 600)
    before = diary.everything()
    care.answer(care.card(NOON_S + 604).id, "not_now", "", NOON_S + 605)
    assert diary.everything() == before
    assert care.card(NOON_S + 606) is None


def test_a_break_runs_and_then_says_ready(diary):
    care = welcomed(diary, "breaks")
    after(care, strained_call(eased=False), NOON_S + 600)
    care.answer(care.card(NOON_S + 604).id, "2", "", NOON_S + 605)
    assert care.card(NOON_S + 606).kind == "break"
    assert care.card(NOON_S + 724).kind == "break"
    assert care.card(NOON_S + 726).kind == "ready"


def test_breathe_opens_the_pacer_and_is_offered_only_where_there_is_one(diary):
    opened = []
    care = welcomed(diary, "breaks", breathe=lambda: opened.append(1))
    after(care, strained_call(eased=False), NOON_S + 600)
    care.answer(care.card(NOON_S + 604).id, "breathe", "", NOON_S + 605)
    assert opened == [1]
    other = welcomed(Diary(None), "breaks")
    after(other, strained_call(eased=False), NOON_S + 600)
    assert "breathe" not in other.card(NOON_S + 604).choices


def test_the_agents_own_word_that_it_was_hard_is_enough(diary):
    care = welcomed(diary, "breaks")
    after(care, calm_call(), NOON_S + 600)
    care.hard_one(NOON_S + 601)
    assert care.card(NOON_S + 604).kind == "offer"


def test_thanks_are_shown_word_for_word_and_kept_on_a_yes(diary):
    care = welcomed(diary)
    after(care, calm_call((THANKS,)), NOON_S + 600)
    card = care.card(NOON_S + 604)
    assert (card.kind, card.names["text"]) == ("thanks", THANKS.text)
    assert diary.rows("thanks") == []
    care.answer(card.id, "keep", "", NOON_S + 605)
    assert [row["text"] for row in diary.rows("thanks")] == [THANKS.text]


def test_kept_words_keep_thanks_too_and_one_key_removes_them(diary):
    care = welcomed(diary, keep_thanks=True)
    after(care, calm_call((THANKS,)), NOON_S + 600)
    assert len(diary.rows("thanks")) == 1
    care.answer(care.card(NOON_S + 604).id, "remove", "", NOON_S + 605)
    assert diary.rows("thanks") == []


def test_one_card_a_boundary_and_thanks_wait_for_the_next(diary):
    care = welcomed(diary)
    after(care, strained_call(eased=False, thanks=(THANKS,)), NOON_S + 600)
    care.answer(care.card(NOON_S + 604).id, "not_now", "", NOON_S + 605)
    assert care.card(NOON_S + 640) is None
    after(care, calm_call(), NOON_S + 1_500)
    assert care.card(NOON_S + 1_504).kind == "thanks"


def test_a_recovery_is_one_quiet_line(diary):
    care = welcomed(diary)
    after(care, strained_call(eased=True, up_s=40), NOON_S + 600)
    card = care.card(NOON_S + 604)
    assert (card.kind, card.choices, card.names) == ("recovery", ("fine",), {"calm_s": 200})
    assert care.card(NOON_S + 620) is None
    assert [row["calm_s"] for row in diary.rows("recoveries")] == [200]


def test_the_intention_is_asked_once_a_shift_and_said_once_with_the_first_offer(diary):
    care = welcomed(diary, "all")
    care.shift_begins(NOON_S + DAY_S)
    card = care.card(NOON_S + DAY_S)
    care.answer(card.id, "own", "If it gets loud, I wait.", NOON_S + DAY_S + 4)
    care.shift_begins(NOON_S + DAY_S + 3_600)  # a restart
    assert care.card(NOON_S + DAY_S + 3_600) is None
    said = []
    for hour in (2, 3, 4):
        now_s = NOON_S + DAY_S + hour * 3_600
        after(care, strained_call(eased=False), now_s)
        card = care.card(now_s + 4)
        said.append(None if card is None or card.kind != "offer" else card.names.get("intention"))
    assert said[0] == "If it gets loud, I wait."
    assert said[1:].count("If it gets loud, I wait.") == 0


def test_a_moment_is_asked_after_a_surprise_and_keeps_what_was_typed(diary):
    care = welcomed(diary)
    care.switches.off("recoveries", "good", NOON_S)
    care.switches.off("feedback", "good", NOON_S)
    care.switches.off("breaks", "good", NOON_S)
    fact = Fact("eased", 150.0, "at_ease")
    for number in range(1, 12):
        after(care, calm_call(), NOON_S + 600 * number, (fact,))
        assert care.card(NOON_S + 600 * number + 4) is None, "the usual is not asked about"
    after(care, strained_call(eased=True, up_s=40), NOON_S + 8_000, (fact,))
    card = care.card(NOON_S + 8_004)
    assert card.kind == "moment"
    assert care.card(NOON_S + 8_023.9) is card
    care.answer(card.id, "well", "  I kept\n calm " + "x" * 300, NOON_S + 8_010)
    (row,) = diary.rows("moments")
    assert (row["went"], len(row["note"])) == ("well", 140)


def test_cues_are_asked_about_one_after_another_and_a_skip_ends_it(diary):
    care = welcomed(diary)
    care.switches.off("recoveries", "good", NOON_S)
    after(care, strained_call(eased=True, up_s=40), NOON_S + 600)
    card = care.card(NOON_S + 604)
    assert (card.kind, card.names["at"]) == ("cues", "1:06")
    care.answer(card.id, "not_needed", "", NOON_S + 606)
    assert [(row["about"], row["answer"]) for row in diary.rows("answers")] == [("strain", "not_needed")]


def test_the_shift_ends_with_the_intention_and_once_a_week_three_lines(diary):
    care = welcomed(diary)
    care.ledger.intend(NOON_S + 10, "@let_finish")
    care.shift_ends(NOON_S + 8 * 3_600)
    kinds = []
    now_s = NOON_S + 8 * 3_600
    while (card := care.card(now_s)) is not None:
        kinds.append(card.kind)
        care.answer(card.id, "yes" if card.kind == "intention_kept" else "w4", "", now_s + 1)
        now_s += 2
    assert kinds == ["intention_kept", "weekly", "weekly", "weekly"]
    assert [row["value"] for row in diary.rows("weekly")] == [4, 4, 4]
    care.shift_ends(NOON_S + DAY_S)
    assert care.card(NOON_S + DAY_S) is None


def test_a_level_that_answers_gave_is_in_the_settings_of_the_next_call(diary):
    care = welcomed(diary)
    assert care.config(Config()) == Config()
    for number in range(20):
        care.ledger.told(NOON_S + number, "strain", "not_needed")
    assert care.config(Config()).cues.high == pytest.approx(0.64)
    care.ledger.back(NOON_S + 30, "strain")
    assert care.config(Config()) == Config()


def test_questions_about_one_call_that_follow_each_other_count_as_cards(diary):
    care = welcomed(diary)
    cues = tuple(CueSeen(number, "acknowledge", "strain", 60.0 + number, "heeded") for number in range(1, 4))
    call, kinds = dataclasses.replace(calm_call(), cues=cues), []
    for number in range(12):
        now_s = NOON_S + 600 + 600 * number
        after(care, call, now_s)
        at_s = now_s + 4
        while (card := care.card(at_s)) is not None:
            kinds.append(card.kind)
            care.answer(card.id, "helped", "", at_s + 1)
            at_s += 2
    assert kinds == ["cues"] * 10
