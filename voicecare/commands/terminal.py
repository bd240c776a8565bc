"""What may be printed: text from files, names and errors passes here before a terminal shows it."""

from __future__ import annotations


def printable(text: str) -> str:
    """Make one line of a text, without anything that moves a cursor, colours or turns the direction of writing."""
    return "".join(letter if letter.isprintable() else "?" for letter in " ".join(text.split()))
