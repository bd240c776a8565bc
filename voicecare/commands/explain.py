"""`voicecare explain`: why something was or was not raised around one moment of a recorded session, in plain words."""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voicecare import saving
from voicecare.audio.files.call import CallFiles
from voicecare.audio.files.raw import RawFormat
from voicecare.audio.files.recording import Side
from voicecare.catalogue.catalogue import READERS, Catalogue
from voicecare.catalogue.terminal import legible
from voicecare.commands.options import (
    AgentFile,
    CallerFile,
    LanguageOption,
    OffsetOption,
    RawOption,
    ReaderOption,
    one_of,
)
from voicecare.commands.outputs import STDOUT, write_json
from voicecare.errors import InputError, UsageError
from voicecare.explain.account import AROUND_S, Line, Section, account
from voicecare.report.rows import common, spoken
from voicecare.report.samecall import LENGTHS_AGREE_S, SAME, speech_in_common
from voicecare.session import Session, read, recorded_config
from voicecare.timebase import HOP, RATE_HZ, Samples, Span, clock, samples, seconds
from voicecare.types import PARTIES, Reason, other

if TYPE_CHECKING:
    from voicecare.explain.probe import Probe

TRACE = "▁▂▃▄▅▆▇█"
TRACE_STEPS = 60


def explain(
    session: Annotated[Path, typer.Argument(metavar="SESSION", help="A session written by --session.")],
    at: Annotated[str, typer.Option(metavar="TIME", help="The moment: 1:12, or 72.5 seconds.")],
    audio: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Its recording, to show levels and P(speech).")
    ] = None,
    agent: AgentFile = None,
    caller: CallerFile = None,
    offset: OffsetOption = 0.0,
    raw: RawOption = None,
    json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write it as JSON; - is standard output.")
    ] = None,
    cue_language: LanguageOption = "en",
    reader: ReaderOption = "qa",
) -> None:
    """Say why something was or was not raised around one moment of a session."""
    catalogue = Catalogue.load(cue_language, one_of(READERS, reader, "--for"))
    explain_session(session, moment_of(at), _sound(audio, agent, caller, offset, raw), json, catalogue)


def explain_session(path: Path, at: Samples, sound: CallFiles | None, json: Path | None, catalogue: Catalogue) -> None:
    """Explain one moment on the terminal, or as JSON.

    sound: the recording the session was made from, or None.

    Raises:
        UsageError: the moment lies outside the call.
        InputError: the session or the recording cannot be used. OutputError: the JSON cannot be written.
    """
    if json is not None and json != STDOUT:
        saving.check(json, (path, *(() if sound is None else sound.files)))
    session = read(path)
    if at > session.end:
        raise UsageError(f"--at {clock(at)}: the session ends at {clock(session.end)}; choose a time before it")
    sections = account(session, at)
    heard = None
    if sound is not None:
        heard = _probe(session, sound, at)
        sections.append(audio_section(heard, session, at))
    if json is not None:
        with saving.Together() as results:
            write_json(results, json, _document(session, at, sections, heard, catalogue))
            results.keep()
    if json != STDOUT:
        sys.stdout.write("\n".join(text_lines(session, at, sections, catalogue)) + "\n")


def moment_of(typed: str) -> Samples:
    """Read a moment as people type it: "1:12", "1:01:40.5" or "72.5".

    Raises:
        UsageError: it is no time.
    """
    found = re.fullmatch(r"(?:(?:(\d{1,3}):)?([0-5]?\d):([0-5]?\d(?:\.\d{1,6})?))|(\d{1,6}(?:\.\d{1,6})?)s?", typed)
    if found is None:
        raise UsageError(f"--at {typed}: must be a time in the call, such as 1:12 or 72.5")
    hours, minutes, rest, alone = found.groups()
    if alone is not None:
        return samples(float(alone))
    return samples(int(hours or 0) * 3600 + int(minutes) * 60 + float(rest))


