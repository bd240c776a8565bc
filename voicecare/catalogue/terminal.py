"""What may reach a terminal: names, labels and transcripts come from files, and a terminal obeys what it is sent.

One filter for every place that prints a name: no escape sequence, no control character, no mark that turns the
direction of text (bidi), no half of a character.
"""

from __future__ import annotations

import sys

LONGEST = 600


def legible(text: str) -> str:
    r"""Put a "?" for every character that is no letter, sign or space, line breaks included.

    >>> legible("a\x1b[2Jb\u202egpj.wav")
    'a?[2Jb?gpj.wav'
    """
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def one_line(text: str) -> str:
    """Make any text one legible line: runs of white space become one space."""
    return legible(" ".join(text.split()))


def complain(text: str) -> None:
    """Say on standard error, in one line, what is wrong or left out; of a name without end its ends."""
    line = one_line(text)
    if len(line) > LONGEST:
        line = f"{line[: 2 * LONGEST // 3]} … {line[-LONGEST // 3 :]}"
    sys.stderr.write(f"voicecare: {line}\n")
