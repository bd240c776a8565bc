"""The folder of recordings and texts that benches and training are given, `--data`."""

from __future__ import annotations

import argparse
from pathlib import Path

USUAL = "../shared/data"
"""Where it is looked for unless said; never part of the project, for most of it may not be passed on."""


def data_folder(name: str) -> Path:
    """The folder, for argparse.

    Raises:
        argparse.ArgumentTypeError: there is no such folder.
    """
    folder = Path(name)
    if not folder.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {name}; give the folder of recordings with --data DIR")
    return folder
