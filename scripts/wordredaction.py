"""Measures redaction: planted secrets, exchanges with marked secrets, and ordinary talk hidden for nothing."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from goemotions import ordinary
from redaction_cases import outcome, read_cases, scored
from wordkit import planted

from voicecare.backends.phones import PhoneNumbers
from voicecare.speech.private_words import is_marker
from voicecare.speech.redaction import Redactor
from voicecare.timebase import Span, samples
from voicecare.types import Heard, Party

MASKED = re.compile(r"#(?:EMAIL|PHONENUMBER|ADDRESS|NUMBER)#")
"""What the corpus of chats has put in the place of secrets; to hide it is not for nothing."""
BETWEEN_S = 4.0
"""From one ordinary utterance to the next."""


def secrets_left(options: argparse.Namespace, hear: Callable[[str, int], str] | None) -> dict[str, Any]:
    """Rows of secrets left and of ordinary utterances redacted for nothing.

    hear: reads a text out and recognises it, given its number; None leaves that out.
    """
    is_phone = PhoneNumbers()
    found: dict[str, Any] = {}
    for name, count in (("as text", options.planted), ("read out and recognised", options.spoken if hear else 0)):
        leaks: Counter[str] = Counter()
        totals: Counter[str] = Counter()
        for number, item in enumerate(planted(count, seed=1)):
            text = item.text
            if hear is not None and name != "as text":
                text = hear(_for_reading(item.text), number) or item.text
            redactor = Redactor(is_phone=is_phone)
            kept = " ".join(heard.text for heard in [*redactor.push(_heard(text)), *redactor.finish(0)])
            totals[item.kind] += 1
            leaked = _leaks(kept, item.secret)
            leaks[item.kind] += leaked
            if leaked and options.show:
                print(f"    {item.kind}: {item.text!r} heard {text!r} kept {kept!r}")
        if count:
            found[f"planted, {name}"] = {kind: f"{leaks[kind]}/{total} left" for kind, total in totals.items()}
    found |= _marked(options, is_phone)
    utterances = ordinary(options.data)
    redactor = Redactor(is_phone=is_phone)
    out = [
        redacted
        for number, (party, text) in enumerate(utterances)
        for redacted in redactor.push(_heard(text, BETWEEN_S * number, party))
    ]
    kinds = [
        word
        for heard in [*out, *redactor.finish(0)]
        for word in heard.text.split()
        if is_marker(word) and not MASKED.search(utterances[heard.span.start // samples(BETWEEN_S)][1])
    ]
    found["ordinary"] = {
        "utterances": len(utterances),
        "redacted": len(kinds),
        "per_1000": round(1_000 * len(kinds) / len(utterances), 2),
        "as": " ".join(sorted(set(kinds))) or "nothing",
    }
    return found


def _marked(options: argparse.Namespace, is_phone: PhoneNumbers) -> dict[str, Any]:
    """Exchanges with marked secrets that left nothing to be read, and ordinary ones redacted for nothing."""
    found: dict[str, Any] = {}
    for folder in options.cases:
        secrets = [outcome(case, is_phone) for case in read_cases(folder, "secrets")]
        plain = [outcome(case, is_phone) for case in read_cases(folder, "ordinary")]
        if options.show:
            for result in (
                r for r in [*secrets, *plain] if r.left or (r.hidden and not any(t.secret for t in r.case.turns))
            ):
                print(f"    {result.case}  ->  {result.told}")
        found[f"{folder.name}, whole"] = scored(secrets)
        words = sum(len(turn.words) - len(turn.secret) for r in secrets for turn in r.case.turns)
        found[f"{folder.name}, for nothing"] = {
            "ordinary": f"{sum(bool(r.hidden) for r in plain)}/{len(plain)}",
            "other words of secrets": f"{sum(len(r.hidden) for r in secrets)}/{words}",
        }
    return found


def _leaks(kept: str, secret: str) -> bool:
    """Whether half of a secret or more can still be read: its digits in order, or its letters."""
    if secret.isdigit():
        return sum(map(str.isdigit, kept)) * 2 >= len(secret) or any(
            secret[i : i + 4] in kept.replace(" ", "") for i in range(len(secret) - 3)
        )
    return any(part in kept.lower() for part in re.split(r"[._\d]+", secret) if len(part) > 2)


def _for_reading(text: str) -> str:
    """Digits one by one, so that they are read as people read numbers out."""
    return re.sub(r"(?<=\d)(?=\d)", " ", text).replace("@", " at ").replace("_", " underscore ")


def _heard(text: str, at_s: float = 0.0, party: Party = "caller") -> Heard:
    span = Span(samples(at_s), samples(at_s + 3))
    return Heard(party, span, text, (), "en", 0.9, None, final=True, arrived=span.end)
