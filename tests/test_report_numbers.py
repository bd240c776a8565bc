"""The numbers of a call: every figure the report shows, checked against calls whose figures are known by hand."""

from __future__ import annotations

import dataclasses

import pytest
import report_samples as calls
from cue_calls import CONFIG, random_call
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecare.catalogue.catalogue import Catalogue
from voicecare.config import Config, CueConfig
from voicecare.report.numbers import numbers
from voicecare.report.rows import common, settled, total, union
from voicecare.report.strain import strain_numbers
from voicecare.session import Session
from voicecare.timebase import Span, seconds
from voicecare.types import Cue, Event, Health, Phrase, Reason, TurnEvent

spans = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 60)).map(lambda p: Span(p[0], p[0] + p[1])), max_size=12)


def call(*events: Event, end_s: float = 60.0, complete: bool = True) -> Session:
    return Session(calls.header(), events, calls.at(end_s), complete)


def story_of(session: Session) -> str:
    words = Catalogue.load("en", "agent")
    return " ".join(words.story(beat) for beat in numbers(session).story)


def test_a_turn_told_twice_is_one_row_known_since_it_was_first_told():
    opened = TurnEvent(4, "interruption", "agent", Span(100, 200), 180, closed=False)
    closed = TurnEvent(4, "interruption", "agent", Span(100, 400), 420, "taken")
    assert settled([opened, closed]) == (dataclasses.replace(closed, decided_at=180),)


def test_a_cue_told_twice_keeps_its_start_and_takes_its_end_from_the_last():
    shown = Cue(1, "acknowledge", 100, (Reason("strain_high"),), 900)
    cleared = Cue(1, "acknowledge", 400, (), 900, 400, "heeded")
    assert settled([shown, cleared]) == (Cue(1, "acknowledge", 100, (Reason("strain_high"),), 900, 400, "heeded"),)


def test_a_turn_and_a_cue_may_share_a_number():
    turn = TurnEvent(1, "interruption", "agent", Span(0, 10), 10)
    cue = Cue(1, "slow_down", 20, (), 30)
    assert settled([turn, cue]) == (turn, cue)


@given(spans, spans)
def test_what_two_lists_of_spans_have_in_common_is_what_their_samples_have_in_common(these, those):
    def inside(spans: list[Span]) -> set[int]:
        return {i for span in spans for i in range(span.start, span.end)}

    shared = common(union(these), union(those))
    assert inside(shared) == inside(these) & inside(those)
    assert total(shared) == len(inside(shared))


def test_the_heated_call_counts_what_was_put_into_it():
    summed = numbers(calls.heated())
    assert summed.duration_s == 75.0
    assert (summed.agent.interruptions, summed.caller.interruptions) == (1, 0)
    assert (summed.agent.talk_overs, summed.caller.backchannels) == (1, 1)
    assert summed.overlap_s == 2.9
    assert summed.agent.speech_s == 28.3
    assert summed.agent.talk_share + summed.caller.talk_share == 1.0
    assert (summed.cues.shown, summed.cues.heeded, summed.cues.logged) == (2, 2, 0)
    (interruption,) = summed.interruptions
    assert (interruption.start_s, interruption.end_s, interruption.decided_s) == (28.0, 30.2, 29.0)
    assert interruption.floor == "taken"
    assert summed.interruption_latency_s == 1.0


def test_the_overlap_share_is_of_the_time_anyone_spoke():
    session = call(
        calls.segment("agent", 0, 10), calls.segment("caller", 8, 12), calls.turn(1, "overlap", "caller", 8, 10)
    )
    assert numbers(session).overlap_share == round(2 / 12, 3)


def test_response_gaps_are_the_median_of_the_one_who_answers():
    gaps = [calls.turn(i, "response_gap", "agent", 10 * i, 10 * i + gap) for i, gap in enumerate((0.2, 0.4, 3.0), 1)]
    summed = numbers(call(*gaps))
    assert summed.agent.response_gap_s == 0.4
    assert summed.caller.response_gap_s is None


