"""Fetches a Whisper model by name: the one place of voicecare that uses the network, only when a person asks.

Every file is one the package knows: its size is the most that is taken, its SHA-256 is asked before it is used. The
hub's own client is not used for it: it knows neither of the two, and keeps a cache beside the user's models.
"""

from __future__ import annotations

import http.client
import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from voicecare.backends.whisper_models import RECEIPT, LocalModel, digest, store, verify
from voicecare.backends.whisper_published import PUBLISHED, PublishedFile
from voicecare.errors import InputError, OutputError, UsageError

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told a file's name, how many bytes of it are here, and how many it has."""

HUB = "https://huggingface.co"
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
"""Where plain http is allowed: nothing between here and a mirror on this machine can read or change it."""
CHUNK_BYTES = 1 << 20
TIMEOUT_S = 30.0


def pull(name: str, progress: Progress, *, endpoint: str | None = None) -> LocalModel:
    """Fetch a model into the store, resuming what an earlier try left, and check every file against the known hashes.

    endpoint: the hub's address or that of a mirror; None takes `HF_ENDPOINT`, else the public hub.

    Raises:
        UsageError: the name is not known, or the address is not https.
        InputError: the hub cannot be reached, or a file is not the published one.
        OutputError: the files cannot be written.
    """
    if name not in PUBLISHED:
        raise UsageError(f"no model is called {name!r}; known: {', '.join(PUBLISHED)}")
    published = PUBLISHED[name]
    hub = (endpoint or os.environ.get("HF_ENDPOINT") or HUB).rstrip("/")
    if not _is_safe(hub):
        raise UsageError(f"HF_ENDPOINT {hub}: models are fetched over https only; give an address such as {HUB}")
    folder = store() / name
    base = f"{hub}/{published.repository}/resolve/{published.revision}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, known in published.files.items():
            _fetch(f"{base}/{file}", folder / file, known, progress)
        receipt = {"source": base, "sha256": published.hashes}
        (folder / RECEIPT).write_text(json.dumps(receipt, indent=2), encoding="utf-8")
    except (urllib.error.URLError, http.client.HTTPException, ConnectionError) as error:
        reason = getattr(error, "reason", error)
        raise InputError(f"model {name} could not be fetched ({reason}); try again, it resumes") from error
    except OSError as error:
        raise OutputError(f"cannot write to {folder}: {error.strerror or error}; set VOICECARE_MODELS") from error
    model = LocalModel(name, folder, "pulled", (folder / "model.bin").stat().st_size)
    verify(model)
    return model


def _fetch(url: str, target: Path, known: PublishedFile, progress: Progress) -> None:
    """Fetch one file unless it is here and whole."""
    if digest(target) == known.sha256:
        progress(target.name, known.size_bytes, known.size_bytes)
        return
    part = target.with_name(f"{target.name}.part")
    here = part.stat().st_size if part.is_file() else 0
    if here > known.size_bytes:
        part.unlink()
        here = 0
    if here < known.size_bytes:
        here = _fetch_rest(url, part, here, known.size_bytes, progress)
    if here < known.size_bytes:  # closed in the middle; what is here is kept for the next try
        raise urllib.error.URLError(f"{target.name} broke off at {here} of {known.size_bytes} bytes")
    if here > known.size_bytes or digest(part) != known.sha256:
        part.unlink()
        raise InputError(f"{target.name} of {url} is not the published file and was removed; pull the model again")
    part.replace(target)


def _fetch_rest(url: str, part: Path, here: int, size_bytes: int, progress: Progress) -> int:
    """Append what is missing of a file, at most one byte more than it has; return how many bytes are here now."""
    request = urllib.request.Request(url, headers={"Range": f"bytes={here}-"} if here else {})  # noqa: S310 - https
    with urllib.request.build_opener(_StaySafe()).open(request, timeout=TIMEOUT_S) as answer:
        resumed = answer.status == 206
        here = here if resumed else 0
        with part.open("ab" if resumed else "wb") as file:
            while here <= size_bytes and (chunk := _read(answer, min(CHUNK_BYTES, size_bytes + 1 - here))):
                here += file.write(chunk)
                progress(part.name.removesuffix(".part"), here, size_bytes)
    return here


def _read(answer: http.client.HTTPResponse, most: int) -> bytes:
    """Read on; a connection that is lost is the network's fault, not that of the disk written to."""
    try:
        return answer.read(most)
    except (OSError, http.client.HTTPException) as error:
        raise urllib.error.URLError(error) from error


def _is_safe(address: str) -> bool:
    parts = urllib.parse.urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in THIS_MACHINE)


class _StaySafe(urllib.request.HTTPRedirectHandler):
    """Follows the hub to its storage, but never from https to anything less."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: object,
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if not _is_safe(newurl):
            raise urllib.error.URLError(f"the hub sends to {newurl:.60}, which is not https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]
