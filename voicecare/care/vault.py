"""A diary under a passphrase: the whole file is sealed (scrypt, AES-256-GCM) and only ever open in memory.

Needs the extra `private` (the `cryptography` library). Whoever has the file and not the passphrase has nothing but its
length; whoever forgets the passphrase has no more.
"""

from __future__ import annotations

import base64
import binascii
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from voicecare import saving
from voicecare.errors import InputError, OutputError, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = "voicecare diary, sealed 1\n"
SALT, NONCE = 16, 12
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**15, 8, 1
"""32 MB and a tenth of a second a guess: what OWASP asks for passwords, 2025."""
SHORTEST = 8
WAIT_S, STEP_S = 2.0, 0.02


def is_sealed(path: Path) -> bool:
    """Whether a file is a sealed diary."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC.encode()
    except OSError:
        return False


class Vault:
    """Opens and seals one diary; every turn reads what another process wrote, and writes what was changed.

    Raises:
        UsageError: the extra is not installed, or the passphrase is too short.
    """

    def __init__(self, path: Path, passphrase: str) -> None:
        if len(passphrase) < SHORTEST:
            raise UsageError(f"a passphrase has {SHORTEST} characters or more")
        try:
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM
            from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
        except ImportError:
            raise UsageError("a diary under a passphrase needs: pip install 'voicecare[private]'") from None
        self._path = path

        def derive(salt: bytes) -> AESGCM:
            return AESGCM(Scrypt(salt=salt, length=32, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P).derive(passphrase.encode()))

        self._derive = derive
        self._salt = b""
        self._cipher: AESGCM | None = None
        self._seen: tuple[int, int] | None = None

    @contextmanager
    def turn(self, database: sqlite3.Connection) -> Iterator[None]:
        """Hold the diary for one step: before, `database` (in memory) becomes what the file says; after, the reverse.

        Raises:
            InputError: the passphrase is wrong, or the file was changed. OutputError: it cannot be written.
        """
        with self._held():
            self._load(database)
            before = database.total_changes
            yield
            if database.total_changes != before or self._seen is None:
                self.seal(database)

    def seal(self, database: sqlite3.Connection) -> None:
        """Write the diary, sealed."""
        cipher = self._keyed(self._salt or os.urandom(SALT))
        nonce = os.urandom(NONCE)
        sealed = self._salt + nonce + cipher.encrypt(nonce, database.serialize(), MAGIC.encode())
        saving.write_whole(self._path, MAGIC + base64.b64encode(sealed).decode() + "\n")
        self._seen = self._stamp()

    def _load(self, database: sqlite3.Connection) -> None:
        stamp = self._stamp()
        if stamp is None or stamp == self._seen:
            return
        from cryptography.exceptions import InvalidTag

        try:
            database.deserialize(self._opened(self._path.read_text(encoding="ascii")))
        except InvalidTag:
            raise InputError(f"{self._path}: the passphrase is not the diary's, or the file was changed") from None
        except OSError as error:
            raise InputError(f"cannot read {self._path}: {error.strerror}; check whose file it is") from error
        except (ValueError, binascii.Error):
            raise InputError(f"{self._path} is no sealed diary; move it away, or: voicecare care erase") from None
        self._seen = stamp

    def _opened(self, text: str) -> bytes:
        """What is sealed in a text."""
        if not text.startswith(MAGIC):
            raise ValueError(text[:1])
        sealed = base64.b64decode(text.removeprefix(MAGIC))
        salt, nonce, body = sealed[:SALT], sealed[SALT : SALT + NONCE], sealed[SALT + NONCE :]
        if len(body) < NONCE:
            raise ValueError(len(body))
        return self._keyed(salt).decrypt(nonce, body, MAGIC.encode())

    def _keyed(self, salt: bytes) -> AESGCM:
        if self._cipher is None or salt != self._salt:
            self._salt, self._cipher = salt, self._derive(salt)
        return self._cipher

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Hold a lock beside the file, so that the tray and a command do not overwrite each other."""
        place = self._path.with_name(f"{self._path.name}-lock")
        descriptor = os.open(place, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        try:
            end_s = time.monotonic() + WAIT_S
            while saving.locked(descriptor) is False:
                if time.monotonic() > end_s:
                    raise OutputError(f"cannot use {self._path}: another voicecare is writing it; try again")
                time.sleep(STEP_S)
            yield
        finally:
            os.close(descriptor)
