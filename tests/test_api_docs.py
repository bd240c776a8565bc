"""The examples of docs/api.md do what the page says."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import soundfile

ROOT = Path(__file__).parents[1]


def test_the_examples_of_the_page_run_as_printed(tmp_path, monkeypatch):
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    examples = re.findall(r"```python\n(>>> .*?)```", page, re.DOTALL)
    assert len(examples) == page.count("```python")
    audio, rate_hz = soundfile.read(ROOT / "voicecare" / "demo" / "call.flac", dtype="float32")
    soundfile.write(tmp_path / "call.wav", audio, rate_hz)
    monkeypatch.chdir(tmp_path)
    test = doctest.DocTestParser().get_doctest("\n".join(examples), {}, "docs/api.md", "docs/api.md", 0)
    said = []
    doctest.DocTestRunner(optionflags=doctest.FAIL_FAST).run(test, out=said.append)
    assert said == []
