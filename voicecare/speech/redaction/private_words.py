"""Finds what must not be kept in words: cards, codes, accounts, phone numbers, addresses, ids, passwords, births."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from voicecare.speech.redaction.answers import answer, mail_answer
from voicecare.speech.redaction.dates import births, date_runs
from voicecare.speech.redaction.found import Found, apart, spread
from voicecare.speech.redaction.mail import MAIL, mail_spans
from voicecare.speech.redaction.numbers import UNITS, counting, number_kind, quantity, spelled_kind
from voicecare.speech.redaction.numerals import Run, broken_runs, digit_runs, plain_number, read_digits
from voicecare.speech.redaction.places import is_street, places
from voicecare.speech.redaction.spelling import spelled_runs
from voicecare.speech.redaction.topics import FREE, Mention, Secret, Topic, mentions
from voicecare.speech.redaction.wordsaid import said_words

MARKERS = frozenset(f"[{kind}]" for kind in get_args(Secret))
BY_HYPHENS = 8
"""Digits joined by hyphens that are a number somebody read out, whatever else the recogniser made of it."""
LONG = 12
"""Digits that are kept by no one: longer than any phone number people say. A misheard digit must not save a card."""
MOST_AFTER = 20
"""Words after "my address is" among which an address is looked for."""
DATE_NEAR = 8
"""Words between a date and what says that it is one of birth."""
LETTERS = 10
"""Words of an answer that is some letters of a password: "A for apple and R"."""
FEW = 3
"""Words of an answer that is a single letter."""
SHORT = 2
"""Digits the one who asked may say for other reasons, such as the number of a step."""
CLOSE = 14
"""How many words back still belong to what is being said about a number."""
ALONE = 5
"""The same for a word that may mean other things, too: "part", "line"."""
AFTER = 4
"""Words between a number and what it is called after it: "391004 is your code"."""


@dataclass(frozen=True, slots=True)
class Context:
    """What was said before an utterance, as far as it tells what is in it.

    said_before: what either party said just before, as plain words: a number after "security code" is one.
    asked: what is waited for; answered: all of it was said, and what comes now reads it back or corrects it.
    answers: this party was asked. given: the digits and letters of the answer so far.
    after_card: a card was read out moments ago. numbers: hidden before. words: lower-case words to hide, and as what.
    """

    said_before: tuple[str, ...] = ()
    asked: Topic | None = None
    answered: bool = False
    answers: bool = False
    given: str = ""
    after_card: bool = False
    numbers: tuple[str, ...] = ()
    words: Mapping[str, Secret] = field(default_factory=dict)

    @property
    def free_answer(self) -> bool:
        """Whether any words of this party may be the answer to a question."""
        return self.answers and not self.answered and self.asked is not None and self.asked.shape in FREE


def find_secrets(
    words: Sequence[str],
    context: Context | None = None,
    *,
    known: Sequence[Found] = (),
    is_phone: Callable[[str], bool] | None = None,
) -> list[Found]:
    """Find the secrets among the words of one party, in order, none overlapping another.

    known: secrets found by other means. is_phone: tells phone numbers of the region from other digits.
    """
    return _Search(words, context or Context(), is_phone).found(known)


def is_marker(word: str) -> bool:
    """Say whether a word stands for something hidden, such as `[card]`."""
    return word in MARKERS


class _Search:
    """One utterance, read once: plain words, what is named in it, and its words without what only names something."""

    def __init__(self, words: Sequence[str], context: Context, is_phone: Callable[[str], bool] | None) -> None:
        self.words = words
        self.context = context
        self.is_phone = is_phone
        self.plain = [plain_number(word) for word in words]
        self.named = mentions(self.plain)
        self.before = mentions(context.said_before[-CLOSE:])
        inside = {at for mention in self.named for at in range(mention.first, mention.last + 1)}
        digits = read_digits(words)
        # "the six digit code": a number in the name of a thing is not the thing.
        self.masked = [
            "…" if at in inside and (digits[at] or len(self.plain[at]) == 1) else word for at, word in enumerate(words)
        ]
        self.open = None if context.answered else context.asked
        self.strangers = sum(
            not (digit or word in _AROUND or not word) for digit, word in zip(digits, self.plain, strict=True)
        )
        self.bare = self.strangers == 0

    def found(self, known: Sequence[Found]) -> list[Found]:
        found = [*known, *self._numbers(), *self._broken(), *self._mail(), *self._dates(), *self._places()]
        found += [Found(first, last, "password") for first, last in said_words(self.words, self.named)]
        found += self._answer()
        found = spread(found, [bool(digits) for digits in read_digits(self.masked)])
        known_words = self.context.words
        found += [
            Found(i, i, known_words[word.removesuffix("'s")])
            for i, word in enumerate(self.plain)
            if word.removesuffix("'s") in known_words
        ]
        return apart(found)

    def _numbers(self) -> list[Found]:
        found: list[Found] = []
        after_card = self.context.after_card
        if self.open is not None and self.open.shape == "ids" and self.open.kind is not None and len(self.plain) <= FEW:
            # "and the letter?" "A"
            single = [at for at, word in enumerate(self.plain) if len(word) == 1 and word.isalpha()]
            found += [Found(at, at, self.open.kind) for at in single if self.context.answers]
        for run in spelled_runs(self.masked):
            if run.text.isdigit():
                continue
            topic, asked = self._topic(run.first, run.last)
            if (
                self.open is not None
                and self.open.kind is not None
                and len(run.text) > 1
                and run.text in self.context.given
            ):
                found.append(Found(run.first, run.last, self.open.kind))
            found += [
                Found(first, last, kind)
                for first, last, kind in spelled_kind(run, self.masked, topic, asked=asked, bare=self.bare)
            ]
        runs = digit_runs(self.masked)
        several = self.context.answers and len(runs) > 1 and self.strangers <= SHORT
        for run in runs:
            topic, asked = self._topic(run.first, run.last)
            asked = asked and self._part_of_answer(run.text)
            named = bisect_left(self.named, run.first, key=lambda m: m.last)
            since = self.named[named - 1].last + 1 if named else 0
            bare = self.bare or (several and self.plain[run.first] != "one")
            kind = number_kind(run, self.masked, topic, asked=asked, bare=bare, since=since, is_phone=self.is_phone)
            if kind is None and topic is not None and topic.shape == "plain":
                continue
            counted = quantity(run, self.words)
            if kind is None and not counted and self._known(run.text):
                kind = "number"
            if kind is None and after_card and len(run.text) >= 3 and not counted:
                kind = "cvv" if len(run.text) <= 4 else "number"  # the code, or more of the card
            if kind is not None:
                found.append(Found(run.first, run.last, kind))
                after_card = after_card or kind == "card"
        return found

    def _part_of_answer(self, text: str) -> bool:
        """Whether digits said while something is waited for may be it: the one who asked only reads it back."""
        return self.context.answers or len(text) > SHORT or (len(text) > 1 and text in self.context.given)

    def _known(self, text: str) -> bool:
        """Whether digits were hidden before: read back, or corrected just after a whole answer."""
        least = 2 if self.context.answered else 4
        year = re.fullmatch(r"(?:19|20)\d\d", text) is not None and not self.context.answered
        again = len(text) >= least and not year and any(text in number for number in self.context.numbers)
        corrected = self.context.answered and not _CORRECTING.isdisjoint(self.plain)
        return again or ((corrected or (self.bare and len(text) > 1)) and self.context.answered)

    def _topic(self, first: int, last: int) -> tuple[Topic | None, bool]:
        """What words are, by the nearest name before them, by what is waited for, or by a name just after them."""
        end = bisect_left(self.named, first, key=lambda m: m.last)
        near = [m for m in self.named[max(0, end - AFTER) : end] if first - m.last <= _reach(m)]
        if near:
            topic = near[-1].topic
            asked = self.open is not None and (topic is self.open or topic.shape not in {"plain", "ids"})
            return (self.open if asked and topic.shape == "plain" else topic), asked and topic.kind is not None
        if self.open is not None:
            return self.open, True
        begin = bisect_right(self.named, last, key=lambda m: m.first)
        following = self.named[begin : begin + AFTER]
        after = [m for m in following if m.first - last <= AFTER and m.topic.kind is not None]
        if after and {"is", "was", "that's", "it's", "是"} & set(self.plain[last + 1 : after[0].first + 1]):
            return after[0].topic, False
        back = [m for m in after if m.topic.kind == "cvv" and m.first == last + 1]
        if back and {"says", "reads"} & set(self.plain[max(0, first - 1) : first]):
            return back[0].topic, False
        said = [m for m in self.before if first + len(self.context.said_before[-CLOSE:]) - m.last <= CLOSE]
        return (said[-1].topic, False) if said else (None, False)

    def _broken(self) -> list[Found]:
        if self.open is not None and self.open.kind is None:
            return []
        ordinary = {
            at
            for m in self.named
            if m.topic.kind is None and (m.last > m.first or self.plain[m.first] in _OTHER_NUMBER)
            for at in range(m.last + 1, m.last + 1 + AFTER)
        }
        free = bytearray(len(self.words))
        for run in digit_runs(self.masked):
            if not quantity(run, self.words) and not counting(self.masked[run.first : run.last + 1]):
                free[run.first : run.last + 1] = b"1" * (run.last + 1 - run.first)
        found = [
            Found(run.first, run.last, "number")
            for run in broken_runs(self.masked)
            if run.first not in ordinary and any(free[run.first : run.last + 1])
        ]
        return found + [
            Found(i, i, "number")
            for i, word in enumerate(self.words)
            if len(re.findall(r"\d-(?=\d)", word)) >= BY_HYPHENS or re.search(rf"\d{{{LONG}}}", word)
            if i not in ordinary
        ]

    def _mail(self) -> list[Found]:
        asked = self.open is not None and self.open.shape == "mail"
        about_mail = asked or bool(MAIL & {*self.context.said_before, *self.plain})
        found = [Found(first, last, "email") for first, last in mail_spans(self.words, about_mail=about_mail)]
        if about_mail and asked:
            found += [
                Found(run.first, run.last, "email")
                for run in spelled_runs(self.words)
                if run.said > 1 and not {"oh", "i", "a"}.issuperset(self.plain[run.first : run.last + 1])
            ]
            for at in range(len(self.plain) - 2):
                if self.plain[at] == "before" and self.plain[at + 1] in {"it", "that", "the", "at"}:
                    found.append(Found(at + 2, len(self.plain) - 1, "email"))
                    break
        return found

    def _dates(self) -> list[Found]:
        found = [Found(run.first, run.last, "birth") for run in births(self.masked)]
        asked = self.open is not None and self.open.shape == "date"
        named = {
            at
            for m in self.named
            if m.topic.shape == "date"
            for at in range(m.first - DATE_NEAR, m.last + DATE_NEAR + 1)
        }
        if not asked and not named:
            return found
        for run in date_runs(self.masked):
            near = run.first in named or run.last in named
            told = (asked and self.context.answers) or ((near or asked) and _whole_date(run, self.plain))
            if told and not quantity(run, self.words) and not (run.text == "1" and not self.bare):
                found.append(Found(run.first, run.last, "birth"))
        return found

    def _places(self) -> list[Found]:
        named = [m for m in self.named if m.topic.shape == "place"]
        asked = self.open is not None and self.open.shape == "place"
        found = [
            Found(run.first, run.last, "address")
            for run in places(self.masked, about_home=bool(named) or asked or self._home_before())
        ]
        for mention in named:
            rest = self.words[mention.last + 1 : mention.last + 1 + MOST_AFTER]
            told = answer(rest) if mention.last + 1 + len(rest) == len(self.words) else None
            if told is None or not UNITS.isdisjoint(map(plain_number, rest)):
                continue
            own = rest[told[0] : told[1] + 1]
            named_place = told[0] > 0 and (any(w[:1].isupper() for w in own[1:]) or is_street(own))
            if named_place or any(read_digits(own)):
                found.append(Found(mention.last + 1 + told[0], mention.last + 1 + told[1], "address"))
        return found

    def _home_before(self) -> bool:
        return any(mention.topic.shape == "place" for mention in self.before)

    def _answer(self) -> list[Found]:
        """The answer of the party that was asked for a word, an address or letters of a word."""
        topic = self.open
        if topic is None or topic.kind is None or topic.shape not in FREE:
            return []
        if not self.context.answers or any(_another(m, topic) for m in self.named):
            return []
        if topic.shape == "letters":
            single = [at for at, word in enumerate(self.plain) if len(word) == 1 and word.isalnum()]
            return [Found(single[0], len(self.words) - 1, topic.kind)] if single and len(self.words) <= LETTERS else []
        told = mail_answer(self.words) if topic.shape == "mail" else answer(self.words)
        return [] if told is None else [Found(*told, topic.kind)]


_AROUND_WORDS = """
um uh er erm and then okay ok so yes yeah sure it's it is its that's no sorry wait i mean the a dash double triple
"""
_AROUND = frozenset(_AROUND_WORDS.split())
_OTHER_NUMBER_WORDS = """
order ticket reference tracking case invoice confirmation serial model part booking flight policy reading meter job
"""
_OTHER_NUMBER = frozenset(_OTHER_NUMBER_WORDS.split())
"""Words that alone say a broken number is no person's."""
_CORRECTING = frozenset({"no", "sorry", "wait", "mean", "actually", "correction", "not"})


def _whole_date(run: Run, plain: Sequence[str]) -> bool:
    """Whether it is more than a year, a day or an age."""
    if run.text == "M" and plain[run.last] in {"may", "march"}:
        return False
    return (
        run.said > 2
        or "M" in run.text
        or run.text == "W"
        or (run.said > 1 and len(run.text) > 4)
        or len(run.text) in {6, 8}
    )


def _reach(mention: Mention) -> int:
    """How far a name reaches: "case" alone hardly, "case number" as far as any other."""
    return ALONE if mention.topic.shape == "plain" and mention.first == mention.last else CLOSE


def _another(mention: Mention, topic: Topic) -> bool:
    return mention.topic.shape != topic.shape and mention.topic.name not in {"ordinary", "number"}


def plain_word(word: str) -> str:
    """A word in lower case, without the punctuation around it."""
    return word.lower().strip(".,;:!?\"'()").replace("’", "'")
