"""What was found among words, and how findings that touch or lie close become one."""

from __future__ import annotations

from dataclasses import dataclass

from voicecare.speech.redaction.topics import Secret

LONG_NUMBERS = frozenset({"card", "iban", "number"})
NEAR = 6
"""Words between a number and digits that are part of it, where a recogniser broke it up."""


@dataclass(frozen=True, slots=True)
class Found:
    """Words `first` to `last` hold a secret."""

    first: int
    last: int
    kind: Secret


def spread(found: list[Found], digits: list[bool]) -> list[Found]:
    """Take in the digits close to a long number: a recogniser may have broken it."""
    wider: list[Found] = []
    for item in sorted(found, key=lambda f: (f.first, -f.last)):
        first, last = item.first, item.last
        if wider and last <= wider[-1].last and wider[-1].kind in LONG_NUMBERS and item.kind in LONG_NUMBERS:
            continue
        if item.kind in LONG_NUMBERS and last - first + sum(digits[first : last + 1]) >= 2:
            while (more := next((i for i in range(max(0, first - NEAR), first) if digits[i]), None)) is not None:
                first = more
            while (
                more := next((i for i in range(min(last + NEAR, len(digits) - 1), last, -1) if digits[i]), 0)
            ) > last:
                last = more
        wider.append(Found(first, last, item.kind))
    return wider


def apart(found: list[Found]) -> list[Found]:
    """Join findings that touch the same words; the longest that is more than a number names them."""
    joined: list[Found] = []
    for item in sorted(found, key=lambda f: (f.first, -f.last)):
        if joined and item.first <= joined[-1].last:
            before = joined.pop()
            longest = max(before, item, key=lambda f: (f.kind != "number", f.last - f.first))
            joined.append(Found(before.first, max(before.last, item.last), longest.kind))
        else:
            joined.append(item)
    return joined
