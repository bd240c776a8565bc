"""Every number voicecare decides by, with its source; a settings file may override any of them.

A settings file is TOML with the sections below (`settings.load`). Unknown sections and keys are errors that name the
nearest known one. Times are given in seconds, as people think of them; stages convert them once.
"""

from __future__ import annotations

import dataclasses
import difflib
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, get_args

from voicecare.errors import UsageError

Sensitivity: TypeAlias = Literal["low", "normal", "high"]
SENSITIVITIES: tuple[Sensitivity, ...] = get_args(Sensitivity)


@dataclass(frozen=True, slots=True)
class VadConfig:
    """Voice activity: what is speech, by the detector's probability, and where its edges lie, by level.

    Chosen on plateaus of scripts/bench_turns.py (interruptions, overlap) over built and semi-real calls, and for
    steadiness: the same call in another coding, 3 dB louder or begun within another hop gives the same events.
    """

    on: float = 0.4
    """Evidence of speech is the probability above this, added up: no single hop decides (CUSUM, Page 1954)."""
    off: float = 0.24
    """Speech goes on down to this."""
    min_speech_s: float = 0.12
    """As much certain speech is told, or longer of less certain; what is shorter is a click or a breath."""
    level_dbfs: float = -8.0
    """Silero's slowed view hears a leg with its loudest hop brought to this ..."""
    least_gain_db: float = -10.0
    most_gain_db: float = 30.0
    """... by a gain within these bounds: a line without a voice is not blown up without end ..."""
    level_fade_db_per_s: float = 0.5
    """... and the loudest is forgotten this fast."""
    deafened_s: float = 1.0
    """After so much loud sound without a voice, and so much quiet ..."""
    over_s: float = 0.6
    """... Silero starts afresh: with the state that music leaves it misses up to .9 s of a voice."""
    vouched: float = 3.0
    """On a clear leg, where level hears a sound and WebRTC a voice, Silero's word counts for this much more (on the
    logit: .03 counts as .4): voices of women in anger, fear and joy get no more than that from it. Music gets .02 in a
    hundredth of its hops, .2 in a thousandth; plateau 2.5 to 3.5 on 463 clips and two calls (docs/hearing.md) ..."""
    vouched_on: float = 4.5
    """... and for this much more while the leg has been speaking; plateau 4 to 5 ..."""
    vouched_s: float = 0.32
    """... that is, within so long of the last hop of speech."""
    voiced: float = 0.5
    """The share of a hop's frames that must be voices to WebRTC ..."""
    voiced_on: float = 0.3
    """... and while the leg has been speaking ..."""
    near_db: float = 15.0
    """... if it is within this of the leg's loudest hop, as breath seldom is ..."""
    periodic: float = 0.7
    """... or repeats itself as a voice does: of a real caller's breath that Silero and WebRTC take for a voice 3 hops
    in 26 do, of the speech of angry and fearful women that Silero hardly hears two in three ..."""
    periodic_s: float = 0.1
    """... or did so this long before: consonants do not."""
    hang_s: float = 0.2
    """Silence after which speech is over; utterances bridge more (`TurnConfig.merge_gap_s`)."""
    silence_dbfs: float = -90.0
    """A leg below this carries nothing (muted, lost): no speech, and no word of how noisy the line is."""
    floor_dbfs: float = -78.0
    """The least noise a line is taken to have."""
    loud_db: float = 8.0
    """Sound begins this far above the leg's noise (start of 158 known stretches: 95 % within 9 ms at 6 to 14 dB) ..."""
    soft_db: float = 5.0
    """... and lasts down to this."""
    depth_db: float = 36.0
    """What is quieter than the leg's loudest by more is no sound of its party, whatever the noise."""
    clear_db: float = 26.0
    """A leg whose loudest stands less above its noise is noisy: there level says nothing (pink noise at 15 dB: 21)."""
    voice_dbfs: float = -30.0
    """Until a voice is heard its loudest is taken to be this: whether a leg is noisy must be known before."""
    rise: float = 0.05
    """On a noisy leg speech starts where the probability last rose above this (median +50 ms at 15 dB of noise) ..."""
    sure: float = 0.7
    """... and ends with the last hop at this share of its highest probability (median +25 ms at 15 dB of noise)."""
    lead_s: float = 0.25
    """The probability may have risen this long before it counts as speech."""
    bridge_s: float = 0.06
    """Closures of plosives: sound that pauses for no longer is one sound; plateau 0.05 to 0.08."""
    burst_s: float = 0.03
    """On a leg with typing a sound no longer than this is a keystroke (18 false interruptions an hour without, 2 with;
    plateau 0.02 to 0.04); elsewhere it is a plosive."""
    clicks_per_s: float = 1.0
    """From this many such sounds a second of pause on somebody types (typing 1.6 to 7, other calls up to .7)."""
    doubt: float = 0.4
    """A leg that sounds for this share of the time in which surely nobody speaks is no guide to edges: music, or gain
    control that lifts the noise of every pause (.5 to .9 there, other calls up to .34)."""
    pauses_s: float = 16.0
    """How much of that time is looked back on for clicks and for doubt."""
    edge_lead_s: float = 0.25
    """Speech starts with the sound it is found in, if that began no longer before: what sounds for longer before a
    voice is breath (one in a real call made an interruption of the word after it) ..."""
    edge_late_s: float = 0.064
    """... and no later than this after the detector's first hop."""
    edge_trail_s: float = 0.5
    """Speech ends with its sound, if that is no longer after the detector was last sure ..."""
    edge_back_s: float = 0.16
    """... or this long before, for the detector's own hang."""


