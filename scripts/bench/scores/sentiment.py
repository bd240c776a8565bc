"""How an utterance reads: negative told from the rest, as written and as misheard, by every scorer at hand."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import numpy as np

from scripts.bench.corpora.goemotions import Mishearing, chats, comments
from scripts.bench.measures.classes import calibration_error
from scripts.bench.systems.vader import VaderScorer
from voicecare.backends import weights
from voicecare.backends.sentence_vectors import SentenceVectors
from voicecare.backends.sentiment import LargeScorer, LightScorer
from voicecare.backends.sentiment_features import spoken
from voicecare.errors import InputError
from voicecare.ports import SentimentScorer


def sentiment(data: Path, sentences: Path | None) -> dict[str, Any]:
    """Negative told from the rest: AUC, best F1, calibration error, time an utterance; also misheard.

    sentences: folder of all-MiniLM-L6-v2 for the large head; None takes the installed package.
    """
    from sklearn.metrics import f1_score, roc_auc_score

    light = LightScorer(weights.path("sentiment.npz"))
    scorers: dict[str, SentimentScorer] = {"vader": VaderScorer(), "light": light}
    try:
        scorers["large"] = LargeScorer(weights.path("sentiment-large.npz"), SentenceVectors(sentences), light)
    except InputError as error:
        print(f"  without the large head: {error}")
    found: dict[str, Any] = {}
    for name, held in (("goemotions test", comments(data, "test")), ("support chat", chats(data))):
        known = [comment for comment in held if comment.kind is not None]
        truth = np.array([comment.kind == 0 for comment in known])
        mishearing = Mishearing([spoken(comment.text) for comment in known], 0.12)
        rng = random.Random(5)
        misheard = [mishearing.spoil(spoken(comment.text), rng) for comment in known]
        for scorer_name, scorer in scorers.items():
            began = time.process_time()
            values = np.array([_negative(scorer, comment.text) for comment in known])
            took_ms = 1_000 * (time.process_time() - began) / len(known)
            spoiled = np.array([_negative(scorer, text) for text in misheard])
            found[f"{name}, {scorer_name}"] = {
                "auc": round(float(roc_auc_score(truth, values)), 3),
                "auc_misheard": round(float(roc_auc_score(truth, spoiled)), 3),
                "best_f1": round(max(float(f1_score(truth, values >= cut)) for cut in np.linspace(-1, 1, 81)), 3),
                "ece": None if scorer_name == "vader" else round(calibration_error(values, truth), 3),
                "cpu_ms": round(took_ms, 2),
            }
    return found


def _negative(scorer: SentimentScorer, text: str) -> float:
    """What says "negative": the heads' own probability of it, or how low VADER's one number lies."""
    return scorer.read(text).negative if isinstance(scorer, LightScorer | LargeScorer) else -scorer.score(text)[0]
