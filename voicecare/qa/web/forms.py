"""What a page sends: the texts of its form, one file at most; and addresses with their questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import URL, UploadFile

MOST_FIELDS = 300


async def _texts(request: Request) -> dict[str, str]:
    """The texts of a form, each field once."""
    form = await _form(request)
    return {key: value for key, value in form.items() if isinstance(value, str)}


async def _upload(request: Request) -> tuple[str, bytes] | None:
    """The file of a form: its name and content; None where there is none."""
    form = await _form(request)
    for value in form.values():
        if isinstance(value, UploadFile) and value.filename:
            return value.filename, await value.read()
    return None


async def _form(request: Request) -> Mapping[str, Any]:
    """Read the form.

    Raises:
        HTTPException: 400, it is broken.
    """
    try:
        return await request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=2**20)
    except (ValueError, KeyError, UnicodeError) as error:
        raise HTTPException(400, f"not a form: {type(error).__name__}") from error


Texts: TypeAlias = Annotated[dict[str, str], Depends(_texts)]
Upload: TypeAlias = Annotated[tuple[str, bytes] | None, Depends(_upload)]


def address(path: str, asked: Mapping[str, str], fragment: str = "") -> str:
    """A path of ours with a question."""
    url = URL(path).include_query_params(**asked)
    return str(url.replace(fragment=fragment) if fragment else url)