@dataclass(frozen=True, slots=True)
class BleedConfig:
    """The caller's voice in the agent's microphone; measured with simulated leak of -3 to -30 dB at 3 to 80 ms."""

    floor_dbfs: float = -50.0
    """Windows in which the caller is quieter than this teach nothing."""
    memory_s: float = 15.0
    """Half-life of what was learned, in caller speech: a microphone is moved, a loudspeaker turned down."""
    least_s: float = 1.5
    """Caller speech needed before a leak is believed."""
    trust: float = 0.02
    """An agent's leg this far (-17 dB) below the caller's is as good as silent."""
    regularise: float = 1e-2
    clarity_db: float = 20.0
    """Peak of the response over chance: at most 17 in twelve calls without a leak, at least 24 with one."""
    least_gain_db: float = -40.0
    least_share: float = 0.02
    """Where the prediction is below this share of what was heard it explains nothing."""
    explained: float = 0.5
    """A hop of which the leak accounts for more than this is not the agent."""
    over_hops: int = 3


@dataclass(frozen=True, slots=True)
class BystanderConfig:
    """Other people's voices in a leg; chosen on built calls with six talkers 15 dB below the party."""

    softer_db: float = 12.0
    """What stays this far below the loudest hop of the leg is not the party's ..."""
    hold_s: float = 0.1
    """... once it has done so for this long: soft sounds within a word are the party's."""
    fade_db_per_s: float = 0.5
    """How fast the loudest is forgotten: a telephone is handed on."""
    voice_dbfs: float = -30.0
    """Until a voice is heard its loudest is taken to be this."""
    pause_s: float = 0.5
    """From how long after its last loud hop a leg pauses ..."""
    apart_s: float = 0.15
    """... if no voice at all was heard for this long since: the soft end of a sentence is no pause ..."""
    long_s: float = 1.5
    """... or it has been soft for this long: where six talk at once there is no silence between them (built calls: 36
    false interruptions an hour, 98 without; other lines as before)."""
    ground: float = 0.1
    """No voice: a probability below this."""
    memory_s: float = 8.0
    """How much of its pauses is remembered."""
    speech: float = 0.4
    """A hop of a pause is a voice from this probability on."""
    share: float = 0.08
    """From this share of voices in its pauses on a leg has bystanders (pink noise .01 to .07, six talkers .1 up) ..."""
    sound: float = 0.3
    """... if this share of its pauses is not silent: a party may speak softly for once."""


@dataclass(frozen=True, slots=True)
class ClarityConfig:
    """When a leg is said to be too quiet or too noisy; measured on clips through lines (docs/hearing.md)."""

    least_s: float = 5.0
    """Speech, and pauses, needed before anything is said."""
    quiet_dbfs: float = -55.0
    """Speech softer than this is a few steps of G.711 high: of clips that soft a twentieth and more is lost."""
    noisy_db: float = 8.0
    """Speech less than this above the rest of the leg: with pink noise at 5 dB, F1 of interruptions falls to .85."""


