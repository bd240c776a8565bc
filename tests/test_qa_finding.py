"""Calls are found in folders by their names and by manifests, and what is not understood is said."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecare.errors import InputError, UsageError
from voicecare.qa.batch import manifest
from voicecare.qa.batch.finding import Search, find
from voicecare.qa.batch.naming import Pair, Pattern, agent_side, legs, moment, without_leg


def laid(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    return folder


def found(folder, search=None, *places):
    calls, remarks = find(places or [str(folder)], search or Search())
    return {
        call.known.call: tuple(file.relative_to(folder).as_posix() for file in call.files) for call in calls
    }, remarks


@pytest.mark.parametrize(
    ("agent", "caller", "call"),
    [
        ("4711_agent.wav", "4711_caller.wav", "4711"),
        ("4711-Agent.WAV", "4711-Customer.WAV", "4711"),
        ("agent-4711.mp3", "client-4711.mp3", "4711"),
        ("2026.agent.4711.wav", "2026.caller.4711.wav", "2026.4711"),
        ("channel-diarization-agent.wav", "channel-diarization-customer.wav", "channel-diarization"),
        ("Auto_Repairs_40_UTC_agent.wav", "Auto_Repairs_40_UTC_caller.wav", "Auto_Repairs_40_UTC"),
        ("a b (agent) .wav", "a b (caller) .wav", None),
    ],
)
def test_two_files_of_a_call_are_one_call(tmp_path, agent, caller, call):
    calls, _ = found(laid(tmp_path, agent, caller))
    assert calls == ({call: (agent, caller)} if call else {"a b (agent) ": (agent,), "a b (caller) ": (caller,)})


def test_files_in_other_folders_are_never_paired_and_names_do_not_clash(tmp_path):
    laid(tmp_path, "1/x_agent.wav", "2/x_caller.wav", "1/a.wav", "2/a.wav", "2/deep/er/a.wav")
    calls, _ = find([str(tmp_path)], Search())
    assert sorted(call.known.call for call in calls) == ["a", "a", "a", "x_agent", "x_caller"]


def test_what_fits_two_ways_is_left_apart(tmp_path):
    calls, _ = found(laid(tmp_path, "4711_agent.wav", "4711-agent.wav", "4711_caller.wav", "7_agent.wav"))
    assert calls["4711"] == ("4711_agent.wav", "4711_caller.wav")
    assert calls["4711-agent"] == ("4711-agent.wav",)
    assert calls["7_agent"] == ("7_agent.wav",)


def test_a_pair_that_does_not_say_whose_is_asked_about(tmp_path):
    laid(tmp_path, "8-in.wav", "8-out.wav", "9-in.wav", "9-out.wav")
    calls, remarks = found(tmp_path)
    assert len(calls) == 4
    assert [(r.code, r.fields["count"], r.fields["pair"]) for r in remarks] == [
        ("unsure_pair", 2, "{call}-in,{call}-out")
    ]
    calls, remarks = found(tmp_path, Search(pairs=(Pair.of("{call}-out,{call}-in"),)))
    assert calls == {"8": ("8-out.wav", "8-in.wav"), "9": ("9-out.wav", "9-in.wav")}
    assert remarks == []


def test_what_is_no_recording_is_counted_and_left(tmp_path):
    laid(tmp_path, "a.wav", "readme.txt", ".hidden.wav", ".cache/b.wav", "c.ulaw")
    calls, remarks = found(tmp_path)
    assert list(calls) == ["a"]
    assert [(r.code, r.fields["count"]) for r in remarks] == [("others", 2)]
    assert set(found(tmp_path, Search(raw=True))[0]) == {"a", "c"}


def test_files_and_globs_are_places_too_and_each_file_is_found_once(tmp_path):
    laid(tmp_path, "a/1.wav", "a/2.wav", "b/3.wav")
    places = [str(tmp_path / "a"), str(tmp_path / "a" / "1.wav"), str(tmp_path / "**" / "3.wav")]
    assert set(found(tmp_path, None, *places)[0]) == {"1", "2", "3"}
    with pytest.raises(InputError, match="no recording in"):
        find([str(tmp_path / "nowhere")], Search())


def test_a_pattern_reads_names_and_folders(tmp_path):
    laid(tmp_path, "billing/ann_4711_20261127-101500Z.wav", "odd.wav")
    calls, _ = find([str(tmp_path)], Search((Pattern.of("{queue}/{agent}_{call}_{start}"),)))
    known = {call.known.call: call.known for call in calls}
    assert (known["4711"].queue, known["4711"].agent) == ("billing", "ann")
    assert known["4711"].start == datetime(2026, 11, 27, 10, 15, tzinfo=UTC)
    assert known["odd"].agent is None


@pytest.mark.parametrize("shape", ["", "call", "{colour}", "{call}{call}", "{call", "{}{"])
def test_a_pattern_that_is_none_is_refused(shape):
    with pytest.raises(UsageError, match="--pattern"):
        Pattern.of(shape)


@pytest.mark.parametrize("shape", ["", "{call}", "a,b", "{call}_x,{call}_x", "{call},{call},{call}"])
def test_a_pair_that_is_none_is_refused(shape):
    with pytest.raises(UsageError, match="--pair"):
        Pair.of(shape)


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("in-5551234-102-20240131-101112Z-1706692332.123", (2024, 1, 31, 10, 11, 12)),
        ("4711_20260708T09:05_UTC", (2026, 7, 8, 9, 5, 0)),
        ("2026-07-08 09.05.06+0200 ann", (2026, 7, 8, 7, 5, 6)),
        ("20260708090506Z", (2026, 7, 8, 9, 5, 6)),
        ("call 12345678", None),
        ("20261399", None),
    ],
)
def test_a_name_tells_when_a_call_began(name, at):
    assert moment(name) == (None if at is None else datetime(*at, tzinfo=UTC))


def test_a_moment_without_a_zone_is_this_machines():
    assert moment("2026-07-08 09:05") == datetime(2026, 7, 8, 9, 5).astimezone()


@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("Auto_Repairs_40.L-caller.R-agent.ulaw.8k", "right"),
        ("Auto_Repairs_40.L-agent.R-caller.alaw.8k", "left"),
        ("4711_agent-left", "left"),
        ("4711_customer_left", "right"),
        ("agent_smith", None),
        ("L-agent.R-agent", None),
        ("4711", None),
    ],
)
def test_a_name_tells_on_which_channel_the_agent_is(name, side):
    assert agent_side(name) == side


@given(st.text(max_size=60))
def test_no_name_breaks_the_reading_of_names(name):
    moment(name)
    agent_side(name)
    for rest, party in legs(name):
        assert party in ("agent", "caller")
        without_leg(rest)


def table(folder, text, encoding="utf-8"):
    path = folder / "calls.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_a_manifest_says_what_names_cannot(tmp_path):
    path = table(
        tmp_path,
        "Recording;Call ID;Agent;Queue;Started at;Agent channel;CSAT;NPS;Retained;Mood\n"
        "week1/a.wav;4711;ann;billing;2026-07-08T09:05:00Z;L;4,5;9;yes;gut\n"
        ";;;;;;;;;\n"
        "b.wav;;;;never;up;many;;;\n",
        "utf-8-sig",
    )
    told = manifest.read(path)
    first, second = told.calls
    assert first.files == (tmp_path / "week1/a.wav",)
    assert first.known.call == "4711"
    assert first.known.start == datetime(2026, 7, 8, 9, 5, tzinfo=UTC)
    assert (first.known.agent_channel, first.known.csat, first.known.nps) == ("left", 4.5, 9.0)
    assert (first.known.retained, dict(first.known.extra)) == (True, {"Mood": "gut"})
    assert second.known.call == "b"
    assert [remark.code for remark in told.remarks] == ["extra_column", *["unclear_cell"] * 3]
    assert {remark.fields["row"] for remark in told.remarks[1:]} == {4}


def test_a_manifest_pairs_files_and_joins_facts_by_call(tmp_path):
    path = table(tmp_path, "agent_file,caller_file,call,csat\na.wav,b.wav,1,\n,,2,5\na.wav,,3,\n")
    told = manifest.read(path)
    assert [call.files for call in told.calls] == [(tmp_path / "a.wav", tmp_path / "b.wav")]
    assert told.facts["2"].csat == 5
    assert [remark.code for remark in told.remarks] == ["unclear_row"]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\0\n", "file\n\xff"])
def test_what_is_no_manifest_is_refused_in_one_line(tmp_path, text):
    path = tmp_path / "calls.csv"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError) as caught:
        manifest.read(path)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=300))
def test_no_table_breaks_the_reading_of_manifests(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_text(f"file,call,start,csat\n{text}", encoding="utf-8", errors="replace", newline="")
    with contextlib.suppress(InputError):
        manifest.read(path)
