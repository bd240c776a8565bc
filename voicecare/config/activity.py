"""Settings of voice activity: who is speaking, on what line."""

from __future__ import annotations

from dataclasses import dataclass

from voicecare.config.bounds import Count, Decibels, Ratio, Score, Seconds, Share, SomeSeconds, Weight


@dataclass(frozen=True, slots=True)
class VadConfig:
    """Voice activity: what is speech, by the detector's probability, and where its edges lie, by level.

    Chosen on plateaus of scripts/bench/turns.py (interruptions, overlap) over built and semi-real calls, and for
    steadiness: the same call in another coding, 3 dB louder or begun within another hop gives the same events.
    """

    on: Share = 0.4
    """Evidence of speech is the probability above this, added up: no single hop decides (CUSUM, Page 1954)."""
    off: Share = 0.24
    """Speech goes on down to this."""
    min_speech_s: Seconds = 0.12
    """As much certain speech is told, or longer of less certain; what is shorter is a click or a breath."""
    alike: Share = 0.4
    """The slowed view is believed where a hop repeats itself this much: of typing that it takes for a voice 95 % of the
    hops do by less than .35, of noise lifted by gain control by less than .21, of the voices of women whom the plain
    view hardly hears, 20 dB above noise, a tenth (docs/hearing.md)."""
    level_dbfs: Decibels = -8.0
    """Silero's slowed view hears a leg with its loudest hop brought to this ..."""
    least_gain_db: Decibels = -10.0
    most_gain_db: Decibels = 30.0
    """... by a gain within these bounds: a line without a voice is not blown up without end ..."""
    level_fade_db_per_s: Ratio = 0.5
    """... and the loudest is forgotten this fast."""
    deafened_s: Seconds = 1.0
    """After so much loud sound without a voice, and so much quiet ..."""
    over_s: Seconds = 0.6
    """... Silero starts afresh: with the state that music leaves it misses up to .9 s of a voice."""
    vouched: Score = 3.0
    """On a clear leg, where level hears a sound and WebRTC a voice, Silero's word counts for this much more (on the
    logit: .03 counts as .4): voices of women in anger, fear and joy get no more than that from it. Music gets .02 in a
    hundredth of its hops, .2 in a thousandth; plateau 2.5 to 3.5 on 463 clips and two calls (docs/hearing.md) ..."""
    vouched_on: Score = 4.5
    """... and for this much more while the leg has been speaking; plateau 4 to 5 ..."""
    vouched_s: Seconds = 0.32
    """... that is, within so long of the last hop of speech."""
    voiced: Share = 0.5
    """The share of a hop's frames that must be voices to WebRTC ..."""
    voiced_on: Share = 0.3
    """... and while the leg has been speaking ..."""
    near_db: Decibels = 15.0
    """... if it is within this of the leg's loudest hop, as breath seldom is ..."""
    periodic_loud: Share = 0.3
    """... and repeats itself a little, as neither keystrokes nor noise do that gain control lifts ..."""
    periodic: Share = 0.7
    """... or repeats itself as a voice does: of a real caller's breath that Silero and WebRTC take for a voice 3 hops
    in 26 do, of the speech of angry and fearful women that Silero hardly hears two in three ..."""
    periodic_s: Seconds = 0.1
    """... or did so this long before: consonants do not."""
    hang_s: Seconds = 0.2
    """Silence after which speech is over; utterances bridge more (`TurnConfig.merge_gap_s`)."""
    silence_dbfs: Decibels = -90.0
    """A leg below this carries nothing (muted, lost): no speech, and no word of how noisy the line is."""
    floor_dbfs: Decibels = -78.0
    """The least noise a line is taken to have."""
    loud_db: Decibels = 8.0
    """Sound begins this far above the leg's noise (start of 158 known stretches: 95 % within 9 ms at 6 to 14 dB) ..."""
    soft_db: Decibels = 5.0
    """... and lasts down to this."""
    depth_db: Decibels = 36.0
    """What is quieter than the leg's loudest by more is no sound of its party, whatever the noise."""
    clear_db: Decibels = 26.0
    """A leg whose loudest stands less above its noise is noisy: there level says nothing (pink noise at 15 dB: 21)."""
    stands_out: Ratio = 0.13
    """There a frame holds sound from this mean log likelihood ratio on, against the leg's own noise (which has .03 to
    .09; twelve hours with pink noise, plateau .11 to .15: F1 of interruptions .885 without, .91 with) ..."""
    stands_out_on: Ratio = 0.08
    """... and down to this while it does."""
    noise_s: SomeSeconds = 4.0
    """How much of that noise is remembered (plateau 2 to 8)."""
    voice_dbfs: Decibels = -30.0
    """Until a voice is heard its loudest is taken to be this, for whether a leg is noisy must be known before ..."""
    voice_over_db: Decibels = 34.0
    """... or, if that is less, to be this far above the leg's noise ..."""
    soft_voice_dbfs: Decibels = -45.0
    """... but no less than this: of clips with a peak of -40 dBFS the worst is heard by .87, .66 without (-55: .51)."""
    rise: Share = 0.05
    """On a noisy leg speech starts where the probability last rose above this (median +50 ms at 15 dB of noise) ..."""
    sure: Share = 0.7
    """... and ends with the last hop at this share of its highest probability (median +25 ms at 15 dB of noise)."""
    lead_s: Seconds = 0.25
    """The probability may have risen this long before it counts as speech."""
    bridge_s: Seconds = 0.06
    """Closures of plosives: sound that pauses for no longer is one sound; plateau 0.05 to 0.08."""
    burst_s: Seconds = 0.03
    """On a leg with typing a sound no longer than this is a keystroke (18 false interruptions an hour without, 2 with;
    plateau 0.02 to 0.04); elsewhere it is a plosive."""
    clicks_per_s: Ratio = 1.0
    """From this many such sounds a second of pause on somebody types (typing 1.6 to 7, other calls up to .7)."""
    doubt: Share = 0.4
    """A leg that sounds for this share of the time in which surely nobody speaks is no guide to edges: music, or gain
    control that lifts the noise of every pause (.5 to .9 there, other calls up to .34)."""
    pauses_s: SomeSeconds = 16.0
    """How much of that time is looked back on for clicks and for doubt."""
    edge_lead_s: Seconds = 0.25
    """Speech starts with the sound it is found in, if that began no longer before: what sounds for longer before a
    voice is breath (one in a real call made an interruption of the word after it) ..."""
    edge_late_s: Seconds = 0.064
    """... and no later than this after the detector's first hop."""
    edge_trail_s: Seconds = 0.5
    """Speech ends with its sound, if that is no longer after the detector was last sure ..."""
    edge_back_s: Seconds = 0.16
    """... or this long before, for the detector's own hang."""