def test_pace_is_words_over_the_recognised_speech_of_the_party():
    session = call(
        calls.segment("agent", 0, 6),
        calls.segment("agent", 20, 40),
        calls.heard(("agent", 0, 6, " ".join(["word"] * 15))),
    )
    assert numbers(session).agent.pace_wpm == 150
    assert numbers(session).caller.pace_wpm is None


def test_nothing_heard_is_told_as_not_known_and_never_as_zero():
    summed = numbers(calls.empty())
    assert summed.agent.talk_share is None
    assert summed.overlap_share is None
    assert summed.strain.start is None
    assert summed.strain.estimated_share is None


def strain_of(*values: float | None, extra: tuple[Event, ...] = ()) -> Session:
    speech = calls.segment("caller", 0, len(values) * 0.5)
    return call(speech, *(calls.strain(0.5 * i, value) for i, value in enumerate(values, 1)), *extra)


def test_level_and_trend_are_told_apart():
    strain = numbers(strain_of(*[0.8] * 10, *[0.5] * 10)).strain
    assert (strain.start, strain.peak, strain.end) == (0.8, 0.8, 0.5)
    assert (strain.change, strain.trend) == (-0.3, "easing")


def test_a_rise_runs_from_high_to_low_and_knows_the_acknowledgement_within_it():
    values = [0.2] * 4 + [0.6, 0.9, 0.7, 0.6, 0.5] + [0.3] * 4
    answer = Phrase("agent", "acknowledgement", calls.at(4.2), calls.span(3.1, 3.9), "I see")
    too_early = Phrase("agent", "acknowledgement", calls.at(1.9), calls.span(1.0, 1.8), "I see")
    (rise,) = numbers(strain_of(*values, extra=(too_early, answer))).strain.rises
    assert (rise.rose_s, rise.peak, rise.peak_s, rise.eased_s) == (2.5, 0.9, 3.0, 5.0)
    assert rise.recovery_s == 2.0
    assert (rise.acknowledged_s, rise.acknowledged_after_s) == (3.1, 0.6)


@pytest.mark.parametrize("kind", ["thanks", "positive", "paraphrase"])
def test_thanks_praise_and_a_paraphrase_do_not_answer_strain(kind):
    phrase = Phrase("agent", kind, calls.at(3.5), calls.span(3.0, 3.4), "thank you")
    (rise,) = numbers(strain_of(*[0.2] * 4, *[0.8] * 6, extra=(phrase,))).strain.rises
    assert rise.acknowledged_s is None


def test_a_short_flicker_of_strain_is_no_rise():
    assert numbers(strain_of(*[0.2] * 6, 0.7, 0.7, *[0.2] * 6)).strain.rises == ()


def test_strain_between_low_and_high_does_not_split_a_rise():
    (rise,) = numbers(strain_of(*[0.7] * 4, *[0.45] * 4, *[0.8] * 4)).strain.rises
    assert rise.eased_s is None


def test_the_settings_of_the_session_decide_what_high_means():
    events = strain_of(*[0.4] * 10).events
    assert strain_numbers(events, Config()).rises == ()
    assert len(strain_numbers(events, Config(cues=CueConfig(high=0.3, low=0.1))).rises) == 1


def test_estimates_that_are_not_known_count_as_no_estimate():
    strain = numbers(strain_of(*[None] * 20)).strain
    assert strain.estimated_share == 0.0
    assert strain.peak is None


def test_what_was_not_listened_to_is_told_in_stretches():
    session = call(
        Health(calls.at(5), "gap", calls.at(1)),
        Health(calls.at(20), "not_listening"),
        Health(calls.at(23), "listening"),
        Health(calls.at(50), "not_listening"),
    )
    listening = numbers(session).listening
    assert listening.unheard == ((5.0, 6.0), (20.0, 23.0), (50.0, 60.0))
    assert (listening.gaps, listening.lost_s) == (1, 1.0)


