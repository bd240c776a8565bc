"""How other programs of the same user steer a running day: a local socket, no network, nobody else's to reach."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import stat
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias

from voicecare.errors import InputError

Answer: TypeAlias = dict[str, Any]
Act: TypeAlias = Callable[[], Answer | None]

PATIENCE_S = 2.0
"""Whoever connects and says nothing is let go after this long."""
MOST_BYTES = 4_096
LONGEST_PATH = 100
"""A socket's path is at most 107 bytes on Linux and 103 on macOS."""


class NobodyThereError(InputError):
    """No voicecare is running."""


def default_path() -> Path:
    """Where a running day is reached: a folder of the user's own, in the one that ends with the session if there is."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    path = Path(runtime) / "voicecare" / "control"
    if runtime and len(os.fsencode(path)) <= LONGEST_PATH:
        return path
    return Path(tempfile.gettempdir()) / f"voicecare-{os.getuid()}" / "control"


class Control:
    """Answers requests while a day runs; use as a context manager.

    acts: what each word asks for, called in a thread of this object's. A request is one line of JSON, {"do": word}; so
    is its answer, {"ok": true, ...}, or {"ok": false, "error": why}.

    Raises:
        InputError: another voicecare answers there already, or the socket cannot be made.
    """

    def __init__(self, acts: Mapping[str, Act], path: Path) -> None:
        self._acts = acts
        self._path = path
        self._socket = _listening(path)
        self._thread = threading.Thread(target=self._serve, name="control", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        with contextlib.suppress(OSError):
            self._path.unlink()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:  # closed: the day is over
                return
            with connection:
                connection.settimeout(PATIENCE_S)
                with contextlib.suppress(OSError):  # whoever asked is gone
                    if _same_user(connection):
                        told = answer(self._acts, _word(_line(connection)))
                        connection.sendall(json.dumps(told).encode() + b"\n")


def answer(acts: Mapping[str, Act], word: str) -> Answer:
    """Do what a word asks for, and answer."""
    act = acts.get(word)
    if act is None:
        return {"ok": False, "error": f"not known; there is {', '.join(acts)}"}
    return {"ok": True, **(act() or {})}


def _word(asked: bytes) -> str:
    """The word of a request; one that no act has where it is none."""
    try:
        return str(json.loads(asked)["do"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def ask(word: str, path: Path, patience_s: float = PATIENCE_S) -> Answer:
    """Ask a running day for something; return its answer.

    Raises:
        NobodyThereError: none runs. InputError: it does not answer, or says no.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(patience_s)
        try:
            connection.connect(os.fspath(path))
            connection.sendall(json.dumps({"do": word}).encode() + b"\n")
            told = json.loads(_line(connection))
        except (FileNotFoundError, ConnectionError) as error:
            raise NobodyThereError("voicecare is not running; start it with `voicecare live`") from error
        except (OSError, ValueError) as error:
            raise InputError(f"the running voicecare does not answer ({error}); end it and start it anew") from error
    if not isinstance(told, dict) or not told.get("ok"):
        raise InputError(
            f"the running voicecare cannot {word}: {told.get('error') if isinstance(told, dict) else told}"
        )
    return told


def _listening(path: Path) -> socket.socket:
    """A socket in a folder of the user's own. One that is left over of a killed run is taken over."""
    _own_folder(path.parent)
    with contextlib.suppress(NobodyThereError):
        ask("status", path)
        raise InputError("voicecare is running already; `voicecare call show` brings it up")
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listening.bind(os.fspath(path))
        listening.listen(8)
    except OSError as error:
        listening.close()
        raise InputError(f"cannot be steered through {path}: {error.strerror}; check whose folder it is") from error
    finally:
        os.umask(before)
    return listening


def _own_folder(folder: Path) -> None:
    """Make it for its owner alone, or see that it is.

    Raises:
        InputError: it belongs to somebody else, who could answer in voicecare's place.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        known = folder.lstat()
        if not stat.S_ISDIR(known.st_mode) or known.st_uid != os.getuid():
            raise InputError(f"{folder} is not your own folder; remove it")
        if known.st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise InputError(f"cannot use {folder}: {error.strerror}; check whose folder it is") from error


def _same_user(connection: socket.socket) -> bool:
    """Whether who asks is this user; the folder's mode says so already, this says it where the system can."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    known = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    return int.from_bytes(known[4:8], "little") in (os.getuid(), 0)


def _line(connection: socket.socket) -> bytes:
    said = b""
    while b"\n" not in said and len(said) < MOST_BYTES:
        more = connection.recv(MOST_BYTES)
        if not more:
            break
        said += more
    return said
