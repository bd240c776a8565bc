"""`voicecare explain` says which rule held, each number beside its limit, and never fails on a session."""

from __future__ import annotations

import dataclasses
import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_samples import (
    at,
    calm,
    empty,
    header,
    heard,
    heated,
    hostile,
    segment,
    span,
    strain,
    turn,
    without_recogniser,
)

from voicecare.catalogue.catalogue import Catalogue, languages
from voicecare.commands.cli import run
from voicecare.commands.explain import moment_of, text_lines, worded
from voicecare.config import VadConfig
from voicecare.errors import UsageError
from voicecare.explain.account import account
from voicecare.session import Session, SessionWriter
from voicecare.timebase import samples
from voicecare.types import CallPhase, Cue, Health, Reason, TurnEvent

DEMO = Path(__file__).parents[1] / "voicecare" / "demo" / "call.flac"
ENGLISH = Catalogue.load("en")


def saved(session: Session, path: Path) -> Path:
    with SessionWriter(path, session.header) as writer:
        for event in session.events:
            writer.write(event)
        writer.end(session.end, complete=session.complete)
    return path


def said(session: Session, at_s: float) -> str:
    return "\n".join(text_lines(session, samples(at_s), account(session, samples(at_s)), ENGLISH))


def call(*events, seconds: float = 30.0, **config) -> Session:
    return Session(header(config=config), tuple(events), at(seconds), complete=True)


@pytest.mark.parametrize(
    ("typed", "at_s"),
    [("1:12", 72.0), ("1:12.5", 72.5), ("72.5", 72.5), ("72.5s", 72.5), ("0:07", 7.0), ("1:01:40", 3700.0), ("0", 0.0)],
)
def test_a_moment_is_read_as_people_type_it(typed, at_s):
    assert moment_of(typed) == samples(at_s)


@pytest.mark.parametrize("typed", ["soon", "", "-3", "1:75", "1:2:3:4", "nan", "inf", "1e9", "١:١٢", "9" * 40])
def test_what_is_no_moment_is_refused_with_an_example(typed):
    with pytest.raises(UsageError, match=r"such as 1:12 or 72\.5"):
        moment_of(typed)


def test_a_backchannel_is_told_with_its_length_and_limit():
    text = said(
        call(segment("caller", 2.0, 12.0), segment("agent", 6.0, 6.62), turn(1, "backchannel", "agent", 6.0, 6.62)), 6.5
    )
    assert "At 0:06.00 the agent began while the caller was speaking: a backchannel, no interruption." in text
    assert "lasted 0.62 s: short enough for a backchannel (at most 1.01 s, error of measuring included)" in text
    assert "ended 5.38 s before the caller did: inside the other’s utterance" in text
    assert "no cue: only an interruption by the agent raises one" in text


def test_an_interruption_is_told_with_every_rule_it_passed_and_the_cue_it_raised():
    text = said(heated(), 28.5)
    assert "the agent began while the caller was speaking: an interruption." in text
    assert "the caller had held the floor for 6.40 s (from 1.01 s one is interrupted)" in text
    assert "known at 0:29.00, 1.00 s after it began" in text
    assert "“Slow down” showed at 0:29.20, 0.20 s later" in text


def test_an_interruption_soon_after_a_cue_says_how_soon():
    first = Cue(1, "slow_down", at(5.0), (), at(20.0), at(8.0), "heeded")
    told = TurnEvent(1, "interruption", "agent", span(14.0, 15.1), at(15.1), closed=False)
    text = said(call(segment("caller", 9.0, 18.0), segment("agent", 14.0, 17.0), first, told), 15.0)
    assert "no cue: the last came 10.1 s before, at 0:05.00 (at least 45 s between two)" in text


def test_words_that_made_it_a_backchannel_are_quoted():
    told = TurnEvent(1, "interruption", "agent", span(6.0, 7.2), at(7.2), closed=False)
    session = call(
        segment("caller", 2.0, 12.0),
        segment("agent", 6.0, 7.3),
        told,
        heard(("agent", 6.0, 7.3, "yeah okay right")),
        dataclasses.replace(told, kind="backchannel", span=span(6.0, 7.3), decided_at=at(9.0), closed=True),
    )
    text = said(session, 6.5)
    assert "a backchannel, no interruption" in text
    assert "its words only acknowledge (“yeah okay right”) and it lasted 1.30 s (at most 1.50 s)" in text
    assert "no “Slow down”: its words made it a backchannel before the cue showed" in text


