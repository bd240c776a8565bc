"""What voicecare computes, keeps and never does, in words an agent, a caller and a data protection officer can read."""

from __future__ import annotations

from collections.abc import Iterator

import typer

from voicecare.care.fields import TABLES
from voicecare.care.wording import Texts

STATEMENT = """\
voicecare and privacy

Computed, on this machine, while the call goes on
  both legs     who speaks when; interruptions, overlap, silences; words, if the recogniser runs
  the caller    an estimate of strain (0..1) relative to the caller's own start of this call; whether the voice leans to
                pleased or tense, so that joy is not taken for strain; how the words read
  the agent     timing, pace in words a minute, and words (acknowledged, thanked, apologised). Never a feeling.

Heard
  in a call     the agent's microphone and, where the system can tell programs apart, the softphone's own sound alone
  between       nothing: the microphone is closed (with --calls sound it stays open, and only loudness and tones are
                looked at)

Kept
  live          how often things happened (--keep counts); more only if asked: when they happened (--keep events), the
                words (--keep text), the sound (--keep audio); for 30 days (--days), then removed at the next start.
                `voicecare erase CALL` removes a call at once.
  recordings    of replay, report and explain only the files you name (--json, --html, --csv, --session and the like)
  a store       of `voicecare batch`: calls, what was heard of them in redacted words, and what people said of that, in
                one database; `voicecare erase` removes a call, a caller's calls, or what is older than it may be, down
                to the database's files, and leaves a mark without content so that the call is not added again
  sound         only with --keep audio, or with --with-audio inside the page you asked for; live it is written when it
                is known what of it must be silent; without words only where --unmuted-audio asks for it
  secrets       payment cards, account and phone numbers, e-mail and postal addresses, national ids, dates of birth,
                codes and passwords are taken out of the words before anything is written or shown, and silenced in the
                sound; in languages without rules for them every run of digits is, and the screen says so
  in memory     the caller's baseline and what the recogniser makes of the voice: dropped when the call ends, never
                keyed to a person; of each utterance two numbers, of strain and of that lean, stay in a
                session
  care          the agent's own diary, care.db, in a folder of its own, apart from the calls: what the agent clicked and
                wrote between calls, and callers' thanks the agent kept. Every field of it is named below. No report,
                export or command of quality assurance reads it; `voicecare care show`, `export` and `erase` are the
                agent's alone
  practice      nothing; with --keep the last try of each scenario: the story in codes, the interruptions, the seconds
                to an acknowledgement, the hottest and the last heat; `voicecare care erase` removes it, too
  settings      where the cue window was put, and which model keeps up on this machine
  Every file of a call is readable by you alone.

The caller
  hears of it   `voicecare live --notice` prints what to read out; the window says at every start that analysis runs
  objects       one click in the tray stops the analysis of this caller at once: what waits is neither heard, scored
                nor written, and the log says so

Never
  no estimate of the agent's arousal, sentiment or strain: the types have no place for one and a test holds it
  no voice print, no speaker recognition, no lie detection, no diagnosis
  no ranking of callers or agents
  nothing leaves this machine: no telemetry, no cloud, no download but `voicecare models pull`
"""


def privacy() -> None:
    """Say what is computed, what is kept, and what is never done."""
    typer.echo(STATEMENT)
    typer.echo("The agent's diary, care.db: every field")
    typer.echo("\n".join(diary_fields()))


def diary_fields() -> Iterator[str]:
    """Name every field of the agent's diary and say what it is."""
    texts = Texts.load()
    for table, fields in TABLES.items():
        for field in fields:
            name = f"{table}.{field.name}"
            yield f"  {name:<22} {texts.say('field', f'{table}_{field.name}')}"
