"""The strain head is data: it is checked, and it cannot run anything."""

from __future__ import annotations

import json
import pickle
import shutil

import numpy as np
import pytest

from voicecare.backends import heads, weights
from voicecare.errors import InputError
from voicecare.speech.strain.prosody import FEATURES


def test_the_head_that_ships_weighs_the_features_the_product_measures():
    head = heads.shipped()
    assert head.features == FEATURES
    assert head.prosody.dtype == head.voice.dtype == np.float32
    assert head.voice.size == 384


def test_projection_is_linear_in_the_mean_of_the_frames_and_two_numbers_long():
    head = heads.shipped()
    frames = np.random.default_rng(3).normal(size=(50, 384)).astype(np.float32)
    whole, first, second = (np.array(head.project(part)) for part in (frames, frames[:25], frames[25:]))
    assert whole.shape == (2,)
    assert whole == pytest.approx((first + second) / 2, abs=1e-4)


def test_every_listed_weight_is_the_one_that_was_tested_and_has_a_card():
    place = weights.folder()
    for name, entry in weights.listed(place).items():
        assert weights.path(name) == place / name
        assert (place / entry["card"]).is_file()


def test_changed_weights_are_refused(tmp_path, monkeypatch):
    shutil.copytree(weights.folder(), tmp_path / "models")
    monkeypatch.setattr(weights, "PACKAGE", tmp_path)
    file = tmp_path / "models" / heads.FILE
    file.write_text(file.read_text().replace("1", "2", 1))
    with pytest.raises(InputError, match=r"have been changed .* reinstall voicecare"):
        heads.shipped()


def test_unknown_weights_name_the_known_ones():
    with pytest.raises(InputError, match=r"no weights are called 'mood.json'.*arousal.json"):
        weights.path("mood.json")


def test_missing_weights_say_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(weights, "PACKAGE", tmp_path / "voicecare")
    with pytest.raises(InputError, match="reinstall voicecare"):
        weights.folder()


def content() -> dict:
    return json.loads((weights.folder() / heads.FILE).read_text())


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"features": ["f0_mean"]},
        {"prosody": [float("nan")] * len(FEATURES)},
        {"calm": [1.0]},
        {"voice": "loud"},
        {"bias_both": None},
    ],
)
def test_a_file_that_is_no_head_is_refused_in_one_line(tmp_path, change):
    file = tmp_path / "head.json"
    file.write_text(json.dumps({**content(), **change}))
    with pytest.raises(InputError) as refused:
        heads.read(file)
    assert "\n" not in str(refused.value)


def test_a_pickle_is_never_opened(tmp_path):
    class Bomb:
        def __reduce__(self):
            return (pytest.fail, ("a head ran code",))

    file = tmp_path / "head.json"
    file.write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(InputError):
        heads.read(file)
