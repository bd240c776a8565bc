"""What people say of calls: reviews and notes, which are only ever added to."""

from __future__ import annotations

from sqlalchemy import Connection, select

from voicecare.errors import UsageError
from voicecare.qa.store.records import NewReview, Note, Review
from voicecare.qa.store.rows import columns, now, records, values
from voicecare.qa.store.schema import notes, reviews

MOST_CHARACTERS = 10_000
"""Of a comment or a note."""


class Reviews:
    """The reviews and notes of a store, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, new: NewReview) -> int:
        """Append a review; return its id.

        Raises:
            UsageError: its comment is too long, or what it replaces is of another call.
        """
        _short(new.comment)
        if new.replaces is not None:
            of = select(reviews.c.call).where(reviews.c.id == new.replaces)
            if self._connection.execute(of).scalar() != new.call:
                raise UsageError(f"review {new.replaces} is not of this call; reload the page")
        row = {**values(new), "made_at": now()}
        return int(self._connection.execute(reviews.insert().values(row).returning(reviews.c.id)).scalar_one())

    def of_call(self, call: int) -> list[Review]:
        """Every review of a call as it was made, in order."""
        wanted = select(*columns(reviews, Review)).where(reviews.c.call == call).order_by(reviews.c.id)
        return records(Review, self._connection.execute(wanted))

    def all(self, *, after: int = 0, limit: int = 1_000) -> list[Review]:
        """Reviews of all calls in order, from the one after an id."""
        wanted = select(*columns(reviews, Review)).where(reviews.c.id > after).order_by(reviews.c.id).limit(limit)
        return records(Review, self._connection.execute(wanted))

    def standing(self, call: int) -> list[Review]:
        """The reviews of a call that hold: none that was replaced or withdrawn."""
        made = self.of_call(call)
        replaced = {review.replaces for review in made}
        return [review for review in made if review.id not in replaced and review.verdict != "withdraw"]

    def add_note(
        self,
        call: int,
        reviewer: str,
        body: str,
        *,
        at: int | None = None,
        replaces: int | None = None,
        removed: bool = False,
    ) -> int:
        """Append a note on a call or a moment of it (samples); return its id.

        Raises:
            UsageError: it is too long, or what it replaces is of another call.
        """
        _short(body)
        if replaces is not None:
            of = select(notes.c.call).where(notes.c.id == replaces)
            if self._connection.execute(of).scalar() != call:
                raise UsageError(f"note {replaces} is not of this call; reload the page")
        row = {
            "call": call,
            "reviewer": reviewer,
            "made_at": now(),
            "at": at,
            "body": body.replace("\0", "�"),
            "replaces": replaces,
            "removed": removed,
        }
        return int(self._connection.execute(notes.insert().values(row).returning(notes.c.id)).scalar_one())

    def notes(self, call: int) -> list[Note]:
        """The notes of a call that hold: none that was replaced or removed."""
        wanted = select(*columns(notes, Note)).where(notes.c.call == call).order_by(notes.c.id)
        made = records(Note, self._connection.execute(wanted))
        replaced = {note.replaces for note in made}
        return [note for note in made if note.id not in replaced and not note.removed]


def _short(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise UsageError(f"the text has {len(text):,} characters, at most {MOST_CHARACTERS:,} are kept; shorten it")
