"""Tells what an utterance asks for, or begins to tell: "can I take your card number", "my e-mail is"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from voicecare.speech.redaction.topics import Mention, mentions, said
from voicecare.types import Party, other

_ASKING = re.compile(
    r"(?:^|\s)(?:how|how's|what|what's|whats|which|can (?:i|you|we)|could (?:i|you|we)|may (?:i|we)|would you|tell|give"
    r"|confirm|verify|need|take|grab|spell|read|provide|enter|go ahead|start|repeat|remind|do you have|is there"
    r"|let's have|let me (?:have|get|take)|please|where|when|in case|方便|可以)(?:\s|$)|[請请什多]"
)
"""What makes a sentence a request, before the name of what is asked for."""
_NOT_ASKING_WORDS = """
forgot forgotten lost not wrong doesn't didn't don't can't cannot reset change changed update updated arrive arrived
never already sent send sending locked expired working reactivate check checking help pull access issue problem
"""
_NOT_ASKING = frozenset(_NOT_ASKING_WORDS.split())
"""Words of sentences that name a thing and ask for something else."""
_LIGHT_WORDS = """
and the your a okay ok so then now just right great lovely perfect thanks with that those full first for me alright
his her their please my our whole um uh is it number in on security question lastly finally next also an
"""
_LIGHT = frozenset(_LIGHT_WORDS.split())
"""Words before the name of a thing in a question that has no verb: "and the security code"."""
_AFTER = frozenset(
    {"please", "sir", "madam", "ma'am", "then", "first", "is", "it's", "for", "me", "security", "now", "too", "there"}
)
_OF = frozenset({"on", "of", "for", "from", "to", "in", "at", "with"})
"""What ties one name to another: the password on the account is no account."""
_WHOSE = frozenset({"your", "the", "my", "this", "that"})
_TAIL = 5
_SENTENCE = 40
"""Words of a sentence that are looked at on either side."""
_BEGUN = frozenset({"is", "it's", "are", "at", "是", "在"})
_NUMBER = frozenset({"number", "numbers", "digits", "code", "pin", "iban", "ssn"})
"""What a caller may ask for that is somebody's; callers ask about their accounts and cards all the time."""


def asked_in(by: Party, words: Sequence[str], plain: Sequence[str]) -> Iterator[tuple[Mention, Party | None]]:
    """What an utterance names, and who is to say it now; None where it only names it.

    plain: the words in lower case without punctuation. Callers ask about their cards all the time, so of them only
    what names a number counts; agents ask by a verb, or by hardly saying more than the name.
    """
    named = _without_modifiers(mentions(plain), plain)
    inside = {at for mention in named for at in range(mention.first, mention.last + 1)}
    for mention in named:
        after = plain[mention.last + 1 : mention.last + 2 + _TAIL]
        ends_in_it = len(after) <= _TAIL and (_AFTER.issuperset(after) or after[0] in _OF)
        before = [plain[at] for at in range(_sentence(words, mention)[0], mention.first) if at not in inside]
        if ends_in_it and (plain[-1] in _BEGUN or plain[-1].endswith("'s")):
            yield mention, by
        elif ((by == "agent" or plain[mention.last] in _NUMBER) and _requests(by, words, plain, mention)) or (
            by == "agent" and ends_in_it and _LIGHT.issuperset(before)
        ):
            yield mention, other(by)
        else:
            yield mention, None


def _requests(by: Party, words: Sequence[str], plain: Sequence[str], mention: Mention) -> bool:
    """Whether a sentence asks for what it names by a verb."""
    start, end = _sentence(words, mention)
    if not _NOT_ASKING.isdisjoint(plain[start : mention.first] if by == "agent" else plain[start:end]):
        return False
    tied = [word for word in plain[max(start, mention.first - 2) : mention.first] if word not in _WHOSE][-1:]
    if mention.topic.name in {"account", "card"} and not _OF.isdisjoint(tied):
        return False  # "the title that is missing in your account"
    return _ASKING.search(said(plain[start : mention.last + 1])[0]) is not None


def _sentence(words: Sequence[str], mention: Mention) -> tuple[int, int]:
    """Where the sentence around a name begins, and the end of it."""
    stops = (".", "?", "!", "。", "？")
    first, last = max(0, mention.first - _SENTENCE), min(len(words), mention.last + _SENTENCE)
    start = next((at + 1 for at in range(mention.first - 1, first - 1, -1) if words[at].endswith(stops)), first)
    return start, next((at + 1 for at in range(mention.last, last) if words[at].endswith(stops)), last)


def _without_modifiers(named: Sequence[Mention], plain: Sequence[str]) -> list[Mention]:
    """Take names that only belong to another one into it: "last four of your social", "the password on the account"."""
    kept: list[Mention] = []
    for mention in named:
        between = plain[kept[-1].last + 1 : mention.first] if kept else []
        tied = [word for word in (*between, plain[mention.first]) if word in _OF]
        if kept and len(between) <= 3 and (tied or (plain[kept[-1].last] in _OF and len(between) <= 2)):
            before = kept.pop()
            kept.append(Mention(before.topic, before.first, mention.last))
        else:
            kept.append(mention)
    return kept