def test_two_reasons_not_to_listen_are_told_apart_by_their_notes():
    session = call(
        Health(calls.at(10), "not_listening", 0, "caller_device_gone"),
        Health(calls.at(12), "not_listening", 0, "paused"),
        Health(calls.at(14), "listening", 0, "caller_device_gone"),
        Health(calls.at(20), "listening", 0, "paused"),
        Health(calls.at(30), "not_listening", calls.at(600), "slept"),
        Health(calls.at(30), "listening", 0, "slept"),
    )
    listening = numbers(session).listening
    assert listening.unheard == ((10.0, 20.0),)
    assert listening.troubles == {"slept": 1}


def test_a_gap_of_less_than_nothing_loses_nothing():
    assert numbers(call(Health(calls.at(10), "gap", -512, "changed by hand"))).listening.lost_s == 0


def test_a_leg_that_found_its_voice_again_is_no_trouble():
    silent = Health(calls.at(10), "silent_leg", 0, "caller_silent")
    found = Health(calls.at(20), "listening", 0, "caller_silent")
    assert numbers(call(silent, found)).listening.troubles == {}
    assert numbers(call(silent)).listening.troubles == {"silent_leg": 1}


def test_cues_kept_off_the_screen_count_as_logged_only():
    logged = Cue(1, "acknowledge", 100, (), 900, 900, "expired", shown=False)
    cues = numbers(call(logged)).cues
    assert (cues.shown, cues.expired, cues.logged) == (0, 0, 1)


@pytest.mark.parametrize(
    ("session", "told"),
    [
        (
            calls.heated(),
            (
                "The caller’s strain rose at 0:34 after you spoke over them at 0:28. It eased at 0:49, after you "
                "acknowledged at 0:42. 2 cues were shown, and you followed them all."
            ),
        ),
        (calls.calm(), "A calm call: nobody was interrupted, and the caller’s strain stayed low."),
        (calls.empty(), "Nobody was heard on either leg of this call."),
        (
            calls.hostile(),
            (
                "This record stops at 0:10, before the call did. In what was heard, nobody was interrupted. "
                "There was too little clear caller speech to estimate strain."
            ),
        ),
        (strain_of(*[0.2] * 8, *[0.8] * 8), "The caller’s strain rose at 0:04. It was still up when the call ended."),
        (
            dataclasses.replace(strain_of(*[0.2] * 8, *[0.8] * 8), complete=False),
            "The caller’s strain rose at 0:04. It was still up where the record stops.",
        ),
        (
            strain_of(*[0.2] * 8, 0.7, 0.7, *[0.2] * 8),
            "In what was heard, nobody was interrupted. The caller’s strain was high for a moment only, at 0:04.",
        ),
        (
            strain_of(*[0.2] * 8, extra=(calls.turn(1, "interruption", "caller", 2, 3),)),
            "The caller’s strain stayed low throughout. The caller spoke over you once, at 0:02.",
        ),
    ],
)
def test_the_story_of_a_call_can_be_read_in_five_seconds(session, told):
    assert story_of(session) == told


CUT = Health(calls.at(45), "truncated", 1)
LOST = Health(calls.at(20), "gap", calls.at(3))
CALLER_ENDS = Health(calls.at(45), "silent_leg", calls.at(15), "the caller's channel holds no sound after 0:30")


def calm_but(*news: Health, complete: bool = True) -> Session:
    session = calls.calm()
    return dataclasses.replace(session, events=(*session.events, *news), complete=complete)


