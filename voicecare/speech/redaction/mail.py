"""Finds e-mail addresses, written or said, of any domain."""

from __future__ import annotations

import re
from collections.abc import Sequence

from voicecare.speech.redaction.numerals import plain_number, read_digits
from voicecare.speech.redaction.spelling import ALPHABET, AS_IN

MAIL = frozenset({"email", "e-mail", "mail", "gmail", "hotmail", "inbox", "emails", "e-mails", "domain"})
_PROVIDERS = "gmail googlemail hotmail yahoo outlook icloud aol proton protonmail gmx live msn me mail"
PROVIDERS = frozenset(_PROVIDERS.split())
_ENDINGS = """
com org net edu gov info biz io co uk us ca au de fr es it nl be ch at pl pt br mx jp cn tw hk in eu ie se no dk fi ac
"""
ENDINGS = frozenset(_ENDINGS.split())
_BEFORE_ADDRESS = """
is it's its it that's email e-mail address mail my the to at me us on send sent reach contact was be yes sure okay ok
so um uh write use under from with and for a this have got you your our or by via called i we he she they him them her
here there look looked looking shop shopping bought buy order ordered saw see seen find found available work works
worked sold sell not site website page online am are were been being had has will would can could not just still then
meet stay staying check checked go went going get gets been arrive arrived read online everything anything something
it's that's account email's mail's e-mail's one old new usual receipt again which but because if when while
"""
BEFORE_ADDRESS = frozenset(_BEFORE_ADDRESS.split())
"""Words that stand before an address, or before "at" in a sentence, and are no part of an address."""
DOTS = frozenset({"dot"})
WITHIN = frozenset({"dot", "underscore", "dash", "hyphen", "plus", "then"})
"""Words within an address that stand for a sign."""
LONGEST_LOCAL = 10
"""Words before "at", spelled letters and digits not counted."""
LONGEST_SPELLED = 40
LONGEST_ENDING = 12
"""Words of "dot example dot co dot uk"."""
LONGEST_DOMAIN = 5
"""Words of one part of a domain: "my little shop dot shop"."""


def mail_spans(words: Sequence[str], *, about_mail: bool) -> list[tuple[int, int]]:
    """Find addresses as (first word, last word); about_mail: an address is talked about, so that less tells one."""
    plain = [plain_number(word) for word in words]
    digits = read_digits(words)
    found = []
    for at, word in enumerate(words):
        if re.search(r"\w@\w", word):
            found.append((at, end_of_domain(plain, at) if "." not in word.strip(".,") else at))
        elif plain[at] in {"at", "@"} or word.startswith("@") or word.strip(".,").endswith("@"):
            first = at if re.match(r"\w", word) and plain[at] != "at" else start_of_local(plain, digits, at)
            last = end_of_domain(plain, at)
            if first is None and about_mail and last > at and any(map(DOTS.__contains__, plain[at:last])):
                first = at  # "… and then at gmail dot com"
            if first is None or last == at or (plain[at + 1] in {"the", "a"} and plain[at + 2 : at + 3] == ["dot"]):
                continue
            local = plain[first:at]
            marked = any(p in WITHIN - {"then", "plus"} or re.search(r"[\d._]", p) for p in local)
            spoken_domain = not DOTS.isdisjoint(plain[at + 1 : last]) or "." in plain[last]
            known = not PROVIDERS.isdisjoint(re.split(r"[\s.]+", " ".join(plain[at + 1 : last + 1])))
            if about_mail or marked or spoken_domain or known or "@" in word:
                found.append((first, last))
    return found


def start_of_local(plain: Sequence[str], digits: Sequence[str], at: int) -> int | None:
    """Where the part before "at" begins: not reaching into the sentence around it; None where there is none."""
    first, counted = at, 0
    while first > 0 and counted < LONGEST_LOCAL and at - first < LONGEST_SPELLED:
        word = plain[first - 1]
        spelled = len(word) == 1 or bool(digits[first - 1]) or word in ALPHABET or word in WITHIN
        names_letter = word in AS_IN | {"in"} and first < at and plain[first][:1] == plain[first - 2][:1]
        if not word or (
            word in BEFORE_ADDRESS
            and word not in WITHIN
            and not names_letter
            and not (len(word) == 1 and _spelled(plain, first - 1))
        ):
            break
        counted += not spelled
        first -= 1
    while first < at and plain[first] in WITHIN and plain[first] not in {"dot", "underscore"}:
        first += 1
    return first if first < at else None


def end_of_domain(plain: Sequence[str], at: int) -> int:
    """The last word of "gmail dot com", "gmail.com" or "mail dot example dot co dot uk" after `at`; `at` if none."""
    for start in range(at + 1, min(at + 1 + LONGEST_DOMAIN, len(plain))):
        ending = plain[start].rpartition(".")[2]
        if "." in plain[start] and ending.isalpha() and len(ending) >= 2:
            return start
        if plain[start] in DOTS and start > at + 1 and start + 1 < len(plain) and plain[start + 1]:
            return _endings(plain, start)
    if at + 1 < len(plain) and plain[at + 1] in PROVIDERS - {"me", "live", "mail"}:
        return at + 1
    return at


def _endings(plain: Sequence[str], dot: int) -> int:
    """The last word of "dot example dot co dot uk", with at most three words to a part but the last."""
    end = dot + 1
    while end + 1 < min(len(plain), dot + LONGEST_ENDING):
        following = next((i for i in range(end + 1, min(end + 4, len(plain))) if plain[i] in DOTS), None)
        if following is None or following + 1 >= len(plain) or (following > end + 1 and plain[end] in ENDINGS):
            break
        end = following + 1
    return end


def _spelled(plain: Sequence[str], at: int) -> bool:
    """Whether a lone "a" or "i" stands among spelled letters."""
    return any(0 <= i < len(plain) and len(plain[i]) == 1 for i in (at - 1, at + 1))