def test_without_overlap_the_nearest_change_of_speaker_is_told():
    text = said(call(segment("caller", 2.0, 6.0), segment("agent", 6.4, 9.0)), 6.2)
    assert "Nobody began while the other spoke, within 3 s." in text
    assert "at 0:06.40 the agent began, 0.40 s after the caller had ended" in text


def test_a_record_that_was_cut_before_the_decision_says_so():
    text = said(call(segment("caller", 2.0, 12.0), segment("agent", 6.0, 9.0)), 7.0)
    assert "the record has no such event" in text


def test_strain_is_told_against_the_settings_of_the_session_not_of_today():
    text = said(heated(), 34.6)
    assert "high from 50, eased at 35" in text
    assert "a cue needs 2.0 s" in text
    assert "high from 68" not in text


def test_on_hold_and_while_it_rings_what_sounds_is_said_to_be_nobodys():
    phases = (
        CallPhase(at(0), "ringing", "sound"),
        CallPhase(at(4), "talk", "sound"),
        CallPhase(at(10), "hold", "sound"),
        CallPhase(at(20), "talk", "sound"),
    )
    session = call(*phases, segment("caller", 5, 9))
    assert "0:00.00 to 0:04.00  the line rang" in said(session, 2)
    assert "0:10.00 to 0:20.00  the caller was on hold" in said(session, 15)
    for talks_s in (7, 25):
        assert "hold" not in said(session, talks_s)
        assert "rang" not in said(session, talks_s)


def test_strain_that_is_not_known_says_why():
    session = call(segment("caller", 1.0, 4.0), strain(3.0, None, 0.0, Reason("too_little_speech")))
    assert "not known then: Too little speech to say" in said(session, 3.5)
    assert "not known then" in said(empty(), 0.0)


def test_settings_of_another_version_are_read_as_far_as_they_are_known():
    session = call(segment("caller", 1.0, 4.0), turns={"backchannel_s": 2.0, "new": 1}, brand_new={"x": 2})
    assert account(session, at(2.0))


def test_control_characters_of_a_session_do_not_reach_the_terminal():
    session = dataclasses.replace(hostile(), header=header(sources=("\x1b[2Jcall\n.wav",)))
    assert not [c for line in text_lines(session, 0, account(session, 0), ENGLISH) for c in line if not c.isprintable()]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("session", [heated(), calm(), hostile(), without_recogniser(), empty()])