def text_lines(session: Session, at: Samples, sections: Iterable[Section], catalogue: Catalogue) -> list[str]:
    """The account as lines for a terminal."""
    call = " + ".join(session.header.sources) or "?"
    lines = [catalogue.say("explain", "title", call=call, at=precise(at), end=clock(session.end))]
    for section in sections:
        lines += ["", catalogue.say("explain", f"about_{section.about}")]
        lines += [f"{'    ' if line.under else '  '}{worded(line, catalogue)}" for line in section.lines]
    return [legible(line) for line in lines]


def worded(line: Line, catalogue: Catalogue) -> str:
    """Word one fact; where the catalogue has no words for it, its code."""
    fields: dict[str, Any] = {}
    for name, value in line.names.items():
        if value is not None:
            fields |= _fields(name, value, catalogue)
    return catalogue.say("explain", line.code, **fields)


def audio_section(heard: Probe, session: Session, at: Samples) -> Section:
    """What both legs carried around the moment: level, P(speech) and its thresholds, and a trace of it."""
    vad = recorded_config(session.header.config).vad
    near = heard.near(at, samples(1.0))
    wide = heard.near(at, samples(AROUND_S))
    lines: list[Line] = []
    for row, party in enumerate(PARTIES):
        if not near.starts.size:
            break
        names = {
            "by": party,
            "level_dbfs": round(float(near.level_dbfs[row].max()), 1),
            "noise_dbfs": round(heard.noise_dbfs[row], 1),
            "probability": round(float(near.probability[row].max()), 3),
            "on": vad.on,
            "off": vad.off,
        }
        lines.append(Line("leg", names))
        lines.append(Line("trace", {"trace": _trace(wide, row, at), "limit_s": AROUND_S}, under=True))
    return Section("audio", tuple(lines))


def precise(at: Samples) -> str:
    """A time of the call to a hundredth of a second: "1:12.40"."""
    hundredths = round(at * 100 / RATE_HZ)
    return f"{clock(hundredths // 100 * RATE_HZ)}.{hundredths % 100:02}"


def _fields(name: str, value: Any, catalogue: Catalogue) -> dict[str, Any]:  # noqa: ANN401 - one of account.Value
    if name.endswith("_at"):
        return {name: precise(value)}
    if name in ("by", "other"):
        return {name: catalogue.say("explain", value)}
    if name in ("cue", "need"):
        return {name: catalogue.cue(value)}
    if name == "kind":
        return {name: catalogue.say("explain", f"kind_{value}")}
    if name == "because":
        return {name: "; ".join(catalogue.reason(reason) for reason in value)} if value else {}
    if isinstance(value, float):
        return {name: value, f"{name}_of_100": round(100 * value), f"{name}_apart": abs(value)}
    return {name: value} if value != "" else {}


def _probe(session: Session, sound: CallFiles, at: Samples) -> Probe:
    from voicecare.assembly import VAD_NAMES, Choices
    from voicecare.explain.probe import probe

    side: Side = "left" if session.header.agent_channel == "left" else "right"
    recording = dataclasses.replace(sound, agent_channel=side).open()
    longer_s = 0.0 if recording.length_s is None else recording.length_s - seconds(session.end)
    # The record of a run that was killed ends before the recording does.
    if longer_s < -LENGTHS_AGREE_S or (session.complete and longer_s > LENGTHS_AGREE_S):
        raise InputError(
            f"{' + '.join(recording.sources)} is {recording.length_s:.1f} s long and the session "
            f"{seconds(session.end):.1f} s; give the recording the session was made from"
        )
    choices = Choices(vad=one_of(VAD_NAMES, session.header.vad, "the session's --vad"), words=False)
    heard = probe(recording, recorded_config(session.header.config), choices, at, samples(AROUND_S))
    _must_be_the_call(heard, session, " + ".join(recording.sources))
    return heard