@dataclass(frozen=True, slots=True)
class TurnConfig:
    """Turn-taking; definitions are fixed by docs/events.md, numbers from conversation analysis (notes of the field)."""

    merge_gap_s: float = 0.5
    """Silences shorter than this stay inside an utterance (the scoring convention of the project)."""
    dual_start_s: float = 0.25
    """Both began at once: human reaction time is about 0.2 s (Heldner & Edlund 2010)."""
    backchannel_s: float = 1.0
    """Longest backchannel by sound alone (VAP: segments of at most 1 s; PriMock57: median 0.74 s)."""
    length_error_s: float = 0.04
    """A length is measured to within this: only what outlasts `backchannel_s` by more is surely no backchannel. On the
    semi-real calls stretches of .8 to 1.3 s measure within .015 s; plateau .03 to .10."""
    backchannel_words_s: float = 1.5
    """Longest backchannel where every word is an acknowledgement."""
    early_reply_s: float = 0.5
    """A start in the last half second of the other's utterance is eager, not rude (1,205 of 1,846 in PriMock57)."""
    held_floor_s: float = 1.0
    """How long one must have spoken to be interrupted."""
    talk_over_s: float = 1.0
    long_silence_s: float = 5.0
    monologue_s: float = 60.0


@dataclass(frozen=True, slots=True)
class WordsConfig:
    """The recogniser's requests, its decoding, the gate against invented text, and what is pace or paraphrase."""

    max_request_s: float = 12.0
    min_voiced_s: float = 0.4
    pad_s: float = 0.2
    interim_s: float = 2.0
    """How often, in utterances over twice as long, what was said so far is heard before their end; 0 never."""
    redact: bool = True
    """Hide cards, accounts, phone numbers, addresses, ids, codes, passwords … before anything is shown or kept."""
    redact_names: bool = False
    """Hide names, too, once they were given in the call ("my name is …")."""
    phone_regions: str = "US GB"
    """Whose numbering plans tell a phone number said without a "+": two-letter country codes."""
    sentiment: str = "light"
    """The head that reads the caller's words: "light", or "large" (extra `words` and all-MiniLM-L6-v2, 20 ms each)."""
    replay_lag_s: float = 1.5
    """When a replay delivers words after they were asked for, on the audio clock: live p95, tiny.en, two cores."""
    level_dbfs: float = -20.0
    """Every request is brought to this RMS level before the recogniser hears it."""
    min_context_s: float = 10.0
    """Shortest context of the encoder; under 10 s tiny.en falls into repetition (measured: 5 s gives WER 54 %)."""
    max_tokens: int = 8
    """Tokens allowed whatever the length, and per second of audio: a cap against repetition loops."""
    max_tokens_per_s: float = 7.0
    language_s: float = 3.0
    """Caller's speech after which its language may be called noticed, if that language's share of it is
    `language_share`; after `language_most_s` the likeliest is taken (scripts/bench_words.py --only language)."""
    language_share: float = 0.6
    language_most_s: float = 12.0
    understood_of: int = 8
    """After so many utterances of the caller of `understood_s` and more, it is said if fewer than `understood_share` of
    all were understood: tiny.en keeps 9 % of German and Polish, 99 of English (bench_words.py --only language). Of all,
    not of the last eight: a real call has stretches with two of eight."""
    understood_s: float = 1.0
    understood_share: float = 0.3
    min_logprob: float = -0.8
    max_no_speech: float = 0.5
    max_compression: float = 2.0
    pace_words: int = 4
    """Utterances of fewer words say nothing about pace."""
    pace_utterances: int = 3
    """Utterances before a pace is called usual, and over which the present pace is taken."""
    paraphrase_words: int = 3
    """Content words of the caller the agent must say again, and the share of the agent's content words they must be."""
    paraphrase_share: float = 0.4
    negative_at: float = -0.2
    """Sentiment at or below this is called negative, at or above `positive_at` positive; between them neutral."""
    positive_at: float = 0.2


