"""The agent's wishes can be typed where there is no tray."""

from __future__ import annotations

import os
import sys
import time

import pytest

from voicecare.catalogue.catalogue import Catalogue, languages
from voicecare.cue.typed import TypedWishes
from voicecare.cue.viewmodel import ViewModel


class Typed:
    """Wishes typed into a view model; what was asked of the app."""

    def __init__(self, language="en"):
        self.asked: list[str] = []
        self.model = ViewModel(Catalogue.load(language, "agent"))
        self.typed = TypedWishes(
            self.model, on_new_call=lambda: self.asked.append("new"), on_quit=lambda: self.asked.append("quit")
        )


@pytest.fixture
def terminal():
    """A terminal: the end to type at, and the end to read from."""
    if sys.platform == "win32":
        pytest.skip("a pseudo-terminal needs POSIX")
    keyboard, screen = os.openpty()
    yield keyboard, screen
    os.close(keyboard)
    os.close(screen)


def soon(holds):
    """Wait until something holds, for five seconds at most."""
    end = time.monotonic() + 5.0
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return holds()


def test_each_letter_does_what_its_line_says():
    call = Typed()
    assert call.typed.letters == (
        "Type a letter and Enter: p Pause listening · s No cues for 15 minutes · "
        "c Cues on again · o The caller objects: stop for this call · n New call · q Quit"
    )
    call.typed.heed("p")
    assert call.model.wishes.paused
    call.typed.heed("P ")
    assert not call.model.wishes.paused
    call.typed.heed("s")
    assert 14 * 60 < call.model.wishes.snoozed_until_s - time.perf_counter() <= 15 * 60
    call.typed.heed("c")
    assert call.model.wishes.shows_cues(time.perf_counter())
    call.typed.heed("o")
    assert call.model.wishes.objected
    call.typed.heed("n")
    assert not call.model.wishes.objected
    call.typed.heed("q")
    assert call.asked == ["new", "quit"]


@pytest.mark.parametrize("line", ["", "x", "quit now", "\x00", "ö"])
def test_any_other_line_does_nothing(line):
    call = Typed()
    call.typed.heed(line)
    assert call.asked == []
    assert call.model.wishes.shows_cues(time.perf_counter())


@pytest.mark.parametrize("language", languages())
def test_every_language_says_what_can_be_typed(language):
    letters = Typed(language).typed.letters
    assert [f"{letter} " in letters for letter in "psonq"] == [True] * 5


def test_lines_are_heeded_as_they_are_typed(terminal):
    keyboard, screen = terminal
    call = Typed()
    call.typed.listen(screen)
    os.write(keyboard, b"o\nn\n")
    assert soon(lambda: call.asked == ["new"])
    os.write(keyboard, b"q\n")
    assert soon(lambda: call.asked == ["new", "quit"])


def test_a_terminal_that_goes_away_ends_nothing():
    reading, writing = os.pipe()
    call = Typed()
    call.typed.listen(reading)
    os.write(writing, b"s\n")
    assert soon(lambda: not call.model.wishes.shows_cues(time.perf_counter()))
    os.close(writing)
    assert call.asked == []
    os.close(reading)
