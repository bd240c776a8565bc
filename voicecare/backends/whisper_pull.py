"""Fetches a Whisper model by name: the one place of voicecare that uses the network, only when a person asks."""

from __future__ import annotations

import hashlib
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from voicecare.backends.whisper_models import FILES, RECEIPT, REPOSITORIES, REVISIONS, LocalModel, digest, store, verify
from voicecare.errors import InputError, OutputError, UsageError

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told a file's name, how many bytes of it are here, and how many it has."""

WANTED = (*FILES, "vocabulary.txt", "vocabulary.json", "preprocessor_config.json")
"""What is fetched; the last three only where the model has them."""
CHUNK_BYTES = 1 << 20
TIMEOUT_S = 30.0


def pull(name: str, progress: Progress, *, endpoint: str | None = None) -> LocalModel:
    """Fetch a model into the store, resuming what an earlier try left, and check every file against the hub's hash.

    Of the models in `REVISIONS` that one revision is fetched, and checked against the hashes voicecare knows, too.

    endpoint: the hub's address; None takes the hub library's own (`HF_ENDPOINT`).

    Raises:
        UsageError: the name is not known.
        InputError: the hub cannot be reached, or a file does not arrive whole.
        OutputError: the files cannot be written.
    """
    if name not in REPOSITORIES:
        raise UsageError(f"no model is called {name!r}; known: {', '.join(REPOSITORIES)}")
    from huggingface_hub import constants

    folder = store() / name
    base = f"{endpoint or constants.ENDPOINT}/{REPOSITORIES[name]}/resolve/{REVISIONS.get(name, 'main')}"
    hashes: dict[str, str] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in WANTED:
            if _fetch(f"{base}/{file}", folder / file, progress, required=file in FILES):
                hashes[file] = digest(folder / file)
        (folder / RECEIPT).write_text(json.dumps({"source": base, "sha256": hashes}, indent=2), encoding="utf-8")
    except (urllib.error.URLError, http.client.HTTPException, ConnectionError) as error:
        reason = getattr(error, "reason", error)
        raise InputError(f"model {name} could not be fetched ({reason}); try again, it resumes") from error
    except OSError as error:
        raise OutputError(f"cannot write to {folder}: {error.strerror or error}; set VOICECARE_MODELS") from error
    model = LocalModel(name, folder, "pulled", (folder / "model.bin").stat().st_size)
    verify(model)
    return model


def _fetch(url: str, target: Path, progress: Progress, *, required: bool) -> bool:
    """Fetch one file unless it is here and whole; False where an optional one does not exist."""
    try:
        expected = _hub_hash(url)
    except urllib.error.HTTPError as error:
        if error.code == 404 and not required:
            return False
        raise
    if target.is_file() and _matches(target, expected):
        progress(target.name, target.stat().st_size, target.stat().st_size)
        return True
    part = target.with_name(f"{target.name}.part")
    here = part.stat().st_size if part.is_file() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={here}-"} if here else {})  # noqa: S310 - the hub's
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 - as above
            resumed = answer.status == 206
            here = here if resumed else 0
            total = here + int(answer.headers.get("Content-Length", 0))
            with part.open("ab" if resumed else "wb") as file:
                while chunk := _read(answer):
                    here += file.write(chunk)
                    progress(target.name, here, total)
        if here < total:  # closed in the middle; what is here is kept for the next try
            raise urllib.error.URLError(f"{target.name} broke off at {here} of {total} bytes")
    except urllib.error.HTTPError as error:
        if error.code != 416:  # nothing is left to fetch: the part is whole, or wrong
            raise
    if not _matches(part, expected):
        part.unlink()
        raise InputError(f"{target.name} of {url} arrived damaged and was removed; pull the model again")
    part.replace(target)
    return True


def _read(answer: http.client.HTTPResponse) -> bytes:
    """Read on; a connection that is lost is the network's fault, not that of the disk written to."""
    try:
        return answer.read(CHUNK_BYTES)
    except (OSError, http.client.HTTPException) as error:
        raise urllib.error.URLError(error) from error


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Does not follow a redirect: the hub states a file's hash before it sends one to the storage."""

    def redirect_request(self, *_: object) -> None:
        """Refuse, as the base class allows."""


def _hub_hash(url: str) -> str:
    """The hash the hub states for a file: SHA-256 of large files, git's SHA-1 of small ones."""
    request = urllib.request.Request(url, method="HEAD")  # noqa: S310 - the hub's
    try:
        with urllib.request.build_opener(_StayHere()).open(request, timeout=TIMEOUT_S) as answer:
            headers = answer.headers
    except urllib.error.HTTPError as error:
        if error.code not in {301, 302, 303, 307, 308}:
            raise
        headers = error.headers
    return str(headers.get("X-Linked-Etag") or headers.get("ETag") or "").strip('W/"')


def _matches(path: Path, expected: str) -> bool:
    if len(expected) == 64:
        return digest(path) == expected
    content = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest() == expected
