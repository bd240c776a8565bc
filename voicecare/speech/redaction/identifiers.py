"""Tells card numbers, bank accounts and national ids from other numbers by their check digits."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_IBANS = """
AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 ES24 FI18
FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IS26 IT27 JO30 KW30 KZ20 LB28 LI21 LT20
LU20 LV21 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SE24
SI19 SK24 SM27 TN24 TR26 UA29 VG24 XK20
"""
IBAN_LENGTHS = {entry[:2]: int(entry[2:]) for entry in _IBANS.split()}
"""Length of an IBAN by country (SWIFT's IBAN registry)."""

TAIWAN_LETTERS = dict(zip("ABCDEFGHJKLMNPQRSTUVXYWZIO", range(10, 36), strict=True))


def luhn(digits: str) -> bool:
    """Say whether a text of digits passes the Luhn check of payment cards (ISO/IEC 7812).

    >>> luhn("4111111111111111"), luhn("4111111111111112")
    (True, False)
    """
    doubled = (2 * int(d) for d in digits[-2::-2])
    return (sum(d // 10 + d % 10 for d in doubled) + sum(int(d) for d in digits[::-2])) % 10 == 0


def iban(text: str) -> bool:
    """Say whether a text is a whole IBAN: its country's length, and check digits modulo 97 (ISO 13616).

    >>> iban("GB82WEST12345698765432"), iban("GB82WEST12345698765431")
    (True, False)
    """
    if IBAN_LENGTHS.get(text[:2]) != len(text) or not re.fullmatch(r"[A-Z]{2}\d\d[A-Z0-9]+", text):
        return False
    return int("".join(str(int(character, 36)) for character in text[4:] + text[:4])) % 97 == 1


def find_iban(text: str) -> tuple[int, int] | None:
    """Find the first IBAN inside spelled letters and digits; its start and end."""
    for match in re.finditer(r"(?=([A-Z]{2})\d\d)", text):
        end = match.start() + IBAN_LENGTHS.get(match[1], 0)
        if end <= len(text) and iban(text[match.start() : end]):
            return match.start(), end
    return None


def _brazil_cpf(text: str) -> bool:
    if len(set(text)) == 1:
        return False
    for length in (9, 10):
        total = sum(int(d) * weight for d, weight in zip(text, range(length + 1, 1, -1), strict=False))
        if int(text[length]) != total * 10 % 11 % 10:
            return False
    return True


def _spain_dni(text: str) -> bool:
    number = str("XYZ".find(text[0])) + text[1:-1] if text[0] in "XYZ" else text[:-1]
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == text[-1]


def _taiwan(text: str) -> bool:
    letter = TAIWAN_LETTERS[text[0]]
    digits = [letter // 10, letter % 10, *map(int, text[1:])]
    return sum(d * weight for d, weight in zip(digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), strict=True)) % 10 == 0


def _france_nir(text: str) -> bool:
    return int(text[13:]) == 97 - int(text[:13]) % 97


def _finland_hetu(text: str) -> bool:
    return "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(text[:6] + text[-4:-1]) % 31] == text[-1]


def _poland_pesel(text: str) -> bool:
    weights = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)
    return sum(int(d) * weight for d, weight in zip(text, weights, strict=True)) % 10 == 0


def _canada_sin(text: str) -> bool:
    return luhn(text)


def _netherlands_bsn(text: str) -> bool:
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(int(d) * weight for d, weight in zip(text, weights, strict=True)) % 11 == 0


def _britain_nhs(text: str) -> bool:
    return (11 - sum(int(d) * weight for d, weight in zip(text[:9], range(10, 1, -1), strict=True)) % 11) % 11 == int(
        text[9]
    )


def _no_check(text: str) -> bool:
    return bool(text)


@dataclass(frozen=True, slots=True)
class IdRule:
    """How a national id is told: its form, its check, and what must have been said where the check is weak."""

    name: str
    form: re.Pattern[str]
    check: Callable[[str], bool]
    after: frozenset[str] = frozenset()


ID_RULES = (
    IdRule("taiwan", re.compile(r"[A-Z][1289]\d{8}"), _taiwan),
    IdRule("spain", re.compile(r"[XYZ\d]\d{7}[A-Z]"), _spain_dni),
    IdRule("brazil", re.compile(r"\d{11}"), _brazil_cpf, frozenset({"cpf", "id", "identity", "tax"})),
    IdRule("france", re.compile(r"[12]\d{14}"), _france_nir),
    IdRule(
        "finland", re.compile(r"\d{6}[A-FU-Y]?\d{3}[0-9A-Y]"), _finland_hetu, frozenset({"id", "identity", "social"})
    ),
    IdRule("poland", re.compile(r"\d{11}"), _poland_pesel, frozenset({"pesel", "id", "identity"})),
    IdRule("canada", re.compile(r"\d{9}"), _canada_sin, frozenset({"sin", "social", "insurance"})),
    IdRule("netherlands", re.compile(r"\d{9}"), _netherlands_bsn, frozenset({"bsn", "citizen", "service"})),
    IdRule("britain", re.compile(r"\d{10}"), _britain_nhs, frozenset({"nhs", "health"})),
    # The United States' number carries no check; the words before it are all there is.
    IdRule("united states", re.compile(r"\d{9}"), _no_check, frozenset({"social", "security", "ssn"})),
)


def national_id(text: str, said: frozenset[str]) -> bool:
    """Say whether a run of digits and letters is a national id, given the words said shortly before it."""
    return any(
        rule.form.fullmatch(text) is not None and (not rule.after or bool(rule.after & said)) and rule.check(text)
        for rule in ID_RULES
    )
