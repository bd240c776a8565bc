"""What redaction leaves: planted secrets, written and read out, and what it takes from ordinary utterances."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from scripts.bench.corpora.exchanges import outcome, read_cases, scored
from scripts.bench.corpora.goemotions import ordinary
from scripts.bench.corpora.sentences import planted, speak
from scripts.bench.lines.phone import LINES, send
from scripts.bench.systems.words import english, request
from voicecare.backends.phones import PhoneNumbers
from voicecare.ports import Recogniser
from voicecare.speech.redaction.private_words import is_marker
from voicecare.speech.redaction.redaction import Redactor
from voicecare.timebase import Span, samples
from voicecare.types import Heard, Party

MASKED = re.compile(r"#(?:EMAIL|PHONENUMBER|ADDRESS|NUMBER)#")
"""What the corpus of chats has put in the place of secrets; to hide it is not for nothing."""
BETWEEN_S = 4.0
"""From one ordinary utterance to the next."""


def redaction(data: Path, counts: tuple[int, int], cases: Sequence[Path], model: str, *, show: bool) -> dict[str, Any]:
    """Planted secrets left in the text, written and read out, and ordinary utterances redacted for nothing.

    counts: utterances with a secret as text, and read out by espeak-ng. cases: folders of exchanges. show: print every
        secret that is left.
    """
    is_phone = PhoneNumbers()
    found: dict[str, Any] = {}
    recogniser = english(model) if counts[1] and speak("test") is not None else None
    for name, count in (("as text", counts[0]), ("read out and recognised", counts[1] if recogniser else 0)):
        leaks: Counter[str] = Counter()
        totals: Counter[str] = Counter()
        for number, item in enumerate(planted(count, seed=1)):
            text = item.text
            if recogniser and name != "as text":
                text = _read_out(item.text, recogniser, number) or item.text
            redactor = Redactor(is_phone=is_phone)
            kept = " ".join(heard.text for heard in [*redactor.push(_heard(text)), *redactor.finish(0)])
            totals[item.kind] += 1
            leaked = _leaks(kept, item.secret)
            leaks[item.kind] += leaked
            if leaked and show:
                print(f"    {item.kind}: {item.text!r} heard {text!r} kept {kept!r}")
        if count:
            found[f"planted, {name}"] = {kind: f"{leaks[kind]}/{total} left" for kind, total in totals.items()}
    found |= _marked(cases, is_phone, show=show)
    utterances = ordinary(data)
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


def _marked(cases: Sequence[Path], is_phone: PhoneNumbers, *, show: bool) -> dict[str, Any]:
    """Exchanges with marked secrets that left nothing to be read, and ordinary ones redacted for nothing."""
    found: dict[str, Any] = {}
    for folder in cases:
        secrets = [outcome(case, is_phone) for case in read_cases(folder, "secrets")]
        plain = [outcome(case, is_phone) for case in read_cases(folder, "ordinary")]
        if show:
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


def _read_out(text: str, recogniser: Recogniser, number: int) -> str:
    """The text as it is recognised when espeak-ng reads it out over a phone line; empty where it cannot."""
    sound = speak(_for_reading(text), words_a_minute=130)
    if sound is None:
        return ""
    return recogniser.hear(request(send(sound, LINES["phone"], np.random.default_rng(number)))).text


def _for_reading(text: str) -> str:
    """Digits one by one, so that they are read as people read numbers out."""
    return re.sub(r"(?<=\d)(?=\d)", " ", text).replace("@", " at ").replace("_", " underscore ")


def _heard(text: str, at_s: float = 0.0, party: Party = "caller") -> Heard:
    span = Span(samples(at_s), samples(at_s + 3))
    return Heard(party, span, text, (), "en", 0.9, None, final=True, arrived=span.end)
