"""Secrets as people say them, for tests of what hides them."""

from __future__ import annotations

from hypothesis import strategies as st

from voicecare.backends.phones import PhoneNumbers
from voicecare.speech.redaction.identifiers import luhn
from voicecare.speech.redaction.redaction import Redactor
from voicecare.timebase import Span, samples
from voicecare.types import Heard, Party, Word

PHONES = PhoneNumbers(("US", "GB"))
SPOKEN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def heard(text: str, at_s: float = 0.0, channel: Party = "caller", *, timed: bool = True) -> Heard:
    start = samples(at_s)
    words = tuple(
        Word(word, Span(start + 3200 * i, start + 3200 * (i + 1)), 0.9) for i, word in enumerate(text.split())
    )
    span = Span(start, start + 3200 * max(1, len(text.split())))
    return Heard(channel, span, text, words if timed else (), "en", 0.8, None, final=True, arrived=span.end + 8000)


def kept(*utterances: str | tuple[Party, str]) -> list[str]:
    """Redact utterances ten seconds apart, the caller's unless said; return what is kept of each."""
    redactor = Redactor(is_phone=PHONES)
    out = []
    for i, said in enumerate(utterances):
        party, text = ("caller", said) if isinstance(said, str) else said
        out += redactor.push(heard(text, 10.0 * i, party))
    out += redactor.finish(10**9)
    of_one: dict[int, list[str]] = {}
    for told in sorted(out, key=lambda h: h.span.start):
        of_one.setdefault(told.span.start // samples(10.0), []).append(told.text)
    return [" ".join(filter(None, of_one[i])) for i in sorted(of_one)]


def with_luhn(digits: str) -> str:
    return next(digits + str(check) for check in range(10) if luhn(digits + str(check)))


card_numbers = st.builds(
    lambda first, rest: with_luhn(first + rest),
    st.sampled_from("3456"),
    st.text("0123456789", min_size=14, max_size=14),
)


@st.composite
def as_said(draw: st.DrawFn, number: str) -> str:
    """The number in groups, each written or spoken, with what people and recognisers put between."""
    pieces = []
    while number:
        group = draw(st.integers(1, 4))
        part, number = number[:group], number[group:]
        if draw(st.booleans()):
            pieces.append(part)
        elif len(part) > 1 and part[0] == part[1] and draw(st.booleans()):
            pieces.append(" ".join(["double", SPOKEN[int(part[0])], *(SPOKEN[int(d)] for d in part[2:])]))
        else:
            pieces.append(" ".join(SPOKEN[int(digit)] for digit in part))
    between = draw(st.sampled_from([" ", ", ", " - ", " um ", ". "]))
    return between.join(pieces)
