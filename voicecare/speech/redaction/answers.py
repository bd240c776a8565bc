"""Tells whether an utterance answers a question, and which of its words are the answer."""

from __future__ import annotations

from collections.abc import Sequence

from voicecare.speech.redaction.numerals import plain_number

_LEADS = """
it's it is its that's that would be will was um uh er erm yes yeah yep yup sure okay ok so the my well oh right
fine i think believe maybe hi hello and then also alright ah of course certainly here's here capital all
just said says one word please no sorry wait actually mean now
"""
LEADS = frozenset(_LEADS.split()) - {"one"}
"""What an answer may begin with."""
_WITHOUT = """
don't dont can't cant cannot couldn't didn't doesn't haven't hasn't isn't won't wouldn't know remember forgot
forgotten hold hang wait moment minute second sec bear why what which who whose how pardon again need let
look looking find checking check good morning afternoon evening night happy glad welcome bye goodbye great
perfect nice cool today tomorrow yesterday worked works already told gave given have had new same mine yours you
your me he she they we do does did come coming got working wrong not never nothing none problem rush
ready sorry thanks thank help
"""
NO_ANSWER = frozenset(_WITHOUT.split())
"""Words of replies that answer nothing: "I don't know", "hold on", "why do you need that"."""
_TAIL_WORDS = """
please thanks thank you okay ok yeah yes right correct sir madam
"""
_TAIL = frozenset(_TAIL_WORDS.split())
FEW = 4
"""Words of the first part of an address: "lucy loves cats"."""
LONGEST = 12
"""Words of an answer that is a name, a word or an address; what is longer is talk."""
_SENTENCE_WORDS = """
i we you they he she to from with by but can could would if about like want am without better much i'm has was
were everything in are this these there those than as because while after before on how any some every only
moved last ago year also just really very
"""
_SENTENCE = frozenset(_SENTENCE_WORDS.split())
"""Words of sentences; an address or a password that is said has hardly any."""


def mail_answer(words: Sequence[str]) -> tuple[int, int] | None:
    """The same for an e-mail address or a part of it: it says "at" or "dot", or is a few words that are no sentence."""
    whole = [plain_number(word) for word in words]
    if "dot" in whole and len(whole) <= LONGEST:
        first = next((i for i, word in enumerate(whole) if word and word not in LEADS), 0)
        return first, len(words) - 1
    told = answer(words)
    if told is None:
        return None
    plain = whole[told[0] : told[1] + 1]
    signs = {"at", "underscore", "dash", "hyphen", "@"}
    if not signs.isdisjoint(plain) or any("@" in word or len(word) == 1 for word in plain):
        return told
    return told if len(plain) <= FEW and _SENTENCE.isdisjoint(plain) else None


def answer(words: Sequence[str]) -> tuple[int, int] | None:
    """The first and the last word of what answers a question for a word, a name or an address; None if nothing does."""
    plain = [plain_number(word) for word in words]
    first, end = 0, len(words)
    while first < end and (not plain[first] or plain[first] in LEADS):
        first += 1
    while end > first and (not plain[end - 1] or plain[end - 1] in _TAIL):
        end -= 1
    if (
        first == end
        or end - first > LONGEST
        or not NO_ANSWER.isdisjoint(plain)
        or not _SENTENCE.isdisjoint(plain[first:end])
    ):
        return None
    return first, end - 1
