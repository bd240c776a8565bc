"""Train the sentiment heads on GoEmotions and write their weights and cards.

Both read text as it is heard (lower case, no punctuation). The light head is hashed words, pairs of words and VADER
under one logistic regression, and meets every training text twice, once misheard; the large head is MiniLM sentence
vectors of some of the texts, and VADER. Both are calibrated on the dev split.

    python scripts/train/sentiment.py --data ../shared/data --head light --out models
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from scripts.bench.corpora.folder import USUAL, data_folder
from scripts.bench.corpora.goemotions import CLASSES, Comment, Mishearing, chats, comments, customers, shuffled
from scripts.bench.measures.classes import Flags, calibration_error
from voicecare.backends.sentence_vectors import SentenceVectors
from voicecare.backends.sentiment import LargeScorer, LightScorer
from voicecare.backends.sentiment_features import hashed, spoken, vader_features

NGRAM_ROWS = 1 << 16
STRENGTH = {"light": 1.0, "large": 0.003}
MISHEARD = 0.12
VADER_SCALE = 3.0
LARGE_TEXTS = 8_000
CUSTOMER_REPEATS = {"light": 10, "large": 20}
"""The project's own phrases of callers are few; each goes in this often."""
BEGIN, END = "<!-- measured by scripts/train/sentiment.py -->", "<!-- end of what was measured -->"
"""Between these the card's figures are written anew; the rest of a card is written by hand."""

Array: TypeAlias = npt.NDArray[np.floating[Any]]
Matrix: TypeAlias = Any
"""Features, one row a text: an array, or scipy's sparse matrix."""


def main() -> None:
    """Train what was asked for and write it."""
    options = _options()
    rng = random.Random(options.seed)
    train = [comment for comment in comments(options.data, "train") if comment.kind is not None]
    if options.head == "large":
        train = shuffled(train, LARGE_TEXTS, options.seed)
    train += customers() * CUSTOMER_REPEATS[options.head]
    plain = [spoken(comment.text) for comment in train]
    mishearing = Mishearing(plain, MISHEARD)
    sentences = SentenceVectors(options.sentences) if options.head == "large" else None
    features = Light() if sentences is None else Large(sentences)
    spoiled = [] if options.head == "large" else [mishearing.spoil(text, rng) for text in plain]
    strength = options.strength or STRENGTH[options.head]
    weights, bias = _fit(features.of([*plain, *spoiled]), [*train, *train[: len(spoiled)]], strength)
    dev = [comment for comment in comments(options.data, "dev") if comment.kind is not None]
    weights, bias = _calibrated(weights, bias, features.of([spoken(comment.text) for comment in dev]), dev)
    name = "sentiment" if sentences is None else "sentiment-large"
    path = _save(options.out / f"{name}.npz", features.arrays(weights, bias))
    scorer: LightScorer | LargeScorer
    if sentences is None:
        scorer = LightScorer(path)
    else:
        scorer = LargeScorer(path, sentences, LightScorer(options.out / "sentiment.npz"))
    scores = {}
    for held_name, held in (("goemotions test", comments(options.data, "test")), ("support chat", chats(options.data))):
        known = [comment for comment in held if comment.kind is not None]
        truth = np.array([comment.kind == CLASSES.index("negative") for comment in known])
        scores[held_name] = _scores([scorer.read(c.text).negative for c in known], truth)
        misheard = [mishearing.spoil(spoken(c.text), rng) for c in known]
        scores[f"{held_name}, misheard"] = _scores([scorer.read(text).negative for text in misheard], truth)
    _tell(path, scores)
    print(json.dumps(scores, indent=2))


class Light:
    """The light head's features, as voicecare computes them, for many texts at once."""

    scale = np.full(4, VADER_SCALE)
    """What the dense features are multiplied by, so that one strength of regularisation fits all."""

    def __init__(self) -> None:
        self._analyzer = SentimentIntensityAnalyzer()

    def of(self, texts: Sequence[str]) -> Matrix:
        """Features (texts, NGRAM_ROWS + 4), sparse."""
        from scipy import sparse

        rows, columns, values = [], [], []
        for row, text in enumerate(texts):
            found = hashed(text, NGRAM_ROWS)
            rows += [row] * len(found)
            columns += found
            values += [1 / np.sqrt(len(found))] * len(found)
        grams = sparse.csr_matrix((values, (rows, columns)), shape=(len(texts), NGRAM_ROWS))
        vader = np.array([vader_features(self._analyzer, text) for text in texts])
        return sparse.hstack([grams, vader * self.scale]).tocsr()

    def arrays(self, weights: Array, bias: Array) -> dict[str, Array]:
        """The head as voicecare loads it; the scale goes into the weights."""
        dense = weights[NGRAM_ROWS:] * self.scale[:, None]
        return {"ngram": weights[:NGRAM_ROWS].astype(np.float16), "dense": dense, "bias": bias}


