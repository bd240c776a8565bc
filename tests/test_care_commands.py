"""The agent's commands; and a word typed in care is in no report, no export and nothing else that is written."""

from __future__ import annotations

import json
from datetime import date

import pytest
import report_samples as calls
from care_samples import NOON_S

from voicecare.care.diary import Diary, day_of
from voicecare.commands import day as day_command
from voicecare.commands.caring import call_seen, facts
from voicecare.commands.cli import run
from voicecare.explain.account import account
from voicecare.session import save
from voicecare.timebase import samples

WORD = "quizzaciously"


@pytest.fixture
def diary(tmp_path):
    path = tmp_path / "care" / "care.db"
    with Diary(path) as opened:
        opened.add("moments", NOON_S, fact="eased", went="differently", note=f"I spoke {WORD}")
        opened.add("thanks", NOON_S, text=f"thank you {WORD}")
        opened.add("intentions", NOON_S, text=f"If {WORD}, I wait", kept="yes")
    return path


def test_show_and_export_say_all_of_it(diary, tmp_path, capsys):
    assert run(["care", "show", "--diary", str(diary)]) == 0
    said = capsys.readouterr().out
    assert said.count(WORD) == 3
    assert "breaks      on" in said
    assert run(["care", "export", str(tmp_path / "mine.json"), "--diary", str(diary)]) == 0
    assert json.loads((tmp_path / "mine.json").read_text())["thanks"][0]["text"] == f"thank you {WORD}"
    assert (tmp_path / "mine.json").stat().st_mode & 0o077 == 0


def test_erase_asks_first_and_then_leaves_nothing(diary, capsys):
    assert run(["care", "erase", "--diary", str(diary)]) == 2
    assert "--yes" in capsys.readouterr().err
    assert run(["care", "erase", "--row", "thanks:1", "--diary", str(diary)]) == 0
    assert run(["care", "erase", "--row", "thanks:1", "--diary", str(diary)]) == 2
    assert run(["care", "erase", "--row", "sqlite_master:1", "--diary", str(diary)]) == 2
    assert run(["care", "erase", "--yes", "--diary", str(diary)]) == 0
    assert not diary.exists()


def test_off_on_and_back(diary, capsys):
    assert run(["care", "off", "breaks", "--for", "good", "--diary", str(diary)]) == 0
    assert run(["care", "show", "--diary", str(diary)]) == 0
    assert "breaks      off" in capsys.readouterr().out
    assert run(["care", "on", "breaks", "--diary", str(diary)]) == 0
    assert run(["care", "back", "strain", "--diary", str(diary)]) == 0
    assert "as usual already" in capsys.readouterr().out
    for wrong in (["off", "mood"], ["off", "breaks", "--for", "ever"], ["back", "mood"], ["energy", "9"]):
        assert run(["care", *wrong, "--diary", str(diary)]) == 2


def test_the_day_is_written_as_a_page_for_its_owner_alone(diary, tmp_path):
    page = tmp_path / "day.html"
    assert run(["day", "--date", day_of(NOON_S), "--html", str(page), "--diary", str(diary)]) == 0
    assert WORD in page.read_text(encoding="utf-8")
    assert page.stat().st_mode & 0o077 == 0
    assert run(["day", "--date", "yesterday", "--html", str(page), "--diary", str(diary)]) == 2
    assert run(["day", "--html", str(diary), "--diary", str(diary)]) == 2, "the page never overwrites the diary"


def test_without_a_file_the_page_is_opened_from_beside_the_diary(diary, monkeypatch):
    opened = []
    monkeypatch.setattr(day_command.webbrowser, "open", lambda address: opened.append(address) or True)
    assert run(["day", "--week", "--diary", str(diary)]) == 0
    assert opened == [(diary.parent / "week.html").resolve().as_uri()]


def test_privacy_names_every_field(capsys):
    from voicecare.care.fields import TABLES

    assert run(["privacy"]) == 0
    said = capsys.readouterr().out
    assert all(f"{table}.{field.name}" in said for table, fields in TABLES.items() for field in fields)