@dataclass(frozen=True, slots=True)
class StrainConfig:
    """The caller's strain; seconds are seconds of the caller's speech."""

    every_s: float = 0.5
    window_s: float = 1.5
    """What one prosody frame describes; longer windows are later to notice and no surer (built calls)."""
    least_s: float = 3.0
    """With less speech than this nothing is said."""
    min_quality: float = 0.2
    smooth_s: float = 2.0
    """Memory of prosody, besides its window; with both and the sustain a cue rests on some 4 s."""
    smooth_voice_s: float = 4.0
    """Memory of the encoder's view."""
    voice_memory_s: float = 15.0
    """The encoder's view counts no longer than this after it was last heard."""
    views_agree: float = 0.6
    """With strain from the encoder, but prosody alone no higher than this, the views differ."""
    melody_s: float = 3.0
    """How much speech a melody is taken over: percentiles of less scatter; about a clip of those it was trained on."""
    smooth_tone_s: float = 4.0
    """Memory of what the voice leans to, besides its window."""
    baseline_s: float = 12.0
    """The caller's first speech that counts whole as their calm start (built calls: fewer false cues than with 8 s)."""
    baseline_memory_s: float = 30.0
    calm_below: float = 0.5
    """Later speech moves the baseline only while strain is at most this."""
    population_s: float = 1.0
    """What the population's calm voice weighs, as so many seconds of the caller's own."""
    liveliness_s: float = 8.0
    """What a usual caller's liveliness weighs beside the caller's own, in seconds of the caller's calm speech."""
    heated_start_sd: float = 2.0
    """A caller's own start further above the population than this is taken for a heated one."""


@dataclass(frozen=True, slots=True)
class CueConfig:
    """When a cue may show."""

    high: float = 0.62
    """Strain at or above this is high; `with_sensitivity` moves it. `SENSITIVITY_HIGH` says what each level costs."""
    low: float = 0.5
    """Strain at or below this has eased; an ordinary caller's strain lies at .3, nine tenths of the time below .54."""
    sustained_s: float = 0.3
    """Strain must stay high for this much caller speech where words or voice are signs of distress, too; the estimate
    itself already rests on some 4 s ..."""
    unsure_s: float = 1.0
    """... without a sign of distress beside arousal, nor one of joy (.5 s: half a second sooner, 4 false cues of joyful
    callers for 2; 2 s: a second later) ..."""
    unread_s: float = 2.0
    """... while the words of this very stretch are not known yet, where words are (joyful callers of built calls: 2
    false cues, 4 without; plateau 1.5 to 4; from 3 on one in 18 fearful callers is lost) ..."""
    neutral_s: float = 3.0
    """... where they are known and speak neither of trouble nor of joy (.2 s later for angry callers than 1 s) ..."""
    pleased_s: float = 4.0
    """... with one sign of joy, such as a voice that sounds pleased, or thanks (joyful callers without words: 5 false
    cues in 1.2 h at 4 s and at 3, 10 at 2, 16 with no such rule; other seeds: 5 in .6 h at 3 s) ..."""
    joyful_s: float = 10.0
    """... with two; three that agree (the words, twice, and the voice) keep the cue away."""
    signs_s: float = 15.0
    """Words are signs for this much caller speech: some three utterances."""
    joyful_at: float = 0.5
    """Sentiment at or above this is a sign of joy."""
    trouble_at: float = -0.6
    """One utterance with sentiment at or below this is a sign of distress; two do from `negative_at` on."""
    negative_at: float = -0.2
    stirred: float = 0.45
    """Words of trouble in two utterances ask for an acknowledgement from this strain on (28 of 30 angry callers of
    built calls, 27 from `low` on)."""
    tone_pleased: float = 0.5
    """A voice that leans this far (`Arousal.tone`) sounds pleased (at 0 no fewer false cues, anger later) ..."""
    tone_tense: float = -0.5
    """... or tense."""
    rising_per_10s: float = 0.6
    """A rise this steep counts as high before the level is reached; gentler slopes are a calm caller's wandering."""
    negative_utterances: int = 2
    pace_ratio: float = 1.25
    yield_s: float = 1.0
    """Floor the agent must leave to the caller to clear `slow_down`."""
    min_gap_s: float = 45.0
    max_per_call: int = 6
    hold_s: float = 1.5
    """How long a cue may wait for the agent to finish a word."""
    expire_s: float = 30.0
    """Long enough for the agent to finish a sentence of acknowledgement and for its words to be heard."""
    remember_s: float = 90.0
    """How long an interruption that raised no cue may still be named in the reasons of the next one."""
    well_held: bool = True
    shadow: bool = False


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of one run."""

    vad: VadConfig = field(default_factory=VadConfig)
    bleed: BleedConfig = field(default_factory=BleedConfig)
    bystanders: BystanderConfig = field(default_factory=BystanderConfig)
    clarity: ClarityConfig = field(default_factory=ClarityConfig)
    turns: TurnConfig = field(default_factory=TurnConfig)
    words: WordsConfig = field(default_factory=WordsConfig)
    strain: StrainConfig = field(default_factory=StrainConfig)
    cues: CueConfig = field(default_factory=CueConfig)


SENSITIVITY_HIGH: dict[Sensitivity, float] = {"low": 0.72, "normal": 0.62, "high": 0.56}
"""The strain that raises a cue at each sensitivity: three points of one curve (scripts/bench_cues.py).