def _must_be_the_call(heard: Probe, session: Session, name: str) -> None:
    """Refuse a recording in which people speak at other times than in the session, as far as it was heard."""
    if not heard.starts.size:
        return
    begin, end = int(heard.starts[0]), min(session.end, int(heard.starts[-1]) + HOP)
    speech = spoken(session.events)
    whole = [Span(begin, end)]
    here = {party: [Span(s.start - begin, s.end - begin) for s in common(speech[party], whole)] for party in PARTIES}
    there = heard.speech(recorded_config(session.header.config).vad.on)
    alike = speech_in_common(here, there, end - begin)
    if alike is None or alike >= SAME:
        return
    crossed = speech_in_common(here, {party: there[other(party)] for party in PARTIES}, end - begin)
    if crossed is not None and crossed >= SAME:
        raise InputError(f"{name} has the agent and the caller the other way round than the session; swap them")
    raise InputError(
        f"{name} is of another call: around {clock(begin)} to {clock(end)} people speak at other times than in the "
        "session; give the recording the session was made from"
    )


def _sound(
    audio: Path | None, agent: Path | None, caller: Path | None, offset_s: float, raw: str | None
) -> CallFiles | None:
    coding = None if raw is None else RawFormat.parse(raw)
    if audio is not None and (agent is not None or caller is not None):
        raise UsageError("give either --audio FILE (both parties) or --agent FILE and --caller FILE, not both")
    if audio is not None:
        return CallFiles((audio,), offset_s=offset_s, raw=coding)
    if agent is not None and caller is not None:
        return CallFiles((agent, caller), offset_s=offset_s, raw=coding)
    if agent is not None or caller is not None:
        raise UsageError("--agent FILE and --caller FILE go together: one mono file for each party")
    return None


def _trace(heard: Probe, row: int, at: Samples) -> str:
    """P(speech) over the stretch, the highest of each step, as a line of bars; a | stands at the moment."""
    hops = heard.starts.size
    steps = min(TRACE_STEPS, hops)
    drawn = ""
    for step in range(steps):
        first, last = hops * step // steps, hops * (step + 1) // steps
        if "|" not in drawn and int(heard.starts[first]) >= at:
            drawn += "|"
        peak = float(heard.probability[row, first:last].max())
        drawn += TRACE[min(len(TRACE) - 1, int(peak * len(TRACE)))]
    return drawn


def _document(
    session: Session, at: Samples, sections: Iterable[Section], heard: Probe | None, catalogue: Catalogue
) -> dict[str, Any]:
    document: dict[str, Any] = {
        "voicecare": session.header.voicecare,
        "sources": list(session.header.sources),
        "at_s": seconds(at),
        "sections": [
            {
                "about": section.about,
                "lines": [
                    {"code": line.code, "text": worded(line, catalogue), **_plain(line.names)} for line in section.lines
                ],
            }
            for section in sections
        ],
    }
    if heard is not None:
        wide = heard.near(at, samples(AROUND_S))
        document["hops"] = [
            {
                "start_s": seconds(int(start)),
                "level_dbfs": dict(zip(PARTIES, (round(float(x), 1) for x in level), strict=True)),
                "probability": dict(zip(PARTIES, (round(float(x), 3) for x in probability), strict=True)),
            }
            for start, level, probability in zip(wide.starts, wide.level_dbfs.T, wide.probability.T, strict=True)
        ]
    return document


def _plain(names: Mapping[str, Any]) -> dict[str, Any]:
    """The names of a line as JSON has them: moments in seconds."""
    plain: dict[str, Any] = {}
    for name, value in names.items():
        if name.endswith("_at"):
            plain[f"{name}_s"] = seconds(value)
        elif name == "because":
            plain[name] = [_reason(reason) for reason in value]
        else:
            plain[name] = value
    return plain


def _reason(reason: Reason) -> dict[str, Any]:
    at_s = [seconds(at) for at in reason.at]
    return {"code": reason.code, "text": reason.text, "at_s": at_s, "value": reason.value}
