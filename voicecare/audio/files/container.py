"""What the containers of recordings say about themselves, and how to tell when they lie.

Sound libraries forgive a wrong header silently. For a QA report it matters whether the last minute of a call is
missing, so the few bytes that tell are read here.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, TypeAlias

from voicecare.audio.files.decoder import Flaw

Container: TypeAlias = Literal["riff", "exact", "other"]
"""`riff`: WAV and RF64. `exact`: further containers libsndfile reads sample by sample. `other`: all else."""

_EXACT = (b"FORM", b".snd", b"dns.", b"caff", b"riff")
"""AIFF, AU in both byte orders, CAF, W64."""

PLACEHOLDER = 0x7FFF_0000
"""A recorder that cannot seek back leaves the data size at 0, 0x7FFFxxxx or 0xFFFFFFFF; no real call is 2 GiB long."""

_W64_DATA = bytes.fromhex("64617461f3acd3118cd100c04f8edb8a")
_OGG_LONGEST_PAGE = 65_307
_ASF_HEAD = 65_536
_ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_FILE_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")


def sniff(path: Path) -> Container:
    """Tell the container by the first bytes of the file; its name is not asked.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(4)
    if head in {b"RIFF", b"RF64", b"RIFX"}:
        return "riff"
    return "exact" if head in _EXACT else "other"


_MARKS = (b"ID3", b"OggS", b"fLaC", b"#!AMR", b"\x1aE\xdf\xa3", b"0&\xb2u", b"MPCK", b"ADIF")


