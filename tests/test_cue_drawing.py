"""A view fits every screen: nothing is wider than half of it, and no word is lost without a sign."""

from __future__ import annotations

import pytest

pytest.importorskip("PySide6", reason="the cue window needs the extra `live`")

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from voicecare.cue.drawing import HIGHEST_SHARE, LEAST_WORDS_PX, WIDEST_SHARE, Drawing
from voicecare.cue.view import View

LONG = "The device with the caller’s voice is gone, and nobody knows where it went"


@pytest.fixture(autouse=True, scope="module")
def no_screen():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QT_QPA_PLATFORM", "offscreen")
        yield QApplication.instance() or QApplication([])


def drawing(scale=1.0):
    return Drawing(QApplication.font(), scale)


def view(headline="Acknowledge", *details, size="words", more=()):
    return View("cue", headline, details, "triangle", "watch", size, more)


@given(
    headline=st.text(min_size=1, max_size=60),
    details=st.lists(st.text(max_size=200), max_size=4),
    size=st.sampled_from(["none", "dot", "label", "words"]),
    scale=st.floats(0.5, 3.0),
    room=st.tuples(st.integers(320, 4000), st.integers(200, 2200)),
    whole=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_whatever_is_said_fits_the_screen(headline, details, size, scale, room, whole):
    layout = drawing(scale).lay_out(view(headline, *details, size=size), QSize(*room), whole=whole)
    chrome = (22 + 3 * 16 + 2) * scale + 4
    assert layout.size.width() <= max(WIDEST_SHARE * room[0] + 4, LEAST_WORDS_PX + chrome)
    one_line = drawing(scale).lay_out(view("x"), QSize(*room)).size.height()
    assert layout.size.height() <= max(HIGHEST_SHARE * room[1] + 1, 2 * one_line)


def test_two_cues_in_one_break_between_the_two():
    lines = drawing().lay_out(view("放慢一點 · 表示理解"), QSize(400, 240)).lines
    assert [line.text for line in lines] == ["放慢一點", "表示理解"]


def test_a_sentence_is_broken_into_lines_of_like_length():
    texts = [line.text for line in drawing().lay_out(view("x", LONG), QSize(800, 480)).lines[1:]]
    assert " ".join(texts) == LONG
    assert min(map(len, texts)) > max(map(len, texts)) / 2


def test_what_has_no_room_ends_in_three_dots_and_is_whole_when_it_is_looked_at():
    told = view("x", " ".join([LONG] * 3))
    assert drawing().lay_out(told, QSize(800, 480)).lines[-1].text.endswith("…")
    whole = drawing().lay_out(told, QSize(800, 480), whole=True).lines
    assert " ".join(line.text for line in whole[1:]) == " ".join([LONG] * 3)


def test_a_dot_grows_to_its_words_when_it_is_looked_at():
    told = view("Listening", size="dot")
    assert drawing().lay_out(told, QSize(800, 480)).lines == ()
    assert [line.text for line in drawing().lay_out(told, QSize(800, 480), whole=True).lines] == ["Listening"]