def test_every_line_has_its_words_in_every_language(language, session):
    catalogue = Catalogue.load(language)
    for second in range(session.end // samples(1.0) + 1):
        for section in account(session, samples(second)):
            assert catalogue.say("explain", f"about_{section.about}") != f"about {section.about}"
            for line in section.lines:
                assert worded(line, catalogue) != line.code.replace("_", " ")


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_any_mixture_of_events_is_accounted_for_and_worded(seed):
    draw = random.Random(seed)
    pool = [e for sample in (heated(), hostile(), calm()) for e in sample.events if not isinstance(e, Health)]
    events = draw.sample(pool, draw.randrange(len(pool)))
    session = Session(header(), tuple(events), at(75.0), complete=draw.random() < 0.5)
    moment = draw.randrange(session.end)
    for section in account(session, moment):
        for line in section.lines:
            assert worded(line, ENGLISH) != line.code.replace("_", " ")


def test_the_command_prints_a_screenful_and_json_has_the_same_lines_with_numbers(tmp_path, capsys):
    file = saved(heated(), tmp_path / "call.jsonl")
    assert run(["explain", str(file), "--at", "0:28.5"]) == 0
    printed = capsys.readouterr().out
    assert len(printed.splitlines()) <= 32
    assert run(["explain", str(file), "--at", "0:28.5", "--json", "-"]) == 0
    document = json.loads(capsys.readouterr().out)
    lines = [line for section in document["sections"] for line in section["lines"]]
    assert all(line["text"] in printed for line in lines)
    (held,) = [line for line in lines if line["code"] == "held_the_floor_yes"]
    assert (held["measured_s"], held["limit_s"]) == (6.4, 1.01)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--at", "soon"], "1:12"),
        (["--at", "9:00"], "ends at 1:15"),
        (["--at", "0:10", "--agent", "a.wav"], "go together"),
        (["--at", "0:10", "--audio", "a.wav", "--agent", "b.wav"], "not both"),
        (["--at", "0:10", "--audio", str(DEMO)], "the session 75.0 s"),
        (["--at", "0:10", "--audio", "missing.wav"], "missing.wav"),
        (["--at", "0:10", "--json", "none/x.json"], "no folder"),
        (["--at", "0:10", "--cue-language", "tlh"], "tlh"),
        ([], "--at"),
    ],
)
def test_a_wrong_option_is_one_line_and_exit_2(arguments, expected, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = saved(heated(), tmp_path / "call.jsonl")
    assert run(["explain", str(file), *arguments]) == 2
    error = capsys.readouterr().err
    assert expected in error
    assert error.count("\n") == 1


def test_with_the_recording_levels_and_probabilities_stand_beside_the_thresholds(tmp_path, capsys):
    session, out = tmp_path / "s.jsonl", tmp_path / "x.json"
    assert run(["replay", str(DEMO), "--no-words", "--session", str(session)]) == 0
    capsys.readouterr()
    assert run(["explain", str(session), "--at", "0:15", "--audio", str(DEMO)]) == 0
    text = capsys.readouterr().out
    usual = VadConfig()
    assert f"it counts as speech from {usual.on:.2f}, and goes on down to {usual.off:.2f}" in text
    assert "█" in text
    assert run(["explain", str(session), "--at", "0:15", "--audio", str(DEMO), "--json", str(out)]) == 0
    hops = json.loads(out.read_text())["hops"]
    assert hops[0]["start_s"] == pytest.approx(12.0, abs=0.04)
    speaking = [hop for hop in hops if 13.0 <= hop["start_s"] <= 14.5]
    assert sum(hop["probability"]["caller"] > 0.4 for hop in speaking) > 0.8 * len(speaking)
    assert max(hop["probability"]["agent"] for hop in speaking) < 0.4


@pytest.mark.parametrize(
    ("end_s", "complete", "code"), [(40.0, False, 0), (40.0, True, 2), (200.0, True, 2), (200.0, False, 2)]
)
def test_a_recording_of_another_length_is_refused_unless_the_record_was_cut_short(end_s, complete, code, tmp_path):
    session = dataclasses.replace(call(seconds=end_s), complete=complete)
    file = saved(dataclasses.replace(session, header=dataclasses.replace(session.header, vad="silero")), tmp_path / "s")
    assert run(["explain", str(file), "--at", "0:15", "--audio", str(DEMO)]) == code


def retimed(path: Path, change) -> None:
    """Change every segment of a saved session."""
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    for row in rows:
        if row.get("type") == "segment":
            change(row)
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def test_a_recording_of_another_call_as_long_is_refused_and_one_with_its_channels_swapped_as_that(tmp_path, capsys):
    session = tmp_path / "s.jsonl"
    assert run(["replay", str(DEMO), "--no-words", "--session", str(session)]) == 0
    ours = session.read_text()
    end = json.loads(ours.splitlines()[-1])["end"]

    def elsewhere(row):
        length = row["span"]["end"] - row["span"]["start"]
        row["span"]["start"] = (row["span"]["start"] + samples(7.3)) % (end - length)
        row["span"]["end"] = row["span"]["start"] + length

    for change, expected in (
        (elsewhere, "is of another call"),
        (lambda row: row.update(channel="agent" if row["channel"] == "caller" else "caller"), "the other way round"),
    ):
        session.write_text(ours)
        retimed(session, change)
        capsys.readouterr()
        assert run(["explain", str(session), "--at", "0:40", "--audio", str(DEMO)]) == 2
        error = capsys.readouterr().err
        assert expected in error
        assert error.count("\n") == 1