def marked(path: Path) -> bool:
    """Say whether a file begins with the mark of a compressed format; bare MPEG frames have none that samples lack.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(12)
    return head.startswith(_MARKS) or head[4:8] == b"ftyp"


_CODINGS = {
    0x0042: "G.723.1",
    0x0045: "G.726",
    0x0064: "G.726",
    0x0065: "G.722",
    0x0083: "G.729",
    0x0111: "G.723.1",
    0x0123: "G.723.1",
    0x0133: "G.729",
    0x0134: "G.729",
}
"""Codings of telephony by their number in a WAV header (RFC 2361 and Microsoft's mmreg.h)."""


def coding(path: Path) -> str:
    """Name the coding of a WAV file by its header, such as "G.729" or "coding 0x0270".

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        order = ">" if file.read(12)[:4] == b"RIFX" else "<"
        while len(header := file.read(8)) == 8:
            name, length = struct.unpack(order + "4sI", header)
            if name == b"fmt " and len(fields := file.read(2)) == 2:
                number = struct.unpack(order + "H", fields)[0]
                return _CODINGS.get(number, f"coding 0x{number:04x}")
            file.seek(length + length % 2, 1)
    return "no coding"


def promised(path: Path) -> float:
    """How many times the sound in an AIFF, W64, AU or CAF file its header promises; 1 where it is whole or not stated.

    Raises:
        OSError: the file cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(40)
        stated, start = _stated(file, head)
    present = size - start
    return stated / present if 0 < present < stated < 0x7FFF_0000_0000 else 1.0


def _stated(file: BinaryIO, head: bytes) -> tuple[int, int]:
    """The stated length of the sound in bytes, and where it begins; (0, 0) where it is not stated."""
    if head[:4] == b".snd":
        start, length = struct.unpack(">II", head[4:12])
        return (0, 0) if length == 0xFFFF_FFFF else (length, start)
    if head[:4] == b"FORM":
        return _chunk(file, 12, ">4sI", b"SSND", padded=2)
    if head[:4] == b"caff":
        return _chunk(file, 8, ">4sq", b"data", padded=1)
    if head[:4] == b"riff":
        length, start = _chunk(file, 40, "<16sq", _W64_DATA, padded=8)
        return (length - 24, start) if length else (0, 0)
    return 0, 0


def _chunk(file: BinaryIO, at: int, form: str, name: bytes, *, padded: int) -> tuple[int, int]:
    """Find a chunk by its name; return its stated length and where its content begins."""
    head = struct.Struct(form)
    counted = head.size if head.size == 24 else 0  # W64 counts the head of a chunk
    while True:
        file.seek(at)
        content = file.read(head.size)
        if len(content) < head.size:
            return 0, 0
        found, length = head.unpack(content)
        if found == name:
            return max(0, length), at + head.size
        if length < counted:
            return 0, 0
        at += head.size - counted + length + (-length) % padded


@dataclass(frozen=True, slots=True)
class DataChunk:
    """The audio of a WAV file in bytes: as its header states it and as the file holds it.

    explained: after the stated end comes the end of the file, another chunk or a note in plain text.
    start: where the audio begins. frame: bytes a sample of all channels takes. joined: after it comes another WAV file.
    """

    stated: int
    present: int
    bytes_per_s: int
    explained: bool
    start: int
    frame: int
    joined: bool = False

    @property
    def unstated(self) -> bool:
        """The header was never completed, or is over a second short of the audio: read to the end of the file."""
        beyond = self.present - self.stated
        return beyond > 0 and (self.stated == 0 or (not self.explained and beyond > self.bytes_per_s))

    @property
    def missing_s(self) -> float:
        """How much audio the header promises that the file does not hold, in seconds.

        Whole samples up to the size of the header are a recorder's miscount (of its own 8 or 44 bytes), never heard.
        """
        missing = self.stated - self.present
        miscounted = missing <= self.start and missing % max(1, self.frame) == 0
        if self.stated >= PLACEHOLDER or missing <= 0 or miscounted:
            return 0.0
        return missing / max(1, self.bytes_per_s)


def data_chunk(path: Path) -> DataChunk | None:
    """Find the data chunk of a WAV or RF64 file; None where it has none.

    present: all bytes from the start of the audio to the end of the file.

    Raises:
        OSError: the file cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        big_endian = file.read(12)[:4] == b"RIFX"
        order = ">" if big_endian else "<"
        bytes_per_s, frame = 0, 1
        long_size = None
        while len(header := file.read(8)) == 8:
            name, length = struct.unpack(order + "4sI", header)
            start = file.tell()
            if name == b"data":
                stated = long_size if long_size is not None and length == 0xFFFF_FFFF else length
                joined = _is_joined(file, start + stated, size)
                explained = _ends_well(file, start + stated, size)
                return DataChunk(stated, size - start, bytes_per_s, explained, start, frame, joined)
            if name == b"fmt ":
                fields = file.read(14)
                if len(fields) == 14:
                    bytes_per_s, frame = struct.unpack(order + "HHIIH", fields)[3:]
            if name == b"ds64":
                fields = file.read(16)
                if len(fields) == 16:
                    long_size = struct.unpack("<QQ", fields)[1]
            file.seek(start + length + length % 2)
    return None


def _ends_well(file: BinaryIO, end: int, size: int) -> bool:
    if end + 16 > size:
        return True
    for at in (end, end + 1):
        file.seek(at)
        following = file.read(16)
        name, length = struct.unpack_from("<4sI", following)
        if _is_text(following) or (_is_text(name) and at + 8 + length <= size + 1):
            return True
    return False


def _is_joined(file: BinaryIO, end: int, size: int) -> bool:
    """Whether another WAV file follows, as when two were written one after the other into one."""
    for at in (end, end + 1):
        if at + 44 <= size:
            file.seek(at)
            head = file.read(12)
            if head[:4] in {b"RIFF", b"RF64", b"RIFX"} and head[8:] == b"WAVE":
                return True
    return False


def _is_text(letters: bytes) -> bool:
    return all(32 <= letter < 127 or letter in b"\r\n\t" for letter in letters)


def cut(path: Path) -> Flaw | None:
    """Say what shows that an Ogg or ASF (WMA) file was cut.

    The last page of an Ogg file carries an end-of-stream flag (RFC 3533); the header of an ASF file, its size.

    Raises:
        OSError: the file cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_ASF_HEAD)
        if head.startswith(b"OggS"):
            file.seek(max(0, size - _OGG_LONGEST_PAGE))
            tail = file.read()
            page_flags = tail[tail.rfind(b"OggS") + 5 :][:1]
            ended = page_flags and page_flags[0] & 0x04
            return None if ended else Flaw("end_mark_missing", truncated=True)
    properties = head.find(_ASF_FILE_PROPERTIES)
    if head.startswith(_ASF_HEADER) and 0 <= properties <= len(head) - 48:
        missing = struct.unpack_from("<Q", head, properties + 40)[0] - size
        return Flaw("bytes_missing", truncated=True, details={"missing_bytes": missing}) if missing > 0 else None
    return None


def chained(path: Path) -> bool:
    """Say whether an Ogg file is several streams one after the other, whose header states the length of one.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(18)
        file.seek(max(0, path.stat().st_size - _OGG_LONGEST_PAGE))
        tail = file.read()
    last = tail.rfind(b"OggS")
    return head[:4] == b"OggS" and last >= 0 and tail[last + 14 : last + 18] != head[14:18]


def mp3_states_length(path: Path) -> bool:
    """Say whether an MP3 file counts its frames (a Xing, Info or VBRI header in its first frame).

    Without one every length is a guess from the bit rate, and nobody can say whether the file was cut.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(10)
        if head[:3] == b"ID3" and len(head) == 10:
            size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
            file.seek(10 + size)
        else:
            file.seek(0)
        first_frame = file.read(2_048)
    return any(mark in first_frame for mark in (b"Xing", b"Info", b"VBRI"))
