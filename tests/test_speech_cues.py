"""When the one cue comes, why, and when it goes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecare.config import CueConfig
from voicecare.speech.cues.cues import Cues
from voicecare.timebase import HOP, Samples, Span, samples
from voicecare.types import Arousal, Cue, Pace, Phrase, Reason, Sentiment, TurnEvent

CONFIG = CueConfig(high=0.5, low=0.35, sustained_s=2.0, unsure_s=2.0, rising_per_10s=0.25)


class Call:
    """A call as the cue stage sees it: who speaks, hop by hop, and what is decided on the way."""

    def __init__(self, config: CueConfig = CONFIG) -> None:
        self.cues = Cues(config)
        self.now: Samples = 0
        self.told: list[Cue] = []

    def talk(
        self,
        seconds: float,
        *,
        agent: bool = False,
        caller: bool = False,
        strain: float | None = None,
        trend: float = 0.0,
    ):
        """Let time pass; with `strain`, an estimate comes every half second of caller speech."""
        spoken: Samples = 0
        for _ in range(round(samples(seconds) / HOP)):
            self.now += HOP
            spoken += HOP if caller else 0
            if strain is not None and spoken >= samples(0.5):
                spoken -= samples(0.5)
                self.tell(Arousal(self.now, Span(self.now - HOP, self.now), strain, 0.8, trend))
            self.told += self.cues.hop(self.now, HOP, agent_speaks=agent, caller_speaks=caller)
        return self

    def tell(self, event):
        self.told += self.cues.push(event, self.now)
        return self

    def interruption(self, id_: int, by: str = "agent"):
        return self.tell(
            TurnEvent(id_, "interruption", by, Span(self.now - samples(1.0), self.now), self.now, closed=False)
        )

    def acknowledges(self):
        return self.tell(Phrase("agent", "acknowledgement", self.now, Span(self.now - HOP, self.now), "I understand"))

    def shown(self):
        return [c.kind for c in self.told if c.cleared_at is None]

    def cleared(self):
        return [(c.kind, c.cleared_by) for c in self.told if c.cleared_at is not None]


def test_the_agent_interrupting_raises_slow_down_and_says_when():
    call = Call().talk(20, caller=True).interruption(1).talk(0.5, caller=True)
    assert call.shown() == ["slow_down"]
    assert call.told[0].because == (Reason("spoke_over_caller", (call.told[0].at - HOP - samples(1.0),), 1.0),)


def test_an_interruption_told_again_when_it_ends_counts_once():
    call = Call(CueConfig(min_gap_s=0.0, expire_s=2.0)).talk(3, caller=True).interruption(1).talk(3, agent=True)
    told = call.interruption(1).talk(5, caller=True).interruption(2).talk(0.1).told
    raised = [cue for cue in told if cue.cleared_at is None]
    assert [len(cue.because[0].at) for cue in raised] == [1, 1]


@pytest.mark.parametrize(
    ("began", "by", "raised"),
    [
        ("dual_start", "agent", ["slow_down"]),
        ("backchannel", "agent", []),
        ("dual_start", "caller", []),
    ],
)
def test_going_on_together_for_a_second_raises_slow_down_and_a_long_backchannel_does_not(began, by, raised):
    call = Call().talk(3, caller=True)
    both = Span(call.now - samples(1.0), call.now)
    for id_, kind in enumerate((began, "talk_over", "talk_over")):
        call.tell(TurnEvent(min(id_, 1), kind, by, both, call.now))
    assert call.talk(1, caller=True).shown() == raised
    assert [cue.because[0].code for cue in call.told] == ["talked_over"] * len(raised)


def test_the_caller_interrupting_raises_nothing():
    assert Call().talk(20, agent=True).interruption(1, by="caller").talk(5, caller=True).shown() == []


def test_a_cue_waits_for_the_agent_to_finish_a_word_but_not_longer_than_the_hold():
    patient = Call().talk(20, caller=True).interruption(1)
    asked = patient.now
    patient.talk(0.8, agent=True).talk(0.5)
    assert samples(0.8) <= patient.told[0].at - asked <= samples(0.9)
    pressed = Call().talk(20, caller=True).interruption(1)
    asked = pressed.now
    pressed.talk(5, agent=True)
    assert samples(1.5) <= pressed.told[0].at - asked <= samples(1.6)


def test_leaving_a_second_of_floor_clears_slow_down_as_heeded():
    call = Call().talk(20, caller=True).interruption(1).talk(2, agent=True, caller=True).talk(1.2, caller=True)
    assert call.cleared() == [("slow_down", "heeded")]


def test_an_unheeded_cue_expires():
    call = Call().talk(20, caller=True).interruption(1).talk(40, agent=True)
    assert call.cleared() == [("slow_down", "expired")]


def test_words_that_make_it_a_backchannel_take_back_a_cue_that_still_waits():
    call = Call().talk(20, caller=True).interruption(1).talk(0.5, agent=True)
    call.tell(TurnEvent(1, "backchannel", "agent", Span(call.now - samples(1.3), call.now), call.now))
    assert call.talk(5, caller=True).shown() == []


@pytest.mark.parametrize(
    ("first", "second"), [("interruption", "strain"), ("strain", "interruption"), ("pace", "strain")]
)
def test_a_wish_that_still_waits_for_the_agents_word_is_told_with_the_one_that_shows_first(first, second):
    """The agent talks on, so that either wish waits its whole time; the second arises half a second after the first."""
    hot = CueConfig(high=0.5, low=0.35, sustained_s=0.0, unsure_s=0.0)

    def wish(call, what):
        if what == "interruption":
            call.interruption(1)
        elif what == "pace":
            call.tell(Pace("agent", call.now, Span(call.now - HOP, call.now), 210.0, 1.4))
        else:
            call.tell(Arousal(call.now, Span(call.now - HOP, call.now), 0.9, 0.8, 0.0))

    call = Call(hot).talk(20, caller=True, strain=0.45)
    asked = call.now
    wish(call, first)
    call.talk(0.5, agent=True)
    wish(call, second)
    call.talk(10, agent=True)
    assert call.shown() == ["slow_down_acknowledge"]
    assert samples(1.5) <= call.told[0].at - asked <= samples(1.6)
    assert len({reason.code for reason in call.told[0].because} - {"voice_only"}) == 2


def test_an_interruption_has_its_own_time_to_wait_also_where_an_older_one_ran_out_of_it():
    call = Call(CueConfig(min_gap_s=10.0, expire_s=2.0)).talk(5, caller=True).interruption(1).talk(7.5, caller=True)
    call.interruption(2).talk(2.2, caller=True).interruption(3).talk(2, caller=True)
    assert call.shown() == ["slow_down", "slow_down"]
    assert call.told[-1].because[0].value == 2.0


def test_words_take_back_one_interruption_and_leave_the_other_that_waits():
    call = Call().talk(20, caller=True).interruption(1).talk(0.4, agent=True).interruption(2).talk(0.4, agent=True)
    taken_back = TurnEvent(1, "backchannel", "agent", Span(call.now - samples(1.3), call.now), call.now)
    call.tell(taken_back).talk(5, agent=True)
    assert [(cue.kind, len(cue.because[0].at)) for cue in call.told] == [("slow_down", 1)]


def test_words_that_take_back_the_only_new_interruption_leave_an_old_one_unasked():
    """An interruption that came too soon for a cue may be named later; it asks for none by itself."""
    call = Call().talk(20, caller=True).interruption(1).talk(3, caller=True).interruption(2).talk(50, caller=True)
    call.interruption(3).talk(0.5, agent=True)
    call.tell(TurnEvent(3, "backchannel", "agent", Span(call.now - samples(1.3), call.now), call.now))
    assert call.talk(5, agent=True).shown() == ["slow_down"]


def test_high_strain_needs_two_seconds_of_caller_speech():
    assert Call().talk(2.4, caller=True, strain=0.7).shown() == []
    assert Call().talk(2.8, caller=True, strain=0.7).shown() == ["acknowledge"]


def test_the_agents_talking_does_not_age_the_callers_strain():
    call = Call().talk(1.5, caller=True, strain=0.7).talk(20, agent=True)
    assert call.shown() == []


def test_strain_between_low_and_high_raises_nothing_unless_it_rises():
    assert Call().talk(20, caller=True, strain=0.45).shown() == []
    assert Call().talk(20, caller=True, strain=0.45, trend=0.4).shown() == ["acknowledge"]


def test_an_abstaining_estimate_raises_nothing():
    call = Call()
    for _ in range(20):
        call.talk(0.5, caller=True)
        call.tell(Arousal(call.now, Span(0, call.now), None, 0.0, 0.0))
    assert call.shown() == []


def test_acknowledging_clears_the_cue_and_the_same_spell_does_not_ask_again():
    call = Call().talk(4, caller=True, strain=0.7).acknowledges()
    assert call.cleared() == [("acknowledge", "heeded")]
    assert call.talk(90, caller=True, strain=0.7).shown() == ["acknowledge"]


def test_strain_that_falls_clears_the_cue():
    call = Call().talk(4, caller=True, strain=0.7).talk(1, caller=True, strain=0.2)
    assert ("acknowledge", "eased") in call.cleared()


def test_an_acknowledge_cue_names_the_last_acknowledgement_if_one_was_heard():
    never = Call().talk(6, caller=True, strain=0.7)
    assert "no_acknowledgement_since" not in [reason.code for reason in never.told[0].because]
    call = Call().talk(5, caller=True, strain=0.2).acknowledges()
    said = call.now - HOP
    call.talk(6, caller=True, strain=0.7)
    assert call.told[0].because[-1] == Reason("no_acknowledgement_since", (said,))


def test_a_cue_that_another_need_joins_says_each_reason_once():
    call = Call().talk(6, caller=True, strain=0.7).talk(0.1, agent=True, caller=True, strain=0.7)
    call.interruption(1).talk(2, agent=True, caller=True, strain=0.8)
    merged = next(cue for cue in call.told if cue.kind == "slow_down_acknowledge")
    assert sorted(reason.code for reason in merged.because) == ["spoke_over_caller", "strain_high", "voice_only"]


def test_well_held_names_the_acknowledgement_and_what_it_did():
    call = Call().talk(5, caller=True, strain=0.7).acknowledges()
    said = call.now - HOP
    call.talk(3, caller=True, strain=0.2)
    held = next(cue for cue in call.told if cue.kind == "well_held")
    assert [(reason.code, reason.at[0] >= said) for reason in held.because] == [
        ("acknowledged", True),
        ("strain_eased", True),
    ]


def test_well_held_comes_once_after_an_acknowledgement_helped():
    call = Call().talk(4, caller=True, strain=0.7).acknowledges().talk(1, caller=True, strain=0.2)
    assert call.shown() == ["acknowledge", "well_held"]
    call.talk(60, caller=True, strain=0.2).talk(4, caller=True, strain=0.7).acknowledges()
    assert call.talk(2, caller=True, strain=0.2).shown().count("well_held") == 1


def test_praise_that_another_cue_kept_away_may_come_with_the_next_spell():
    call = Call(CueConfig(high=0.5, low=0.35, sustained_s=2.0, unsure_s=2.0, min_gap_s=0.0)).talk(
        4, caller=True, strain=0.7
    )
    call.acknowledges().interruption(1).talk(0.1).talk(1, agent=True, caller=True, strain=0.2)
    assert call.shown() == ["acknowledge", "slow_down"]
    call.talk(40, caller=True, strain=0.2).talk(4, caller=True, strain=0.7).acknowledges()
    assert call.talk(1, caller=True, strain=0.2).shown()[2:] == ["acknowledge", "well_held"]


def test_one_negative_sentence_never_suffices_and_two_do_only_while_strain_is_not_low():
    def negative(call):
        span = Span(call.now - HOP, call.now)
        return call.tell(
            Sentiment(call.now, span, -0.8, "negative", 0.9, (Reason("negative_words", text="ridiculous"),))
        )

    one = negative(Call().talk(10, caller=True, strain=0.45)).talk(10, caller=True, strain=0.45)
    assert one.shown() == []
    two = negative(negative(Call().talk(10, caller=True, strain=0.45))).talk(1, caller=True, strain=0.45)
    assert two.shown() == ["acknowledge"]
    calm = negative(negative(Call().talk(10, caller=True, strain=0.1))).talk(1, caller=True, strain=0.1)
    assert calm.shown() == []


def test_a_fast_agent_is_asked_to_slow_down_only_while_strain_is_up():
    def fast(call):
        return call.tell(Pace("agent", call.now, Span(call.now - HOP, call.now), 210.0, 1.4)).talk(1)

    assert fast(Call().talk(10, caller=True, strain=0.45)).shown() == ["slow_down"]
    assert fast(Call().talk(10, caller=True, strain=0.1)).shown() == []


def test_a_second_need_joins_the_cue_on_screen():
    call = Call().talk(20, caller=True, strain=0.1).interruption(1).talk(0.1)
    call.talk(5, agent=True, caller=True, strain=0.8)
    assert call.shown() == ["slow_down", "slow_down_acknowledge"]


def test_the_cue_that_asks_for_both_goes_when_both_are_done():
    call = Call().talk(20, caller=True, strain=0.1).interruption(1).talk(0.1)
    call.talk(5, agent=True, caller=True, strain=0.8).talk(2, caller=True, strain=0.8)
    assert ("slow_down_acknowledge", "heeded") not in call.cleared()
    assert ("slow_down_acknowledge", "heeded") in call.acknowledges().cleared()


def test_cues_keep_their_distance():
    call = Call().talk(20, caller=True).interruption(1).talk(3, caller=True).interruption(2).talk(3, caller=True)
    assert call.shown() == ["slow_down"]
    call.talk(45, caller=True).interruption(3).talk(1, caller=True)
    assert call.shown() == ["slow_down", "slow_down"]
    assert len([c for c in call.told if c.cleared_at is None][-1].because[0].at) == 2


def test_shadow_mode_logs_without_showing():
    call = Call(CueConfig(shadow=True)).talk(20, caller=True).interruption(1).talk(1)
    assert [c.shown for c in call.told if c.cleared_at is None] == [False]


def heated(minutes: float, config: CueConfig = CONFIG) -> Call:
    """A call in which the agent speaks over the caller once a minute, and leaves the floor after it."""
    call = Call(config)
    for number in range(round(minutes)):
        call.talk(50, caller=True).interruption(number + 1).talk(10, caller=True)
    return call


def starts_s(call: Call) -> list[float]:
    return [cue.at / samples(1.0) for cue in call.told if cue.cleared_at is None]


def test_the_limit_gives_back_one_cue_every_ten_minutes_so_that_a_long_call_is_not_deaf_after_its_start():
    starts = starts_s(heated(40))
    assert len([s for s in starts if s < 600]) == CONFIG.max_per_call
    for begin_s in (600, 1200, 1800):
        assert len([s for s in starts if begin_s <= s < begin_s + 600]) in (1, 2)
    assert len(starts) <= CONFIG.max_per_call + 40 * 60 / CONFIG.refill_s


def test_a_limit_that_gives_nothing_back_is_one_for_the_whole_call():
    assert len(starts_s(heated(25, CueConfig(max_per_call=2, refill_s=0.0)))) == 2


def test_what_the_limit_keeps_away_is_told_once_for_each_cue_that_would_have_been_shown():
    call = heated(10, CueConfig(max_per_call=3, refill_s=0.0))
    kept = call.cues.kept_away()
    assert [(news.kind, news.note) for news in kept] == [("cue_limit", "slow_down")] * 7
    assert all(b.at - a.at >= samples(CONFIG.min_gap_s) for a, b in pairwise(kept))
    assert call.cues.kept_away() == []
    assert heated(10, CueConfig(max_per_call=30)).cues.kept_away() == []


def test_strain_that_stays_up_is_kept_away_once_a_gap_and_not_at_every_hop():
    call = Call(CueConfig(max_per_call=0)).talk(100, caller=True, strain=0.9)
    kept = call.cues.kept_away()
    assert 2 <= len(kept) <= 3
    assert {news.note for news in kept} == {"acknowledge"}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["interrupt", "hot", "warm", "calm", "ack", "agent", "pause"]),
        st.floats(0.2, 20.0),
    ),
    max_size=60,
)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_cues_never_exceed_their_limits_and_never_stand_two_at_a_time(steps):
    call = Call()
    for number, (what, seconds) in enumerate(steps):
        if what == "interrupt":
            call.talk(0.5, agent=True, caller=True).interruption(number)
        elif what == "ack":
            call.acknowledges()
        elif what in ("agent", "pause"):
            call.talk(seconds, agent=what == "agent")
        else:
            call.talk(seconds, caller=True, strain={"hot": 0.9, "warm": 0.45, "calm": 0.1}[what])
    call.told += call.cues.finish(call.now)
    standing: set[int] = set()
    starts = []
    for cue in call.told:
        if cue.cleared_at is None:
            assert not standing
            standing.add(cue.id)
            if cue.kind in ("slow_down", "acknowledge"):
                starts.append(cue.at)
        else:
            standing.discard(cue.id)
            assert cue.cleared_at >= cue.at
    assert not standing
    assert len(starts) <= CONFIG.max_per_call + call.now / samples(CONFIG.refill_s)
    assert all(b - a >= samples(CONFIG.min_gap_s) for a, b in pairwise(starts))
