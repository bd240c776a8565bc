"""Writes requirements.lock: the exact version and the hashes of everything that voicecare installs, for every platform.

    pip install uv && python scripts/make/lock.py

Who wants exactly these: `pip install --require-hashes -r requirements.lock`, then `pip install --no-deps voicecare`.

Versions are those of constraints.txt. The file names no package index, so it works with whichever a machine uses.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"
EXTRAS = ("live", "private", "words", "multilingual", "qa", "cluster")


def main() -> None:
    """Write the lock."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        raise SystemExit("uv is not installed: pip install uv")
    bare = ["--quiet", "--no-header", "--no-annotate"]
    whole = ["--universal", "--python-version", "3.11", "--generate-hashes", "--constraint", "constraints.txt"]
    wanted = [argument for extra in EXTRAS for argument in ("--extra", extra)]
    command = [uv, "pip", "compile", *bare, *whole, *wanted, "--output-file", str(LOCK), "pyproject.toml"]
    subprocess.run(command, cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
