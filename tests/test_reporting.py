"""`voicecare report`: faces, other vendors' terms, annotation files and what the corrections say."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import report_samples as calls

from voicecare.commands.cli import run
from voicecare.report.presets import PRESETS, vendor_row, vendor_view
from voicecare.session import Session, SessionWriter


def saved(session: Session, path: Path) -> Path:
    with SessionWriter(path, session.header) as writer:
        for event in session.events:
            writer.write(event)
        writer.end(session.end, complete=session.complete)
    return path


@pytest.fixture
def heated(tmp_path) -> Path:
    return saved(calls.heated(), tmp_path / "heated.jsonl")


@pytest.mark.parametrize("vendor", PRESETS)
def test_a_vendor_gets_its_terms_as_json_and_as_a_row(heated, tmp_path, vendor):
    out, table = tmp_path / "x.json", tmp_path / "x.csv"
    assert run(["report", str(heated), "--vendor", vendor, "--json", str(out), "--csv", str(table)]) == 0
    assert json.loads(out.read_text()) == vendor_view(calls.heated(), vendor)
    (row,) = csv.DictReader(table.read_text().splitlines())
    assert (row["call"], row["preset"]) == ("roadside-assistance.wav", vendor)


@pytest.mark.parametrize("vendor", PRESETS)
def test_the_rows_of_a_vendor_have_the_same_columns_for_every_call(vendor):
    rows = [vendor_row(vendor_view(session, vendor)) for session in (calls.heated(), calls.calm(), calls.empty())]
    assert list(rows[0]) == list(rows[1]) == list(rows[2])
    assert all(not isinstance(cell, dict | list) for row in rows for cell in row.values())


def test_aws_interruptions_count_by_role_in_the_row():
    row = vendor_row(vendor_view(calls.heated(), "aws"))
    interruptions = "ConversationCharacteristics.Interruptions"
    assert row[f"{interruptions}.InterruptionsByInterrupter.AGENT"] == row[f"{interruptions}.TotalCount"] == 1
    assert row[f"{interruptions}.InterruptionsByInterrupter.CUSTOMER"] == 0


def test_a_page_is_for_quality_assurance_unless_it_is_asked_for_the_agent(heated, tmp_path):
    page = tmp_path / "x.html"
    assert run(["report", str(heated), "--html", str(page)]) == 0
    assert "The agent did it at" in page.read_text(encoding="utf-8")
    assert run(["report", str(heated), "--html", str(page), "--for", "agent"]) == 0
    assert "You did it at" in page.read_text(encoding="utf-8")


def test_several_sessions_make_one_table_and_files_of_their_own(heated, tmp_path, capsys):
    calm, bad = saved(calls.calm(), tmp_path / "calm.jsonl"), tmp_path / "bad.jsonl"
    bad.write_text("nothing\n")
    (tmp_path / "out").mkdir()
    table, out = tmp_path / "all.csv", tmp_path / "out"
    files = [str(heated), str(bad), str(calm)]
    assert run(["report", *files, "--csv", str(table), "--json", str(out), "--textgrid", str(out)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert [row["call"] for row in rows] == ["roadside-assistance.wav", "garage.wav"]
    assert sorted(path.name for path in out.iterdir()) == [
        "calm.jsonl.TextGrid", "calm.jsonl.json", "heated.jsonl.TextGrid", "heated.jsonl.json",
    ]  # fmt: skip


@pytest.mark.parametrize(("option", "name"), [("--textgrid", "x.TextGrid"), ("--elan", "x.eaf")])
def test_what_was_written_for_correction_agrees_with_the_session(heated, tmp_path, capsys, option, name):
    assert run(["report", str(heated), option, str(tmp_path / name)]) == 0
    assert run(["report", str(heated), "--corrected", str(tmp_path / name)]) == 0
    said = capsys.readouterr().out
    assert said.splitlines()[-3].split() == ["all", "2", "2", "2", "1.000", "1.000", "1.000"]
    assert "attribution errors: 0" in said


def test_corrections_are_told_with_precision_recall_and_what_differs(heated, tmp_path, capsys):
    file = tmp_path / "x.TextGrid"
    run(["report", str(heated), "--textgrid", str(file)])
    file.write_text(file.read_text().replace("interruption by agent", "interruption by caller"))
    assert run(["report", str(heated), "--corrected", str(file)]) == 0
    said = capsys.readouterr().out
    assert "attribution errors: 1" in said
    assert "0:28  interruption by agent, corrected to interruption by caller (another party)" in said
    assert next(line for line in said.splitlines() if line.startswith("all")).split()[-3:] == ["0.500"] * 3


def test_another_calls_corrections_are_refused_and_one_unknown_mark_is_not_the_whole_file(heated, tmp_path, capsys):
    other, file = tmp_path / "other.TextGrid", tmp_path / "x.TextGrid"
    run(["report", str(saved(calls.calm(), tmp_path / "calm.jsonl")), "--textgrid", str(other)])
    run(["report", str(heated), "--textgrid", str(file)])
    assert run(["report", str(heated), "--corrected", str(other)]) == 2
    told = capsys.readouterr()
    assert "other.TextGrid is of another call" in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""
    file.write_text(file.read_text().replace("backchannel by caller", "back\x1b[2Jchannel"))
    assert run(["report", str(heated), "--corrected", str(file)]) == 0
    told = capsys.readouterr()
    assert 'x.TextGrid: skipped "back?[2Jchannel" at 0:55: it is not known' in told.err
    assert "interruption by agent          1          1      1      1.000   1.000  1.000" in told.out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "--json FILE"),
        (["--vendor", "aws"], "--json FILE"),
        (["--vendor", "acme", "--json", "x"], ", ".join(PRESETS)),
        (["--corrected", "missing.eaf"], "check the path"),
        (["--corrected", "heated.jsonl"], "is not a TextGrid"),
        (["--elan", "none/x.eaf"], "no folder"),
        (["--textgrid", "heated.jsonl"], "recording itself"),
        (["heated.jsonl", "--corrected", "x"], "one session, not 2"),
        (["heated.jsonl", "--elan", "x.eaf"], "must be a folder"),
        (["heated.jsonl", "--csv", "."], "it is a folder"),
    ],
)
def test_a_wrong_option_is_one_line_and_exit_2(heated, tmp_path, capsys, monkeypatch, arguments, expected):
    monkeypatch.chdir(tmp_path)
    before = heated.read_bytes()
    assert run(["report", str(heated), *arguments]) == 2
    error = capsys.readouterr().err
    assert expected in error
    assert error.count("\n") == 1
    assert heated.read_bytes() == before


def test_a_table_for_excel_begins_with_the_mark_it_knows_names_of_any_language_by(tmp_path):
    session = saved(calls.calm(), tmp_path / "call.jsonl")
    plain, marked = tmp_path / "plain.csv", tmp_path / "excel.csv"
    assert run(["report", str(session), "--csv", str(plain)]) == 0
    assert run(["report", str(session), "--csv", str(marked), "--for-excel"]) == 0
    assert marked.read_bytes() == b"\xef\xbb\xbf" + plain.read_bytes()
