"""How long words must stand to be read, by somebody who speaks and listens meanwhile."""

from __future__ import annotations

import unicodedata

NOTICE_S = 1.0
"""Until the eye has found the window at the edge of the screen: looking there takes a fifth of a second, noticing that
there is something to look at most of the rest. A choice, not a measurement."""
LETTERS_PER_S = 13.0
"""The slower of the two reading speeds of Netflix's style guide for English subtitles (13 letters a second, 160 words a
minute; 17 and 200 for adults who only watch); Ofcom's is 160 to 180 words a minute."""
LEAST_S = 2.5
"""Nothing stands for less; the guide's own least, 5/6 s, is for people who watch the screen."""


def reading_s(*lines: str) -> float:
    """How long these lines take to be noticed and read; a wide letter (Chinese, Japanese, Korean) counts as two.

    >>> reading_s("Slow down")
    2.5
    >>> round(reading_s("Slow down", "You spoke over the caller"), 1)
    3.6
    """
    letters = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for line in lines for letter in line)
    return max(LEAST_S, NOTICE_S + letters / LETTERS_PER_S)
