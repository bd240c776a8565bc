"""What a number, a word or an address is, by what was said about it: "card number", "your date of birth", "卡號"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias, cast

Secret: TypeAlias = Literal[
    "card", "cvv", "iban", "account", "phone", "email", "id", "name", "number", "code", "password", "birth", "address"
]
Shape: TypeAlias = Literal["digits", "ids", "words", "letters", "mail", "date", "place", "plain"]
"""How what is meant looks: digits; digits and letters; any words; single letters; an address; nothing secret."""
FREE = frozenset({"words", "mail", "place", "letters"})
"""What may be any words: asked for by the agent, or begun by the party itself ("my e-mail is")."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Something people say in calls that must not be kept, or (kind None) that is nobody's secret.

    least: digits that are it where it was only mentioned. full: digits or letters of a whole one; answers end there.
    """

    name: str
    kind: Secret | None
    shape: Shape
    pattern: re.Pattern[str]
    least: int = 4
    full: int = 16


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a topic is named: the first and the last word."""

    topic: Topic
    first: int
    last: int


_PARTS = {
    "<BACK>": r"(?:back|reverse|signature|front of (?:your|the|my) amex)",
    "<OF CARD>": r"(?: (?:strip|panel|of (?:the|your|my) card))?",
    "<WHOSE CODE>": (
        r"(?:verification |authentication |authorisation |authorization |access |one[ -]time |confirmation |"
        r"login |gate |door |entry |security |(?:six|four|five|6|4|5)[ -]digit |pass ?)"
    ),
    "<PAPER>": (
        r"(?:reference|booking|reservation|confirmation|policy|member(?:ship)?|customer|client|order|claim|"
        r"student|employee|staff|loyalty|frequent flyer|patient|insurance)"
    ),
    "<PHONE>": r"(?:phone|telephone|tele|mobile|cell(?: ?phone)?|landline|contact|whats ?app|fax)",
    "<FAVOURITE>": r"(?:pet|school|car|teacher|place|colou?r|film|movie|book|food|team|street|job|friend|nickname)",
    "<THING>": (
        r"(?:order|ticket|tracking|case|invoice|serial|model|part|flight|error|promo(?:tion)?|promotional|"
        r"discount|voucher|coupon|dress|building|country|product|bus|train|room|gate|seat|row|channel|page|"
        r"version|chapter|bar|quote|lot|batch|incident|complaint|request|extension|machine|line|platform|"
        r"source|colou?r|error|highway|route|size|level|station|unit price|gift|meter|reading|job)"
    ),
    "<CARDS>": r"(?:cards?|visa|mastercard|amex|maestro|american express)",
    "<FEW>": r"(?: [^ ]+){0,3}?",
    "<DIGIT>": r"(?:one|two|three|four|five|six|seven|eight|\d|and)",
    "<NTH>": r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|last|and)",
}
_TABLE = r"""
card card digits 4 16
  <CARDS>(?:'s)? (?:numbers?|details|digits|is|it's|its|ending|ends)(?: in| with)?(?! bill)
  <CARDS>$
  with (?:the|my|a|your|this) <CARDS>(?= (?:please|ending|\d|[a-z]+ \d))
  (?:your|the|my) <CARDS>(?= \d)
  (?:long|16|sixteen|fifteen|15)(?:[ -]digit)?(?: card)? numbers?
  numbers? (?:on|across|from)(?: the| your| my| that)?(?: [^ ]+)? (?:front|<CARDS>)
  (?:信用|金融|提款|簽帳|签账)?卡片?的?(?:號碼?|号码?|數字|數碼|末[四4][碼码])
  末[四4][碼码]
cvv cvv digits 3 3
  c ?v ?(?:v2?|c2?|2)(?: code| number)?
  security (?:code|number)
  card verification(?: value| code| number)?
  cid
  (?:little |three |last |those )?(?:numbers?|digits?|three|four|code)<FEW> (?:on|from|at) the <BACK><OF CARD>
  on the (?:back|reverse)
  last (?:three|3)(?: digits?| numbers?)?
  (?:three|3) digit (?:code|number)
  signature (?:strip|panel)
  安全[碼码]
  [末後后][三3][碼码]
  檢查碼
  检查码
  背面.{0,4}(?:數字|数字)
code code ids 4 6
  <WHOSE CODE>?code(?:'s)?
  pass ?codes?
  authenticator(?: app)?
  (?:pin|p i n)(?: number| code)?
  one[ -]time pass(?:word|code)
  (?:six|6) digits
  expires? in
  valid for
  (?:had|got|sent|send) (?:you )?(?:a |an |the )?text(?: message)?
  texted you
  驗證[碼码]
  验证码
  認證碼
  认证码
  動態密碼
  动态密码
  簡訊(?:密碼|碼)
  短信(?:密码|码)
  一次性密[碼码]
account account digits 4 8
  accounts?(?: numbers?| no)?(?:'s)?(?: is| ends| ending| it's)?(?: in| with)?
  (?:acct|roll|savings book)(?: numbers?| no)
  [帳賬账][號号戶户](?:[號号][碼码]?)?
  戶頭
  户头
sort account digits 4 6
  sort(?:ing)? code(?:'s)?
  branch(?: sort)? code
  bsb(?: number)?
routing account digits 4 9
  routing(?: number| transit number)?
  a ?b ?a(?: number)
  transit number
  institution number
iban iban ids 6 22
  i ?bans?(?: number)?
  swift(?: code)?
  國際銀行帳號
social id digits 4 9
  social(?:'s)?(?: security| insurance)?(?: number)?(?! life| media| event| worker| care| club)
  s ?s ?n
  sin number
id id ids 5 9
  national insurance(?: number| no)?
  n ?i(?: number)
  n ?i(?= [a-z] [a-z] \d)
  nino
  nhs(?: number)?
  passport(?:'s)?(?: numbers?| no)?
  (?:driving |driver'?s? |drivers )?licen[cs]e(?: numbers?| no)?
  medicare(?: number| card| id)?
  medicaid(?: number| card| id)?
  health (?:card|insurance)(?: number)?
  tax(?:payer)? (?:id|file|reference|identification|payer)(?: number)?
  tax number
  e ?i ?n(?: number)?
  u ?t ?r
  tfn
  itin
  vat number
  (?:id|identity|identification|green|residence)(?: card)? (?:number|no|is|card)
  cpf
  dni
  nie
  pesel
  bsn
  curp
  aadhaar
  pan card
  social insurance
  身[分份][證证](?:字號|字号|號碼|号码)?
  護照(?:號碼)?
  护照(?:号码)?
  健保卡
  [統统]一[編编][號号]
  居留[證证]
  [駕驾]照
  [證证]件[號号][碼码]
reference - ids 5 10
  <PAPER>(?: reference| account)? ?(?:numbers?|ids?|code|no|reference)
  (?:reference|booking|reservation|policy)(?= is)
  record locator
  [訂订]位代[號号]
  保單號碼
  保单号
phone phone digits 7 10
  <PHONE>(?: phone)?(?: numbers?)?(?:'s)?(?: is| ends| ending)?(?: in| with)?
  (?:call|ring|reach|text|phone|contact|message|whatsapp)(?: me| us| him| her| you| them)(?: back)?(?: on| at)?
  call back on
  calling from
  (?:best|good|another|other|right|new|different|my|your|call ?back|daytime) (?:contact |phone )?number(?: to| for)?
  number (?:to|should|can|do|shall|could) (?:i |we |you )?(?:call|reach|ring|contact|text)
  area code
  cut off
  電話(?:號碼)?
  电话(?:号码)?
  手機(?:號碼)?
  手机(?:号码?)?
  門號
  [聯联][絡系](?:電話|方式|號碼)
  請打
  请打
  撥打?
  回[電电]
end number digits 3 4
  last (?:four|five|six|4|5|6)(?: digits?| numbers?)?(?: (?:of|on|are|is))?(?! months?| weeks?| years?| days?| hours?)
  (?:number|card|visa|account|social|phone|mobile|mastercard|one|have)(?: we have)? (?:ends?|ending)(?: in| with)?
email email mail 1 99
  (?:e-?mails?(?:'s)?|gmail|hotmail)(?: address(?:es)?)?
  the domain
  mail address
  電子郵件
  电子邮件
  電郵
  电邮
  信箱
  郵箱
  邮箱
letters password letters 1 3
  (?:(?:first|second|third|fourth|fifth|sixth|seventh|eighth|last|and) ){1,5}(?:letters?|characters?)
  (?:letters|characters) (?:(?:one|two|three|four|five|six|seven|eight|\d|and) ?){1,5}
password password words 1 99
  (?:security |telephone |banking |wifi |wi-fi )?pass ?(?:words?|phrases?)(?:'s)?
  memorable (?:word|name|place|date|information)
  secret (?:word|answer|question)
  security (?:answer|question|word)
  safe ?word
  user ?name
  user id
  log ?in(?= is)
  (?:mother'?s )?maiden name
  (?:name of (?:your |the )?)?(?:first|favou?rite|childhood) <FAVOURITE>(?:'s name)?
  pet's name
  (?:town|city|place)(?: of birth| were you born(?: in)?)
  where were you born
  密[碼码](?:提示)?
  通關密語
  使用者名稱
  用户名
  娘家姓
birth birth date 1 8
  (?:date|day|month|year|month and day) of birth
  birth ?(?:date|day)(?:'s)?
  d ?o ?b
  (?:was|were|you|is|so|he|she|i) born
  born(?= \d)
  出生(?:年月日|日期)?
  生日
place address place 1 99
  (?<!e-mail )(?<!email )(?<!mail )(?<!ip )(?<!web )address(?! book| line| bar| the| this| your| my)(?:'s)?
  post ?code(?:'s)?
  postal code
  zip(?: code)?
  (?:i|we|they|he|she) lives? (?:at|on)
  house number(?: and post ?code)?
  deliver(?:y)? (?:to|address)
  first line(?: of(?: your| the)? address)?
  (?:p ?o|post office) box
  地址
  住址
  住在
  [郵邮][遞递]?[區区编]?[號号編编]
number number digits 5 16
  (?:the|your|that|full|whole|get a|same|rest of the) (?:numbers?|digits)(?! of| one| was| were| is wrong)
  (?:the|number|digits) rest$
  the rest(?: of it)?
ordinary - plain 1 99
  <THING>(?: numbers?| codes?| no| id)?
  (?:reference|booking|reservation|confirmation|policy|claim)
  [訂订][單单](?:[號号][碼码])?
  型[號号]
  [編编][號号]
"""
"""A topic's name, kind, shape, least and full; under it what it is called, one regular expression a line."""


