"""Settings of the caller's strain: its estimate, its baseline."""

from __future__ import annotations

from dataclasses import dataclass

from voicecare.config.bounds import Score, Seconds, Share, SomeSeconds


@dataclass(frozen=True, slots=True)
class StrainConfig:
    """The caller's strain; seconds are seconds of the caller's speech."""

    every_s: SomeSeconds = 0.5
    window_s: Seconds = 1.5
    """What one prosody frame describes; longer windows are later to notice and no surer (built calls)."""
    least_s: Seconds = 3.0
    """With less speech than this nothing is said."""
    min_quality: Share = 0.2
    smooth_s: SomeSeconds = 2.0
    """Memory of prosody, besides its window; with both and the sustain a cue rests on some 4 s."""
    smooth_voice_s: SomeSeconds = 4.0
    """Memory of the encoder's view."""
    voice_memory_s: Seconds = 15.0
    """The encoder's view counts no longer than this after it was last heard."""
    views_agree: Share = 0.6
    """With strain from the encoder, but prosody alone no higher than this, the views differ."""
    melody_s: Seconds = 3.0
    """How much speech a melody is taken over: percentiles of less scatter; about a clip of those it was trained on."""
    smooth_tone_s: SomeSeconds = 4.0
    """Memory of what the voice leans to, besides its window."""
    baseline_s: SomeSeconds = 12.0
    """The caller's first speech that counts whole as their calm start (built calls: fewer false cues than with 8 s)."""
    baseline_memory_s: SomeSeconds = 30.0
    calm_below: Share = 0.5
    """Later speech moves the baseline only while strain is at most this."""
    population_s: Seconds = 1.0
    """What the population's calm voice weighs, as so many seconds of the caller's own."""
    liveliness_s: SomeSeconds = 8.0
    """What a usual caller's liveliness weighs beside the caller's own, in seconds of the caller's calm speech."""
    heated_start_sd: Score = 2.0
    """A caller's own start further above the population than this is taken for a heated one."""
