"""What is played is what is said, in order, with silence where nothing is, and reported when it is heard."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from voicecare.audio.devices.talking import HUSH, ORDER, PAUSE, RESUME, SAY, Mouth, orders

SOUNDS = st.lists(st.binary(min_size=2, max_size=40).map(lambda raw: raw[: len(raw) // 2 * 2]), max_size=6)


@given(SOUNDS, st.integers(1, 12).map(lambda n: 2 * n), st.integers(0, 20).map(lambda n: 2 * n))
def test_what_is_said_is_played_whole_and_heard_later(sounds, length, delay):
    mouth = Mouth(delay)
    for sound in sounds:
        mouth.order(SAY, sound)
    played = heard = b""
    left = 1
    while left or len(heard) < len(played) + delay:
        sound, then, left = mouth.take(length)
        assert len(sound) == len(then) == length
        played, heard = played + sound, heard + then
        if len(heard) > 1000:
            break
    assert played.startswith(b"".join(sounds))
    assert not played[len(b"".join(sounds)) :].strip(b"\0")
    assert heard == (b"\0" * delay + played)[: len(heard)]


def test_it_pauses_goes_on_and_falls_silent():
    mouth = Mouth(0)
    mouth.order(SAY, b"abcdef")
    assert mouth.take(2) == (b"ab", b"ab", 4)
    mouth.order(PAUSE, b"")
    assert mouth.take(2) == (b"\0\0", b"\0\0", 4)
    mouth.order(RESUME, b"")
    assert mouth.take(2)[0] == b"cd"
    mouth.order(HUSH, b"")
    assert mouth.take(2) == (b"\0\0", b"\0\0", 0)


def test_an_order_torn_by_the_end_is_dropped():
    stream = ORDER.pack(SAY, 4) + b"abcd" + ORDER.pack(HUSH, 0) + ORDER.pack(SAY, 4) + b"ab"
    assert list(orders(io.BytesIO(stream))) == [(SAY, b"abcd"), (HUSH, b"")]