def _read(table: str) -> tuple[Topic, ...]:
    for part, meaning in _PARTS.items():
        table = table.replace(part, meaning)
    topics: list[Topic] = []
    for block in re.split(r"\n(?=\S)", table.strip("\n")):
        head, *names = block.splitlines()
        name, kind, shape, least, full = head.split()
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(line[2:] for line in names)})(?!\w)", re.ASCII)
        secret = cast("Secret | None", None if kind == "-" else kind)
        topics.append(Topic(name, secret, cast("Shape", shape), pattern, int(least), int(full)))
    return tuple(topics)


TOPICS = _read(_TABLE)


def mentions(words: Sequence[str]) -> list[Mention]:
    """Find the topics named among plain words, in order; where two overlap, the longer one, then the first listed."""
    text, starts = said(words)
    found = [(*match.span(), topic) for topic in TOPICS for match in topic.pattern.finditer(text)]
    taken = bytearray(len(text))
    kept: list[tuple[int, int, Topic]] = []
    for start, end, topic in sorted(found, key=lambda item: item[0] - item[1]):
        if not taken[start] and not taken[end - 1]:
            taken[start:end] = b"1" * (end - start)
            kept.append((start, end, topic))
    return [
        Mention(topic, bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1)
        for start, end, topic in sorted(kept, key=lambda item: item[0])
    ]


def said(words: Sequence[str]) -> tuple[str, list[int]]:
    """The words as one text, and where each begins; nothing stands between two words of Chinese."""
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    for before, word in pairwise(["", *words]):
        if parts and not (joined(before[-1:]) and joined(word[:1])):
            parts.append(" ")
            length += 1
        starts.append(length)
        parts.append(word)
        length += len(word)
    return "".join(parts), starts


def joined(character: str) -> bool:
    """Whether a character is written without spaces around it: Chinese and Japanese.

    >>> joined("號"), joined("a"), joined("")
    (True, False, False)
    """
    return "\u3040" <= character <= "\u30ff" or "\u3400" <= character <= "\u9fff"
