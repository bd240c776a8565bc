import dataclasses

import pytest
from report_samples import header, segment, turn

from voicecare.report.presets import PRESETS, vendor_row, vendor_view
from voicecare.session import Session
from voicecare.timebase import samples
from voicecare.types import Health

# The agent breaks in at 8 s for 4 s, nobody speaks from 20 to 32 s.
CALL = Session(
    header(),
    (
        segment("caller", 0.0, 12.0),
        segment("agent", 8.0, 20.0),
        segment("caller", 32.0, 36.0),
        segment("agent", 36.5, 40.0),
        turn(1, "interruption", "agent", 8.0, 12.0),
        turn(2, "overlap", "agent", 8.0, 12.0),
    ),
    samples(40.0),
    complete=True,
)


def test_aws_gives_milliseconds_by_interrupter_and_talk_time_that_counts_overlap_twice():
    numbers = vendor_view(CALL, "aws")["ConversationCharacteristics"]
    assert numbers["TotalConversationDurationMillis"] == 40_000
    assert numbers["Interruptions"] == {
        "TotalCount": 1,
        "TotalTimeMillis": 4_000,
        "InterruptionsByInterrupter": {
            "AGENT": [{"BeginOffsetMillis": 8_000, "DurationMillis": 4_000, "EndOffsetMillis": 12_000}]
        },
    }
    assert numbers["NonTalkTime"]["TotalTimeMillis"] == 12_000
    assert numbers["TalkTime"]["TotalTimeMillis"] == 31_500


def test_verint_counts_long_talk_over_and_long_silence_only():
    view = vendor_view(CALL, "verint")
    assert (view["talk_over"]["count"], view["talk_over"]["total_s"]) == (1, 4.0)
    assert view["silence"]["instances"] == [{"start_s": 20.0, "end_s": 32.0}]
    short = dataclasses.replace(CALL, events=(segment("caller", 0.0, 12.0), segment("agent", 10.0, 20.0)))
    assert vendor_view(short, "verint")["talk_over"]["count"] == 0


def test_voci_divides_interrupting_turns_by_all_turns_of_the_agent():
    assert vendor_view(CALL, "voci")["agent_overtalk_percent"] == 50.0


def test_genesys_flags_a_call_by_its_share_of_overlap():
    assert vendor_view(CALL, "genesys")["over_limit"] is False
    most = dataclasses.replace(CALL, end=samples(30.0))
    assert vendor_view(most, "genesys")["over_limit"] is True


@pytest.mark.parametrize("name", PRESETS)
def test_of_a_leg_that_was_silent_all_along_no_vendors_number_is_zero(name):
    silent = Health(samples(40.0), "silent_leg", 0, "the caller's channel is silent")
    call = dataclasses.replace(CALL, events=(segment("agent", 8.0, 20.0), silent))
    row, usual = vendor_row(vendor_view(call, name)), vendor_row(vendor_view(CALL, name))
    known = [key for key, value in row.items() if value is not None and key not in ("preset", "title", "definition")]
    assert known == (
        ["ConversationCharacteristics.TalkTime.DetailsByParticipant.AGENT.TotalTimeMillis"]
        if name == "aws"
        else ["agent_turns"]
    )
    assert name == "aws" or list(row) == list(usual)


@pytest.mark.parametrize("name", PRESETS)
def test_every_view_says_what_it_counted_and_an_empty_call_is_no_error(name):
    empty = Session(header(), (), 0, complete=True)
    assert len(vendor_view(empty, name)["definition"]) > 40
