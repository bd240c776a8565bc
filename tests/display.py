"""A screen of one's own for tests: Xvfb with a window manager, gone with the test."""

from __future__ import annotations

import os
import shutil
import subprocess
import time

from conftest import absent


def needs(*programs: str) -> None:
    """Skip a test where a program is missing, or fail where everything must run."""
    for program in programs:
        if shutil.which(program) is None:
            absent(f"{program} is not installed; see scripts/apt-packages.txt")


class Display:
    """An X server with openbox."""

    def __init__(self, width=1000, height=700) -> None:
        self._size = f"{width}x{height}x24"
        self.env: dict[str, str] = {}
        self._processes: list[subprocess.Popen] = []

    def __enter__(self):
        read, write = os.pipe()
        # The server picks a free number itself and says which.
        server = ["Xvfb", "-displayfd", str(write), "-screen", "0", self._size, "-nolisten", "tcp"]
        self._spawn(server, pass_fds=(write,))
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        self.env = {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        self.env.pop("WAYLAND_DISPLAY", None)
        self._spawn(["openbox"], env=self.env)
        time.sleep(0.3)
        return self

    def __exit__(self, *_):
        for process in reversed(self._processes):
            process.kill()
            process.wait()

    def spawn(self, *command, **options) -> subprocess.Popen:
        """Start a program on this screen."""
        return self._spawn(list(command), env=self.env, **options)

    def ask(self, *command) -> str:
        """Run a program on this screen to its end and return what it said."""
        return subprocess.run(command, env=self.env, capture_output=True, check=True, text=True).stdout.strip()

    def _spawn(self, command, **options) -> subprocess.Popen:
        options.setdefault("stderr", subprocess.DEVNULL)
        process = subprocess.Popen(command, **options)
        self._processes.append(process)
        return process
