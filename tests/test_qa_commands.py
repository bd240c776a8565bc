"""`voicecare qa` and `voicecare export` as they are typed."""

from __future__ import annotations

import csv
import os
import re
import signal
import subprocess
import sys
import urllib.request

import pytest
import qa_samples as samples
import report_samples as calls

from voicecare.commands import cli
from voicecare.qa.store.store import Store


@pytest.fixture
def store(tmp_path):
    """A store of two calls."""
    path = tmp_path / "qa.db"
    with Store.open(str(path)) as store:
        samples.add(store, calls.heated(), "call-1", samples.MONDAY, agent="Ada", queue="Roadside")
        samples.add(store, calls.calm(), "=call-2", samples.MONDAY, agent="Ben", queue="Billing")
    return path


def run(*typed) -> int:
    return cli.run([str(one) for one in typed])


def test_a_table_of_calls_is_saved_and_known_to_the_store(store, tmp_path, capsys):
    table = tmp_path / "calls.csv"
    assert run("export", table, "--store", store) == 0
    assert "calls written: 2" in capsys.readouterr().out
    assert sorted(row["call_id"] for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines())) == [
        "'=call-2",
        "call-1",
    ]
    assert run("export", tmp_path / "calls.parquet", "--store", store, "--as", "parquet", "--agent", "Ada") == 0
    assert (tmp_path / "calls.parquet").read_bytes()[:4] == b"PAR1"
    with Store.open(str(store)) as opened, opened.read() as to:
        assert {export.kind for export in to.exports.all()} == {"csv", "parquet"}


def test_erasing_a_call_removes_what_was_saved_of_it(store, tmp_path):
    folder = tmp_path / "vtt"
    folder.mkdir()
    assert run("export", folder, "--store", store, "--as", "vtt") == 0
    assert sorted(file.name for file in folder.iterdir()) == ["call-1.vtt", "call-2.vtt"]
    assert run("erase", "call-1", "--store", store, "--folder", tmp_path) == 0
    assert [file.name for file in folder.iterdir()] == ["call-2.vtt"]


@pytest.mark.parametrize("form", ["json", "html", "jsonl", "srt", "rttm", "TextGrid", "eaf", "aws.json", "vcon.json"])
def test_every_format_is_saved_a_file_a_call(store, tmp_path, form):
    folder = tmp_path / "out"
    folder.mkdir()
    assert run("export", folder, "--store", store, "--as", form, "--search", "ridiculous") == 0
    (file,) = folder.iterdir()
    assert file.name == f"call-1.{form}"
    assert file.stat().st_size > 0
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["out", "--as", "docx"], "--as docx: not known; choose csv, parquet, json"),
        (["nowhere", "--as", "vtt"], "must be a folder that exists"),
        (["out.csv", "--since", "monday"], "--since monday: must be a day"),
        (["vtt", "--as", "vcon.json", "--basis", "because"], "--basis because: not known"),
        (["out.csv", "--store", "nothing.db"], "there is no store"),
    ],
)
def test_what_cannot_be_saved_is_said_in_one_line(store, tmp_path, monkeypatch, capsys, typed, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "vtt").mkdir()
    assert run("export", *(typed if "--store" in typed else [*typed, "--store", store])) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.err.count("\n") == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["--store", "nothing.db"], "there is no store"),
        (["--reviewer", " "], "1 to 60 characters"),
        (["--reviewer", "Kim", "--reader", "Kim"], "named twice"),
        (["--port", "99999"], "65535"),
    ],
)
def test_what_cannot_be_served_is_said_in_one_line(store, tmp_path, monkeypatch, capsys, typed, said):
    monkeypatch.chdir(tmp_path)
    assert run("qa", *(typed if "--store" in typed else [*typed, "--store", store])) == 2
    assert said in capsys.readouterr().err


def test_the_pages_are_served_on_loopback_until_ctrl_c(store):
    command = [sys.executable, "-c", "from voicecare.commands.cli import main; main()", "qa", "--store", str(store)]
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen([*command, "--reviewer", "Kim"], stdout=subprocess.PIPE, text=True, env=env) as running:
        try:
            first = running.stdout.readline()
            link = re.search(r"http://127\.0\.0\.1:\d+/enter\?token=\S+", first)[0]
            assert first.startswith("Kim (reviewer): ")
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
            assert b"call-1" in opener.open(link, timeout=10).read()
        finally:
            running.send_signal(signal.SIGINT)
        assert running.wait(15) == 0
