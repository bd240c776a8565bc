"""What a page sends: the texts of its form, one file at most; and addresses with their questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import URL, UploadFile

MOST_FIELDS = 300
MOST_FIELD_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Sent:
    """A form: its texts, each field once, and its file as name and content, None where there is none."""

    texts: Mapping[str, str]
    file: tuple[str, bytes] | None


async def _sent(request: Request) -> Sent:
    """Read a form to its end.

    Raises:
        HTTPException: 400, it is broken.
    """
    try:
        async with request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=MOST_FIELD_BYTES) as form:
            texts = {key: value for key, value in form.items() if isinstance(value, str)}
            files = [value for value in form.values() if isinstance(value, UploadFile) and value.filename]
            return Sent(texts, (files[0].filename or "", await files[0].read()) if files else None)
    except (ValueError, KeyError, UnicodeError) as error:
        raise HTTPException(400, f"not a form: {type(error).__name__}") from error


Form: TypeAlias = Annotated[Sent, Depends(_sent)]


def _texts(sent: Form) -> Mapping[str, str]:
    return sent.texts


def _upload(sent: Form) -> tuple[str, bytes] | None:
    return sent.file


Texts: TypeAlias = Annotated[Mapping[str, str], Depends(_texts)]
Upload: TypeAlias = Annotated[tuple[str, bytes] | None, Depends(_upload)]


def address(path: str, asked: Mapping[str, str], fragment: str = "") -> str:
    """A path of ours with a question."""
    url = URL(path).include_query_params(**asked)
    return str(url.replace(fragment=fragment) if fragment else url)
