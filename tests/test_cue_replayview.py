"""What a terminal shows of a replay."""

from __future__ import annotations

import io

from rich.console import Console

from voicecare.catalogue.catalogue import Catalogue
from voicecare.cue.replayview import ReplayView
from voicecare.timebase import RATE_HZ, Span, samples
from voicecare.types import Arousal, Cue, Health, Reason, Segment, TurnEvent


def shown(events, end, width=80, language="en"):
    out = io.StringIO()
    console = Console(file=out, width=width, highlight=False, emoji=False, markup=False)
    with ReplayView(console, Catalogue.load(language), "listening", end) as view:
        for event in events:
            view.event(event)
            view.hop(end)
    view.glance(end)
    return out.getvalue()


SPAN = Span(samples(2.0), samples(5.0))
CUE = Cue(1, "slow_down", samples(6.0), (Reason("spoke_over_caller", (samples(2.0),), 1.0),), samples(30.0))


def test_an_interruption_is_told_once_however_often_it_is_said():
    turn = TurnEvent(1, "interruption", "agent", SPAN, samples(3.2), closed=False)
    assert shown([turn, turn], samples(10.0)).count("interruption by the agent") == 1


def test_a_cue_is_told_with_its_reason_and_how_it_ended():
    done = Cue(1, "slow_down", CUE.at, CUE.because, CUE.expires_at, samples(8.0), "heeded")
    said = shown([CUE, done], samples(10.0))
    assert "0:06  ▲ Slow down: The agent spoke over the caller at 0:02" in said
    assert "0:08  ✓ Slow down" in said


def test_a_fault_is_never_silent():
    failed = Health(5, "stage_failed", 1, details={"error": "the recogniser failed"})
    assert "! A part of voicecare failed: the recogniser failed" in shown([failed], 9000)
    assert "! The recording ends in the middle" in shown([Health(5, "truncated", 1)], 9000)


def test_news_of_voicecare_is_told_in_the_language_of_the_reader():
    leak = Health(5, "leak", note="caller", details={"quieter_db": 21.6, "later_ms": 12.2})
    assert "The caller’s voice is also in the agent’s channel, 22 dB quieter and 12 ms later" in shown([leak], 9000)
    assert "客服的聲道裡也有來電者的聲音，小 22 dB、晚 12 毫秒" in shown([leak], 9000, language="zh-Hant")


def test_the_call_at_a_glance_fits_the_terminal_and_shows_both_legs_strain_and_cues():
    strain = Arousal(samples(5.0), SPAN, 0.9, 0.8, 0.0)
    said = shown(
        [Segment("caller", SPAN, 0), Segment("agent", Span(samples(7.0), samples(9.0)), 0), strain, CUE], 10 * RATE_HZ
    )
    lines = said.splitlines()
    assert all(len(line) <= 80 for line in lines)
    lanes = {line[:8].strip(): line[9:] for line in lines if line[:8].strip() in ("caller", "agent", "strain", "cues")}
    assert lanes["caller"].find("█") < lanes["agent"].find("█")
    assert "█" in lanes["strain"]
    assert "▲" in lanes["cues"]


def test_hostile_text_is_text():
    said = shown([Health(5, "truncated", 1, "cut_short", {"file": "[bold]\x1b[31m[/nope]", "missing_s": 1.5})], 9000)
    assert "[bold]" in said
    assert "\x1b" not in said
