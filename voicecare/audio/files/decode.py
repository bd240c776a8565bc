"""Opens one recording file, whatever its format, as blocks of float samples at the file's own rate."""

from __future__ import annotations

import stat
from pathlib import Path

from voicecare.audio.files import container
from voicecare.audio.files.decode_av import AvDecoder
from voicecare.audio.files.decode_soundfile import SoundfileDecoder, Undecodable
from voicecare.audio.files.decoder import Decoder, longest_s
from voicecare.errors import InputError

RATES_HZ = (4_000, 384_000)
"""Sample rates a recording of speech can have; outside them a header is damaged."""


def open_decoder(path: Path) -> Decoder:
    """Find the decoder for a file and read its header and its first block.

    WAV and its kin go to libsndfile; everything compressed to FFmpeg (PyAV), which keeps quiet about damaged frames
    where libsndfile's MP3 decoder writes to the terminal, and resumes after them. FFmpeg may open no second file and no
    network address, whatever a playlist says.

    Raises:
        InputError: the file is missing, empty, unreadable, or holds no audio anyone here can decode.
    """
    _must_be_a_file(path)
    try:
        decoder = _choose(path)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}; check the file") from error
    low_hz, high_hz = RATES_HZ
    if not low_hz <= decoder.rate_hz <= high_hz:
        raise InputError(
            f"{path.name}: a sample rate of {decoder.rate_hz} Hz is outside {low_hz} to {high_hz} Hz; "
            "its header is damaged, use the original recording"
        )
    if decoder.frames is not None:
        check_length(path, decoder.frames / decoder.rate_hz)
    return decoder


def check_length(path: Path, length_s: float) -> None:
    """Refuse a file that claims, or turns out to hold, more sound than its bytes can.

    Raises:
        InputError: it does, or it is longer than a day.
    """
    size = path.stat().st_size
    if length_s > longest_s(size):
        raise InputError(
            f"{path.name}: {length_s / 3600:.1f} hours of sound in {size / 1000:.0f} kB, which no recording of a call "
            "is; its header is damaged or it holds more than a day, use the original recording of one call"
        )


def _choose(path: Path) -> Decoder:
    kind = container.sniff(path)
    if kind == "other" or path.suffix.lower() == ".raw":  # soundfile takes .raw for headerless, whatever it holds
        return AvDecoder(path)
    chunk = container.data_chunk(path) if kind == "riff" else None
    if kind == "riff" and (chunk is None or not chunk.present):
        raise InputError(f"{path.name} has a WAV header but no audio; use the original recording")
    if chunk and chunk.unstated:
        return AvDecoder(path, ignore_length=True)

    missing_s = chunk.missing_s if chunk else 0.0
    try:
        return SoundfileDecoder(path, missing_s=missing_s)
    except Undecodable:
        return AvDecoder(path, missing_s=missing_s)


def _must_be_a_file(path: Path) -> None:
    try:
        str(path).encode()
    except UnicodeEncodeError as error:  # bytes of another encoding; neither a decoder nor a report can take them
        raise InputError(f"{path.name!r}: the name of the file is not in UTF-8; rename it") from error
    try:
        status = path.stat()
    except OSError as error:
        raise InputError(f"cannot open {path.name[:80]}: {error.strerror}; check the path") from error
    except ValueError as error:  # a null byte, which no system has in a name
        raise InputError(f"cannot open {path}: {error}; check the path") from error
    if stat.S_ISDIR(status.st_mode):
        raise InputError(f"{path} is a directory; give recordings one by one, such as {path / '*.wav'}")
    if not stat.S_ISREG(status.st_mode):
        raise InputError(f"{path} is not a file; save the recording to a file first")
    if status.st_size == 0:
        raise InputError(f"{path.name} is empty (0 bytes); use the original recording")
