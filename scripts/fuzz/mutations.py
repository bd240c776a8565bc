"""Turns a good file into a bad one: seeded, so that an input is known by its number alone."""

from __future__ import annotations

import random
import re

from scripts.fuzz.seeds import Family, seeds

NUMBERS = (
    b"0",
    b"-1",
    b"1e999",
    b"9" * 400,
    b"9" * 5_000,
    b"0x" + b"f" * 3_000,
    b"nan",
    b"1.5.5",
    b"18446744073709551616",
)
SIZES = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\1\0\0\0", b"\0\0\0\x80")
TOKENS: dict[Family, tuple[bytes, ...]] = {
    "audio": (
        b"RIFF",
        b"data",
        b"LIST",
        b"fmt ",
        b"OggS",
        b"ID3\x03",
        b"moov",
        b"\xff\xfb",
        b"TAG\xfc\xe4",
        b"fLaC",
        b"caff",
    ),
    "textgrid": (
        b'"',
        b'""',
        b"! ",
        b"IntervalTier",
        b'"turn events"',
        b"<exists>",
        b"\xff\xfe",
        b"interruption by agent",
    ),
    "eaf": (
        b'encoding="shift_jis"',
        b'encoding="utf-7"',
        b'encoding="\xff"',
        b"<!DOCTYPE x [",
        b"<!ENTITY a '&b;'>",
        b"&a;",
        b"<TIER>",
        b"</TIER>",
        b"TIME_VALUE",
        b"<![CDATA[",
        b"&#0;",
        b"<?xml ",
    ),
    "toml": (
        b"[",
        b"[[",
        b"{a=",
        b".",
        b".a" * 60,
        b'"""',
        b"\x00",
        b"\xfc",
        b"inf",
        b"true",
        b"[cues]",
        b"= ",
        b"'\\u0000'",
    ),
    "session": (
        b"{",
        b"[" * 3_000,
        b"null",
        b'"\\ud800"',
        b'"type":',
        b'"span":{"start":9,"end":1}',
        b'"at":1e400',
        b'"note":"agent"',
        b'"\\u202e\\u001b[2J"',
        b'{"type":"end","end":1,"complete":true}\n',
        b"\n",
    ),
    "names": (
        b"\x00",
        b"\x1b[2J",
        b"\xe2\x80\xae",
        b"\xff",
        b"-",
        b"--json",
        b"..",
        b"\n",
        b"x" * 240,
        b" ",
        b"*",
        b"%s",
        b"{0}",
    ),
}
_NUMBER = re.compile(rb"\d+")


def mutated(family: Family, number: int, seed: int) -> bytes:
    """Input `number` of a family: a good file with one to eight wounds."""
    draw = random.Random(f"{seed}/{family}/{number}")
    content = bytearray(b"call.jsonl" if family == "names" else draw.choice(seeds(family)))
    for _ in range(draw.choice((1, 1, 1, 2, 8))):
        draw.choice(WOUNDS)(content, draw, family)
        if len(content) > 1_500_000:
            break
    return bytes(content)


def _flip(content: bytearray, draw: random.Random, family: Family) -> None:
    for _ in range(draw.choice((1, 4, 32))):
        if content:
            # Headers decide what the rest is taken for, so they are hit more often.
            reach = len(content) if family in ("textgrid", "eaf", "toml") or draw.random() < 0.5 else 200
            content[draw.randrange(min(reach, len(content)))] ^= 1 << draw.randrange(8)


def _field(content: bytearray, draw: random.Random, family: Family) -> None:  # noqa: ARG001 - wounds share a signature
    """Overwrite four bytes with a number that sizes and counts choke on."""
    if len(content) >= 4:
        at = draw.randrange(min(400, len(content) - 3))
        content[at : at + 4] = draw.choice(
            (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\1\0\0\0", b"\0\0\0\x80")
        )


def _cut(content: bytearray, draw: random.Random, family: Family) -> None:  # noqa: ARG001 - as above
    del content[draw.randrange(len(content) + 1) :]


def _drop(content: bytearray, draw: random.Random, family: Family) -> None:  # noqa: ARG001 - as above
    start = draw.randrange(len(content) + 1)
    del content[start : start + draw.choice((1, 8, 200))]


def _repeat(content: bytearray, draw: random.Random, family: Family) -> None:  # noqa: ARG001 - as above
    start = draw.randrange(len(content) + 1)
    piece = content[start : start + draw.choice((1, 30, 3_000))]
    content[start:start] = piece * draw.choice((1, 2, 50))


def _token(content: bytearray, draw: random.Random, family: Family) -> None:
    at = draw.randrange(len(content) + 1)
    content[at:at] = draw.choice(TOKENS[family]) * draw.choice((1, 1, 2, 40))


def _number(content: bytearray, draw: random.Random, family: Family) -> None:
    found = list(_NUMBER.finditer(content)) if family != "audio" else []
    if found:
        chosen = draw.choice(found)
        content[chosen.start() : chosen.end()] = draw.choice(NUMBERS)


def _splice(content: bytearray, draw: random.Random, family: Family) -> None:
    other = draw.choice(seeds(family))
    content[draw.randrange(len(content) + 1) :] = other[draw.randrange(len(other) + 1) :]


WOUNDS = (_flip, _flip, _field, _cut, _drop, _repeat, _token, _token, _number, _splice)
