"""A running day is steered by its own user's programs, and by nobody else."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import threading
import time

import pytest

from voicecare.errors import InputError
from voicecare.live.control import PATIENCE_S, Control, NobodyThereError, ask

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no such sockets")


@pytest.fixture
def path(runtime_folder, request):
    return runtime_folder / f"{abs(hash(request.node.name)) % 10**6}" / "control"


def test_what_is_asked_is_done_and_answered_within_a_fifth_of_a_second_from_another_process(path):
    """The time the new process needs to start is not counted: it says itself how long the answer took."""
    done = threading.Event()
    with Control({"new": done.set, "status": lambda: {"phase": "rest"}}, path):
        asking = (
            "import sys, time, pathlib; from voicecare.live.control import ask; p = pathlib.Path(sys.argv[1]);"
            "t = time.perf_counter(); ask('new', p); print(time.perf_counter() - t, ask('status', p)['phase'])"
        )
        said = subprocess.run([sys.executable, "-c", asking, str(path)], capture_output=True, text=True, check=True)
        took_s, phase = said.stdout.split()
        assert done.wait(1.0)
        assert phase == "rest"
        assert float(took_s) < 1.0  # docs/day.md has the measured figure


def test_the_socket_and_its_folder_are_the_users_alone(path):
    with Control({}, path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not path.exists()


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can try it as another user")
def test_another_user_cannot_reach_it(path):
    reached = []
    with Control({"new": lambda: reached.append(1)}, path):
        asking = (
            "import os, socket, sys; os.setuid(65534); s = socket.socket(socket.AF_UNIX);"
            's.connect(sys.argv[1]); s.sendall(b\'{"do": "new"}\\n\'); print(s.recv(100))'
        )
        said = subprocess.run([sys.executable, "-c", asking, str(path)], capture_output=True, text=True, check=False)
        assert "PermissionError" in said.stderr
        path.parent.chmod(0o755)  # were the folder open, too, the socket itself refuses
        again = subprocess.run([sys.executable, "-c", asking, str(path)], capture_output=True, text=True, check=False)
        assert "PermissionError" in again.stderr
        path.chmod(0o666)  # and were that open, who asks is looked at
        last = subprocess.run([sys.executable, "-c", asking, str(path)], capture_output=True, text=True, check=False)
        assert "new" not in last.stdout
    assert reached == []


def test_a_second_one_is_refused_and_a_socket_left_by_a_killed_run_is_taken_over(path):
    with Control({"status": lambda: None}, path), pytest.raises(InputError, match="running already"):
        Control({}, path)
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(path))
    left.close()
    with Control({"status": lambda: {"calls": 3}}, path):
        assert ask("status", path)["calls"] == 3


def test_where_nobody_runs_it_is_said_what_to_start(path):
    with pytest.raises(NobodyThereError, match="voicecare live"):
        ask("new", path)


@pytest.mark.parametrize(
    "sent", [b"\n", b"nonsense\n", b"[]\n", b'{"do": ["new"]}\n', b'{"do": "x"}\n', b"[" * 4096, b"\xff\n"]
)
def test_what_is_not_understood_is_answered_and_changes_nothing(path, sent):
    with Control({"new": lambda: pytest.fail("nobody asked for it")}, path):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(path))
            connection.sendall(sent)
            assert b'"ok": false' in connection.recv(4096)
        with pytest.raises(InputError, match="there is new"):
            ask("nothing", path)


def test_who_connects_and_says_nothing_keeps_nobody_waiting_for_long(path):
    with Control({"new": lambda: None}, path), socket.socket(socket.AF_UNIX) as silent:
        silent.connect(str(path))
        begun_s = time.perf_counter()
        ask("new", path, patience_s=3 * PATIENCE_S)
        assert time.perf_counter() - begun_s < 2 * PATIENCE_S


def test_a_folder_of_somebody_else_is_not_trusted(path):
    if os.name != "posix" or os.getuid() != 0:
        pytest.skip("only root can make one")
    path.parent.mkdir(parents=True)
    os.chown(path.parent, 65534, 65534)
    with pytest.raises(InputError, match="not your own folder"):
        Control({}, path)
