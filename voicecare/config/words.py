"""Settings of what was said: when it is asked for, and what is believed."""

from __future__ import annotations

from dataclasses import dataclass

from voicecare.config.bounds import Count, Decibels, Polarity, Ratio, Score, Seconds, Share, SomeCount


@dataclass(frozen=True, slots=True)
class WordsConfig:
    """The recogniser's requests, its decoding, the gate against invented text, and what is pace or paraphrase."""

    max_request_s: Seconds = 12.0
    min_voiced_s: Seconds = 0.4
    pad_s: Seconds = 0.2
    interim_s: Seconds = 2.0
    """How often, in utterances over twice as long, what was said so far is heard before their end; 0 never."""
    redact: bool = True
    """Hide cards, accounts, phone numbers, addresses, ids, codes, passwords … before anything is shown or kept."""
    redact_names: bool = False
    """Hide names, too, once they were given in the call ("my name is …")."""
    phone_regions: str = "US GB"
    """Whose numbering plans tell a phone number said without a "+": two-letter country codes."""
    sentiment: str = "light"
    """The head that reads the caller's words: "light", or "large" (extra `words` and all-MiniLM-L6-v2, 20 ms each)."""
    replay_lag_s: Seconds = 1.5
    """When a replay delivers words after they were asked for, on the audio clock: live p95, tiny.en, two cores."""
    level_dbfs: Decibels = -20.0
    """Every request is brought to this RMS level before the recogniser hears it."""
    min_context_s: Seconds = 10.0
    """Shortest context of the encoder; under 10 s tiny.en falls into repetition (measured: 5 s gives WER 54 %)."""
    max_tokens: Count = 8
    """Tokens allowed whatever the length, and per second of audio: a cap against repetition loops."""
    max_tokens_per_s: Ratio = 7.0
    language_s: Seconds = 3.0
    """Caller's speech after which its language may be called noticed, if that language's share of it is
    `language_share`; after `language_most_s` the likeliest is taken (scripts/bench/words.py --only language)."""
    language_share: Share = 0.6
    language_most_s: Seconds = 12.0
    understood_of: Count = 8
    """After so many utterances of the caller of `understood_s` and more, it is said if fewer than `understood_share` of
    all were understood: tiny.en keeps 9 % of German and Polish, 99 of English (scripts/bench/words.py --only language).
    Of all, not of the last eight: a real call has stretches with two of eight."""
    understood_s: Seconds = 1.0
    understood_share: Share = 0.3
    clear: Share = 0.65
    """An English-only model is believed once it was this sure of an utterance, of either party. Of German and Polish on
    a phone line it is never surer than .63 (345 utterances); in ten of eleven English calls one of the first six, of
    both parties, sufficed."""
    min_logprob: Score = -0.8
    max_no_speech: Share = 0.5
    max_compression: Ratio = 2.0
    pace_words: Count = 4
    """Utterances of fewer words say nothing about pace."""
    pace_utterances: SomeCount = 3
    """Utterances before a pace is called usual, and over which the present pace is taken."""
    paraphrase_words: Count = 3
    """Content words of one utterance of the caller the agent must say again in the caller's order, speaking of the
    caller ("you"), and the share of the agent's content words they must be: people who talk about the same things share
    words, but neither their order nor whom they are said of."""
    paraphrase_share: Share = 0.5
    negative_at: Polarity = -0.2
    """Sentiment at or below this is called negative, at or above `positive_at` positive; between them neutral."""
    positive_at: Polarity = 0.2
