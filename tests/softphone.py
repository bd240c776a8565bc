"""Real softphones that call each other over SIP on this machine: the agent's in a headset, the caller's in a line."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from pathlib import Path

from conftest import absent

MODULES = "/usr/lib/baresip/modules"


class Softphone:
    """One baresip on a sound server: plays into a sink, records from a source, told what to do through its own port."""

    def __init__(self, server, name: str, sip_port: int, *, player: str, source: str):
        self.server, self.name, self.sip_port, self.control_port = server, name, sip_port, sip_port + 5
        self.folder = Path(server.folder) / name
        self.folder.mkdir(mode=0o700)
        (self.folder / "config").write_text(
            f"""
poll_method epoll
sip_listen 127.0.0.1:{sip_port}
audio_player pulse,{player}
audio_source pulse,{source}
audio_alert pulse,{player}
ring_aufile ring.wav
audio_channels 1
ausrc_srate 8000
auplay_srate 8000
module_path {MODULES}
module stdio.so
module g711.so
module pulse.so
module_tmp uuid.so
module_tmp account.so
module_app auloop.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{self.control_port}
call_max_calls 1
""",
            encoding="utf-8",
        )
        (self.folder / "accounts").write_text(
            f"<sip:{name}@127.0.0.1:{sip_port};transport=udp>;regint=0;audio_codecs=PCMU\n", encoding="utf-8"
        )
        (self.folder / "contacts").write_text("", encoding="utf-8")
        with (self.folder / "log").open("w") as log:
            self.process = subprocess.Popen(
                ["baresip", "-f", str(self.folder)],
                env=server.env,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._control = self._connected()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._control.close()
        self.process.kill()
        self.process.communicate()

    @property
    def address(self):
        return f"sip:{self.name}@127.0.0.1:{self.sip_port}"

    def do(self, command: str, parameters: str = "") -> float:
        """Have a command of its menu done; return when it was sent, on this machine's monotonic clock."""
        asked = f'{{"command":"{command}","params":"{parameters}"}}'
        sent_s = time.perf_counter()
        self._control.sendall(f"{len(asked)}:{asked},".encode())
        return sent_s

    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def _connected(self) -> socket.socket:
        for _ in range(100):
            with contextlib.suppress(OSError):
                return socket.create_connection(("127.0.0.1", self.control_port), 1.0)
            time.sleep(0.1)
        raise AssertionError(self.log())


def absent_modules(folder: str) -> None:
    """Skip a test where baresip has no PulseAudio, or fail where everything must run."""
    if not (Path(folder) / "pulse.so").exists():
        absent("baresip has no pulse.so; see scripts/apt-packages.txt")
