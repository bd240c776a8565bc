"""A recorded caller: turns cut where the recorded agent spoke, each waiting for the agent's."""

from __future__ import annotations

from voicecare.care.practice.recorded import PARTING_S, WAITS_S, Straight, TurnByTurn, turns
from voicecare.care.practice.script import QUIET_S, End, Pause, Resume, Say
from voicecare.timebase import HOP, HOP_S, Span, samples


def span(start_s, end_s):
    return Span(samples(start_s), samples(end_s))


def after(script, seconds, *, agent=False, playing=False, now=0):
    acts = []
    for _ in range(round(seconds / HOP_S)):
        now += HOP
        acts += script.hop(now, HOP, agent_speaks=agent, playing=playing)
    return acts, now


def test_a_turn_goes_on_over_a_short_word_of_the_agent_and_ends_with_a_real_one():
    found, agent_first = turns(
        [
            ("agent", span(0, 2)),
            ("caller", span(3, 5)),
            ("agent", span(5.2, 5.6)),
            ("caller", span(6, 8)),
            ("agent", span(9, 11)),
            ("caller", span(12, 13)),
        ]
    )
    assert agent_first
    assert found == [span(3, 8), span(12, 13)]


def test_every_turn_waits_for_the_agents_and_the_call_ends_after_the_last():
    script = TurnByTurn(["turn1", "turn2"], agent_first=False)
    acts, now = after(script, 0.1)
    assert acts == [Say(("turn1",))]
    acts, now = after(script, 2.0, playing=True, now=now)
    assert acts == []
    acts, now = after(script, WAITS_S - 1, now=now)
    assert acts == []
    _, now = after(script, 1.0, agent=True, now=now)
    acts, now = after(script, QUIET_S + 0.1, now=now)
    assert acts == [Say(("turn2",))]
    _, now = after(script, 1.0, playing=True, now=now)
    acts, _ = after(script, PARTING_S + 0.1, now=now)
    assert acts[0] == End()


def test_it_pauses_while_the_agent_speaks_over_it_and_goes_on():
    script = TurnByTurn(["turn1"], agent_first=False)
    _, now = after(script, 0.1)
    _, now = after(script, 1.0, playing=True, agent=True, now=now)
    assert script.interrupted(now) == [Pause()]
    acts, now = after(script, 0.5, playing=True, agent=True, now=now)
    assert acts == []
    acts, now = after(script, QUIET_S + 0.1, playing=True, now=now)
    assert acts == [Resume()]


def test_a_recording_run_straight_minds_nobody():
    script = Straight("all")
    acts, now = after(script, 0.1)
    assert acts == [Say(("all",))]
    acts, now = after(script, 5.0, playing=True, agent=True, now=now)
    assert acts == []
    assert script.interrupted(now) == []
    acts, _ = after(script, PARTING_S + 0.1, now=now)
    assert acts[0] == End()
