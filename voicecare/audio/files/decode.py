"""Opens one recording file, whatever its format, as blocks of float samples at the file's own rate."""

from __future__ import annotations

import stat
from pathlib import Path

from voicecare.audio.files import container
from voicecare.audio.files.decode_av import AvDecoder
from voicecare.audio.files.decode_soundfile import SoundfileDecoder, Undecodable
from voicecare.audio.files.decoder import Decoder, longest_s
from voicecare.audio.files.raw import RawFormat
from voicecare.errors import InputError

HEADERLESS = frozenset((".ul", ".ulaw", ".mulaw", ".al", ".alaw", ".g711", ".raw", ".pcm", ".sln", ".vox", ".g729"))
"""Names given to samples without a header. What is in them is never guessed from the name."""
RATES_HZ = (4_000, 384_000)
"""Sample rates a recording of speech can have; outside them a header is damaged."""


def open_tracks(path: Path, raw: RawFormat | None = None) -> tuple[Decoder, ...]:
    """Find the decoder for a file of one track, or one for each of two mono tracks, the first track first.

    Raises:
        InputError: as `open_decoder`; or there are more tracks, or tracks of several channels.
    """
    first = _open(path, raw)
    if not isinstance(first, AvDecoder) or first.tracks == 1:
        return (first,)
    if first.tracks == 2:
        second = AvDecoder(path, track=1)
        if first.channels == second.channels == 1:
            return (first, second)
    raise InputError(
        f"{path.name} has {first.tracks} audio tracks, and only two mono tracks are a call; save each party's track as "
        "its own file and give both with --agent and --caller"
    )


def open_decoder(path: Path, raw: RawFormat | None = None) -> Decoder:
    """Find the decoder for a file of one track.

    raw: how it is coded where it has no header.

    Raises:
        InputError: the file is missing, empty, unreadable, holds no audio anyone here can decode, or has more tracks.
    """
    decoder = _open(path, raw)
    if isinstance(decoder, AvDecoder) and decoder.tracks > 1:
        raise InputError(
            f"{path.name} has {decoder.tracks} audio tracks; save each party's track as its own file and give both "
            "with --agent and --caller, or give a file of two mono tracks alone"
        )
    return decoder


def _open(path: Path, raw: RawFormat | None) -> Decoder:
    """Read the header and the first block of a file.

    WAV and its kin go to libsndfile; everything compressed to FFmpeg (PyAV), which keeps quiet about damaged frames
    where libsndfile's MP3 decoder writes to the terminal, and resumes after them. FFmpeg may open no second file and no
    network address, whatever a playlist says.
    """
    _must_be_a_file(path)
    try:
        decoder = _choose(path) if raw is None else _raw(path, raw)
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
    if kind == "other" and path.suffix.lower() in HEADERLESS and not container.marked(path):
        raise InputError(
            f"{path.name} has no header, so nothing tells how it is coded; say it: --raw ulaw:8000:2 (coding, rate, "
            "channels)"
        )
    if kind == "other" or path.suffix.lower() == ".raw":  # soundfile takes .raw for headerless, whatever it holds
        return AvDecoder(path)
    chunk = container.data_chunk(path) if kind == "riff" else None
    if kind == "riff" and (chunk is None or not chunk.present):
        raise InputError(f"{path.name} has a WAV header but no audio; use the original recording")
    if chunk and chunk.unstated and not chunk.joined:
        return AvDecoder(path, ignore_length=True)

    missing_s = chunk.missing_s if chunk else 0.0
    joined = chunk is not None and chunk.joined
    times = container.promised(path) if kind == "exact" else 1.0
    try:
        decoder = SoundfileDecoder(path, missing_s=missing_s, joined=joined)
    except Undecodable:
        return _rare(path, missing_s, times, joined=joined)
    decoder.promise(times)
    return decoder


def _rare(path: Path, missing_s: float, times: float, *, joined: bool) -> Decoder:
    """What libsndfile does not know, FFmpeg may; else the coding is named."""
    try:
        return AvDecoder(path, missing_s=missing_s, promised=times, joined=joined)
    except InputError as error:
        if container.sniff(path) != "riff":
            raise
        said = (
            f"{path.name} is WAV with {container.coding(path)}, which cannot be decoded here; save it as PCM or G.711"
        )
        raise InputError(said) from error


def _raw(path: Path, raw: RawFormat) -> Decoder:
    if container.sniff(path) != "other" or container.marked(path):
        raise InputError(f"{path.name} has a header that says how it is coded; leave out --raw")
    try:
        return SoundfileDecoder(path, raw=raw)
    except Undecodable as error:
        raise InputError(f"{path.name} cannot be read as {raw.coding}; check --raw") from error


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
