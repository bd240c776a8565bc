"""What is installed from the wheel works away from the repository: models, phrases, words, page and demo came along."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Run a command with the wheel alone, elsewhere: the repository is not on the path of its Python."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]
    built = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT]
    subprocess.run(built, check=True, cwd=folder)
    (wheel,) = folder.glob("voicecare-*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--target", folder / "site", wheel], check=True)
    (folder / "elsewhere").mkdir()

    def command(*arguments):
        done = subprocess.run(
            [sys.executable, "-P", *arguments],
            capture_output=True,
            text=True,
            cwd=folder / "elsewhere",
            env={**os.environ, "PYTHONPATH": str(folder / "site")},
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    command.site, command.elsewhere = folder / "site", folder / "elsewhere"
    return command


def test_a_program_replays_a_call_with_its_words(installed):
    code = (
        "import voicecare; from pathlib import Path; print(voicecare.__file__);"
        "s = voicecare.replay(Path(voicecare.__file__).parent / 'demo' / 'call.flac');"
        "print(s.complete, s.summary.agent.pace_wpm is not None, len(s.to_html(language='zh-Hant')) > 10_000)"
    )
    where, what = installed("-c", code).splitlines()
    assert Path(where).is_relative_to(installed.site)
    assert what == "True True True"


def test_the_command_writes_the_page_of_the_demo(installed):
    assert "A call made for this demo" in installed("-m", "voicecare", "demo")
    assert (installed.elsewhere / "demo-call.html").stat().st_size > 10_000


def test_type_checkers_find_the_types(installed):
    assert (installed.site / "voicecare" / "py.typed").is_file()
