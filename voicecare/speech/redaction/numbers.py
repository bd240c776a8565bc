"""Tells what digits, or spelled letters and digits, are: by what they are called, what is asked for, and their form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from voicecare.speech.redaction.identifiers import find_iban, luhn, national_id
from voicecare.speech.redaction.numerals import MAGNITUDES, ONES, TIMES, Run, plain_number, read_digits
from voicecare.speech.redaction.spelling import NAMED, spelled_values
from voicecare.speech.redaction.topics import Secret, Topic

LONG = 12
"""Digits that are kept by no one: longer than any phone number people say. A misheard digit must not save a card."""
WRITTEN = 9
"""Digits written in one go that are some person's number, unless it is said whose else."""
READ_OUT = 7
"""The same of digits read out in several words; digit by digit one less will do."""
SAID_WORDS = 4
ONE_BY_ONE = 5
"""Digits said as words, one by one, that count nothing."""
_UNITS = """
seconds second secs sec minutes minute mins moment moments hours hour days day weeks week months month years
year times time percent per dollars dollar bucks pounds pound credit credits quid euros euro cents cent pence
yen degrees miles mile km kilometers kilometres meters metres feet foot inches inch kilos kilo grams gigs gig
gigabytes megabits megabytes mb gb tb terabyte terabytes watts volts mil ml liters litres people kids children
steps pages orders items boxes bags units pieces copies am pm a.m p.m o'clock stars points calls emails letters
cards accounts guys of more percentage k grand testing testing-testing day's weeks' split by or out off left
half third quarter 次 個 个 天 分 分鐘 小時 元 塊 块 年 月 點 点 位 樓 折 張 张 件 歲 岁 週 周 秒 萬 万 人 種 种
度 倍 杯 本 台 支 條
"""
UNITS = frozenset(_UNITS.split())
"""Words after a number that say it counts something."""
_MONEY_WORDS = """
paid pay paying charged charge cost costs costing bill total balance owe owed price fee fees debited refund refunded
spent worth took transferred transfer withdrew euros dollars pounds limit
"""
MONEY = frozenset(_MONEY_WORDS.split())
_MONEY_REACH = 4
_CURRENCY = re.compile("[$€£¥]|^(?:usd|eur|gbp|nt|rs)$", re.IGNORECASE)
_PLURAL = re.compile(r"[a-z]{3,}[^s'u]s")
_NO_PLURALS = frozenset(
    {"thanks", "yes", "always", "perhaps", "sometimes", "ends", "expires", "looks", "gives", "reads"}
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_NO_ID = re.compile(
    r"\d+(?:st|nd|rd|th|x|k|h|am|pm|h\d+|mb|gb|%|-[a-z]+)\W*|\w+\.(?:pdf|doc|jpg|png)\W*", re.IGNORECASE
)
_SSN = re.compile(r"\d{3}-\d{2}-\d{4}\W*")
_NANP = re.compile(r"1?[2-9]\d{2}[2-9]\d{6}")
_BRITISH = re.compile(r"0[1-9]\d{8,9}|00[1-9]\d{7,13}")
_NATIONAL_INSURANCE = re.compile(r"[A-Z]{2}\d{6}[A-D]")
_LICENCE = re.compile(r"[A-Z9]{5}\d{6}[A-Z9]{2}[A-Z0-9]{2,3}")
_ENDS = frozenset({"ends", "ending", "end"})
ENDS_LEAST = 2
"""Digits of "my card ends in 42"."""
_TOLD = (["is"], ["was"], ["number"], ["code"], ["pin"])
"""Words just before a code that looks like a year."""
_LONGEST_ID = 24
"""Words an id is looked for in."""
_WORDS_OF_IDS = {
    "social": {"social", "security", "insurance", "ssn", "sin"},
    "id": {
        "id",
        "identity",
        "tax",
        "nhs",
        "health",
        "social",
        "insurance",
        "cpf",
        "pesel",
        "bsn",
        "citizen",
        "service",
    },
}


def number_kind(
    run: Run,
    words: Sequence[str],
    topic: Topic | None,
    *,
    asked: bool,
    bare: bool,
    since: int = 0,
    is_phone: Callable[[str], bool] | None,
) -> Secret | None:
    """What a run of digits is, None where it is nobody's secret.

    topic: what was said it is; asked: that is waited for. bare: hardly anything else was said. since: the word
        after what it was called; what was said before says nothing of it.
    """
    count = len(run.text)
    counted = quantity(run, words, since)
    alone = count > 1 or (bare and plain_number(words[run.first]) != "oh")
    if topic is not None and topic.kind is None:
        return (
            "card"
            if count in {15, 16} and run.text[0] in "3456" and luhn(run.text) and topic.shape != "plain"
            else None
        )
    if topic is not None and topic.kind is not None:
        if counted and count < LONG:
            return None
        if (asked and alone and topic.shape in {"digits", "ids", "date"}) or _called(run, words, topic):
            general = topic.kind in {"number", "code", "cvv"} and count >= WRITTEN
            form = _by_form(run, words, topic, is_phone) if topic.kind == "number" or general else None
            return form or topic.kind
    if counted and count < LONG:
        return None
    return _by_form(run, words, topic, is_phone)


def spelled_kind(
    run: Run, words: Sequence[str], topic: Topic | None, *, asked: bool, bare: bool
) -> Iterable[tuple[int, int, Secret]]:
    """What letters and digits are, as first word, last word, kind."""
    figures = sum(map(str.isdigit, run.text))
    name = "" if topic is None else topic.name
    own = words[run.first : run.last + 1]
    if (run.said == 1 and _NO_ID.fullmatch(own[0])) or (not figures and {"i", "a"} & {word.lower() for word in own}):
        return
    if find_iban(run.text) is not None or (name == "iban" and (figures >= 6 or asked)):
        yield run.first, run.last, "iban"
    elif topic is not None and _is_called(run, topic, figures, asked=asked, bare=bare):
        yield run.first, run.last, topic.kind or "id"
    elif topic is None or topic.shape != "plain":
        yield from _id_within(run, own, name)
        if figures >= 4 and len(run.text) >= 7 and run.said >= 5:
            yield run.first, run.last, "id"


def _is_called(run: Run, topic: Topic, figures: int, *, asked: bool, bare: bool) -> bool:
    """Whether letters and digits are what was named or asked for."""
    if topic.shape not in {"ids", "digits"} or not (figures or (asked and topic.shape == "ids")):
        return False
    sure = run.said > 1 or (len(run.text) >= 4 and figures >= 2)
    if asked and (bare or (sure and topic.kind is not None)):
        return True
    return sure and len(run.text) >= topic.least and (topic.kind is not None or figures >= 2)


def _id_within(run: Run, own: Sequence[str], name: str) -> Iterable[tuple[int, int, Secret]]:
    """The first id with a form of its own inside letters and digits; it may stand beside other spelled words."""
    values = spelled_values(own)[:_LONGEST_ID]
    for start in range(len(values)):
        text = ""
        for end in range(start, len(values)):
            text += values[end].replace(NAMED, "")
            if not text.isdigit() and _is_id(text, name):
                yield run.first + start, run.first + end, "id"
                return


def _is_id(text: str, name: str) -> bool:
    said = frozenset(_WORDS_OF_IDS.get(name, ()))
    return bool(_NATIONAL_INSURANCE.fullmatch(text) or _LICENCE.fullmatch(text)) or national_id(text, said)


def quantity(run: Run, words: Sequence[str], since: int = 0) -> bool:
    """Whether digits count, date or price something, by the words from `since` on: "4 times", "paid 1250"."""
    begin = max(0, min(since, run.first), run.first - _MONEY_REACH)
    plain = [plain_number(word) for word in words[begin : run.last + 3]]
    at = run.first - begin
    end = at + run.last - run.first + 1
    if len(run.text) <= 6 and plain[end : end + 1] and plain[end] in UNITS:
        return True
    if len(run.text) <= 7 and not MONEY.isdisjoint(plain[:at]):
        return True
    if at and _CURRENCY.search(words[run.first - 1]):
        return True
    after = plain[end : end + 1]
    return bool(len(run.text) <= 3 and after and _PLURAL.fullmatch(after[0]) and after[0] not in _NO_PLURALS)


def counting(words: Sequence[str]) -> bool:
    """Whether numbers follow one another by one: counting up or down, "five four three two one"."""
    values = [int(v) for v in read_digits(words) if v and len(v) < 4]
    steps = [b - a for a, b in pairwise(values)]
    return any(steps.count(step) >= max(2, len(steps) - 1) for step in (1, -1))


def _called(run: Run, words: Sequence[str], topic: Topic) -> bool:
    """Whether digits are long enough for what they were called, and no year."""
    count = len(run.text)
    before = [plain_number(word) for word in words[max(0, run.first - 2) : run.first]]
    if not _ENDS.isdisjoint(before):
        return count >= ENDS_LEAST
    said = topic.name in {"cvv", "sort", "routing", "social"} or (topic.name == "code" and before[-1:] in _TOLD)
    if _YEAR.fullmatch(run.text) and run.said < 3 and not said:
        return False
    return topic.shape in {"digits", "ids"} and count >= topic.least


def _by_form(
    run: Run, words: Sequence[str], topic: Topic | None, is_phone: Callable[[str], bool] | None
) -> Secret | None:
    """What digits are that nobody has named; the first rule that holds decides."""
    digits, count = run.text, len(run.text)
    own = [plain_number(word) for word in words[run.first : run.last + 1]]
    if (
        all(_YEAR.fullmatch(word) for word in own if word.isdecimal())
        and not any(w in MAGNITUDES for w in own)
        and (all(word.isdecimal() for word in own) and count >= 4)
    ):
        return None
    name = "" if topic is None else topic.name
    said = frozenset(_WORDS_OF_IDS.get(name, ()))
    magnitude = any(word in MAGNITUDES for word in own) or counting(own)
    rules: tuple[tuple[Secret, bool], ...] = (
        ("phone", run.plus and 7 <= count <= 15),
        ("id", any(_SSN.fullmatch(word) for word in words[run.first : run.last + 1])),
        ("card", count >= LONG and (name == "card" or _holds_card(digits))),
        ("iban", count >= LONG and name in {"iban", "account"}),
        ("number", count >= LONG and not counting(own)),
        ("id", national_id(digits, said)),
        ("phone", _NANP.fullmatch(digits) is not None and not magnitude),
        ("phone", _BRITISH.fullmatch(digits) is not None and not magnitude),
        ("phone", count >= WRITTEN and not magnitude and is_phone is not None and is_phone(digits)),
        ("number", count >= READ_OUT and run.said >= SAID_WORDS and not magnitude),
        ("number", count >= READ_OUT - 1 and run.said >= READ_OUT - 1 and not magnitude),
        ("number", count >= WRITTEN and not magnitude),
        (
            "number",
            run.said >= ONE_BY_ONE and not magnitude and all(w in ONES or w in TIMES or not w.isalnum() for w in own),
        ),
    )
    return next((kind for kind, holds in rules if holds), None)


def _holds_card(digits: str) -> bool:
    return any(
        digits[start] in "23456" and luhn(digits[start : start + length])
        for length in (16, 15, 14, 13, 19)
        for start in range(len(digits) - length + 1)
    )