@pytest.mark.parametrize(
    ("session", "told"),
    [
        (
            calls.silent("caller"),
            "The caller’s leg was silent: nothing they said was heard, so neither interruptions nor strain are known.",
        ),
        (
            calls.silent("agent"),
            (
                "Your leg was silent: nothing you said was heard, so interruptions are not known. "
                "The caller’s strain stayed low throughout."
            ),
        ),
        (calls.silent("agent", "caller"), "Both legs of this call were silent: nothing of it was heard."),
        (calm_but(complete=False), "This record stops at 0:45, before the call did. {none} {low}"),
        (
            calm_but(Health(calls.at(45), "truncated", 1)),
            "This record stops at 0:45, before the call did. {none} {low}",
        ),
        (
            calm_but(Health(calls.at(20), "gap", calls.at(3))),
            "3.0 s of this call were not heard, at 0:20. {none} {low}",
        ),
        (
            calm_but(
                Health(calls.at(45), "silent_leg", calls.at(15), "the caller's channel holds no sound after 0:30")
            ),
            "The caller’s leg holds no sound from 0:30 on. {none} {low}",
        ),
        (
            calm_but(Health(calls.at(45), "silent_leg", calls.at(15), "agent_silent")),
            "Your leg holds no sound from 0:30 on. {none} {low}",
        ),
        (
            calm_but(
                Health(calls.at(12), "silent_leg", calls.at(12), "caller: none before 0:12"),
                Health(calls.at(12), "listening", 0, "caller: none before 0:12"),
            ),
            "The caller’s leg holds no sound before 0:12. {none} {low}",
        ),
        (calm_but(Health(calls.at(9), "quiet_leg", note="caller")), "The caller’s line was too quiet {judge} {none}"),
        (calm_but(Health(calls.at(9), "quiet_leg", note="agent")), "Your line was too quiet {judge} {none} {low}"),
        (calm_but(Health(calls.at(9), "noisy_leg", note="caller")), "The caller’s line was too noisy {judge} {none}"),
        (
            calm_but(Health(calls.at(9), "leak", note="agent", details={"mixed_db": 0.0, "later_ms": 0.0})),
            "The caller’s leg holds both voices, so nobody can tell who spoke over whom. {none}",
        ),
        (calm_but(Health(calls.at(9), "stage_failed", 1)), "Part of voicecare failed during this call. {none} {low}"),
    ],
)
def test_a_call_that_was_not_heard_whole_and_well_is_never_told_as_calm(session, told):
    none, low = "In what was heard, nobody was interrupted.", "As far as it was heard, the caller’s strain stayed low."
    assert story_of(session) == told.format(none=none, low=low, judge="to judge the call by.")


@pytest.mark.parametrize(
    ("legs", "told"), [(["agent"], "agent"), (["caller"], "caller"), (["agent", "caller"], "both")]
)
def test_what_takes_two_is_not_known_where_a_leg_was_silent_all_along(legs, told):
    summed = numbers(calls.silent(*legs))
    assert summed.listening.silent_leg == told
    for party in (summed.agent, summed.caller):
        assert party.interruptions is party.talk_overs is party.backchannels is party.talk_share is None
        assert party.monologues is party.early_replies is party.dual_starts is party.response_gap_s is None
    assert summed.overlap_s is summed.overlap_share is summed.talk_over_s is summed.silences.count is None
    assert (summed.agent.speech_s is None, summed.caller.speech_s is None) == ("agent" in legs, "caller" in legs)
    assert (summed.strain.rises is None) == ("caller" in legs)


def test_a_leg_muted_for_the_last_seconds_is_no_leg_that_was_silent_all_along():
    session = calm_but(Health(calls.at(45), "silent_leg", calls.at(1.5), "agent_silent"))
    listening = numbers(session).listening
    assert listening.silent_leg is None
    assert listening.silent_stretches == (("agent", 43.5, 45.0),)


def test_every_rise_of_a_long_call_is_told_also_those_before_the_highest():
    peaks = [0.7, 0.7, 0.95, 0.7, 0.7, 0.7]
    values = [value for peak in peaks for value in [0.2] * 4 + [peak] * 8] + [0.2] * 4
    assert "It also rose 5 more times, at 0:02, 0:08, 0:20 and 2 more." in story_of(strain_of(*values))


