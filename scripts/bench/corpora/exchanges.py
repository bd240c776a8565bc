"""Utterances and exchanges with their secret words marked: read from files, and scored against the redaction.

`*.jsonl` hold one exchange a line: kind, language where it is not English, and turns (by, words, secret: indices of
words that must not survive). `redaction_set/*.txt` say the same in a form made for writing by hand: the kind, a tab,
turns "A: what is it | C: it's {4111} {1111}", secret words in braces; "@de" after the kind tells the language. In
Chinese every character is a word, unless the turn begins with "#": then it is one word, as some recognisers give it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from voicecare.speech.redaction.private_words import is_marker
from voicecare.speech.redaction.redaction import Redactor
from voicecare.speech.words.intake import Intake
from voicecare.timebase import Span, samples
from voicecare.types import Heard, Party, Word

OWN = Path(__file__).parent / "redaction_set"
LATER = (OWN.with_name("redaction_set_2"), OWN.with_name("redaction_set_3"))
"""Sets written and first scored after the rules had been mended by those before."""
BETWEEN_S = 2.0
"""From the beginning of one turn to the next, beside the words of the first."""
WORD_S = 0.3
_PARTIES: dict[str, Party] = {"A": "agent", "C": "caller"}
_JOINED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Turn:
    """What one party says in one go, and which of its words are secret."""

    by: Party
    words: tuple[str, ...]
    secret: frozenset[int]


@dataclass(frozen=True, slots=True)
class Case:
    """An exchange; kinds with "*" are those that came later."""

    kind: str
    language: str
    turns: tuple[Turn, ...]

    def __str__(self) -> str:
        """The exchange on one line, as `redaction_set` writes it."""
        return f"{self.kind}: " + " | ".join(f"{turn.by[0].upper()}: {' '.join(turn.words)}" for turn in self.turns)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an exchange: secret words that can still be read, and other words that were hidden."""

    case: Case
    left: tuple[str, ...]
    hidden: tuple[str, ...]
    told: str


def read_jsonl(path: Path) -> list[Case]:
    """Read exchanges, one a line."""
    return [
        Case(
            row["kind"],
            row.get("language", "en"),
            tuple(Turn(turn["by"], tuple(turn["words"]), frozenset(turn["secret"])) for turn in row["turns"]),
        )
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    ]


def read_written(path: Path) -> list[Case]:
    """Read exchanges written by hand."""
    return [_written(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def read_cases(folder: Path, name: str) -> list[Case]:
    """Read `name` from a folder, in either form."""
    path = folder / f"{name}.jsonl"
    return read_jsonl(path) if path.is_file() else read_written(folder / f"{name}.txt")


def outcome(case: Case, is_phone: Callable[[str], bool]) -> Outcome:
    """Redact an exchange as a call is redacted; every word has its own place in time, by which it is found again."""
    intake = Intake(Redactor(is_phone=is_phone))
    out: list[Heard] = []
    places: list[tuple[Party, Span, str, bool]] = []
    at_s = 0.0
    for turn in case.turns:
        spans = [Span(samples(at_s + WORD_S * i), samples(at_s + WORD_S * (i + 1))) for i in range(len(turn.words))]
        places += [
            (turn.by, span, word, i in turn.secret)
            for i, (span, word) in enumerate(zip(spans, turn.words, strict=True))
        ]
        at_s += BETWEEN_S + WORD_S * len(turn.words)
        words = tuple(Word(text, span, 0.9) for text, span in zip(turn.words, spans, strict=True))
        whole = Span(spans[0].start, spans[-1].end)
        text = " ".join(turn.words)
        heard = Heard(turn.by, whole, text, words, case.language, 0.9, None, final=True, arrived=samples(at_s))
        out += intake.take([heard], heard.arrived)
    out += intake.finish([], samples(at_s))
    told = [(heard.channel, word) for heard in out for word in heard.words]
    left, hidden = [], []
    for by, span, text, secret in places:
        shown = "".join(w.text for party, w in told if party == by and w.span.overlap(span) and not is_marker(w.text))
        if secret and (any(map(str.isdecimal, shown)) if _JOINED.search(text) and len(text) > 1 else shown):
            left.append(text)
        elif not secret and shown != text:
            hidden.append(text)
    return Outcome(case, tuple(left), tuple(hidden), " | ".join(f"{h.channel[0].upper()}: {h.text}" for h in out))


def scored(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """How many exchanges of each kind left nothing to be read."""
    kinds = sorted({result.case.kind for result in outcomes})
    groups = {
        "promised before": [r for r in outcomes if not r.case.kind.endswith("*")],
        "new kinds": [r for r in outcomes if r.case.kind.endswith("*")],
    } | {kind: [r for r in outcomes if r.case.kind == kind] for kind in kinds}
    return {name: f"{sum(not r.left for r in group)}/{len(group)}" for name, group in groups.items() if group}


def _written(line: str) -> Case:
    kind, _, rest = line.rpartition("\t")
    if rest.startswith("@"):
        kind, _, rest = rest.partition(" ")
    kind, _, language = kind.partition("@")
    turns = [(turn[:1], turn[2:].strip()) for turn in rest.split(" | ")]
    return Case(kind or "ordinary", language or "en", tuple(_turn(_PARTIES[by], text) for by, text in turns))


def _turn(by: Party, text: str) -> Turn:
    if text.startswith("#"):
        return Turn(by, (re.sub(r"[#{}]", "", text),), frozenset({0} if "{" in text else ()))
    words: list[str] = []
    secret: set[int] = set()
    for word, hidden in _pieces(text):
        if hidden:
            secret.add(len(words))
        words.append(word)
    return Turn(by, tuple(words), frozenset(secret))


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The words of a written turn and whether each is secret; Chinese is cut into characters."""
    for piece in text.split():
        if not _JOINED.search(piece):
            yield re.sub(r"[{}]", "", piece), "{" in piece
            continue
        for part in re.findall(r"\{[^}]*\}|[^{}]", piece):
            if part[0] == "{":
                yield part[1:-1], True
            elif re.match(r"\w", part):
                yield part, False
