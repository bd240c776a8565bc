"""A PulseAudio server of one's own for tests: no hardware, no user's settings, gone with the test."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

MODULES = (
    "module-native-protocol-unix",
    "module-null-sink sink_name=spare rate=48000 channels=2 norewinds=1 sink_properties=device.description=spare",
    # Without norewinds the first callback comes over a second late and PortAudio spins until then.
    (
        "module-null-sink sink_name=agent_mic rate=48000 channels=1 norewinds=1 "
        "sink_properties=device.description=agent_mic"
    ),
    "module-null-sink sink_name=headset rate=48000 channels=2 norewinds=1 sink_properties=device.description=headset",
    (
        "module-remap-source source_name=headset_mic master=agent_mic.monitor "
        "source_properties=device.description=headset_mic"
    ),
)


class SoundServer:
    """A private server with a headset: `headset_mic` hears what goes into `agent_mic`, `headset` plays the caller."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pulse-"))
        run = self.folder / "run"
        for name in ("run", "run/pulse", "state", "config"):
            (self.folder / name).mkdir(mode=0o700)
        self.env = {
            **os.environ,
            "XDG_RUNTIME_DIR": str(run),
            "PULSE_RUNTIME_PATH": str(run / "pulse"),
            "PULSE_STATE_PATH": str(self.folder / "state"),
            "PULSE_CONFIG_PATH": str(self.folder / "config"),
            "PULSE_SERVER": f"unix:{run / 'pulse' / 'native'}",
        }
        self._server: subprocess.Popen | None = None
        self._players: list[subprocess.Popen] = []

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        for player in self._players:
            player.kill()
            player.wait()
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        """Start the server and wait until it answers."""
        options = ("-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--realtime=no")
        modules = [part for module in MODULES for part in ("-L", module)]
        server_env = {k: v for k, v in self.env.items() if k != "PULSE_SERVER"}
        self._server = subprocess.Popen(
            ["pulseaudio", *options, "--high-priority=no", "--log-level=error", *modules],
            env=server_env,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(100):
            if subprocess.run(["pactl", "info"], env=self.env, capture_output=True, check=False).returncode == 0:
                break
            time.sleep(0.1)
        self.pactl("set-default-sink", "headset")
        self.pactl("set-default-source", "headset_mic")

    def stop(self):
        """Kill the server, as a crash would."""
        self._server.kill()
        self._server.wait()

    def pactl(self, *words) -> str:
        """Ask the server something and return its answer."""
        return subprocess.run(
            ["pactl", *words], env=self.env, capture_output=True, check=True, text=True
        ).stdout.strip()

    def add_line(self):
        """Add what a second telephone plays into, `line_out`, and speaks from, `line_in`."""
        for sink in ("line_out", "line_in"):
            self.pactl(
                "load-module", "module-null-sink", f"sink_name={sink}", "rate=48000", "channels=1", "norewinds=1"
            )

    def play(self, sink, path) -> subprocess.Popen:
        """Play a file into a sink."""
        player = subprocess.Popen(["paplay", f"--device={sink}", str(path)], env=self.env, stderr=subprocess.DEVNULL)
        self._players.append(player)
        return player
