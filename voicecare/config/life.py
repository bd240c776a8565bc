"""Settings of a call's life: what is a tone of the network, what is hold music, when a call begins and is over."""

from __future__ import annotations

from dataclasses import dataclass

from voicecare.config.bounds import Count, Decibels, Ratio, Seconds, Share, SomeCount


@dataclass(frozen=True, slots=True)
class LifeConfig:
    """Call life by sound; measured by scripts/bench/life.py, where no other source is named (docs/calls.md)."""

    hold: bool = True
    """Whether music on the caller's leg is looked for at all: off where music is what they call about."""
    floor_dbfs: Decibels = -60.0
    """What is softer is neither music nor a tone: a line's own noise."""
    near_db: Decibels = 18.0
    """Music counts only this near to the leg's loudest: a radio in the caller's room is softer than the caller ..."""
    fade_db_per_s: Ratio = 0.5
    """... and the loudest is forgotten this fast."""
    music_s: Seconds = 3.0
    """Looked back on for music; of 92 minutes of speech no such stretch comes near (see the next three)."""
    no_voice: Share = 0.1
    """A probability of speech below this is no voice ..."""
    unvoiced: Share = 0.35
    """... and this much of the time must be loud without one: speech at most .29 (she wept), music .4 to 1 ..."""
    steady: Share = 0.02
    """... and this share of the sound lie in partials that stay where they are for .2 s: of noise, typing, breath, hum
    and many voices with as much of the former nothing does, of music .02 to .8 ..."""
    struck: Count = 3
    """... and so many times in it new ones begin: hum and single tones go on."""
    sung: Share = 0.25
    """With this share steady and one more new note it is music whatever the voice detector says: speech at most .1."""
    unbroken_s: Seconds = 4.0
    """Or it is music that sounds without any pause for so long, as nobody speaks but in loud noise ..."""
    unbroken: Share = 0.07
    """... with this share steady: speech in pink and white noise, 5 to 15 dB below it, at most .046."""
    menu_s: Seconds = 60.0
    """After a key the agent presses, and before the agent's first word, a machine speaks, for so long at most."""
    voice: Share = 0.4
    """In music, a voice is a probability of speech from here on ..."""
    back_s: Seconds = 0.5
    """... and it is the caller who is back, if it fills most of this long ..."""
    back_steady: Share = 0.02
    """... without steady partials under it: voices in music have them ..."""
    dip_db: Decibels = 18.0
    """... and with a dip this deep between its sounds: music fills them ..."""
    sure_s: Seconds = 3.0
    """... or fills this long without any of that: hearing comes before pausing."""
    pause_s: Seconds = 0.4
    """Music that has been silent for this long no longer covers a voice: what speaks then is heard at once."""
    tone_hops: SomeCount = 4
    """A tone stays where it is for so many hops (130 ms) ..."""
    purity: Share = 0.96
    """... with this share of its sound in one or two lines: tones have .98 and more; in speech 14 stretches an hour."""
    ring_s: Seconds = 1.2
    """A tone of the network this long, or followed by as long a silence, is ring-back: busy tones are shorter, with
    shorter pauses (ITU-T E.180: ring-back .67 to 2.5 s on, 3 to 6 s off; busy and congestion within 1.1 s)."""
    busy: Count = 4
    """So many tones in a row, shorter and with shorter pauses than `ring_s`: busy, congestion, disconnect; two or three
    are a call waiting."""
    steady_tone_s: Seconds = 3.2
    """A tone that does not end: dial tone, number unobtainable; the longest ring-back is 2.5 s (E.180)."""
    gone_s: Seconds = 5.5
    """With the caller's line gone (digital silence, or `gone_db` softer than all through the call) and nobody speaking
    for this long a call is over; people pause for longer, but not with another line."""
    gone_db: Decibels = 12.0
    gone_dbfs: Decibels = -68.0
    """A line that is only softer must be at least this soft to have gone: a caller may have closed a window."""
    digital_dbfs: Decibels = -89.0
    """Below the last step of 16 bit: no line at all."""
    gated: Share = 0.1
    """Where the line was gone in more than this share of the call's own pauses, silence says nothing ..."""
    silent_s: Seconds = 180.0
    """... and only so long a silence of both ends the call; 0 never. Queues of insurers: holds of three minutes."""
    alone_s: Seconds = 20.0
    """With the line gone a call is over after this long, even while the agent goes on speaking."""
    begin_s: Seconds = 0.3
    """So much sound like a voice on the caller's leg begins a call ..."""
    within_s: Seconds = 2.0
    """... within this long; also of the agent's, if the caller's line has opened."""
