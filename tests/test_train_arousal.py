"""Training is deterministic, hears every clip through phone lines, and never by its length."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from scripts.bench.calls import heated as heated_calls
from scripts.bench.corpora import arousal as arousal_corpora
from scripts.bench.corpora.arousal import Clip
from scripts.bench.lines import phone
from scripts.bench.lines.codecs import Codec, code
from scripts.train import arousal as train_arousal
from scripts.train import fit as arousal_fit
from voicecare.assembly import Choices, build_edges
from voicecare.backends import heads, weights
from voicecare.backends.pitch import SwiftPitch
from voicecare.config import Config, StrainConfig
from voicecare.engine import Engine
from voicecare.lanes import NoLane
from voicecare.speech.pipeline import Pipeline
from voicecare.speech.strain.prosody import FEATURES
from voicecare.timebase import HOP, RATE_HZ
from voicecare.types import Arousal, AudioBlock


def clip(speaker: str, emotion: str, number: int = 0) -> Clip:
    aroused = emotion in ("anger", "fear", "happiness")
    path = Path(speaker) / f"{emotion}{number}.flac"
    return Clip("emodb", path, speaker, "female", "de", emotion, aroused, None, "train")


CLIPS = [clip(s, e, n) for s in ("a", "b", "c") for e in ("neutral", "sadness", "anger", "fear") for n in range(4)]


def scored(seed: int = 0, draws: int = 2) -> tuple[np.ndarray, list[Clip]]:
    """Column 0 rises with arousal, column 1 with the line only, column 2 with the speaker only."""
    rng = np.random.default_rng(seed)
    rows = [
        [2.0 * c.aroused + rng.normal(0, 0.5), 3.0 * draw + rng.normal(0, 0.1), ord(c.speaker) + rng.normal(0, 0.5)]
        for draw in range(draws)
        for c in CLIPS
    ]
    return np.array(rows), CLIPS * draws


def speech(length_s: float = 1.5, seed: int = 1) -> np.ndarray:
    t = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    tones = sum(np.sin(2 * np.pi * 150 * k * t) / k for k in range(1, 30))
    noise = np.random.default_rng(seed).normal(0, 0.01, t.size)
    return (0.1 * tones + noise).astype(np.float32)


def test_a_head_weighs_what_rises_with_arousal_and_not_the_speaker():
    features, clips = scored()
    weights_ = arousal_fit.fit(features, clips, 0.1).weights
    assert weights_[0] > 0
    assert abs(weights_[2]) < abs(weights_[0]) / 5


def test_what_differs_from_line_to_line_weighs_little_though_it_rises_with_arousal_too():
    features, clips = scored()
    features[:, 1] += features[:, 0]
    seeing = arousal_fit.fit(features, clips, 0.1).weights
    blind = arousal_fit.fit(features, clips, 0.1, line_penalty=100.0).weights
    assert abs(blind[1]) < abs(seeing[1]) / 5
    assert blind[0] > 0


def test_an_emotion_acted_more_often_weighs_no_more():
    """Fear shows in column 0 and anger in column 1; saying every angry clip three times changes nothing."""
    features, shows = scored(draws=1)[0][:, :2], {"fear": (2.0, 0.0), "anger": (0.0, 2.0)}
    features[:, 0] -= 2.0 * np.array([c.aroused for c in CLIPS])
    features += [shows.get(c.emotion, (0.0, 0.0)) for c in CLIPS]
    angry = [i for i, c in enumerate(CLIPS) if c.emotion == "anger"]
    again = [dataclasses.replace(CLIPS[i], path=Path(f"{k}") / CLIPS[i].path) for k in range(2) for i in angry]
    once = arousal_fit.fit(features, CLIPS, 0.1)
    often = arousal_fit.fit(np.vstack([features, features[angry], features[angry]]), CLIPS + again, 0.1)
    assert once.weights[0] / once.weights[1] == pytest.approx(often.weights[0] / often.weights[1], rel=0.25)


def test_a_cut_is_learned_from_heads_that_never_heard_whom_they_score():
    """Heads know their own speakers by heart: only scores of others show where the classes part."""
    truth = np.array([2.0 * c.aroused for c in CLIPS])
    by = np.array([c.speaker for c in CLIPS])
    asked: list[tuple[str, ...]] = []

    def scores_without(speakers: tuple[str, ...]) -> np.ndarray:
        asked.append(speakers)
        return np.where(np.isin(by, speakers), truth, 100.0 * truth)

    assert 0 <= arousal_fit.learned_cut(scores_without, CLIPS, "b") < 2
    assert sorted(asked) == [("a", "b"), ("b", "c")]
    asked.clear()
    assert 0 <= arousal_fit.learned_cut(scores_without, CLIPS) < 2
    assert sorted(asked) == [("a",), ("b",), ("c",)]


def test_the_calm_clips_of_the_baseline_leave_the_test():
    scores = np.arange(len(CLIPS), dtype=np.float64)
    values, rows = arousal_fit.relative_scores(scores, CLIPS, seed=3)
    assert len(values) == len(rows) == len(CLIPS) - 3 * arousal_fit.CALM_CLIPS
    left = [c for i, c in enumerate(CLIPS) if i not in rows]
    assert {c.emotion for c in left} == {"neutral"}


def test_training_describes_whole_clips_whatever_the_products_window():
    """Else a change of the window would silently train another head than the one that ships."""
    pitch, usual = SwiftPitch(), StrainConfig()
    long = dataclasses.replace(usual, window_s=2 * usual.window_s)
    clip = np.concatenate([speech(1.2, seed=1), speech(1.2, seed=2)])
    one, two = (arousal_corpora.prosody_view(clip, pitch, config) for config in (usual, long))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, arousal_corpora.prosody_view(clip[:19_200], pitch, usual))


def test_what_ships_is_what_training_writes(tmp_path):
    """Same keys, same features; and a second writing leaves other entries of the manifest alone."""
    (tmp_path / weights.MANIFEST).write_text('{"sentiment.npz": {"sha256": "0", "card": "sentiment.md"}}')
    rng = np.random.default_rng(0)
    clips = CLIPS * train_arousal.DRAWS
    aroused = np.array([c.aroused for c in clips])[:, None]
    prosody = rng.normal(size=(len(clips), len(FEATURES))) + aroused
    voice = rng.normal(size=(len(clips), 40)) + aroused
    content = train_arousal.head(prosody, voice, clips)
    train_arousal.write(tmp_path, content)
    written = heads.read(tmp_path / heads.FILE)
    assert written.features == heads.shipped().features
    assert (
        json.loads((tmp_path / heads.FILE).read_text()).keys()
        == json.loads(weights.path(heads.FILE).read_text()).keys()
    )
    assert set(weights.listed(tmp_path)) == {"sentiment.npz", heads.FILE}


@pytest.mark.data
def test_no_clip_of_the_training_corpus_is_longer_than_the_shortest_cut(data_dir):
    """Fear, disgust and boredom were cut to 2 s by the corpus; all others are cut alike."""
    clips = arousal_corpora.read(data_dir / "emotion" / "emodb")[:60]
    assert max(c.speech().size for c in clips) <= arousal_corpora.CUT_S * RATE_HZ


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.parametrize("corpus", ["emodb", "ravdess", "nemo"])
def test_strain_of_a_calm_caller_does_not_follow_level_or_codec(data_dir, corpus):
    """In a built call ±12 dB from the middle on moves the mean estimate by less than .05, another codec by .08."""
    clips = arousal_corpora.read(data_dir / "emotion" / corpus)
    call = heated_calls.build(clips, 701, heated=False, length_s=100.0, codec="none").legs
    half = call.shape[1] // 2

    def sent(codec: Codec) -> np.ndarray:
        line = phone.Phone(codec, -26.0, 35.0, agc=False)
        return np.stack([call[0], phone.send_call(call[1], line, np.random.default_rng(5))])

    def second_half(legs: np.ndarray) -> float:
        config = Config()
        blocks = (AudioBlock(start, legs[:, start : start + HOP]) for start in range(0, half * 2 - HOP + 1, HOP))
        events = Engine(Pipeline(config, build_edges(config, Choices(words=False))), NoLane()).run(blocks)
        return float(
            np.mean([e.value for e in events if isinstance(e, Arousal) and e.value is not None and e.at > half])
        )

    plain = sent("mulaw")
    usual = second_half(plain)
    for gain_db in (-12.0, 12.0):
        stepped = plain.astype(np.float64)
        stepped[1, half:] *= 10 ** (gain_db / 20)
        stepped[1] = code(np.clip(stepped[1], -1, 1), "mulaw")
        assert abs(second_half(stepped.astype(np.float32)) - usual) < 0.05
    for codec in ("alaw", "amr"):
        assert abs(second_half(np.hstack([plain[:, :half], sent(codec)[:, half:]])) - usual) < 0.08


def test_rows_that_do_not_count_place_their_speaker_and_tell_nothing():
    features, clips = scored()
    told = [clip.emotion != "neutral" for clip in clips]
    high = [clip.emotion == "fear" for clip in clips]
    fitted = arousal_fit.fit(features, clips, 1.0, high=high, counted=told)
    # Whatever the class of rows that do not count.
    swapped = [not h if not t else h for h, t in zip(high, told, strict=True)]
    assert np.array_equal(fitted.weights, arousal_fit.fit(features, clips, 1.0, high=swapped, counted=told).weights)