class Large:
    """The large head's features."""

    scale = np.array([10.0] * 384 + [VADER_SCALE] * 4)

    def __init__(self, sentences: SentenceVectors) -> None:
        self._sentences = sentences
        self._analyzer = SentimentIntensityAnalyzer()

    def of(self, texts: Sequence[str]) -> Array:
        """Features (texts, 384 + 4)."""
        vader = np.array([vader_features(self._analyzer, text) for text in texts])
        return np.asarray(np.hstack([self._sentences.vectors(texts), vader]) * self.scale)

    def arrays(self, weights: Array, bias: Array) -> dict[str, Array]:
        """The head as voicecare loads it."""
        return {"dense": weights * self.scale[:, None], "bias": bias}


def _fit(matrix: Matrix, train: Sequence[Comment], strength: float) -> tuple[Array, Array]:
    """Columns: the three classes, gratitude, complaint."""
    from sklearn.linear_model import LogisticRegression

    columns, biases = [], []
    kinds = np.array([comment.kind for comment in train])
    targets = [kinds, np.array([c.gratitude for c in train]), np.array([c.complaint for c in train])]
    for target in targets:
        head = LogisticRegression(C=strength, max_iter=1_000, tol=1e-3).fit(matrix, target)
        columns.append(head.coef_.T)
        biases.append(head.intercept_)
    return np.hstack(columns), np.concatenate(biases)


def _calibrated(weights: Array, bias: Array, matrix: Matrix, dev: Sequence[Comment]) -> tuple[Any, Any]:
    """Scale and shift the logits on held-out text: the classes together, gratitude and complaint each (Platt 1999)."""
    from scipy import optimize
    from sklearn.linear_model import LogisticRegression

    logits = matrix @ weights + bias
    kinds = np.array([comment.kind for comment in dev])

    def class_loss(p: Array) -> float:
        z = logits[:, :3] * p[0] + np.array([p[1], p[2], 0])
        z = z - z.max(axis=1, keepdims=True)
        return float(np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), kinds]))

    slope, shift = np.ones(5), np.zeros(5)
    slope[:3], shift[:3] = (found := optimize.minimize(class_loss, [1.0, 0, 0]).x)[0], [found[1], found[2], 0]
    for column, target in ((3, [c.gratitude for c in dev]), (4, [c.complaint for c in dev])):
        platt = LogisticRegression(C=1e6).fit(logits[:, [column]], target)
        slope[column], shift[column] = platt.coef_[0, 0], platt.intercept_[0]
    return weights * slope, bias * slope + shift


def _scores(probabilities: Sequence[float], truth: Flags) -> dict[str, float]:
    """How well negative is told from the rest, and how far its probability is to be believed."""
    from sklearn.metrics import f1_score, roc_auc_score

    negative = np.array(probabilities)
    cuts = np.linspace(0.05, 0.95, 91)
    return {
        "utterances": len(truth),
        "negative": int(truth.sum()),
        "auc": round(float(roc_auc_score(truth, negative)), 3),
        "f1_at_half": round(float(f1_score(truth, negative >= 0.5)), 3),
        "best_f1": round(max(float(f1_score(truth, negative >= cut)) for cut in cuts), 3),
        "ece": round(calibration_error(negative, truth), 3),
    }


def _save(path: Path, arrays: dict[str, Array]) -> Path:
    as_floats: dict[str, Any] = {k: v.astype(np.float32) if v.dtype == np.float64 else v for k, v in arrays.items()}
    np.savez_compressed(path, **as_floats)
    return path


def _tell(path: Path, scores: dict[str, dict[str, float]]) -> None:
    """Enter the weights in the manifest, and what was measured in their card."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    listed = path.with_name("manifest.json")
    manifest = json.loads(listed.read_text(encoding="utf-8")) if listed.is_file() else {}
    card = path.with_suffix(".md")
    manifest[path.name] = {"sha256": digest, "card": card.name}
    listed.write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    columns = list(next(iter(scores.values())))
    lines = [f"| | {' | '.join(columns)} |", f"|{'---|' * (len(columns) + 1)}"]
    lines += [f"| {data} | {' | '.join(str(value) for value in row.values())} |" for data, row in scores.items()]
    measured = f"sha256 `{digest}`, {path.stat().st_size:,} bytes.\n\n" + "\n".join(lines)
    told = card.read_text(encoding="utf-8") if card.is_file() else f"# {path.name}\n\n{BEGIN}\n{END}\n"
    before, _, rest = told.partition(BEGIN)
    card.write_text(f"{before}{BEGIN}\n{measured}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=data_folder, default=USUAL, help="folder with text/goemotions")
    parser.add_argument("--head", choices=["light", "large"], default="light", help="which head")
    parser.add_argument("--out", type=Path, default=Path("models"), help="where the weights and the card go")
    parser.add_argument("--sentences", type=Path, help="folder of all-MiniLM-L6-v2; default: the installed package")
    parser.add_argument("--strength", type=float, help="inverse regularisation; default: 1 for light, .003 for large")
    parser.add_argument("--seed", type=int, default=0, help="another seed mishears other words")
    return parser.parse_args()


if __name__ == "__main__":
    main()