@dataclass(frozen=True, slots=True)
class BleedConfig:
    """The caller's voice in the agent's microphone; measured with simulated leak of -3 to -30 dB at 3 to 80 ms."""

    floor_dbfs: Decibels = -50.0
    """Windows in which the caller is quieter than this teach nothing."""
    memory_s: SomeSeconds = 15.0
    """Half-life of what was learned, in caller speech: a microphone is moved, a loudspeaker turned down."""
    least_s: Seconds = 1.5
    """Caller speech needed before a leak is believed."""
    trust: Share = 0.02
    """An agent's leg this far (-17 dB) below the caller's is as good as silent."""
    regularise: Weight = 1e-2
    clarity_db: Decibels = 20.0
    """Peak of the response over chance: at most 17 in twelve calls without a leak, at least 24 with one."""
    least_gain_db: Decibels = -40.0
    least_share: Share = 0.02
    """Where the prediction is below this share of what was heard it explains nothing."""
    explained: Share = 0.5
    """A hop of which the leak accounts for more than this is not the agent."""
    over_hops: Count = 3


@dataclass(frozen=True, slots=True)
class BystanderConfig:
    """Other people's voices in a leg; chosen on built calls with six talkers 15 dB below the party."""

    softer_db: Decibels = 12.0
    """What stays this far below the loudest hop of the leg is not the party's ..."""
    hold_s: Seconds = 0.1
    """... once it has done so for this long: soft sounds within a word are the party's."""
    fade_db_per_s: Ratio = 0.5
    """How fast the loudest is forgotten: a telephone is handed on."""
    voice_dbfs: Decibels = -30.0
    """Until a voice is heard its loudest is taken to be this."""
    pause_s: Seconds = 0.5
    """From how long after its last loud hop a leg pauses ..."""
    apart_s: Seconds = 0.15
    """... if no voice at all was heard for this long since: the soft end of a sentence is no pause ..."""
    long_s: Seconds = 1.5
    """... or it has been soft for this long: where six talk at once there is no silence between them."""
    ground: Share = 0.1
    """No voice: a probability below this."""
    memory_s: SomeSeconds = 8.0
    """How much of its pauses is remembered."""
    speech: Share = 0.4
    """A hop of a pause is a voice from this probability on."""
    share: Share = 0.08
    """From this share of voices in its pauses on a leg has bystanders (pink noise .01 to .07, six talkers .1 up) ..."""
    sound: Share = 0.3
    """... if this share of its pauses is not silent: a party may speak softly for once."""
    steady_s: SomeSeconds = 2.0
    """Or a stretch of this length (plateau 1.5 to 3) ..."""
    steady_db: Decibels = 2.1
    """... is so even that its levels deviate by less than this: six talkers by 1.7, one voice by 2.5 in the evenest two
    seconds of 1.1 hours ..."""
    voices: Share = 0.5
    """... and this share of it is a voice."""
    spread: Ratio = 2.6
    """Then what is less than so many deviations above their mean is theirs, however loud the party gets ..."""
    least_db: Decibels = 3.0
    """... or less than this above it ..."""
    begin_db: Decibels = 3.0
    """... and so much more where nobody spoke before: a burst of theirs is no beginning."""
    even_db: Decibels = 3.0
    """Voices around that deviate by less than this ..."""
    below_db: Decibels = 17.0
    """... are at least so far below the party, who may not have spoken yet, or not for long."""


@dataclass(frozen=True, slots=True)
class ClarityConfig:
    """When a leg is said to be too quiet or too noisy; measured on clips through lines (docs/hearing.md)."""

    least_s: Seconds = 5.0
    """Speech, and pauses, needed before anything is said."""
    quiet_dbfs: Decibels = -55.0
    """Speech softer than this is a few steps of G.711 high: of clips that soft a twentieth and more is lost."""
    noisy_db: Decibels = 8.0
    """Speech less than this above the rest of the leg: with pink noise at 5 dB, F1 of interruptions falls to .85."""
