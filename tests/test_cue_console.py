"""The terminal says what the pill would say."""

from __future__ import annotations

import io
import signal
import sys
import threading
import time

import pytest
from rich.console import Console

from voicecare.catalogue.catalogue import Catalogue
from voicecare.cue.console import ConsoleFace
from voicecare.cue.viewmodel import ViewModel
from voicecare.timebase import Span, samples
from voicecare.types import Arousal, Cue, Health, Reason, Segment

CUE = Cue(1, "slow_down", samples(91), (Reason("spoke_over_caller", (samples(90),)),), samples(110))


def face(*, terminal, on_quit=lambda: None):
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=100, color_system=None)
    return ConsoleFace(ViewModel(Catalogue.load("en", "agent")), console, on_quit=on_quit), out


def test_without_a_terminal_each_cue_and_fault_is_one_plain_line():
    shown, out = face(terminal=False)

    def call():
        for second in range(95):
            shown.beat(samples(second))
        shown.push(CUE)
        shown.push(Health(samples(92), "not_listening", 0, "caller_device_gone"))

    shown.run(call)
    first, *lines = out.getvalue().splitlines()
    assert first.strip() == "0:00  Listening: voicecare listens to this call. Let the caller know."
    assert len(lines) == 2
    assert lines[0].strip().startswith("1:31  Slow down: You spoke over the caller at 1:30")
    assert "caller" in lines[1]


def test_on_a_terminal_the_last_minute_of_both_legs_is_drawn():
    shown, _ = face(terminal=True)
    shown.beat(samples(10))
    shown.push(Segment("caller", Span(samples(2), samples(5)), samples(5)))
    shown.push(Arousal(samples(5), Span(0, samples(5)), 0.9, 0.8, 0.0))
    shown.push(CUE)
    out = Console(file=io.StringIO(), width=100, color_system=None)
    out.print(shown.picture(0.0))
    picture = out.file.getvalue()
    assert "■ Slow down" in picture
    assert "··████··" in picture
    assert "█" in next(line for line in picture.splitlines() if "strain" in line.lower())


def test_what_fails_in_the_call_is_raised_where_the_face_runs():
    shown, _ = face(terminal=False)

    def call():
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        shown.run(call)


@pytest.fixture
def ctrl_c():
    """A Ctrl-C interrupts, also where the tests run in the background of a shell, which ignores it for them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(sys.platform == "win32", reason="no signal can be sent to one thread there")
@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.usefixtures("ctrl_c")
def test_after_a_ctrl_c_the_end_of_the_call_is_waited_for_and_what_fails_then_is_raised(terminal):
    stopped = threading.Event()
    shown, _ = face(terminal=terminal, on_quit=stopped.set)

    def call():
        time.sleep(0.2)  # until the face waits
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        assert stopped.wait(10)
        time.sleep(0.1)
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk is full"):
        shown.run(call)
