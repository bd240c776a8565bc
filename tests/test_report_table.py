"""One row per call for a spreadsheet."""

from __future__ import annotations

import csv
import dataclasses
import io

import pytest
import report_samples as calls

from voicecare.report.document import document
from voicecare.report.table import COLUMNS, csv_row, csv_text


def test_a_row_has_every_column_in_order_and_every_column_says_what_it_means():
    assert list(csv_row(document(calls.heated()))) == [column.name for column in COLUMNS]
    assert all(column.meaning for column in COLUMNS)


def test_the_row_holds_the_numbers_of_the_summary():
    row = csv_row(document(calls.heated()))
    assert row["call"] == "roadside-assistance.wav"
    assert (row["agent_interruptions"], row["cues_shown"], row["strain_rises"]) == (1, 2, 1)
    assert (row["complete"], row["leak"], row["recovery_s"]) == (1, 0, 11.4)


def test_what_is_not_known_is_an_empty_cell_and_never_zero():
    row = csv_row(document(calls.empty()))
    assert row["strain_peak"] == row["overlap_share"] == row["recovery_s"] == ""
    assert row["strain_rises"] == ""


@pytest.mark.parametrize(
    ("notes", "leg"), [(["agent"], "agent"), (["caller"], "caller"), (["caller", "agent"], "both")]
)
def test_of_a_silent_leg_nothing_is_zero_and_the_row_names_it(notes, leg):
    row = csv_row(document(calls.silent(*notes)))
    assert row["silent_leg"] == leg
    takes_two = [c for c in row if c.partition("_")[2] in ("interruptions", "backchannels", "talk_share")]
    takes_two += ["overlap_s", "overlap_share", "talk_over_s", "long_silences", "long_silences_s"]
    assert {row[name] for name in takes_two} == {""}
    for party in ("agent", "caller"):
        assert (row[f"{party}_speech_s"] == "") == (leg in (party, "both"))


def test_a_call_cut_short_and_one_with_lost_sound_say_so_in_columns():
    row = csv_row(document(calls.hostile()))
    assert (row["complete"], row["truncated"], row["unheard_s"], row["lost_s"]) == (0, 1, 1.5, 1.5)
    assert (row["silent_leg"], row["quiet_leg"], row["swapped_legs"]) == ("", "", 0)


def test_a_file_name_cannot_become_a_formula():
    session = calls.heated()
    header = dataclasses.replace(session.header, sources=("=cmd|'/C calc'!A1.wav",))
    assert csv_row(document(dataclasses.replace(session, header=header)))["call"].startswith("'=")


def test_two_sources_stand_in_one_cell():
    session = calls.heated()
    header = dataclasses.replace(session.header, sources=("agent.wav", "caller.wav"))
    assert csv_row(document(dataclasses.replace(session, header=header)))["call"] == "agent.wav + caller.wav"


def test_the_text_is_read_back_as_it_was_written_whatever_names_hold():
    text = csv_text([document(calls.heated()), document(calls.hostile())])
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["call"] for row in rows] == ["roadside-assistance.wav", calls.HOSTILE_TEXT]