def test_a_word_typed_in_care_is_in_nothing_that_reports_write(diary, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(diary.parent))  # even where the diary lies in the reader's own folder
    (diary.parent / "voicecare-care").mkdir()
    diary.rename(diary.parent / "voicecare-care" / "care.db")
    out = tmp_path / "out"
    out.mkdir()
    for name, call in (("heated", calls.heated()), ("calm", calls.calm())):
        save(tmp_path / f"{name}.jsonl", call)
        files = [f"--{face}={out / name}.{face}" for face in ("json", "html", "csv", "textgrid")]
        assert run(["report", str(tmp_path / f"{name}.jsonl"), *files, f"--elan={out / name}.eaf"]) == 0
        told = out / f"{name}.explain.json"
        assert run(["explain", str(tmp_path / f"{name}.jsonl"), "--at", "0:30", "--json", str(told)]) == 0
    written = [file for file in out.rglob("*") if file.is_file()]
    assert len(written) == 12
    assert [file.name for file in written if WORD.encode() in file.read_bytes()] == []


def test_only_facts_that_explain_backs_are_told():
    session = calls.heated()
    found = facts(session, "2026-11-27_12-00-00")
    assert [fact.code for fact in found][:2] == ["eased_after_acknowledgement", "gave_floor"]
    for fact in found:
        around = [fact.at_s - 0.1, fact.at_s, *(cue.at_s for cue in call_seen(session).cues)]
        codes = {line.code for at_s in around for section in account(session, samples(at_s)) for line in section.lines}
        assert fact.backed_by in codes


def test_a_call_in_which_nothing_happened_gives_no_fact():
    assert facts(calls.calm()) == ()


def test_counts_are_shared_only_by_choice_and_a_team_needs_five(diary, tmp_path, capsys):
    week = ["--week", f"{date.fromisoformat(day_of(NOON_S)):%G-W%V}"]
    calls_folder = tmp_path / "calls"
    calls_folder.mkdir()
    for number in range(4):
        (calls_folder / f"{day_of(NOON_S)}_10-00-0{number}.counts.json").touch()
    place = ["--diary", str(diary), "--folder", str(calls_folder)]
    assert run(["care", "share", str(tmp_path / "one.json"), *week, *place]) == 2
    assert "care on team" in capsys.readouterr().err
    assert run(["care", "on", "team", "--diary", str(diary)]) == 0
    assert run(["care", "share", str(tmp_path / "one.json"), *week, *place]) == 0
    row = json.loads((tmp_path / "one.json").read_text())
    assert row["counts"] == {"calls": 4, "thanks": 1, "recoveries": 0, "cues": 0}
    assert WORD not in (tmp_path / "one.json").read_text()
    files = []
    for number in range(5):
        files.append(tmp_path / f"agent{number}.json")
        files[-1].write_text(json.dumps(row | {"code": str(number)}))
    ledger = ["--ledger", str(tmp_path / "ledger")]
    assert run(["care", "team", *map(str, files[:4]), *week, *ledger]) == 2
    assert run(["care", "team", *map(str, files), *week, *ledger]) == 0
    assert "calls       20" in capsys.readouterr().out
    files[0].write_text(json.dumps(row | {"code": "somebody else"}))
    assert run(["care", "team", *map(str, files), *week, *ledger]) == 2, "two tables would show one agent"
    files[0].write_text("[1, 2]")
    assert run(["care", "team", *map(str, files), *week, *ledger]) == 2


def test_groups_are_compared_with_what_it_takes_said_first(capsys):
    assert run(["care", "compare", "--a", "20", "3.8", ".9", "--b", "25", "3.2", "1.1"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert "takes 393 agents" in said[0]
    assert said[-1].startswith("difference 0.6, 95 % interval")
    assert run(["care", "compare", "--a", "5", "3.8", ".9", "--b", "25", "3.2", "1.1"]) == 2


def test_the_sites_line_for_help_stands_on_the_page(diary, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "voicecare").mkdir()
    (tmp_path / "voicecare" / "help-line.txt").write_text("Kim, extension 12", encoding="utf-8")
    page = tmp_path / "day.html"
    assert run(["day", "--html", str(page), "--diary", str(diary)]) == 0
    assert "Kim, extension 12" in page.read_text(encoding="utf-8")