Prosody alone, 27 heated callers of built calls (models/arousal.md): low notices 24 of them after 5.2 s of their speech,
normal 26 after 4.8 s, high 26 after 4.4 s. With no sign asked for beside arousal 7.2 h of calm speech raised no cue at
.66 and 2 at .60; asking for signs can only take some away.
"""


def with_sensitivity(config: Config, level: str) -> Config:
    """Set the level of strain that raises a cue; "normal" keeps what the settings say.

    Raises:
        UsageError: there is no such level.
    """
    if level not in SENSITIVITY_HIGH:
        raise UsageError(f"--sensitivity {level}: not known; choose {', '.join(SENSITIVITIES)}")
    if level == "normal":
        return config
    return dataclasses.replace(config, cues=dataclasses.replace(config.cues, high=SENSITIVITY_HIGH[level]))


def to_toml(config: Config) -> str:
    """Write all settings as a settings file that `settings.load` reads back to the same Config."""
    lines = []
    for section in dataclasses.fields(config):
        lines.append(f"[{section.name}]")
        values = getattr(config, section.name)
        for entry in dataclasses.fields(values):
            value = getattr(values, entry.name)
            lines.append(f"{entry.name} = {str(value).lower() if isinstance(value, bool) else repr(value)}")
        lines.append("")
    return "\n".join(lines)


def from_values(values: dict[str, Any], source: str) -> Config:
    """Build a Config from nested plain values; `source` names them in errors."""
    sections = {f.name: f for f in dataclasses.fields(Config)}
    built: dict[str, Any] = {}
    for name, section in values.items():
        if name not in sections:
            raise UsageError(f"{source}: unknown section [{name}]{_nearest(name, list(sections))}")
        if not isinstance(section, dict):
            raise UsageError(f"{source}: {name} must be a section of settings, not {section!r}")
        built[name] = _section(getattr(Config(), name), section, f"{source}: [{name}]")
    return dataclasses.replace(Config(), **built)


def _section(defaults: Any, values: dict[str, Any], where: str) -> Any:  # noqa: ANN401 - one of the section classes
    known = {f.name: getattr(defaults, f.name) for f in dataclasses.fields(defaults)}
    checked: dict[str, Any] = {}
    for key, value in values.items():
        if key not in known:
            raise UsageError(f"{where}: unknown setting {key!r}{_nearest(key, list(known))}")
        checked[key] = _checked(known[key], value, f"{where} {key}")
    return dataclasses.replace(defaults, **checked)


def _checked(default: Any, value: Any, where: str) -> Any:  # noqa: ANN401 - a plain TOML value
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise UsageError(f"{where} = {value!r}: must be true or false")
        return value
    if isinstance(default, (int, float)):
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:  # noqa: PLR0124 - NaN
            raise UsageError(f"{where} = {value!r}: must be a number")
        if isinstance(default, int) and not isinstance(value, int):
            raise UsageError(f"{where} = {value!r}: must be a whole number")
        return type(default)(value)
    if not isinstance(value, type(default)):
        raise UsageError(f"{where} = {value!r}: must be {type(default).__name__}")
    return value


def _nearest(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.4)
    return f"; did you mean {close[0]!r}?" if close else f"; known: {', '.join(known)}"
