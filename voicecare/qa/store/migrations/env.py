"""What Alembic runs: the steps, over the connection it is handed."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from voicecare.qa.store.schema import TABLES


def _run() -> None:
    connection: Connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=TABLES, render_as_batch=True)
    context.run_migrations()  # within the transaction of who handed the connection over


_run()
