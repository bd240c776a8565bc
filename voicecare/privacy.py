"""What voicecare computes, keeps and never does, in words an agent, a caller and a data protection officer can read."""

from __future__ import annotations

STATEMENT = """\
voicecare and privacy

Computed, on this machine, while the call goes on
  both legs     who speaks when; interruptions, overlap, silences; words, if the recogniser runs
  the caller    an estimate of strain (0..1) relative to the caller's own start of this call; how the words read
  the agent     timing, pace in words a minute, and words (acknowledged, thanked, apologised). Never a feeling.

Kept
  replay        only the files you name (--json, --html, --csv, --session), readable by you alone
  sound         only with --with-audio, inside the page you asked for
  in memory     the caller's baseline and voice numbers: dropped when the call ends, never keyed to a person

Never
  no estimate of the agent's arousal, sentiment or strain: the types have no place for one and a test holds it
  no voice print, no speaker recognition, no lie detection, no diagnosis
  no ranking of callers or agents
  nothing leaves this machine: no telemetry, no cloud, no download but `voicecare models pull`
"""
