"""Where the store of this user is, and whether this machine has what a store needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from voicecare.errors import UsageError

PACKAGES = (
    "sqlalchemy",
    "alembic",
    "psycopg",
    "distributed",
    "fastapi",
    "starlette",
    "pydantic",
    "uvicorn",
    "python_multipart",
    "pyarrow",
)


def default_file() -> Path:
    """The store of this user on this machine, whether it is there yet or not."""
    from platformdirs import user_data_path

    return user_data_path("voicecare") / "qa.db"


@contextmanager
def needs_packages() -> Iterator[None]:
    """Say in one line which extra is not installed.

    Raises:
        UsageError: a package of a store is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in PACKAGES:
            raise
        raise UsageError(f"a store of calls needs {error.name}: pip install 'voicecare[qa]'") from error
