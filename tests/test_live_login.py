"""voicecare starts with the desktop because its user said so once, and stops doing so as easily."""

from __future__ import annotations

import configparser
import plistlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecare.errors import OutputError, UsageError
from voicecare.live.login import texts
from voicecare.live.login.entry import at_login, install, place, uninstall

PLATFORMS = ("linux", "win32", "darwin")
words = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" "), min_size=1, max_size=30)


@pytest.fixture(autouse=True)
def own_folders(monkeypatch):
    for name in ("XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)


def exec_of(entry: str) -> list[str]:
    """Read Exec as the specification says: a value's escapes first, then quoted words as a shell does, then %%."""
    parser = configparser.RawConfigParser(strict=True)
    parser.optionxform = str
    parser.read_string(entry)
    value = parser["Desktop Entry"]["Exec"].replace("\\\\", "\\")
    read = subprocess.run(["sh", "-c", f"printf '%s\\0' {value}"], capture_output=True, check=True, encoding="utf-8")
    return [word.replace("%%", "%") for word in read.stdout.split("\0")[:-1]]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_an_entry_is_written_replaced_and_removed(tmp_path, platform):
    first = install(["--keep", "events"], home=tmp_path, platform=platform)
    assert first == place(tmp_path, platform)
    assert tmp_path in first.parents
    assert "events" in first.read_text("utf-8")
    assert install([], home=tmp_path, platform=platform) == first
    assert "events" not in first.read_text("utf-8")
    assert uninstall(home=tmp_path, platform=platform) == first
    assert uninstall(home=tmp_path, platform=platform) is None


def test_the_desktop_entry_starts_this_python_with_these_arguments(tmp_path):
    entry = install(["--keep", "text"], home=tmp_path, platform="linux").read_text("utf-8")
    assert exec_of(entry) == [sys.executable, "-m", "voicecare", "live", "--at-login", "--keep", "text"]
    assert "Comment[zh_TW]=" in entry
    assert "Terminal=false" in entry


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="needs desktop-file-utils")
def test_the_desktop_entry_is_valid(tmp_path):
    path = install(['--agent=Jabra "50%" $x `y` \\z'], home=tmp_path, platform="linux")
    said = subprocess.run(["desktop-file-validate", path], capture_output=True, text=True, check=False)
    assert (said.stdout, said.returncode) == ("", 0)


def test_the_folder_the_desktop_names_is_used(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    assert place(Path("home"), "linux") == tmp_path / "settings" / "autostart" / "voicecare.desktop"
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    assert place(Path("home"), "linux") == Path("home", ".config", "autostart", "voicecare.desktop")


@given(st.lists(words, min_size=1, max_size=5))
def test_every_argument_comes_out_of_a_desktop_entry_as_it_went_in(command):
    assert exec_of(texts.xdg_entry(command, {})) == command


@given(st.lists(words, min_size=1, max_size=5))
def test_every_argument_comes_out_of_a_launch_agent_as_it_went_in(command):
    assert plistlib.loads(texts.launch_agent(command).encode())["ProgramArguments"] == command


def test_a_windows_script_carries_spaces_and_percent_signs():
    script = texts.windows_script(["C:\\Program Files\\pythonw.exe", "-m", "voicecare", "--agent", "50% off"])
    assert script.splitlines()[-1] == (
        'start "voicecare" /b "C:\\Program Files\\pythonw.exe" -m voicecare --agent "50%% off"'
    )
    assert script.endswith("\r\n")


@pytest.mark.parametrize("write", [lambda c: texts.xdg_entry(c, {}), texts.windows_script, texts.launch_agent])
@pytest.mark.parametrize("word", ["a\nExec=evil", "\x00", "a\rb"])
def test_an_argument_that_would_begin_another_line_is_refused(write, word):
    with pytest.raises(UsageError, match="leave it out"):
        write(["voicecare", word])


def test_a_quotation_mark_cannot_end_a_word_of_a_windows_script():
    with pytest.raises(UsageError, match="quotation mark"):
        texts.windows_script(["voicecare", '" & calc & "'])


def test_paths_hold_from_any_folder_and_names_stay_names(tmp_path):
    (tmp_path / "my-model").mkdir()
    given_ = [
        "--install",
        "--folder",
        "calls",
        "--config=my.toml",
        "--model",
        "base.en",
        "--model=my-model",
        "--keep",
        "text",
    ]
    assert at_login(given_, tmp_path) == [
        "--folder", str(tmp_path / "calls"), f"--config={tmp_path / 'my.toml'}", "--model", "base.en",
        f"--model={tmp_path / 'my-model'}", "--keep", "text",
    ]  # fmt: skip


def test_a_terminal_cannot_be_asked_for_at_login(tmp_path):
    with pytest.raises(UsageError, match="--console"):
        install(["--console"], home=tmp_path, platform="linux")
    assert not place(tmp_path, "linux").exists()


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / ".config").write_text("a file")
    with pytest.raises(OutputError, match="cannot make the folder"):
        install([], home=tmp_path, platform="linux")
