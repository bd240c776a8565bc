"""Full-text search over the redacted words: one way to cut words for both databases, and for every script.

A word is a run of letters and digits, its case and accents left out; Chinese, Japanese and Thai, written without
spaces, are cut into single characters, so that searching two of them finds them beside each other.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    cast,
    column,
    exists,
    func,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from voicecare.errors import UsageError
from voicecare.qa.store.schema import calls, texts

MOST_CHARACTERS = 500_000
"""Of one party's words in a call, a day's talk; PostgreSQL refuses more than a megabyte."""
MOST_WORDS = 20
"""In a search."""
MOST_NAMED = 3_000
MOST_PLACES = 16_383
"""PostgreSQL counts places no further: of what is said later, words are found and phrases are not."""
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_ASKED = re.compile(r'(?P<party>\b(?:agent|caller):)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')


def searched(said: str) -> str:
    """Turn words as they were heard into those that are searched, with a space between each two.

    >>> searched("Ça m'énerve: 3 fois! 我想退款")
    'ca m enerve 3 fois 我 想 退 款'
    """
    folded = said
    for _ in range(2):  # what is taken apart may be a capital, and what is folded may come apart (Unicode 3.13, D146)
        folded = unicodedata.normalize("NFKD", folded).casefold()
    folded = unicodedata.normalize("NFKD", folded)
    bare = unicodedata.normalize("NFC", "".join(c for c in folded if not unicodedata.combining(c)))
    return " ".join(_WORD.findall(bare))[:MOST_CHARACTERS]


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must be said one after the other; `prefix`: the last may go on. party: by whom, or None."""

    words: tuple[str, ...]
    prefix: bool = False
    party: str | None = None


def terms(asked: str) -> tuple[Term, ...]:
    """Understand a search: every word or "phrase" must occur; `refund*` goes on; `caller:refund` by the caller alone.

    Raises:
        UsageError: there is no word in it, or too many.
    """
    found = []
    for match in _ASKED.finditer(asked):
        given = match["phrase"] if match["word"] is None else match["word"]
        words = tuple(searched(given).split())
        if words:
            party = match["party"][:-1] if match["party"] else None
            found.append(Term(words, match["word"] is not None and given.endswith("*"), party))
    if not found:
        raise UsageError(f"search {asked!r:.60}: there is no word in it; type words that were said")
    if sum(len(term.words) for term in found) > MOST_WORDS:
        raise UsageError(f"search {asked[:40]!r}…: more than {MOST_WORDS} words; type fewer")
    return tuple(found)


def matching(asked: str, dialect: str) -> Select[tuple[int]]:
    """The results whose words match a search.

    Raises:
        UsageError: as `terms`.
    """
    wanted = terms(asked)
    if dialect == "sqlite":
        index = table("texts_fts", column("rowid"))
        match = text("texts_fts MATCH :searched").bindparams(bindparam("searched", _fts5(wanted)))
        return select(index.c.rowid).where(match)
    found: ColumnElement[bool] = literal_column("texts.tsv").op("@@", is_comparison=True)(_tsquery(wanted))
    return select(texts.c.result).where(found)


def narrowed(asked: str, connection: Connection) -> ColumnElement[bool]:
    """The condition that a call's words match a search, in the form that finds a page of calls soonest.

    Neither database knows beforehand whether a word is rare (PostgreSQL is not allowed statistics of words). So it is
    asked: the calls of a rare one are named; those of a common one are met soon, whichever way the calls are walked.

    Raises:
        UsageError: as `terms`.
    """
    sqlite = connection.dialect.name == "sqlite"
    found = matching(asked, connection.dialect.name)
    few = list(connection.execute(found.limit(MOST_NAMED + 1)).scalars())
    if len(few) <= MOST_NAMED:
        return calls.c.current.in_(found) if sqlite else calls.c.current == func.any(cast(few, ARRAY(BigInteger)))
    if sqlite:
        return exists(found.where(literal_column("texts_fts.rowid") == calls.c.current).correlate(calls))
    unindexed: ColumnElement[bool] = literal_column("(texts.tsv || '')").op("@@", is_comparison=True)(
        _tsquery(terms(asked))
    )
    # A scalar, which is asked row by row; `exists` would be turned into a join that unpacks the words of every call.
    return select(unindexed).where(texts.c.result == calls.c.current).correlate(calls).scalar_subquery().is_(True)


def lexemes(agent: str, caller: str) -> str:
    """Write PostgreSQL's `tsvector` of two parties' searched words; each word begins with its party's letter.

    >>> lexemes("how can", "my can")
    "'ahow':1 'acan':2 'cmy':4 'ccan':5"
    """
    said = [f"a{word}" for word in agent.split()], [f"c{word}" for word in caller.split()]
    placed = [*enumerate(said[0], 1), *enumerate(said[1], len(said[0]) + 2)]  # no phrase goes from one to the other
    return " ".join(f"'{word}':{min(place, MOST_PLACES)}" for place, word in placed)


def _fts5(wanted: tuple[Term, ...]) -> str:
    return " AND ".join(
        f'{term.party + " : " if term.party else ""}"{" ".join(term.words)}"{" *" if term.prefix else ""}'
        for term in wanted
    )


def _tsquery(wanted: tuple[Term, ...]) -> ColumnElement[Any]:
    said = []
    for term in wanted:
        letters = {"agent": "a", "caller": "c", None: "ac"}[term.party]
        either = (" <-> ".join(f"'{letter}{word}'" for word in term.words) for letter in letters)
        said.append("(" + " | ".join(f"({one}{':*' if term.prefix else ''})" for one in either) + ")")
    return cast(" & ".join(said), TSQUERY)