def test_cues_that_were_kept_away_by_the_limit_are_counted_and_nobody_is_told_that_all_were_followed():
    cues = [Cue(i, "slow_down", calls.at(i), (), calls.at(99), calls.at(i + 1), "heeded") for i in range(1, 7)]
    kept = [Health(calls.at(s), "cue_limit", 1, "acknowledge") for s in (20, 40)]
    praise = Cue(9, "well_held", calls.at(30), (), calls.at(50), calls.at(50), "expired")
    summed = numbers(call(*cues, praise, *kept))
    told = summed.cues
    assert (told.shown, told.praise, told.heeded, told.expired) == (7, 1, 6, 0)
    assert (told.withheld, told.withheld_s) == (2, 20.0)
    assert not told.all_followed
    assert numbers(call(*cues, praise)).cues.all_followed


@pytest.mark.parametrize("code", ["quiet_leg", "noisy_leg"])
def test_a_rise_on_a_leg_that_cannot_be_judged_is_told_after_saying_so(code):
    told = story_of(strain_of(*[0.2] * 8, *[0.8] * 8, extra=(Health(calls.at(9), code, note="caller"),)))
    assert told.startswith(f"The caller’s line was too {code[:5]} to judge the call by. The caller’s strain rose at")


def test_a_leg_as_faint_as_silence_of_which_scraps_were_heard_is_too_quiet_to_judge_and_not_calm():
    faint = calm_but(Health(calls.at(45), "silent_leg", note="caller_silent"))
    assert numbers(faint).listening.quiet_leg == "caller"
    assert numbers(faint).listening.silent_leg is None
    assert story_of(faint) == (
        "The caller’s line was too quiet to judge the call by. In what was heard, nobody was interrupted."
    )


def test_a_call_of_which_the_caller_was_hardly_heard_is_not_called_calm():
    scrap = strain_of(*[0.2] * 4)
    assert "too little clear caller speech" in story_of(scrap)


def test_the_story_never_runs_past_three_sentences():
    assert len(numbers(calls.long_call(0.8)).story) == 3


def test_strain_that_eases_long_after_an_acknowledgement_is_not_told_with_it():
    def told(said_s: float) -> str:
        said = Phrase("agent", "acknowledgement", calls.at(said_s + 1), calls.span(said_s, said_s + 1), "I see")
        return story_of(strain_of(*[0.2] * 10, *[0.8] * 60, *[0.2] * 10, extra=(said,)))

    assert "It eased at 0:35, after you acknowledged at 0:20." in told(20.0)
    assert "It eased by 0:35." in told(10.0)


def test_an_interruption_long_before_a_rise_is_not_told_as_its_occasion():
    session = call(
        calls.segment("caller", 0, 60),
        *(calls.strain(s, 0.2 if s < 40 else 0.8) for s in range(1, 60)),
        calls.turn(1, "interruption", "agent", 10, 11),
    )
    assert story_of(session).startswith("The caller’s strain rose at 0:40. It was still up")
    assert story_of(session).endswith("You spoke over the caller once, at 0:10.")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_strain_rose_when_the_cue_told_the_agent_that_it_did(seed):
    heard = random_call(seed)
    header = calls.header(config={"cues": dataclasses.asdict(CONFIG)})
    session = Session(header, (*heard.events, *heard.cues), heard.end, complete=True)
    rose_s = {rise.rose_s for rise in numbers(session).strain.rises}
    since = [r.at[0] for c in heard.settled() for r in c.because if r.code in ("strain_high", "strain_rising")]
    assert {seconds(at) for at in since} <= rose_s
    for rise in numbers(session).strain.rises:
        assert rise.rose_s <= rise.peak_s
        assert rise.eased_s is None or rise.peak_s < rise.eased_s
