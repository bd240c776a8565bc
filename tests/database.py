"""A PostgreSQL server of the tests' own: Debian's, on a socket in a folder of its own, gone with the test run."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg

SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",
    "wal_recycle": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "on",
    "max_connections": "40",
}


def missing():
    """What of it this machine lacks, or None."""
    if programs() is None:
        return "there is no PostgreSQL server (apt-get install postgresql)"
    if os.geteuid() == 0 and (shutil.which("setpriv") is None or _user() is None):
        return "root cannot start PostgreSQL, and there is no other user to start it as"
    return None


def programs():
    """The folder of Debian's newest server, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].split(".")[0]))
    return found[-1].parent if found else None


@contextmanager
def server():
    """Run a server; yield the address of a new database and the folder of its files."""
    bin_ = programs()
    with tempfile.TemporaryDirectory(prefix="voicecare-pg-", dir="/tmp") as top:
        folder = Path(top)
        user = _user()
        if os.geteuid() == 0:
            os.chown(folder, user.pw_uid, user.pw_gid)
        data = folder / "data"
        new = ["-U", "voicecare", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
        _as(user, [bin_ / "initdb", "-D", data, *new])
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        control = [bin_ / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
        _as(user, [*control, "-o", f"{options} -k {folder}", "start"])
        try:
            yield f"postgresql://voicecare@/postgres?host={folder}", data
        finally:
            _as(user, [*control, "-m", "immediate", "stop"])


def another(address):
    """Make a new database on a server; give its address."""
    name = f"calls_{uuid4().hex}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return address.replace("/postgres?", f"/{name}?")


def _user():
    try:
        return pwd.getpwnam("postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name)
    except KeyError:
        return None


def _as(user, command):
    prefix = []
    if os.geteuid() == 0:
        prefix = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    done = subprocess.run(
        [*prefix, *map(str, command)], cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
