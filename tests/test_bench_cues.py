"""One hearing of a call gives each level of strain the cues the product would have shown at that level."""

from __future__ import annotations

import dataclasses

import pytest
from edges import blocks, edges, sound

from scripts.bench.scores.cues import judge, point
from scripts.bench.systems.cues import CuesAtLevels, Hearing, hear
from voicecare.config import Config, CueConfig
from voicecare.engine import Engine
from voicecare.lanes import NoLane
from voicecare.speech.cues.cues import Cues
from voicecare.speech.pipeline import Pipeline
from voicecare.timebase import HOP, RATE_HZ, Span, samples
from voicecare.types import Arousal, Cue

LEVELS = (0.5, 0.7, 0.9)
TRUTH = {
    "aroused": [[60.0, 90.0]],
    "segments": [{"channel": "caller", "start": 10.0 * k, "end": 10.0 * k + 5.0} for k in range(15)],
}
CALM = {**TRUTH, "aroused": []}


def heard(at_s: tuple[float, ...], values: tuple[tuple[float, float], ...] = ()) -> Hearing:
    arousal = tuple(Arousal(samples(t), Span(0, samples(t)), v, 1.0, 0.0) for t, v in values)
    return Hearing({0.7: at_s}, arousal)


def drive(stage, strains: list[float]) -> list[Cue]:
    """A caller who speaks all the time; strain comes twice a second."""
    shown, now = [], 0
    for strain in strains:
        shown += stage.push(Arousal(now, Span(max(0, now - HOP), now), strain, 1.0, 0.0), now)
        for _ in range(16):
            now += HOP
            shown += stage.hop(now, HOP, agent_speaks=False, caller_speaks=True)
    return [*shown, *stage.finish(now)]


def test_every_level_has_the_cues_of_a_product_set_to_it():
    strains = [0.2] * 20 + [0.6] * 40 + [0.2] * 80 + [0.8] * 40 + [0.2] * 80 + [0.95] * 20
    together = CuesAtLevels(CueConfig(), LEVELS)
    assert drive(together, strains) == []
    counts = []
    for level in LEVELS:
        alone = Cues(dataclasses.replace(CueConfig(), high=level, low=min(CueConfig().low, level - 0.05)))
        at_s = [c.at / RATE_HZ for c in drive(alone, strains) if "acknowledge" in c.kind and c.cleared_at is None]
        assert together.acknowledge_s()[level] == tuple(at_s)
        counts.append(len(at_s))
    assert counts[0] > counts[2] >= 1


def test_a_cue_inside_the_heated_stretch_catches_it_after_so_much_caller_speech():
    outcome = judge("call", TRUTH, heard((72.0,)), 0.7)
    assert outcome.caught_after_s == 12.0
    assert outcome.caught_after_speech_s == pytest.approx(7.0)
    assert outcome.false_at_s == ()


def test_a_cue_before_it_or_long_after_it_is_false_and_one_soon_after_it_is_neither():
    outcome = judge("call", TRUTH, heard((30.0, 95.0, 140.0)), 0.7)
    assert outcome.caught_after_s is None
    assert outcome.false_at_s == (30.0, 140.0)


def test_every_cue_of_a_calm_call_is_false():
    outcome = judge("call", CALM, heard((72.0,)), 0.7)
    assert not outcome.heated
    assert outcome.false_at_s == (72.0,)
    assert outcome.calm_s == 145.0


def test_strain_is_compared_inside_and_outside_the_heated_stretch():
    values = ((20.0, 0.1), (50.0, 0.3), (70.0, 0.2), (80.0, 0.9))
    assert judge("call", TRUTH, heard((), values), 0.7).auc == pytest.approx(0.75)


def test_a_point_pools_calls_with_intervals():
    calls = [judge("hot", TRUTH, heard((72.0,)), 0.7), judge("hot", TRUTH, heard(()), 0.7)]
    calls += [judge("calm", CALM, heard((72.0,)), 0.7)] * 2
    pooled = point(0.7, calls)
    assert (pooled.heated, pooled.caught, pooled.false) == (2, 1, 2)
    assert pooled.share_interval[0] < 0.5 < pooled.share_interval[1]
    assert pooled.per_hour_interval[0] < pooled.per_hour < pooled.per_hour_interval[1]


def test_a_call_heard_at_many_levels_has_at_the_products_own_level_the_products_own_cues():
    """The bench hears through the product's pipeline; only the stage that decides cues is another."""
    talked = {"caller": [Span(0, samples(9.0))], "agent": [Span(samples(3.0), samples(7.0))]}
    config = dataclasses.replace(Config(), cues=CueConfig(hold_s=0.0, yield_s=0.5))
    own = config.cues.high
    events = Engine(Pipeline(config, edges()), NoLane()).run(blocks(sound(talked)))
    raised = tuple(e for e in events if isinstance(e, Cue) and e.cleared_at is None)
    without, with_words = hear(blocks(sound(talked)), config, edges(), NoLane(), (own, 0.9))
    assert raised
    assert with_words.raised == without.raised == raised
