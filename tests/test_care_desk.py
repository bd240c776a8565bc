"""Care beside a running day, on a real screen: a card after a hard call, and gone when the next one rings."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from display import Display, needs

pytestmark = pytest.mark.window


def test_after_a_hard_call_a_break_is_offered_and_the_next_ring_takes_it_away():
    needs("Xvfb", "openbox")
    with Display() as display:
        said = json.loads(display.ask(sys.executable, str(Path(__file__).with_name("care_desk.py"))))
    assert said["offered_s"] > 2.5, "not before nobody has spoken for three seconds"
    assert said["gone_s"] < 1.0  # docs/care.md has the measured figure
